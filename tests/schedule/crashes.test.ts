/**
 * A run killed between any two of its steps, and the run after it: everything that was due goes out, and goes out once. So
 * does what was registered by a function that died over it.
 */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { runAndKill } from '../support/killed-process.ts';
import { cartEvent, pollDue, reminderEvent, type ScheduledEvent } from '../support/schedule.ts';
import { type SeenRequest, startTripwire, type Tripwire } from '../support/tripwire.ts';

let app: App;
/** What the killed process sees of the world. */
let dynamodb: Tripwire;
let sqs: Tripwire;
/** What this process sees of it. */
let gate: Gate;
let queuePath: string;

beforeAll(async () => {
  app = await startApp({
    beforeLoading: async ({ aws, refs }) => {
      dynamodb = await startTripwire(`http://127.0.0.1:${aws.dynamodbPort}`);
      sqs = await startTripwire(`http://127.0.0.1:${aws.sqsPort}`);
      gate = await startGate(`http://127.0.0.1:${aws.dynamodbPort}`);
      queuePath = new URL(refs.get('DeliveriesQueue') ?? '').pathname;
      process.env.AWS_ENDPOINT_URL_DYNAMODB = gate.url;
    },
  });
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close(), gate.close()]);
  await app.close();
});
beforeEach(async () => {
  await gate.open();
  await app.reset();
});

type Wire = () => Tripwire;
type Step = [name: string, wire: Wire, what: 'request' | 'answer', fits: (request: SeenRequest) => boolean];

const asks = (operation: string, table: string) => (request: SeenRequest) =>
  request.operation.endsWith(`.${operation}`) && request.body.includes(`-${table}"`);
/** The request of this kind with this number, counted from 1. */
const nth = (fits: (request: SeenRequest) => boolean, number: number) => {
  let seen = 0;
  return (request: SeenRequest) => fits(request) && ++seen === number;
};
const second = (fits: (request: SeenRequest) => boolean) => nth(fits, 2);
const database: Wire = () => dynamodb;
const queue: Wire = () => sqs;
const anySend = (request: SeenRequest) => request.operation.endsWith('.SendMessageBatch');
const write = asks('UpdateItem', 'schedule');

const READS: Step[] = [
  ['before the items are read', database, 'request', asks('BatchGetItem', 'schedule')],
  ['before the users are read', database, 'request', asks('BatchGetItem', 'users')],
];
const SIDE_EFFECTS: [string, Wire, 'request' | 'answer', () => (request: SeenRequest) => boolean][] = [
  ['before the queue gets the first messages', queue, 'request', () => anySend],
  ['when the queue has the first messages', queue, 'answer', () => anySend],
  ['before the queue gets the last messages', queue, 'request', () => second(anySend)],
  ['when the queue has all messages', queue, 'answer', () => second(anySend)],
  ['before the first item is written', database, 'request', () => write],
  ['when the first item is written', database, 'answer', () => write],
  ['when the second item is written', database, 'answer', () => second(write)],
];

/** Runs the poller in a process of its own and kills it where the tripwire holds it. */
async function killPoller(event: ScheduledEvent, at: number, [, wire, what, fits]: Step): Promise<void> {
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    DELIVERIES_QUEUE_URL: `${sqs.url}${queuePath}`,
    EVENT: event,
    AT: String(at),
  };
  await runAndKill('schedule/poll-once.ts', environment, wire().hold(what, fits));
}

/** Eleven people, so that the queue gets two requests. */
const people = Array.from({ length: 11 }, (_, index) => `person-${index}`);
const CARTS_DUE = Date.parse('2026-11-20T13:00:00+01:00');
const REMINDERS_DUE = Date.parse('2027-03-15T08:30:00+01:00');
let turn = 0;

async function registerCarts(): Promise<void> {
  turn += 1;
  for (const id of people) {
    await app.setUser(id);
    const event = { eventId: `cart ${turn} of ${id}`, occurredAt: '2026-11-20T10:00:00+01:00', user: { id } };
    await app.report('abandoned-cart', cartEvent(event));
  }
}

async function registerReminders(): Promise<void> {
  turn += 1;
  for (const id of people) {
    await app.setUser(id);
    const recurrence = { frequency: 'daily' };
    const event = { eventId: `reminder ${turn} of ${id}`, recurrence, recipients: [{ id }] };
    await app.report('activity-reminder', reminderEvent(event, { id }));
  }
}

const queued = async () => (await app.takeQueued()).map(({ userId }) => userId).toSorted();
const waiting = async () =>
  (await app.stack.items('ScheduleTable')).filter(({ shard }) => shard !== undefined);

describe('the poller of carts, killed', () => {
  const steps: Step[] = [
    ...READS,
    ...SIDE_EFFECTS.map(([name, wire, what, fits]): Step => [name, wire, what, fits()]),
  ];
  test.each(steps)('%s: every cart goes out once', async (...step) => {
    await registerCarts();
    await killPoller('abandoned-cart', CARTS_DUE, step);
    await pollDue('abandoned-cart', CARTS_DUE + 60_000);
    expect(await queued()).toEqual(people.toSorted());
    expect(await waiting()).toEqual([]);
    expect(await pollDue('abandoned-cart', CARTS_DUE + 120_000)).toMatchObject({ due: 0 });
  });
});

