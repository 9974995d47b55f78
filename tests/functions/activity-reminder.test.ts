/** Reminders of activities, from the registration to the queue: on time, at every date, and of no activity that is off. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Outcome } from '../../lib/domain/outcomes.ts';
import { demoSite } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { type Fields, payload } from '../support/payloads.ts';
import { pollDue, reminderEvent } from '../support/schedule.ts';

let app: App;
let sqs: Gate;
let count = 0;

beforeAll(async () => {
  app = await startApp({
    beforeLoading: async ({ aws, refs }) => {
      sqs = await startGate(`http://127.0.0.1:${aws.sqsPort}`);
      const queue = new URL(refs.get('DeliveriesQueue') ?? '').pathname;
      Object.assign(process.env, {
        AWS_ENDPOINT_URL_SQS: sqs.url,
        DELIVERIES_QUEUE_URL: `${sqs.url}${queue}`,
      });
    },
  });
});
afterAll(async () => {
  await sqs.close();
  await app.close();
});
beforeEach(async () => {
  await sqs.open();
  await app.reset();
});

const report = (changes: Fields = {}, activity: Fields = {}) =>
  app.report('activity-reminder', reminderEvent({ eventId: `reminder-${++count}`, ...changes }, activity));
const outcomes = async (answer: ReturnType<typeof report>) => (await answer).json.notifications;
const runAt = (at: string | number) => pollDue('activity-reminder', at);
const queued = () => app.takeQueued();
const forAnna = { recipients: [{ id: 'anna', language: 'it' }] };
const each = (outcome: Fields) => ['anna', 'bruno'].map((userId) => ({ userId, ...outcome }));

const SCHEDULED = each({ status: 'scheduled', dueAt: '2027-03-15T07:30:00.000Z' });
const IN_TIME = '2027-03-15T08:30:00+01:00';

/** Minutes from now, to the second, as Passweb would write it. */
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

describe('a reminder', () => {
  test('is accepted for every recipient, and sent to each in their language an hour before', async () => {
    const answer = await report({ eventId: 'meeting' });
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({ eventId: 'meeting', notifications: SCHEDULED });
    await runAt('2027-03-15T08:29:59.999+01:00');
    expect(await queued()).toEqual([]);

    await runAt(IN_TIME);
    const sent = (await queued()).toSorted((one, other) => one.userId.localeCompare(other.userId));
    expect(sent).toMatchObject([
      { event: 'activity-reminder', eventId: 'meeting', userId: 'anna' },
      { event: 'activity-reminder', eventId: 'meeting', userId: 'bruno' },
    ]);
    expect(sent[0]?.text).toContain('15 marzo 2027');
    expect(sent[0]?.text).toContain('09:30');
    expect(sent[1]?.text).toContain('15 March 2027');
    expect(sent[0]?.button?.url).toBe('https://shop.example/agenda/720');
  });

  test('is sent by no later run', async () => {
    await report();
    await runAt(IN_TIME);
    await queued();
    await runAt('2027-03-16T08:30:00+01:00');
    expect(await queued()).toEqual([]);
    expect(JSON.stringify(await app.stack.items('ScheduleTable'))).not.toContain('Rossi');
  });

  test('at the moment itself, which a run is always a little late for', async () => {
    await report({ remindMinutesBefore: 0 });
    await runAt('2027-03-15T09:30:20+01:00');
    expect(await queued()).toHaveLength(2);
  });

  test('shows the date in the time zone of the site', async () => {
    await app.setSite({ timeZone: 'America/New_York' });
    await report(forAnna);
    await runAt(IN_TIME);
    // 09:30 in Rome; New York is on summer time already, Rome is not.
    expect((await queued())[0]?.text).toContain('04:30');
  });

  test('of a whole day: an hour before its midnight, without a time', async () => {
    await report(forAnna, { date: '2027-03-15' });
    await runAt('2027-03-14T22:59:59+01:00');
    expect(await queued()).toEqual([]);
    await runAt('2027-03-14T23:00:00+01:00');
    const [sent] = await queued();
    expect(sent?.text).toContain('15 marzo 2027');
    expect(sent?.text).not.toContain('00:00');
  });

  test('names a person once who is named twice', async () => {
    expect(await outcomes(report({ recipients: [{ id: 'anna' }, { id: 'anna' }] }))).toEqual(
      SCHEDULED.slice(0, 1),
    );
    await runAt(IN_TIME);
    expect(await queued()).toHaveLength(1);
  });
});

