/** What holds is what was said last: statuses and reminders of activities in any order (docs/events.md). */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { type App, startApp } from '../support/app.ts';
import { endLater, later } from '../support/later.ts';
import { type Fields, payload } from '../support/payloads.ts';
import { pollDue, reminderEvent } from '../support/schedule.ts';
import { record } from '../support/sqs-events.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let app: App;
let count = 0;

beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());
afterEach(endLater);

const newId = () => `activity-event-${++count}`;
/** ISO 8601, so many milliseconds from now. */
const at = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();
const ago = (milliseconds: number) => at(-milliseconds);
const plus = (date: string, milliseconds: number) => new Date(Date.parse(date) + milliseconds).toISOString();
const first = async (answer: Promise<{ json: { notifications: Fields[] } }>) =>
  (await answer).json.notifications[0];
const SUPERSEDED = { status: 'skipped', reason: 'superseded' };

const activity = (fields: Fields = {}) => ({
  ...{ id: '720', subject: 'Riunione', url: 'https://shop.example/agenda/720' },
  ...fields,
});
/** A status of a date, entered so long ago. */
const status = (newStatus: string, date: string, said?: number, changes: Fields = {}) => {
  const body = payload('activity-status', {
    ...{ eventId: newId(), newStatus, activity: activity({ date }), creator: { id: 'bruno' } },
    ...(said !== undefined && { occurredAt: ago(said) }),
    ...changes,
  });
  return app.report('activity-status', body);
};
/** A reminder an hour before a date, registered so long ago. */
const reminder = (date: string, said?: number, changes: Fields = {}, fields: Fields = {}) =>
  app.report('activity-reminder', {
    ...reminderEvent({ eventId: newId(), recipients: [{ id: 'anna' }], ...changes }),
    ...(said !== undefined && { occurredAt: ago(said) }),
    activity: activity({ date, ...fields }),
  });
const withdrawDate = (occurrence: string) =>
  app.call('DELETE', '/v1/sites/demo/events/activity-reminder/720', { query: { occurrence } });

const isReminder = ({ event, skipped }: Notification) => event === 'activity-reminder' && !skipped;
/** The reminders that are queued now. */
const queued = async () => (await app.takeQueued()).filter(isReminder);
/** Runs the poller as late as it is then. @returns what it has queued. */
async function dueAfter(milliseconds: number): Promise<Notification[]> {
  await pollDue('activity-reminder', Date.now() + milliseconds);
  return queued();
}
const deliver = (messages: Notification[]) => app.deliver(messages.map((each) => record(each)));
const textsOfAnna = () => app.telegram.textsIn(1001);
const log = async (query: string) =>
  (await app.call('GET', '/v1/sites/demo/deliveries', { query })).json.deliveries;
/** What the log says of a reminder that got nobody a message. */
const skippedLines = async (eventId: string) =>
  (await log('userId=anna&event=activity-reminder&status=skipped')).filter((line: Fields) =>
    String(line.eventId).startsWith(eventId),
  );

const daily = { recurrence: { frequency: 'daily' } };
const weekly = { recurrence: { frequency: 'weekly' } };

describe('a late cancellation of one date, where another date had a newer status', () => {
  test('the cancelled date is not reminded of, and its creator hears of it', async () => {
    const date = at(2 * HOUR);
    await reminder(date, HOUR, daily);
    await status('Completata', plus(date, DAY), 10 * MINUTE);
    expect(await first(status('Annullata', date, 20 * MINUTE))).toMatchObject({ status: 'queued' });
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
    expect(await dueAfter(DAY + HOUR + MINUTE)).toEqual([]);
    expect(await dueAfter(2 * DAY + HOUR + MINUTE)).toHaveLength(1);
  });

  test('before the series is registered: not reminded of either', async () => {
    const date = at(2 * HOUR);
    await status('Completata', plus(date, DAY), 10 * MINUTE);
    await status('Annullata', date, 20 * MINUTE);
    await reminder(date, HOUR, daily);
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
  });

  test('a status of one date waits, and another date is cancelled: its creator hears of both', async () => {
    const date = at(2 * HOUR);
    await reminder(date, HOUR, { ...daily, recipients: [{ id: 'carla' }] });
    const creator = { creator: { id: 'anna' } };
    await status('Completata', plus(date, -DAY), 2 * MINUTE, creator);
    await status('Annullata', date, MINUTE, creator);
    await deliver(await app.takeQueued());
    expect(await textsOfAnna()).toHaveLength(2);
  });

  test('an older status of the same date after a newer one: superseded, waiting or not', async () => {
    const date = at(2 * HOUR);
    await reminder(date, HOUR, { ...daily, recipients: [{ id: 'carla' }] });
    const creator = { creator: { id: 'anna' } };
    await status('Pianificata', date, 3 * MINUTE, creator);
    const waiting = await app.takeQueued();
    await status('Annullata', date, 2 * MINUTE, creator);
    expect(await first(status('Pianificata', date, 150_000, creator))).toMatchObject(SUPERSEDED);
    await deliver(waiting);
    expect(await textsOfAnna()).toEqual([]);
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
  });

  test('of an activity that does not repeat the whole counts: an older status of another date is superseded', async () => {
    const date = at(2 * HOUR);
    await reminder(date, HOUR);
    await status('Pianificata', date, 10 * MINUTE);
    expect(await first(status('Annullata', plus(date, DAY), 20 * MINUTE))).toMatchObject(SUPERSEDED);
    expect(await dueAfter(HOUR + MINUTE)).toHaveLength(1);
  });
});

