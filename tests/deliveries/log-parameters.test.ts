/** The query of the log of deliveries, and what is shown of one (docs/templates.md, "The log"). */
import { describe, expect, test } from '@jest/globals';
import { deliveryView } from '../../lib/deliveries/delivery-view.ts';
import {
  DELIVERY_ID,
  DELIVERY_STATUSES,
  LOGGED_EVENTS,
  logParameters,
  logQueryOf,
  scheduledQueryOf,
  toCursor,
  toScheduledCursor,
  unknownDelivery,
} from '../../lib/deliveries/log-parameters.ts';
import { NotFoundError } from '../../lib/domain/errors.ts';
import { HttpProblem } from '../../lib/http/problems.ts';
import type { Delivery } from '../../lib/store/deliveries.ts';

const takes = (parameters: object) => logParameters.safeParse(parameters).success;

/** The query, as the parameters are read; what is still to come is read from another table. */
function queryOf(parameters: Record<string, string>) {
  const { status, ...others } = logParameters.parse(parameters);
  return status === 'scheduled'
    ? scheduledQueryOf('demo', others)
    : logQueryOf('demo', { ...others, status });
}

/** The places that an answer 400 names. */
function wrongPlaces(parameters: Record<string, string>): string[] {
  try {
    queryOf(parameters);
  } catch (error) {
    if (error instanceof HttpProblem && error.problem.status === 400)
      return (error.problem.errors ?? []).map(({ pointer }) => pointer);
    throw error;
  }
  return [];
}

const place = { recordedAt: '2026-11-22T10:00:00.000Z', deliveryId: 'abc-DEF_123' };
const cursorFor = (text: string) => Buffer.from(text).toString('base64url');

describe('parameters', () => {
  test('none: the newest fifty of the site', () => {
    expect(queryOf({})).toEqual({ siteId: 'demo', limit: 50 });
  });

  test('times that leave the years with four digits in UTC are the first and the last', () => {
    const query = queryOf({ from: '0000-01-01T00:00:00+01:00', to: '9999-12-31T23:59:59-01:00' });
    expect(query).toMatchObject({ from: '0000-01-01T00:00:00.000Z', to: '9999-12-31T23:59:59.999Z' });
  });

  test('all of them', () => {
    expect(
      queryOf({
        ...{ userId: 'anna', event: 'order-status', status: 'sent', limit: '7', cursor: toCursor(place) },
        ...{ from: '2026-11-22T00:00:00+01:00', to: '2026-11-22T23:59:59.999Z' },
      }),
    ).toEqual({
      ...{ siteId: 'demo', userId: 'anna', event: 'order-status', status: 'sent', limit: 7, after: place },
      ...{ from: '2026-11-21T23:00:00.000Z', to: '2026-11-22T23:59:59.999Z' },
    });
  });

  test.each(['1', '9', '10', '50', '99', '100'])('limit %s', (limit) => {
    expect(queryOf({ limit }).limit).toBe(Number(limit));
  });
  test.each(['0', '-1', '101', '110', '1000', '1.5', '01', '', ' 1', '1 ', 'x', '1x', 'x1'])(
    'no limit: %j',
    (limit) => {
      expect(takes({ limit })).toBe(false);
    },
  );

  test('the words that a status and an event may be', () => {
    expect([...DELIVERY_STATUSES]).toEqual([
      ...['sent', 'skipped', 'failed', 'retrying', 'waiting', 'scheduled'],
    ]);
    expect([...LOGGED_EVENTS].sort()).toEqual([
      ...['abandoned-cart', 'activity-reminder', 'activity-status', 'activity-viewed', 'file-access'],
      ...['file-upload', 'message-read', 'message-sent', 'order-status'],
      ...['staff-bot-refused', 'staff-failures', 'staff-module-off', 'staff-new-order', 'welcome'],
    ]);
    for (const status of DELIVERY_STATUSES) expect(takes({ status })).toBe(true);
    for (const event of LOGGED_EVENTS) expect(takes({ event })).toBe(true);
  });

  test.each([
    ['an unknown parameter', { note: 'x' }],
    ['another status', { status: 'lost' }],
    ['another event', { event: 'file-view' }],
    ['a blank user', { userId: ' ' }],
    ['a time without offset', { from: '2026-11-22T10:00:00' }],
    ['a day', { to: '2026-11-22' }],
    ['a cursor of other characters', { cursor: 'a=' }],
    ['a blank before the cursor', { cursor: ' a' }],
    ['an empty cursor', { cursor: '' }],
    ['a cursor that is too long', { cursor: 'a'.repeat(1_001) }],
  ])('refused: %s', (_what, parameters) => {
    expect(takes(parameters)).toBe(false);
  });

  test('a cursor as long as can be is read', () => {
    expect(takes({ cursor: 'a'.repeat(1_000) })).toBe(true);
    // Of the longest id of an activity, in the longest characters of UTF-8, and one after it.
    const longest = toScheduledCursor({ key: `reminder#${'\u20ac'.repeat(128)}\0`, people: 499 });
    expect(takes({ cursor: longest })).toBe(true);
  });
});

