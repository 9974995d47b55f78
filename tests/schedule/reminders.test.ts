/** When an activity is reminded of, and of which of its dates (docs/schedule.md, "Reminders"). */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { linkOf } from '../../lib/http/schemas.ts';
import { activityReminder, type ReminderEvent } from '../../lib/schedule/activity-reminder-event.ts';
import { remindersEndedBy } from '../../lib/schedule/endings.ts';
import { cancelReminder, dueReminders, scheduleReminder } from '../../lib/schedule/reminders.ts';
import { type ScheduleItem, shardOf, type Waiting } from '../../lib/store/schedule.ts';
import { StaleSiteError } from '../../lib/store/sites.ts';
import { site } from '../events/reports.ts';
import { type FakeAws, fakeAws } from '../support/fake-aws.ts';
import { notifyDue } from '../support/schedule.ts';

const REMINDER = { siteId: 'demo', key: 'reminder#720' };
const template = {
  ...{ id: 'promemoria', name: 'Promemoria', event: 'activity-reminder' as const, enabled: true },
  text: { it: '{{oggettoAttivita}} di {{autore}}: {{dataAttivita}}' },
};
const shop = { ...site, templates: [template] };
const anna = { siteId: 'demo', userId: 'anna', chatId: 1001, botId: '100' };
const bruno = { siteId: 'demo', userId: 'bruno', chatId: 1002, botId: '100' };

/** A meeting on 15 March 2027 at 09:30 in Rome, of which anna and bruno are reminded an hour before. */
const reminder = (changes: Partial<ReminderEvent> = {}): ReminderEvent => ({
  eventId: 'e-1',
  occurredAt: '2027-03-01T08:00:00.000Z',
  activity: { id: '720', subject: 'Riunione', date: '2027-03-15T09:30:00+01:00' },
  remindMinutesBefore: 60,
  creator: { id: 'carla', firstName: 'Carla', lastName: 'Verdi' },
  recipients: [{ id: 'anna' }, { id: 'bruno' }, { id: 'anna', firstName: 'A.' }],
  ...changes,
});
const weekly = { recurrence: { frequency: 'weekly' as const } };

const at = (text: string) => Date.parse(text);
const BEFORE = at('2027-03-10T12:00:00Z');
const LATE = at('2027-03-15T08:00:00Z');
const DURING = at('2027-03-15T08:30:00Z');

const scheduled = (userId: string) => ({ userId, status: 'scheduled' });
const skipped = (userId: string, reason: string) => ({ userId, status: 'skipped', reason });
const both = (outcome: (userId: string) => object) => [outcome('anna'), outcome('bruno')];

/** What is stored of a registration, and the item of one that waits. */
const registration = (changes: Partial<ScheduleItem> = {}) => ({
  ...REMINDER,
  ...{ eventId: 'e-1', occurredAt: '2027-03-01T08:00:00.000Z' },
  ...changes,
});
const waiting = (event: ReminderEvent, changes: Partial<Waiting> = {}): Waiting => ({
  ...REMINDER,
  ...{ eventId: event.eventId, occurredAt: '2027-03-01T08:00:00.000Z', shard: shardOf('reminder', REMINDER) },
  ...{ dueAt: '2027-03-15T07:30:00.000Z', occurrence: 0, event: JSON.stringify(event) },
  ...changes,
});

let aws: FakeAws;
beforeEach(() => {
  process.env.LOG_LEVEL = 'off';
  aws = fakeAws();
  aws.stored.USERS_TABLE = [anna, bruno];
});
afterEach(() => {
  jest.restoreAllMocks();
});

const alreadyThere = (item: ScheduleItem) => {
  aws.stored.SCHEDULE_TABLE = [{ ...item }];
  aws.refuses = (table) => table === 'SCHEDULE_TABLE';
};