describe('reminded three times of the same date and time by editing', () => {
  test('one-off, then weekly, then daily: once', async () => {
    const date = at(25 * MINUTE);
    for (const changes of [{}, weekly, daily, {}]) {
      await reminder(date, undefined, changes);
      await deliver(await queued());
    }
    expect(await textsOfAnna()).toHaveLength(1);
  });

  test('weekly based on last week, then on this week: once, and next week again', async () => {
    const date = at(25 * MINUTE);
    await reminder(plus(date, -7 * DAY), undefined, weekly);
    await deliver(await queued());
    await reminder(date, undefined, weekly);
    await deliver(await queued());
    expect(await textsOfAnna()).toHaveLength(1);
    expect(await dueAfter(7 * DAY)).toHaveLength(1);
  });

  test('moved to another date, then back: once for each date', async () => {
    const date = at(25 * MINUTE);
    for (const moved of [date, plus(date, MINUTE), date]) {
      await reminder(moved);
      await deliver(await queued());
    }
    expect(await textsOfAnna()).toHaveLength(2);
  });
});

describe('Annullata, then a really newer reminder of the same date', () => {
  test('at once: it is sent', async () => {
    const date = at(25 * MINUTE);
    await status('Annullata', date, 10 * MINUTE);
    expect(await first(reminder(date, 5 * MINUTE))).toMatchObject({ status: 'queued' });
    await deliver(await queued());
    expect(await textsOfAnna()).toHaveLength(1);
  });

  test('when it is due: it is sent', async () => {
    const date = at(2 * HOUR);
    await status('Annullata', date, 10 * MINUTE);
    expect(await first(reminder(date, 5 * MINUTE))).toMatchObject({ status: 'scheduled' });
    await deliver(await dueAfter(HOUR + MINUTE));
    expect(await textsOfAnna()).toHaveLength(1);
  });

  test.each<[string, number | undefined]>([
    ['newer still', MINUTE],
    ['without a time', undefined],
  ])('Annullata, Pianificata of another date, then moved back, %s: it is sent', async (_, said) => {
    const date = at(2 * HOUR);
    await status('Annullata', date, 10 * MINUTE);
    await status('Pianificata', plus(date, DAY), 5 * MINUTE);
    expect(await first(reminder(date, said))).toMatchObject({ status: 'scheduled' });
    expect(await dueAfter(HOUR + MINUTE)).toHaveLength(1);
  });

  test('without a time it never counts as newer', async () => {
    const date = at(2 * HOUR);
    await status('Annullata', date, 10 * MINUTE);
    expect(await first(reminder(date))).toMatchObject(SUPERSEDED);
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
  });

  test('a series date was cancelled before the registration: a one-off of another date is reminded of', async () => {
    const date = at(2 * HOUR);
    await status('Annullata', plus(date, 3 * DAY), 10 * MINUTE);
    await reminder(date, undefined, daily);
    expect(await first(reminder(date))).toMatchObject({ status: 'scheduled' });
    expect(await dueAfter(HOUR + MINUTE)).toHaveLength(1);
  });

  test('… and a one-off of that very date is not', async () => {
    const date = at(2 * HOUR);
    await reminder(plus(date, -DAY), undefined, daily);
    await status('Annullata', date, 10 * MINUTE);
    expect(await first(reminder(date))).toMatchObject(SUPERSEDED);
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
  });

  test('a series that changes without a time: the date that a status has ended stays off', async () => {
    const date = at(2 * HOUR);
    await reminder(date, 20 * MINUTE, weekly);
    await status('Annullata', date, 10 * MINUTE);
    await reminder(date, undefined, daily);
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
  });
});