describe('times', () => {
  const noon = '2026-11-22T12:00:00Z';

  test('from and to may be the same moment', () => {
    expect(wrongPlaces({ from: noon, to: noon })).toEqual([]);
    expect(wrongPlaces({ from: '2026-11-22T13:00:00+01:00', to: noon })).toEqual([]);
  });

  test('from may not be later than to', () => {
    expect(wrongPlaces({ from: '2026-11-22T12:00:00.001Z', to: noon })).toEqual(['/from']);
  });

  test.each<[string, Record<string, string>, string[]]>([
    ['at its first moment', { from: '2026-11-22T10:00:00Z' }, []],
    ['at its last moment', { to: '2026-11-22T10:00:00Z' }, []],
    ['between them', { from: '2026-11-22T09:00:00Z', to: '2026-11-22T11:00:00Z' }, []],
    ['before its times', { from: '2026-11-22T10:00:00.001Z' }, ['/cursor']],
    ['after its times', { to: '2026-11-22T09:59:59.999Z' }, ['/cursor']],
  ])('a cursor %s', (_what, times, places) => {
    expect(wrongPlaces({ ...times, cursor: toCursor(place) })).toEqual(places);
  });
});

describe('a cursor', () => {
  test('leads to the place it was made of', () => {
    expect(toCursor(place)).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(queryOf({ cursor: toCursor(place) }).after).toEqual(place);
  });

  test.each([
    ['no text of ours', 'abc'],
    ['a time alone', cursorFor('2026-11-22T10:00:00.000Z')],
    ['a time and a blank', cursorFor('2026-11-22T10:00:00.000Z ')],
    ['no time', cursorFor('abc-DEF_123')],
    ['a time without milliseconds', cursorFor('2026-11-22T10:00:00Z abc')],
    ['something before the time', cursorFor(' 2026-11-22T10:00:00.000Z abc')],
    ['an id that no delivery has', cursorFor('2026-11-22T10:00:00.000Z a/b')],
    ['an id of two lines', cursorFor('2026-11-22T10:00:00.000Z abc\nd')],
  ])('refused: %s', (_what, cursor) => {
    expect(wrongPlaces({ cursor })).toEqual(['/cursor']);
  });
});

describe('what is still to come', () => {
  const status = 'scheduled';

  test('all parameters but the status, which is no filter there', () => {
    const times = { from: '2026-11-22T00:00:00+01:00', to: '2026-11-22T23:59:59.999Z' };
    expect(queryOf({ status, userId: 'anna', event: 'abandoned-cart', limit: '7', ...times })).toEqual({
      ...{ siteId: 'demo', userId: 'anna', event: 'abandoned-cart', limit: 7 },
      ...{ from: '2026-11-21T23:00:00.000Z', to: '2026-11-22T23:59:59.999Z' },
    });
    expect(wrongPlaces({ status, from: times.to, to: times.from })).toEqual(['/from']);
  });

  test.each(['cart#anna', 'reminder#7 20', 'cart#a\nb'])('a cursor leads to its place: %j', (key) => {
    const after = { key, people: 12 };
    expect(toScheduledCursor(after)).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(queryOf({ status, cursor: toScheduledCursor(after) }).after).toEqual(after);
  });

  test.each([
    ['of what was recorded', toCursor(place)],
    ['no text of ours', 'abc'],
    ['no number', cursorFor('cart#anna')],
    ['no key', cursorFor('12 ')],
    ['a key of something else', cursorFor('0 order#1')],
    ['a key without an id', cursorFor('0 cart#')],
    ['something before it', cursorFor(' 0 cart#anna')],
  ])('a cursor is refused: %s', (_what, cursor) => {
    expect(wrongPlaces({ status, cursor })).toEqual(['/cursor']);
  });

  test('its cursor is refused for what was recorded', () => {
    expect(wrongPlaces({ cursor: toScheduledCursor({ key: 'cart#anna', people: 0 }) })).toEqual(['/cursor']);
  });
});

