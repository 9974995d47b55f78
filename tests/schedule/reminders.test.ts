/** When an activity is reminded of, and of which of its dates (docs/schedule.md, "Reminders"). */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { linkOf } from '../../lib/http/schemas.ts';
import { activityReminder, type ReminderEvent } from '../../lib/schedule/activity-reminder-event.ts';
import { dueReminders, scheduleReminder } from '../../lib/schedule/reminders.ts';
import { type ScheduleItem, shardOf, type Waiting } from '../../lib/store/schedule.ts';
import { StaleSiteError } from '../../lib/store/sites.ts';
import { site } from '../events/reports.ts';
import { changesOf, type FakeAws, fakeAws } from '../support/fake-aws.ts';
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

const scheduled = (userId: string) => ({ userId, status: 'scheduled', dueAt: '2027-03-15T07:30:00.000Z' });
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

const schedule = (event: ReminderEvent, now?: number, changes: Partial<typeof shop> = {}) =>
  scheduleReminder({ event, site: { ...shop, ...changes }, source: 'https' }, now);
const outcomesOf = async (event: ReminderEvent, now: number) => (await schedule(event, now)).notifications;
/** What was written into the schedule, write by write. */
const written = () => aws.updates.map((update) => ({ ...update.Key, ...changesOf(update) }));

const alreadyThere = (item: ScheduleItem) => {
  aws.stored.SCHEDULE_TABLE = [{ ...item }];
  aws.refuses = (table) => table === 'SCHEDULE_TABLE';
};

describe('a reminder is registered', () => {
  test('it waits until an hour before, and everybody is named once', async () => {
    const event = reminder();
    await expect(schedule(event, BEFORE)).resolves.toEqual({ notifications: both(scheduled) });
    expect(written()).toMatchObject([
      {
        ...registration(),
        ...{ dueAt: '2027-03-15T07:30:00.000Z', occurrence: 0, shard: shardOf('reminder', REMINDER) },
        ...{ event: JSON.stringify(event), isDated: true, source: 'https' },
        registeredAt: new Date(BEFORE).toISOString(),
        // Nothing of what was registered before stays.
        ...{ ending: undefined, lateOccurrence: undefined, attempts: undefined, expiresAt: undefined },
      },
    ]);
    expect(aws.queued).toEqual([]);
  });

  test('without a time of its own it happened now', async () => {
    await schedule(reminder({ occurredAt: undefined }), BEFORE);
    expect(written()).toMatchObject([{ occurredAt: '2027-03-10T12:00:00.000Z' }]);
    expect(written()[0]).not.toHaveProperty('isDated', true);
  });

  test('the clock is looked at where no moment is given', async () => {
    const date = new Date(Date.now() + 3 * 3600 * 1000).toISOString();
    const activity = { ...reminder().activity, date };
    const dueAt = new Date(Date.parse(date) - 3600 * 1000).toISOString();
    await expect(schedule(reminder({ activity }))).resolves.toEqual({
      notifications: both((userId) => ({ userId, status: 'scheduled', dueAt })),
    });
  });

  test('an activity that is over waits for nothing; the log has a line for everybody', async () => {
    const everybody = both((userId) => skipped(userId, 'past'));
    await expect(schedule(reminder(), DURING)).resolves.toEqual({ notifications: everybody });
    expect(written()).toMatchObject([
      { ...registration(), ending: 'past', shard: undefined, event: undefined },
    ]);
    expect(aws.put.map(({ item }) => item)).toMatchObject(everybody);
  });

  test.each<[string, Partial<ScheduleItem>, string]>([
    ['a newer one', { eventId: 'e-2', ending: 'past' }, 'superseded'],
    ['the same, withdrawn', { ending: 'dropped' }, 'superseded'],
    ['the same, over then', { ending: 'past' }, 'past'],
  ])('where %s is there before it', async (_what, there, reason) => {
    alreadyThere(registration(there) as ScheduleItem);
    await expect(outcomesOf(reminder(), BEFORE)).resolves.toEqual(both((userId) => skipped(userId, reason)));
  });

  test('the same event again, while it waits, is answered as before', async () => {
    alreadyThere(waiting(reminder()));
    await expect(schedule(reminder(), BEFORE)).resolves.toEqual({
      notifications: both(scheduled),
      repeated: true,
    });
    expect(aws.queued).toEqual([]);
  });

  test('the same event again, when it was dispatched by now, is answered as then', async () => {
    alreadyThere(registration({ ending: 'handed-over' }) as ScheduleItem);
    await expect(schedule(reminder(), LATE)).resolves.toMatchObject({
      notifications: both((userId) => ({ userId, status: 'queued', templateId: 'promemoria' })),
      repeated: true,
    });
  });

  test('the same event again, when the last of several dates was dispatched, is answered without a time', async () => {
    alreadyThere(registration({ ending: 'handed-over', isRecurring: true }) as ScheduleItem);
    await expect(schedule(reminder(weekly), LATE)).resolves.toEqual({
      notifications: both((userId) => ({ userId, status: 'scheduled' })),
      repeated: true,
    });
    expect(aws.queued).toEqual([]);
  });

  test('a site that was changed since it was read: nothing waits', async () => {
    aws.stored.SITES_TABLE = [{ siteId: 'demo#version', version: 4 }];
    await expect(schedule(reminder(), BEFORE, { version: 3 })).rejects.toThrow(StaleSiteError);
    expect(aws.updates).toEqual([]);
  });
});