describe('an older Annullata that arrives after a newer reminder', () => {
  test('the reminder stays, as in the other order', async () => {
    const date = at(2 * HOUR);
    await reminder(date, 5 * MINUTE);
    await status('Annullata', date, 10 * MINUTE);
    expect(await dueAfter(HOUR + MINUTE)).toHaveLength(1);
  });

  test('its message waits: it is sent', async () => {
    const date = at(25 * MINUTE);
    await reminder(date, 5 * MINUTE);
    const waiting = await queued();
    await status('Annullata', date, 10 * MINUTE);
    await deliver(waiting);
    expect(await textsOfAnna()).toHaveLength(1);
  });

  test('a reminder without a time is ended', async () => {
    const date = at(2 * HOUR);
    await reminder(date);
    await status('Annullata', date, 10 * MINUTE);
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
  });

  test('of a series: its date is off, whichever came first', async () => {
    for (const id of ['series 1', 'series 2']) {
      const date = at(2 * HOUR);
      const off = { activity: activity({ id, date }) };
      if (id === 'series 1') await status('Annullata', date, 10 * MINUTE, off);
      await reminder(date, 5 * MINUTE, daily, { id });
      if (id === 'series 2') await status('Annullata', date, 10 * MINUTE, off);
    }
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
    expect(await dueAfter(DAY + HOUR + MINUTE)).toHaveLength(2);
  });
});

describe('a waiting reminder, and a newer registration', () => {
  const waitingOf = async (date: string, changes: Fields = {}) => {
    await reminder(date, undefined, changes);
    const waiting = await queued();
    expect(waiting).not.toEqual([]);
    return waiting;
  };

  test.each<[string, Fields]>([
    ['count', { recurrence: { frequency: 'weekly', count: 1 } }],
    ['until', { recurrence: { frequency: 'weekly', until: ago(3 * DAY) } }],
  ])('of an occurrence that no longer exists, by its %s: not sent', async (_, changes) => {
    const date = at(25 * MINUTE - 7 * DAY);
    const waiting = await waitingOf(date, { recurrence: { frequency: 'weekly', count: 3 } });
    expect(await first(reminder(date, undefined, changes))).toMatchObject({ reason: 'past' });
    await deliver([...waiting, ...(await queued())]);
    expect(await textsOfAnna()).toEqual([]);
  });

  test('for somebody who is no longer assigned: not sent; the others are reminded once', async () => {
    const date = at(25 * MINUTE);
    const waiting = await waitingOf(date, { recipients: [{ id: 'anna' }, { id: 'bruno' }] });
    await reminder(date, undefined, { recipients: [{ id: 'bruno' }] });
    await deliver([...waiting, ...(await queued())]);
    expect(await textsOfAnna()).toEqual([]);
    expect(await app.telegram.textsIn(1002)).toHaveLength(1);
  });

  test('its subject was changed: the new one is shown, once', async () => {
    const date = at(25 * MINUTE);
    const waiting = await waitingOf(date);
    await reminder(date, undefined, {}, { subject: 'Altro' });
    await deliver([...waiting, ...(await queued())]);
    expect(await textsOfAnna()).toEqual([expect.stringContaining('Altro')]);
  });

  test('both wait in a paused chat: the new one is shown, once', async () => {
    const date = at(25 * MINUTE);
    await app.telegram.refuse(429, 'Too Many Requests: retry after 30', {
      ...{ parameters: { retry_after: 30 }, chatId: 1001, times: 1 },
    });
    await deliver(await waitingOf(date));
    await reminder(date, undefined, {}, { subject: 'Altro' });
    await deliver(await queued());
    expect(await app.stack.waiting()).toHaveLength(2);
    await app.drainLater();
    expect(await textsOfAnna()).toEqual([expect.stringContaining('Altro')]);
  });

  test('edited to "5 minutes before": shown then, and not before', async () => {
    const date = at(25 * MINUTE);
    const waiting = await waitingOf(date);
    await reminder(date, undefined, { remindMinutesBefore: 5 });
    await deliver([...waiting, ...(await queued())]);
    expect(await textsOfAnna()).toEqual([]);
    await deliver(await dueAfter(21 * MINUTE));
    expect(await textsOfAnna()).toHaveLength(1);
  });

  test('what was sent before the edit is not sent again by it', async () => {
    const date = at(25 * MINUTE);
    await deliver(await waitingOf(date));
    await reminder(date, undefined, { remindMinutesBefore: 5 }, { subject: 'Altro' });
    await deliver([...(await queued()), ...(await dueAfter(21 * MINUTE))]);
    expect(await textsOfAnna()).toHaveLength(1);
  });

  test('a date that is not the nearest one waits, and the words are changed: nothing is lost', async () => {
    const begin = Date.now();
    const date = at(30 * MINUTE);
    const early = { ...daily, remindMinutesBefore: 7 * 24 * 60 };
    await reminder(date, undefined, early);
    await deliver(await queued());
    // The one in seven days, which waits.
    later(HOUR);
    const waiting = await dueAfter(0);
    expect(waiting).toHaveLength(1);
    const eventId = newId();
    await reminder(date, undefined, { ...early, eventId }, { subject: 'Altro' });
    await deliver([...waiting, ...(await queued())]);
    for (let minute = 1; minute < 10; minute++) await deliver(await dueAfter(minute * MINUTE));
    const texts = await textsOfAnna();
    expect(texts.filter((text) => text.includes('Altro')).length).toBeGreaterThan(0);
    const sent = await log('userId=anna&event=activity-reminder&status=sent');
    const dates = [0, 7 * DAY].map((ahead) =>
      new Date(begin + 30 * MINUTE + ahead).toISOString().slice(0, 13),
    );
    for (const each of dates)
      expect(sent.map((line: Fields) => String(line.eventId))).toContainEqual(expect.stringContaining(each));
  });
});