describe('a reminder is registered', () => {
  test('it waits until an hour before, and everybody is named once', async () => {
    const event = reminder();
    await expect(scheduleReminder(event, shop, BEFORE)).resolves.toEqual(both(scheduled));
    expect(aws.put).toEqual([
      {
        table: 'SCHEDULE_TABLE',
        item: {
          ...registration(),
          dueAt: '2027-03-15T07:30:00.000Z',
          occurrence: 0,
          shard: shardOf('reminder', REMINDER),
          event: JSON.stringify(event),
        },
      },
    ]);
    expect(aws.queued).toEqual([]);
  });

  test('without a time of its own it happened now', async () => {
    await scheduleReminder(reminder({ occurredAt: undefined }), shop, BEFORE);
    expect(aws.put).toMatchObject([{ item: { occurredAt: '2027-03-10T12:00:00.000Z' } }]);
  });

  test('the clock is looked at where no moment is given', async () => {
    const date = new Date(Date.now() + 3 * 3600 * 1000).toISOString();
    const activity = { ...reminder().activity, date };
    await expect(scheduleReminder(reminder({ activity }), shop)).resolves.toEqual(both(scheduled));
  });

  test('an activity that is over waits for nothing', async () => {
    await expect(scheduleReminder(reminder(), shop, DURING)).resolves.toEqual(
      both((userId) => skipped(userId, 'past')),
    );
    expect(aws.put).toMatchObject([{ item: { ...registration(), ending: 'past' } }]);
    expect(aws.put[0]?.item).not.toHaveProperty('shard');
  });

  test.each<[string, Partial<ScheduleItem>, string]>([
    ['a newer one', { eventId: 'e-2', ending: 'past' }, 'superseded'],
    ['the same, withdrawn', { ending: 'dropped' }, 'superseded'],
    ['the same, over then', { ending: 'past' }, 'past'],
  ])('where %s is there before it', async (_what, there, reason) => {
    alreadyThere(registration(there) as ScheduleItem);
    await expect(scheduleReminder(reminder(), shop, BEFORE)).resolves.toEqual(
      both((userId) => skipped(userId, reason)),
    );
  });

  test.each<[string, Partial<ScheduleItem>]>([
    ['waits', {}],
    ['was sent by now', { ending: 'handed-over' }],
  ])('the same event again, while it %s, is answered as before', async (_what, there) => {
    alreadyThere({ ...waiting(reminder()), ...there } as ScheduleItem);
    await expect(scheduleReminder(reminder(), shop, BEFORE)).resolves.toEqual(both(scheduled));
    expect(aws.queued).toEqual([]);
  });

  test('a site that was changed since it was read: nothing waits', async () => {
    aws.stored.SITES_TABLE = [{ siteId: 'demo#version', version: 4 }];
    await expect(scheduleReminder(reminder(), { ...shop, version: 3 }, BEFORE)).rejects.toThrow(
      StaleSiteError,
    );
    expect(aws.put).toEqual([]);
  });
});

describe('its time has passed, and the activity has not begun', () => {
  const queuedFor = (eventId: string) => (userId: string) => ({ eventId, userId });

  test('it is sent at once, and waits no more', async () => {
    const outcomes = await scheduleReminder(reminder(), shop, LATE);
    expect(outcomes).toMatchObject(both((userId) => ({ userId, status: 'queued' })));
    expect(aws.put).toMatchObject([
      { item: { dueAt: '2027-03-15T08:00:00.000Z', occurrence: 0, lateOccurrence: 0 } },
    ]);
    expect(aws.queued).toMatchObject(both(queuedFor('e-1')));
    expect(aws.updates).toMatchObject([
      { Key: REMINDER, ExpressionAttributeValues: { ':ending': 'handed-over' } },
    ]);
  });

  test('exactly then too', async () => {
    await scheduleReminder(reminder(), shop, at('2027-03-15T07:30:00Z'));
    expect(aws.put).toMatchObject([{ item: { lateOccurrence: 0 } }]);
    expect(aws.queued).toHaveLength(2);
  });

  test('of an activity that recurs, the next date waits', async () => {
    const outcomes = await scheduleReminder(reminder(weekly), shop, LATE);
    expect(outcomes).toMatchObject(both((userId) => ({ userId, status: 'queued' })));
    expect(aws.queued).toMatchObject(both(queuedFor('e-1#2027-03-15T08:30:00.000Z')));
    expect(aws.updates).toMatchObject([
      {
        ExpressionAttributeValues: { ':dueAt': '2027-03-22T07:30:00.000Z', ':occurrence': 1 },
      },
    ]);
  });

  test('the next date that is ahead counts', async () => {
    await scheduleReminder(reminder(weekly), shop, at('2027-03-22T08:00:00Z'));
    expect(aws.put).toMatchObject([{ item: { occurrence: 1, lateOccurrence: 1 } }]);
    expect(aws.queued).toMatchObject(both(queuedFor('e-1#2027-03-22T08:30:00.000Z')));
  });

  describe('reported again', () => {
    const sentBefore = (event: ReminderEvent, changes: object = {}) =>
      alreadyThere({ ...waiting(event), lateOccurrence: 0, ...changes } as ScheduleItem);

    test('before it was written that it was sent: it is sent again, under the same ids', async () => {
      sentBefore(reminder(), { dueAt: '2027-03-15T08:00:00.000Z' });
      const outcomes = await scheduleReminder(reminder(), shop, LATE);
      expect(outcomes).toMatchObject(both((userId) => ({ userId, status: 'queued' })));
      expect(aws.updates).toHaveLength(1);
    });

    test('while the activity is ahead: whoever was missed is reminded now', async () => {
      sentBefore(reminder(), { shard: undefined, dueAt: undefined, ending: 'handed-over' });
      const outcomes = await scheduleReminder(reminder(), shop, LATE);
      expect(outcomes).toMatchObject(both((userId) => ({ userId, status: 'queued' })));
      expect(aws.queued).toMatchObject(both(queuedFor('e-1')));
      expect(aws.updates).toEqual([]);
    });

    test('after it has begun: nobody is reminded any more', async () => {
      sentBefore(reminder(), { shard: undefined, dueAt: undefined, ending: 'handed-over' });
      await expect(scheduleReminder(reminder(), shop, DURING)).resolves.toEqual(
        both((userId) => skipped(userId, 'past')),
      );
      expect(aws.queued).toEqual([]);
    });

    test('while a later date waits: it is about the date that was late', async () => {
      sentBefore(reminder(weekly), { occurrence: 1, dueAt: '2027-03-22T07:30:00.000Z' });
      await scheduleReminder(reminder(weekly), shop, LATE);
      expect(aws.queued).toMatchObject(both(queuedFor('e-1#2027-03-15T08:30:00.000Z')));
      expect(aws.updates).toEqual([]);
    });

    test('after that date: nobody is reminded of it any more', async () => {
      sentBefore(reminder(weekly), { occurrence: 1, dueAt: '2027-03-22T07:30:00.000Z' });
      await expect(scheduleReminder(reminder(weekly), shop, DURING)).resolves.toEqual(
        both((userId) => skipped(userId, 'past')),
      );
    });
  });
});