describe('the poller of carts that are late, killed: it writes its attempts first', () => {
  const steps: [string, Wire, 'request' | 'answer', () => (request: SeenRequest) => boolean][] = [
    ['when the first attempt is written', database, 'answer', () => write],
    ['before the last attempt is written', database, 'request', () => nth(write, people.length)],
    ...SIDE_EFFECTS.slice(0, 4),
    ['before the first item is written', database, 'request', () => nth(write, people.length + 1)],
    ['when the first item is written', database, 'answer', () => nth(write, people.length + 1)],
  ];
  test.each(steps)('%s: every cart goes out once', async (name, wire, what, fits) => {
    await registerCarts();
    await killPoller('abandoned-cart', CARTS_DUE + 120_000, [name, wire, what, fits()]);
    // What an attempt was written for is due 50 seconds later. The last write of the dead process may arrive even now.
    await pollDue('abandoned-cart', CARTS_DUE + 180_000);
    await pollDue('abandoned-cart', CARTS_DUE + 240_000);
    expect(await queued()).toEqual(people.toSorted());
    expect(await waiting()).toEqual([]);
  });
});

describe('the poller of a large reminder, killed', () => {
  // 10 templates for 42 people: two pages with 200 messages, and one with 20.
  const everybody = Array.from({ length: 42 }, (_, index) => `of many ${index}`);
  const templates = Array.from({ length: 10 }, (_, index) => template('activity-reminder', `t-${index}`));
  const WRITES = ['the attempt', 'the first page', 'the second page', 'the end'];
  const steps = WRITES.flatMap((what, index): [string, 'request' | 'answer', number][] => [
    [`before ${what} is written`, 'request', index + 1],
    [`when ${what} is written`, 'answer', index + 1],
  ]);

  test.each(steps)('%s: everybody gets every message once', async (name, what, number) => {
    turn += 1;
    await app.setTemplates(...templates);
    for (const id of everybody) await app.setUser(id);
    const recipients = everybody.map((id) => ({ id }));
    await app.report('activity-reminder', reminderEvent({ eventId: `large ${turn}`, recipients }));
    await killPoller('activity-reminder', REMINDERS_DUE, [name, database, what, nth(write, number)]);
    await pollDue('activity-reminder', REMINDERS_DUE + 60_000);
    await pollDue('activity-reminder', REMINDERS_DUE + 120_000);
    await pollDue('activity-reminder', REMINDERS_DUE + 180_000);
    const ids = (await app.takeQueued()).map(({ deliveryId }) => deliveryId);
    expect(ids).toHaveLength(everybody.length * templates.length);
    expect(new Set(ids).size).toBe(everybody.length * templates.length);
    expect(await waiting()).toEqual([]);
  });
});

describe('the poller of reminders, killed', () => {
  // What differs from carts is the writing: these wait for their next date.
  const steps = SIDE_EFFECTS.slice(3).map(([name, wire, what, fits]): Step => [name, wire, what, fits()]);
  test.each(steps)('%s: everybody is reminded once of each date', async (...step) => {
    await registerReminders();
    await killPoller('activity-reminder', REMINDERS_DUE, step);
    await pollDue('activity-reminder', REMINDERS_DUE + 60_000);
    expect(await queued()).toEqual(people.toSorted());
    const items = await waiting();
    expect(items.map(({ dueAt }) => dueAt)).toEqual(people.map(() => '2027-03-16T07:30:00.000Z'));
    await pollDue('activity-reminder', REMINDERS_DUE + 24 * 3_600_000);
    expect(await queued()).toEqual(people.toSorted());
  });
});

describe('a registration that is cut off', () => {
  const soon = () => new Date(Date.now() + 30 * 60_000).toISOString();
  const once = { recipients: [{ id: 'anna' }] };

  test('before the cart is written: 503, and accepted when it is repeated', async () => {
    const body = cartEvent({ eventId: 'cut off', occurredAt: '2026-11-20T10:00:00+01:00' });
    await app.report('abandoned-cart', cartEvent({ user: { id: 'bruno' } }));
    gate.shutAfter(1);
    expect((await app.report('abandoned-cart', body)).status).toBe(503);
    await gate.open();
    expect((await app.report('abandoned-cart', body)).json.notifications[0].status).toBe('scheduled');
    await pollDue('abandoned-cart', CARTS_DUE);
    expect(await queued()).toEqual(['anna']);
  });

  test('when the reminder is written, before the answer: the same answer, once', async () => {
    await app.report('activity-reminder', reminderEvent({ eventId: 'other' }, { id: '1' }));
    // What is known of the activity is read before.
    gate.loseAnswers(1, 1);
    const answer = await app.report('activity-reminder', reminderEvent({ eventId: 'unheard', ...once }));
    const dueAt = new Date(REMINDERS_DUE).toISOString();
    expect(answer.json.notifications).toEqual([{ userId: 'anna', status: 'scheduled', dueAt }]);
    await app.withdraw('activity-reminder', '1');
    await pollDue('activity-reminder', REMINDERS_DUE);
    expect(await queued()).toEqual(['anna']);
  });

  test('when a late reminder is in the queue, before it is written: the poller repeats it, and it goes out once', async () => {
    const body = reminderEvent({ eventId: 'late', ...once }, { date: soon() });
    await app.report('activity-reminder', reminderEvent({ eventId: 'another' }, { id: '1' }));
    // What is known of the activity, the reminder, and the users.
    gate.shutAfter(3);
    expect((await app.report('activity-reminder', body)).status).toBe(503);
    await gate.open();
    expect(await waiting()).toHaveLength(2);
    await pollDue('activity-reminder', Date.now() + 60_000);
    expect(await waiting()).toHaveLength(1);
    expect(await queued()).toEqual(['anna']);
  });
});