describe('registered again', () => {
  test('with the same event id it repeats nothing', async () => {
    const again = () => report({ eventId: 'same', ...forAnna });
    await again();
    await again();
    await runAt(IN_TIME);
    expect(await queued()).toHaveLength(1);
    const { json } = await again();
    expect(json.repeated).toBe(true);
    // Whoever was missed would be reminded now.
    expect(json.notifications).toMatchObject([{ userId: 'anna', status: 'queued' }]);
    await runAt('2027-03-16T08:30:00+01:00');
    expect(await queued()).toEqual([]);
  });

  test('the same activity: the new date and the new people count', async () => {
    await report();
    await report({ eventId: 'moved', ...forAnna }, { date: '2027-03-15T10:30:00+01:00' });
    await runAt(IN_TIME);
    expect(await queued()).toEqual([]);
    await runAt('2027-03-15T09:30:00+01:00');
    expect((await queued()).map(({ eventId, userId }) => [eventId, userId])).toEqual([['moved', 'anna']]);
  });

  test('an older registration that comes late is superseded', async () => {
    await report({ occurredAt: '2026-11-20T10:00:00Z' });
    const late = report({ occurredAt: '2026-11-20T09:59:59Z' });
    expect(await outcomes(late)).toEqual(each({ status: 'skipped', reason: 'superseded' }));
  });

  test('moved into the past: the former reminder is not sent', async () => {
    await report();
    const past = { status: 'skipped', reason: 'past' };
    const moved = () => report({ eventId: 'moved-back' }, { date: '2020-01-01T10:00:00Z' });
    expect(await outcomes(moved())).toEqual(each(past));
    expect(await outcomes(moved())).toEqual(each(past));
    await runAt(IN_TIME);
    expect(await queued()).toEqual([]);
  });

  test('another activity has a reminder of its own', async () => {
    await report(forAnna);
    await report(forAnna, { id: '721' });
    await runAt(IN_TIME);
    expect(await queued()).toHaveLength(2);
  });
});

describe('cancelled', () => {
  test('with DELETE: 204, nothing is sent, and the event repeated is superseded', async () => {
    await report({ eventId: 'cancelled' });
    expect((await app.withdraw('activity-reminder', '720')).status).toBe(204);
    expect((await app.withdraw('activity-reminder', '720')).status).toBe(204);
    const again = report({ eventId: 'cancelled' });
    expect(await outcomes(again)).toEqual(each({ status: 'skipped', reason: 'superseded' }));
    await runAt(IN_TIME);
    expect(await queued()).toEqual([]);
  });

  test('and registered anew: sent', async () => {
    await report();
    await app.withdraw('activity-reminder', '720');
    expect(await outcomes(report())).toEqual(SCHEDULED);
    await runAt(IN_TIME);
    expect(await queued()).toHaveLength(2);
  });

  const status = (newStatus: string, id = '720', date = '2027-03-15T09:30:00+01:00') => {
    const activity = { ...(payload('activity-status').activity as Fields), id, date };
    const body = payload('activity-status', { eventId: `status-${++count}`, activity, newStatus });
    return app.report('activity-status', body);
  };
  const remindersSent = async () => {
    await queued();
    await runAt(IN_TIME);
    return (await queued()).length;
  };

  test.each(['Annullata', 'Completata', 'annullata', 'COMPLETATA', ' Completata '])(
    'by the status %s, of which its creator hears as ever',
    async (newStatus) => {
      await report();
      expect((await status(newStatus)).json.notifications).toMatchObject([
        { userId: 'anna', status: 'queued' },
      ]);
      expect(await remindersSent()).toBe(0);
    },
  );

  test.each(['Pianificata', 'Scaduta', 'Annullata in parte'])('not by the status %s', async (newStatus) => {
    await report();
    await status(newStatus);
    expect(await remindersSent()).toBe(2);
  });

  test('not by the status of another activity', async () => {
    await report();
    await status('Annullata', '721');
    expect(await remindersSent()).toBe(2);
  });

  test('of a recurring activity only the date that the status names', async () => {
    await report({ ...forAnna, recurrence: { frequency: 'daily' } });
    await runAt(IN_TIME);
    expect(await queued()).toHaveLength(1);
    await status('Completata', '720', '2027-03-16T09:30:00+01:00');
    await queued();
    await runAt('2027-03-16T08:30:00+01:00');
    expect(await queued()).toEqual([]);
    await runAt('2027-03-17T08:30:00+01:00');
    expect(await queued()).toMatchObject([{ event: 'activity-reminder', userId: 'anna' }]);
  });

  test('with DELETE: all dates of a recurring activity', async () => {
    await report({ recurrence: { frequency: 'daily' } });
    await app.withdraw('activity-reminder', '720');
    await runAt(IN_TIME);
    await runAt('2027-03-16T08:30:00+01:00');
    expect(await queued()).toEqual([]);
  });
});