test('a reminder is cancelled, whichever event it is of', async () => {
  await cancelReminder('demo', '720');
  expect(aws.updates).toMatchObject([{ Key: REMINDER, ExpressionAttributeValues: { ':ending': 'dropped' } }]);
});

describe('an event that ends an activity', () => {
  const endings = remindersEndedBy<{ status: string }>(({ status }) => status === 'over');
  const event = (status: string) => ({ eventId: 'e-9', status, activity: { id: '720' } });
  const dropsOf = (status: string, ...items: ScheduleItem[]) =>
    endings.drops(
      event(status),
      'demo',
      {
        scheduled: new Map(items.map((item) => [`${item.siteId}\n${item.key}`, item])),
        ...{ cartOwners: new Map(), users: new Map(), chats: new Map(), deliveries: new Map() },
        ...{ rateLimits: new Map(), siteVersions: new Map(), lanes: new Map() },
      },
      BEFORE,
    );

  test('has to know its reminder, and drops it where it waits', () => {
    expect(endings.keys(event('over'), 'demo')).toEqual([REMINDER]);
    expect(dropsOf('over', waiting(reminder()))).toEqual([{ key: REMINDER }]);
    expect(dropsOf('over', registration({ ending: 'past' }) as ScheduleItem)).toEqual([]);
    expect(dropsOf('over')).toEqual([]);
  });

  test('another event does not', () => {
    expect(endings.keys(event('begun'), 'demo')).toEqual([]);
    expect(dropsOf('begun', waiting(reminder()))).toEqual([]);
  });
});

describe('a reminder is due', () => {
  test('as it was reported, with the date in the time zone of the site', async () => {
    const outcomes = await notifyDue(dueReminders, { item: waiting(reminder()), site: shop }, BEFORE);
    expect(outcomes).toMatchObject(both((userId) => ({ userId, status: 'queued' })));
    expect(aws.queued).toMatchObject([
      {
        ...{ event: 'activity-reminder', eventId: 'e-1', userId: 'anna' },
        text: expect.stringMatching(/^Riunione di Carla Verdi: .*9:30/),
      },
      { userId: 'bruno' },
    ]);
  });

  test('each date of an activity that recurs is an event of its own', async () => {
    const event = reminder({ ...weekly, recipients: [{ id: 'anna' }] });
    await notifyDue(dueReminders, { item: waiting(event, { occurrence: 2 }), site: shop }, BEFORE);
    // Summer time begins on 28 March: at 09:30 in Rome it is 07:30 in UTC.
    expect(aws.queued).toMatchObject([
      { eventId: 'e-1#2027-03-29T07:30:00.000Z', text: expect.stringMatching(/29.*9:30/) },
    ]);
  });

  test('an activity of a whole day keeps its day', async () => {
    const activity = { ...reminder().activity, date: '2027-03-15' };
    const event = reminder({ ...weekly, activity, recipients: [{ id: 'anna' }] });
    await notifyDue(dueReminders, { item: waiting(event, { occurrence: 1 }), site: shop }, BEFORE);
    expect(aws.queued).toMatchObject([{ eventId: 'e-1#2027-03-22' }]);
  });

  test('nobody of a group that may not cause messages', async () => {
    const strict = { ...shop, telegramGroups: ['agenti'] };
    const outcomes = await notifyDue(dueReminders, { item: waiting(reminder()), site: strict }, BEFORE);
    expect(outcomes).toEqual(both((userId) => skipped(userId, 'sender-group-not-enabled')));
  });

  test('in the language of who gets it', async () => {
    const templates = [{ ...template, text: { it: 'Riunione', en: 'Meeting' } }];
    const event = reminder({ recipients: [{ id: 'anna', language: 'en' }, { id: 'bruno' }] });
    await notifyDue(dueReminders, { item: waiting(event), site: { ...shop, templates } }, BEFORE);
    expect(aws.queued.map(({ text }) => text)).toEqual(['Meeting', 'Riunione']);
  });

  test('with the link of the activity', async () => {
    const templates = [{ ...template, button: { it: 'Apri' } }];
    const activity = { ...reminder().activity, url: 'https://shop.example/agenda/720' };
    const event = reminder({ activity, recipients: [{ id: 'anna' }] });
    await notifyDue(dueReminders, { item: waiting(event), site: { ...shop, templates } }, BEFORE);
    expect(aws.queued).toMatchObject([{ button: { text: 'Apri', url: 'https://shop.example/agenda/720' } }]);
  });

  test('under the name of its event', () => {
    expect(dueReminders).toMatchObject({ kind: 'reminder', event: 'activity-reminder' });
  });
});