describe('a reopened activity', () => {
  const REOPENED = { subject: 'Riunione' };

  test('Annullata, then Pianificata: its reminder comes', async () => {
    const date = at(2 * HOUR);
    await reminder(date, 10 * MINUTE);
    await status('Annullata', date, 5 * MINUTE);
    await status('Pianificata', date, MINUTE);
    expect(await log('status=scheduled')).toHaveLength(1);
    await deliver(await dueAfter(HOUR + MINUTE));
    expect(await textsOfAnna()).toEqual([expect.stringContaining(REOPENED.subject)]);
  });

  test('the same reminder again: scheduled', async () => {
    const date = at(2 * HOUR);
    const same = { eventId: newId() };
    await reminder(date, 10 * MINUTE, same);
    await status('Annullata', date, 5 * MINUTE);
    expect(await first(reminder(date, 10 * MINUTE, same))).toMatchObject(SUPERSEDED);
    await status('Pianificata', date, MINUTE);
    const again = await reminder(date, 10 * MINUTE, same);
    expect(again.json).toMatchObject({ repeated: true, notifications: [{ status: 'scheduled' }] });
    expect(await dueAfter(HOUR + MINUTE)).toHaveLength(1);
  });

  test('a reminder that was superseded by Annullata comes too, when that is taken back', async () => {
    const date = at(2 * HOUR);
    await status('Annullata', date, 5 * MINUTE);
    expect(await first(reminder(date))).toMatchObject(SUPERSEDED);
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
    await status('Pianificata', date, MINUTE);
    expect(await dueAfter(HOUR + MINUTE)).toHaveLength(1);
  });

  test('moved while it was cancelled: reminded of the new date only', async () => {
    const date = at(2 * HOUR);
    await reminder(date);
    await status('Annullata', date);
    expect(await first(reminder(plus(date, HOUR)))).toMatchObject(SUPERSEDED);
    later(1_000);
    await status('Pianificata', plus(date, HOUR));
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
    expect(await dueAfter(2 * HOUR + MINUTE)).toHaveLength(1);
  });

  test('after its time: reminded within a minute, if it has not begun', async () => {
    const date = at(2 * HOUR);
    await reminder(date);
    await status('Annullata', date);
    later(90 * MINUTE);
    await status('Pianificata', date);
    await deliver(await dueAfter(MINUTE));
    expect(await textsOfAnna()).toHaveLength(1);
  });

  test('withdrawn meanwhile: it stays so', async () => {
    const date = at(2 * HOUR);
    await reminder(date);
    await status('Annullata', date);
    await app.withdraw('activity-reminder', '720');
    later(1_000);
    await status('Pianificata', date);
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
  });

  test('its message waited when it was cancelled: the same reminder again is sent', async () => {
    const date = at(25 * MINUTE);
    const same = { eventId: newId() };
    await reminder(date, 10 * MINUTE, same);
    const waiting = await queued();
    await status('Annullata', date, 5 * MINUTE);
    await deliver(waiting);
    await status('Pianificata', date, MINUTE);
    expect(await first(reminder(date, 10 * MINUTE, same))).toMatchObject({ status: 'queued' });
    expect(await textsOfAnna()).toEqual([]);
  });

  test('who is erased meanwhile is not reminded', async () => {
    const date = at(2 * HOUR);
    await reminder(date, undefined, { recipients: [{ id: 'anna' }, { id: 'bruno' }] });
    await status('Annullata', date);
    await app.call('DELETE', '/v1/sites/demo/users/anna');
    expect(JSON.stringify(await app.stack.items('ScheduleTable'))).not.toContain('anna');
    later(1_000);
    await status('Pianificata', date);
    expect((await dueAfter(HOUR + MINUTE)).map(({ userId }) => userId)).toEqual(['bruno']);
  });

  test('Scaduta does not reopen it', async () => {
    const date = at(2 * HOUR);
    await reminder(date);
    await status('Completata', date, 5 * MINUTE);
    await status('Scaduta', date, MINUTE);
    expect(await first(reminder(date))).toMatchObject(SUPERSEDED);
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
  });

  test('Scaduta does not reopen a date of a series', async () => {
    const date = at(2 * HOUR);
    await reminder(date, undefined, daily);
    await status('Annullata', date, 5 * MINUTE);
    await status('Scaduta', date, MINUTE);
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
  });
});