describe('recurring', () => {
  test('reminds at each date at the same time of day, and of none after the last', async () => {
    await report(
      { ...forAnna, recurrence: { frequency: 'weekly', count: 3 } },
      { date: '2027-03-21T09:30:00+01:00' },
    );
    const sent = [];
    for (const at of ['2027-03-21T07:30:00Z', '2027-03-28T06:30:00Z', '2027-04-04T06:30:00Z']) {
      await runAt(Date.parse(at) - 1);
      expect(await queued()).toEqual([]);
      await runAt(at);
      sent.push(...(await queued()));
    }
    const days = ['21 marzo 2027', '28 marzo 2027', '4 aprile 2027'];
    expect(sent).toHaveLength(3);
    for (const [index, { text }] of sent.entries()) {
      expect(text).toContain(days[index]);
      expect(text).toContain('09:30');
    }
    expect(new Set(sent.map(({ deliveryId }) => deliveryId)).size).toBe(3);
    await runAt('2027-04-11T09:30:00Z');
    expect(await queued()).toEqual([]);
  });

  test('after days without a poller: nothing for the dates that have passed, then the next one', async () => {
    await report({ ...forAnna, recurrence: { frequency: 'daily' } });
    await runAt('2027-03-18T12:00:00+01:00');
    expect(await queued()).toEqual([]);
    await runAt('2027-03-19T08:29:00+01:00');
    expect(await queued()).toEqual([]);
    await runAt('2027-03-19T08:30:00+01:00');
    expect((await queued())[0]?.text).toContain('19 marzo 2027');
  });

  test('since eight years: the next date that is ahead', async () => {
    const inTwoDays = inMinutes(2 * 24 * 60);
    const date = `${Number(inTwoDays.slice(0, 4)) - 8}${inTwoDays.slice(4)}`;
    await report({ ...forAnna, recurrence: { frequency: 'yearly' } }, { date });
    const [waiting] = await app.stack.items('ScheduleTable');
    // An hour before, give or take the hour of a change of the clocks.
    const difference = Date.parse(String(waiting?.dueAt)) - (Date.parse(inTwoDays) - 3_600_000);
    expect(Math.abs(difference)).toBeLessThanOrEqual(3_600_000);
  });

  test('but over: past', async () => {
    const over = report({ recurrence: { frequency: 'daily', until: '2020-01-31' } }, { date: '2020-01-01' });
    expect(await outcomes(over)).toEqual(each({ status: 'skipped', reason: 'past' }));
  });
});

describe('whose time has passed already', () => {
  test('is sent at once if the activity is still ahead, once', async () => {
    const soon = { date: inMinutes(30) };
    const answer = await report({ eventId: 'soon', ...forAnna }, soon);
    const deliveryId = expect.any(String);
    const templateId = 'default-activity-reminder';
    expect(answer.json.notifications).toEqual([{ userId: 'anna', templateId, status: 'queued', deliveryId }]);
    expect(await queued()).toHaveLength(1);
    const again = await report({ eventId: 'soon', ...forAnna }, soon);
    expect(again.json).toEqual({ ...answer.json, repeated: true });
    await runAt(inMinutes(1));
    expect(await queued()).toEqual([]);
  });

  test('is answered the same when it is reported again, also of a recurring one', async () => {
    const recurring = { eventId: 'soon, weekly', ...forAnna, recurrence: { frequency: 'weekly' } };
    const soon = { date: inMinutes(30) };
    const answer = await report(recurring, soon);
    expect(answer.json.notifications).toMatchObject([{ userId: 'anna', status: 'queued' }]);
    expect((await report(recurring, soon)).json).toEqual({ ...answer.json, repeated: true });
    expect(await queued()).toHaveLength(1);
  });

  test('is not sent if it is over', async () => {
    const over = report({}, { date: inMinutes(-1) });
    expect(await outcomes(over)).toEqual(each({ status: 'skipped', reason: 'past' }));
    await runAt(inMinutes(1));
    expect(await queued()).toEqual([]);
  });

  test('is sent while its whole day lasts', async () => {
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome' }).format(new Date());
    const [outcome] = await outcomes(report(forAnna, { date: today }));
    expect(outcome.status).toBe('queued');
  });

  test('of a recurring one: at once for the next date, and again for the one after it', async () => {
    const date = inMinutes(30 - 24 * 60 * 7);
    const [outcome] = await outcomes(report({ ...forAnna, recurrence: { frequency: 'weekly' } }, { date }));
    expect(outcome.status).toBe('queued');
    const [waiting] = await app.stack.items('ScheduleTable');
    const nextWeek = Date.parse(String(waiting?.dueAt)) - Date.now();
    // A week, less half an hour, give or take the hour of a change of the clocks.
    expect(Math.abs(nextWeek / 3_600_000 - (24 * 7 - 0.5))).toBeLessThan(1.1);
  });

  test('is sent by the poller where the queue could not take it', async () => {
    await sqs.shut();
    const answer = await report(forAnna, { date: inMinutes(30) });
    expect(answer.status).toBe(503);
    await sqs.open();
    await runAt(inMinutes(1));
    expect(await queued()).toHaveLength(1);
  });

  test('says why somebody gets nothing', async () => {
    const answer = report({ recipients: [{ id: 'dario' }] }, { date: inMinutes(30) });
    expect(await outcomes(answer)).toEqual([{ userId: 'dario', status: 'skipped', reason: 'not-linked' }]);
  });
});