describe('its time has passed, and the activity has not begun', () => {
  const queuedFor = (eventId: string) => (userId: string) => ({ eventId, userId });

  test('it is sent at once, and waits no more', async () => {
    const outcomes = await outcomesOf(reminder(), LATE);
    expect(outcomes).toMatchObject(both((userId) => ({ userId, status: 'queued' })));
    expect(written()).toMatchObject([
      { dueAt: '2027-03-15T08:00:00.000Z', occurrence: 0, lateOccurrence: 0 },
      { ...REMINDER, ending: 'handed-over', shard: undefined, event: undefined },
    ]);
    expect(aws.queued).toMatchObject(both(queuedFor('e-1')));
  });

  test('exactly then too', async () => {
    await schedule(reminder(), at('2027-03-15T07:30:00Z'));
    expect(written()[0]).toMatchObject({ lateOccurrence: 0 });
    expect(aws.queued).toHaveLength(2);
  });

  test('of an activity that recurs, the next date waits', async () => {
    const outcomes = await outcomesOf(reminder(weekly), LATE);
    expect(outcomes).toMatchObject(both((userId) => ({ userId, status: 'queued' })));
    expect(aws.queued).toMatchObject(both(queuedFor('e-1#2027-03-15T08:30:00.000Z')));
    expect(written()[1]).toMatchObject({ dueAt: '2027-03-22T07:30:00.000Z', occurrence: 1 });
  });

  test('the next date that is ahead counts', async () => {
    await schedule(reminder(weekly), at('2027-03-22T08:00:00Z'));
    expect(written()[0]).toMatchObject({ occurrence: 1, lateOccurrence: 1 });
    expect(aws.queued).toMatchObject(both(queuedFor('e-1#2027-03-22T08:30:00.000Z')));
  });

  describe('reported again', () => {
    const sentBefore = (event: ReminderEvent, changes: object = {}) =>
      alreadyThere({ ...waiting(event), lateOccurrence: 0, ...changes } as ScheduleItem);
    /** What was written after the registration, which was refused. */
    const rescheduled = () => written().slice(1);

    test('before it was written that it was sent: it is sent again, under the same ids', async () => {
      sentBefore(reminder(), { dueAt: '2027-03-15T08:00:00.000Z' });
      const outcomes = await outcomesOf(reminder(), LATE);
      expect(outcomes).toMatchObject(both((userId) => ({ userId, status: 'queued' })));
      expect(rescheduled()).toMatchObject([{ ending: 'handed-over' }]);
    });

    test('while the activity is ahead: whoever was missed is reminded now', async () => {
      sentBefore(reminder(), { shard: undefined, dueAt: undefined, ending: 'handed-over' });
      const outcomes = await outcomesOf(reminder(), LATE);
      expect(outcomes).toMatchObject(both((userId) => ({ userId, status: 'queued' })));
      expect(aws.queued).toMatchObject(both(queuedFor('e-1')));
      expect(rescheduled()).toEqual([]);
    });

    test('after it has begun: nobody is reminded any more', async () => {
      sentBefore(reminder(), { shard: undefined, dueAt: undefined, ending: 'handed-over' });
      await expect(outcomesOf(reminder(), DURING)).resolves.toEqual(
        both((userId) => skipped(userId, 'past')),
      );
      expect(aws.queued).toEqual([]);
    });

    test('while a later date waits: it is about the date that was late', async () => {
      sentBefore(reminder(weekly), { occurrence: 1, dueAt: '2027-03-22T07:30:00.000Z' });
      await schedule(reminder(weekly), LATE);
      expect(aws.queued).toMatchObject(both(queuedFor('e-1#2027-03-15T08:30:00.000Z')));
      expect(rescheduled()).toEqual([]);
    });

    test('after that date: nobody is reminded of it any more', async () => {
      sentBefore(reminder(weekly), { occurrence: 1, dueAt: '2027-03-22T07:30:00.000Z' });
      await expect(outcomesOf(reminder(weekly), DURING)).resolves.toEqual(
        both((userId) => skipped(userId, 'past')),
      );
    });
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