describe('one date of a series is off', () => {
  const hourBefore = (date: string) => plus(date, -HOUR);

  test('deleted before the registration: the answer says the date that will really be reminded of', async () => {
    const date = at(2 * HOUR);
    await withdrawDate(date);
    const answer = await first(reminder(date, undefined, daily));
    expect(answer).toMatchObject({ status: 'scheduled', dueAt: hourBefore(plus(date, DAY)) });
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
    expect(await dueAfter(DAY + HOUR + MINUTE)).toHaveLength(1);
  });

  test('cancelled before the registration: the same; and it comes if that is taken back', async () => {
    const date = at(2 * HOUR);
    await status('Annullata', date, 5 * MINUTE);
    const answer = await first(reminder(date, undefined, daily));
    expect(answer).toMatchObject({ status: 'scheduled', dueAt: hourBefore(plus(date, DAY)) });
    await status('Pianificata', date, MINUTE);
    expect(await dueAfter(HOUR + MINUTE)).toHaveLength(1);
  });

  test('the next one, whose time to remind has passed: the one after it is answered', async () => {
    const date = at(25 * MINUTE);
    await withdrawDate(date);
    const answer = await first(reminder(date, undefined, daily));
    expect(answer).toMatchObject({ status: 'scheduled', dueAt: hourBefore(plus(date, DAY)) });
    expect(await queued()).toEqual([]);
  });

  test('all of them: superseded', async () => {
    const date = at(2 * HOUR);
    await withdrawDate(date);
    await withdrawDate(plus(date, DAY));
    const twice = { recurrence: { frequency: 'daily', count: 2 } };
    expect(await first(reminder(date, undefined, twice))).toMatchObject(SUPERSEDED);
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
  });

  test.each([0, 1])(
    'deleted after the registration, date %i: a line in the log, with its dueAt',
    async (n) => {
      const date = at(2 * HOUR);
      const off = plus(date, n * DAY);
      const eventId = newId();
      await reminder(date, undefined, { ...daily, eventId });
      await withdrawDate(off);
      expect(await skippedLines(eventId)).toMatchObject([{ ...SUPERSEDED, dueAt: hourBefore(off) }]);
      const next = n === 0 ? plus(date, DAY) : date;
      expect(await log('status=scheduled')).toMatchObject([{ eventId, dueAt: hourBefore(next) }]);
      const counts: number[] = [];
      for (const day of [0, 1, 2]) counts.push((await dueAfter(day * DAY + HOUR + MINUTE)).length);
      expect(counts).toEqual([0, 1, 2].map((day) => (day === n ? 0 : 1)));
      expect(await skippedLines(eventId)).toHaveLength(1);
    },
  );

  test('of an activity that does not repeat: it is ended, with its line', async () => {
    const date = at(2 * HOUR);
    const eventId = newId();
    await reminder(date, undefined, { eventId });
    await withdrawDate(date);
    expect(await skippedLines(eventId)).toMatchObject([{ ...SUPERSEDED, dueAt: hourBefore(date) }]);
    expect(await log('status=scheduled')).toEqual([]);
    expect(await first(reminder(date, undefined, { eventId }))).toMatchObject(SUPERSEDED);
  });

  test('a date that the activity does not have: no line', async () => {
    const date = at(2 * HOUR);
    const eventId = newId();
    await reminder(date, undefined, { ...daily, eventId });
    for (const other of [plus(date, HOUR), plus(date, -DAY), plus(date, -300 * DAY)])
      expect((await withdrawDate(other)).status).toBe(204);
    expect(await skippedLines(eventId)).toEqual([]);
    expect(await log('status=scheduled')).toMatchObject([{ dueAt: hourBefore(date) }]);
  });
});