/** Registers a reminder at a time. @returns the outcomes. */
async function scheduleAt(at: string, event: Fields): Promise<Outcome[]> {
  const { scheduleReminder } = await import('../../lib/schedule/reminders.ts');
  const reported = { event: event as never, site: demoSite(), source: 'https' } as const;
  return (await scheduleReminder(reported, Date.parse(at))).notifications;
}

test('a late one, reported again when the activity is over, reminds nobody who was missed', async () => {
  const recipients = [{ id: 'anna' }, { id: 'latecomer' }];
  const event = reminderEvent({ eventId: 'late and over', recipients });
  const [first] = await scheduleAt('2027-03-15T09:00:00+01:00', event);
  expect(first).toMatchObject({ userId: 'anna', status: 'queued' });
  expect(await queued()).toHaveLength(1);
  await app.setUser('latecomer');

  const again = await scheduleAt('2027-03-15T09:31:00+01:00', event);

  expect(again).toContainEqual({ userId: 'latecomer', status: 'skipped', reason: 'past' });
  expect(await queued()).toEqual([]);
});

test('one that was registered in time, and is due now, is answered as it was; once it was sent, with that', async () => {
  const event = reminderEvent({ eventId: 'in time', ...forAnna });
  const scheduled = SCHEDULED.slice(0, 1);
  expect(await scheduleAt('2027-03-15T08:29:59+01:00', event)).toEqual(scheduled);
  expect(await scheduleAt('2027-03-15T08:30:01+01:00', event)).toEqual(scheduled);
  await runAt('2027-03-15T08:30:02+01:00');
  expect(await scheduleAt('2027-03-15T08:30:03+01:00', event)).toMatchObject([
    { userId: 'anna', status: 'queued' },
  ]);
  expect(await queued()).toHaveLength(1);
});

describe('decided when it is due', () => {
  test('who links meanwhile gets it, who opted out meanwhile does not', async () => {
    await app.setUser('leaver');
    await report({ recipients: [{ id: 'newcomer' }, { id: 'leaver' }] });
    await app.setUser('newcomer');
    await app.setUser('leaver', { optedOut: true });
    await runAt(IN_TIME);
    expect((await queued()).map(({ userId }) => userId)).toEqual(['newcomer']);
  });

  test('the groups of the creator, and the templates', async () => {
    const creator = { id: 'carla', groups: ['Agenti'] };
    await report({ creator, ...forAnna });
    await report({ creator: { id: 'gino', groups: ['Altri'] }, ...forAnna }, { id: '721' });
    await app.setSite({
      telegramGroups: ['Agenti'],
      templates: [template('activity-reminder', 'new', { text: { it: 'nuovo {{oggettoAttivita}}' } })],
    });
    await runAt(IN_TIME);
    expect((await queued()).map(({ text }) => text)).toEqual(['nuovo Riunione commerciale']);
  });

  test('a site that is off for a while misses the dates of that time, and no others', async () => {
    await report({ ...forAnna, recurrence: { frequency: 'daily' } });
    await app.setSite({ active: false });
    await runAt(IN_TIME);
    await app.setSite();
    await runAt('2027-03-15T10:00:00+01:00');
    expect(await queued()).toEqual([]);
    await runAt('2027-03-16T08:30:00+01:00');
    expect(await queued()).toHaveLength(1);
  });
});

describe('refused', () => {
  test.each<[string, Fields, string]>([
    ['half a minute', { remindMinutesBefore: 0.5 }, '/remindMinutesBefore'],
    ['minutes after', { remindMinutesBefore: -1 }, '/remindMinutesBefore'],
    ['more than a year before', { remindMinutesBefore: 600_000 }, '/remindMinutesBefore'],
    ['no minutes', { remindMinutesBefore: undefined }, '/remindMinutesBefore'],
    ['an unknown frequency', { recurrence: { frequency: 'hourly' } }, '/recurrence/frequency'],
    ['no times at all', { recurrence: { frequency: 'daily', count: 0 } }, '/recurrence/count'],
    ['an end that is no date', { recurrence: { frequency: 'daily', until: 'sempre' } }, '/recurrence/until'],
    ['an interval', { recurrence: { frequency: 'daily', interval: 2 } }, '/recurrence/interval'],
    ['nobody', { recipients: [] }, '/recipients'],
  ])('%s', async (_, changes, pointer) => {
    const answer = await report(changes);
    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ pointer }]);
    expect(await app.stack.items('ScheduleTable')).toEqual([]);
  });
});