test('the ids that deliveries have', () => {
  const takesId = (id: string) => DELIVERY_ID.test(id);
  expect(['a', 'A-b_9', 'x'.repeat(64)].every(takesId)).toBe(true);
  expect(['', 'x'.repeat(65), 'a b', 'a/b', ' a', 'a\n'].some(takesId)).toBe(false);
});

test('a delivery that the log does not have', () => {
  expect(unknownDelivery()).toBeInstanceOf(NotFoundError);
  expect(unknownDelivery().message).toContain('90 days');
});

describe('a delivery as the API shows it', () => {
  const common = {
    ...{ deliveryId: 'd-1', event: 'order-status', eventId: 'e-1', templateId: 't-1', userId: 'anna' },
    ...{ recordedAt: '2026-11-22T10:00:00.000Z', attempts: 2 },
  };
  const stored = { siteId: 'demo', ...common };
  const failure = { class: 'refused', description: 'Bad Request' };
  const nextAttemptAt = '2026-11-22T10:00:04.000Z';

  test.each<[string, Delivery, object]>([
    [
      'sent',
      { ...stored, status: 'sent', messageId: 7, chatId: 1001 },
      { ...common, status: 'sent', messageId: 7, test: false },
    ],
    [
      'sent as a test, after a change',
      { ...stored, status: 'sent', messageId: 7, chatId: 1001, failure, isTest: true },
      { ...common, status: 'sent', messageId: 7, failure, test: true },
    ],
    [
      'skipped',
      { ...stored, status: 'skipped', reason: 'muted' },
      { ...common, status: 'skipped', reason: 'muted', test: false },
    ],
    [
      'skipped before a template was chosen',
      {
        ...{ ...stored, templateId: undefined, source: 'sqs', content: 'hash' },
        ...{ status: 'skipped', reason: 'superseded', isOpen: true, dueAt: nextAttemptAt },
      },
      {
        ...{ deliveryId: 'd-1', event: 'order-status', eventId: 'e-1', userId: 'anna', attempts: 2 },
        ...{ recordedAt: common.recordedAt, status: 'skipped', reason: 'superseded', test: false },
        ...{ source: 'sqs', dueAt: nextAttemptAt },
      },
    ],
    [
      'dead',
      { ...stored, status: 'failed', failure, isDead: true },
      { ...common, status: 'failed', failure, test: false },
    ],
    [
      'retried',
      { ...stored, status: 'retrying', failure, failures: 1, nextAttemptAt },
      { ...common, status: 'retrying', failure, nextAttemptAt, test: false },
    ],
    [
      'waiting',
      { ...stored, status: 'waiting', reason: 'rate-limit', until: nextAttemptAt },
      { ...common, status: 'waiting', reason: 'rate-limit', until: nextAttemptAt, test: false },
    ],
    [
      'waiting, since Telegram has said so',
      { ...stored, status: 'waiting', reason: 'chat-paused', until: nextAttemptAt, failure },
      { ...common, status: 'waiting', reason: 'chat-paused', until: nextAttemptAt, failure, test: false },
    ],
  ])('%s', (_what, delivery, view) => {
    expect(deliveryView(delivery)).toEqual(view);
    expect(Object.keys(deliveryView(delivery)).sort()).toEqual(Object.keys(view).sort());
  });
});
