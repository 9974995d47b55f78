/** Dates that nobody meant: .NET's 0001-01-01, and other years beyond any sense. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { EVENT_NAMES, type EventName } from '../../lib/domain/events.ts';
import { type App, startApp } from '../support/app.ts';
import { changed, type EventKind, type Fields, payload } from '../support/payloads.ts';
import { cartEvent, reminderEvent } from '../support/schedule.ts';

let app: App;
let count = 0;
beforeAll(async () => {
  app = await startApp();
  // One queue of dead letters is enough for all events here.
  process.env.DEAD_LETTER_QUEUE_URL = app.stack.refs.get('OrderStatusDeadLetterQueue');
});
afterAll(() => app.close());
beforeEach(() => app.takeQueued());

const INSTANTS = [
  '0001-01-01T00:00:00Z',
  '0001-01-01T00:00:00+01:00',
  '1753-01-01T00:00:00Z',
  '1899-12-30T00:00:00Z',
  '1900-01-01T00:00:00Z',
  '1970-01-01T00:00:00Z',
  '1999-12-31T23:59:59Z',
  '2100-01-01T00:00:00Z',
  '9999-12-31T23:59:59.9999999Z',
];
const DAYS = INSTANTS.map((instant) => instant.slice(0, 10));
const GOOD = ['2000-01-01T00:00:00Z', '2026-11-22T15:30:00+01:00', '2099-12-31T23:59:59Z'];
const ACTIVITIES: EventName[] = ['activity-status', 'activity-viewed', 'activity-reminder'];

const YEARS = 'Must be in a year from 2000 to 2099';
function fresh(event: EventName): Fields {
  const eventId = `plausible-${++count}`;
  if (event === 'abandoned-cart') return cartEvent({ eventId });
  if (event === 'activity-reminder') return reminderEvent({ eventId });
  return payload(event as EventKind, { eventId });
}

/** By HTTPS: the refusal of that place alone. By SQS: the same sentence with the dead letter, and nothing is sent. */
async function refused(event: EventName, pointer: string, value: string, detail: string): Promise<void> {
  const body = changed(fresh(event), pointer, value);
  const { status, json } = await app.report(event, body);
  expect({ value, status, errors: json.errors }).toEqual({
    value,
    status: 400,
    errors: [{ pointer, code: 'invalid', detail }],
  });
  expect(await app.receive(event, [{ ...body, siteId: 'demo' }])).toEqual([]);
  const [dead] = await app.stack.takeMessages('OrderStatusDeadLetterQueue');
  expect(dead?.MessageAttributes?.reason?.StringValue).toBe(`${pointer}: ${detail}`);
  expect(await app.takeQueued()).toEqual([]);
}

describe.each(EVENT_NAMES)('%s', (event) => {
  test('occurredAt', async () => {
    for (const value of INSTANTS)
      await refused(
        event,
        '/occurredAt',
        value,
        `${YEARS}: leave it out if you do not know when it happened.`,
      );
    for (const value of GOOD)
      expect((await app.report(event, { ...fresh(event), occurredAt: value })).status).toBe(202);
  });
});

describe.each(ACTIVITIES)('%s', (event) => {
  test('the date of the activity', async () => {
    for (const value of [...INSTANTS, ...DAYS]) await refused(event, '/activity/date', value, `${YEARS}.`);
    for (const value of [...GOOD, '2000-01-01', '2099-12-31']) {
      const body = changed(fresh(event), '/activity/date', value);
      expect((await app.report(event, body)).status).toBe(202);
    }
  });
});

describe('activity-reminder', () => {
  test('until: the way to say that there is no end is said', async () => {
    const detail = `${YEARS}: leave it out if the repetition has no last date.`;
    for (const until of [...INSTANTS, ...DAYS]) {
      const body = { ...fresh('activity-reminder'), recurrence: { frequency: 'daily', until } };
      const { status, json } = await app.report('activity-reminder', body);
      expect({ until, status, errors: json.errors }).toEqual({
        until,
        status: 400,
        errors: [{ pointer: '/recurrence/until', code: 'invalid', detail }],
      });
    }
    const body = { ...fresh('activity-reminder'), recurrence: { frequency: 'daily', until: '2099-12-31' } };
    expect((await app.report('activity-reminder', body)).status).toBe(202);
  });

  test('the occurrence that is withdrawn', async () => {
    for (const occurrence of [...INSTANTS, ...DAYS]) {
      const query = { occurrence };
      const { status, json } = await app.withdraw('activity-reminder', '712', { query });
      expect({ status, errors: json.errors }).toEqual({
        status: 400,
        errors: [{ pointer: '/occurrence', code: 'invalid', detail: `${YEARS}.` }],
      });
    }
  });
});