describe('the next time', () => {
  const nextOf = (event: ReminderEvent, occurrence: number, now: number) =>
    dueReminders.nextTime({ item: waiting(event, { occurrence }), site: shop }, now);

  test('an activity that does not recur has none', () => {
    expect(nextOf(reminder(), 0, BEFORE)).toBeUndefined();
  });

  test('the date after it', () => {
    expect(nextOf(reminder(weekly), 0, LATE)).toEqual({ dueAt: '2027-03-22T07:30:00.000Z', occurrence: 1 });
    expect(nextOf(reminder(weekly), 1, BEFORE)).toEqual({ dueAt: '2027-03-29T06:30:00.000Z', occurrence: 2 });
  });

  test('of dates that have passed meanwhile none is sent; one whose time has passed is sent now', () => {
    expect(nextOf(reminder(weekly), 0, at('2027-03-22T08:30:00Z'))).toEqual({
      dueAt: '2027-03-29T06:30:00.000Z',
      occurrence: 2,
    });
    expect(nextOf(reminder(weekly), 0, at('2027-03-22T08:00:00Z'))).toEqual({
      dueAt: '2027-03-22T08:00:00.000Z',
      occurrence: 1,
    });
  });

  test('after the last date there is none', () => {
    const twice = { recurrence: { frequency: 'weekly' as const, count: 2 } };
    expect(nextOf(reminder(twice), 0, LATE)).toMatchObject({ occurrence: 1 });
    expect(nextOf(reminder(twice), 1, LATE)).toBeUndefined();
  });
});

describe('the payload', () => {
  const takes = (changes: object) =>
    activityReminder.schema(linkOf('https://shop.example')).safeParse({ ...reminder(), ...changes }).success;

  test.each([
    ['as it is', {}],
    ['no creator', { creator: undefined }],
    ['no minutes before', { remindMinutesBefore: 0 }],
    ['a year before', { remindMinutesBefore: 527_040 }],
    ['every day', { recurrence: { frequency: 'daily' } }],
    ['every month, once', { recurrence: { frequency: 'monthly', count: 1 } }],
    ['every year until a day', { recurrence: { frequency: 'yearly', until: '2030-01-01' } }],
    [
      'until a moment, and a count',
      { ...weekly, recurrence: { ...weekly.recurrence, count: 9, until: '2030-01-01T00:00:00Z' } },
    ],
  ])('taken: %s', (_what, changes) => {
    expect(takes(changes)).toBe(true);
  });

  test.each([
    ['an unknown property', { note: 'x' }],
    ['no activity', { activity: undefined }],
    ['after the activity', { remindMinutesBefore: -1 }],
    ['half a minute', { remindMinutesBefore: 0.5 }],
    ['more than a year before', { remindMinutesBefore: 527_041 }],
    ['no minutes', { remindMinutesBefore: undefined }],
    ['another frequency', { recurrence: { frequency: 'hourly' } }],
    ['no frequency', { recurrence: {} }],
    ['never', { recurrence: { frequency: 'daily', count: 0 } }],
    ['one and a half times', { recurrence: { frequency: 'daily', count: 1.5 } }],
    ['more often than anybody needs', { recurrence: { frequency: 'daily', count: 10_001 } }],
    ['an unknown property of the recurrence', { recurrence: { frequency: 'daily', every: 2 } }],
    ['nobody to remind', { recipients: [] }],
  ])('refused: %s', (_what, changes) => {
    expect(takes(changes)).toBe(false);
  });
});
