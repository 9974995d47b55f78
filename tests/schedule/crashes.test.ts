/**
 * A run killed between any two of its steps, and the run after it: everything that was due goes out, and goes out once. So
 * does what was registered by a function that died over it.
 */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Agenda, cartEvent, openAgenda, reminderEvent } from '../support/agenda.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { runAndKill } from '../support/killed-process.ts';
import { type SeenRequest, startTripwire, type Tripwire } from '../support/tripwire.ts';

let agenda: Agenda;
/** What the killed process sees of the world. */
let dynamodb: Tripwire;
let sqs: Tripwire;
/** What this process sees of it. */
let gate: Gate;
let queuePath: string;

beforeAll(async () => {
  agenda = await openAgenda(async ({ aws, refs }) => {
    dynamodb = await startTripwire(`http://127.0.0.1:${aws.dynamodbPort}`);
    sqs = await startTripwire(`http://127.0.0.1:${aws.sqsPort}`);
    gate = await startGate(`http://127.0.0.1:${aws.dynamodbPort}`);
    queuePath = new URL(refs.get('DeliveriesQueue') ?? '').pathname;
    process.env.AWS_ENDPOINT_URL_DYNAMODB = gate.url;
  });
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close(), gate.close()]);
  await agenda.shop.close();
});
beforeEach(async () => {
  await gate.open();
  await agenda.reset();
});

type Wire = () => Tripwire;
type Step = [name: string, wire: Wire, what: 'request' | 'answer', fits: (request: SeenRequest) => boolean];

const asks = (operation: string, table: string) => (request: SeenRequest) =>
  request.operation.endsWith(`.${operation}`) && request.body.includes(`-${table}"`);
/** The second request of this kind. */
const second = (fits: (request: SeenRequest) => boolean) => {
  let seen = 0;
  return (request: SeenRequest) => fits(request) && ++seen === 2;
};
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
async function killPoller(
  poller: 'cart' | 'reminder',
  at: number,
  [, wire, what, fits]: Step,
): Promise<void> {
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    DELIVERIES_QUEUE_URL: `${sqs.url}${queuePath}`,
    POLLER: poller,
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
    await agenda.shop.setUser(id);
    const event = { eventId: `cart ${turn} of ${id}`, occurredAt: '2026-11-20T10:00:00+01:00', user: { id } };
    await agenda.report('abandoned-cart', cartEvent(event));
  }
}

async function registerReminders(): Promise<void> {
  turn += 1;
  for (const id of people) {
    await agenda.shop.setUser(id);
    const recurrence = { frequency: 'daily' };
    const event = { eventId: `reminder ${turn} of ${id}`, recurrence, recipients: [{ id }] };
    await agenda.report('activity-reminder', reminderEvent(event, { id }));
  }
}

const queued = async () => (await agenda.shop.takeQueued()).map(({ userId }) => userId).toSorted();
const waiting = async () => (await agenda.items()).filter(({ shard }) => shard !== undefined);

describe('the poller of carts, killed', () => {
  const steps: Step[] = [
    ...READS,
    ...SIDE_EFFECTS.map(([name, wire, what, fits]): Step => [name, wire, what, fits()]),
  ];
  test.each(steps)('%s: every cart goes out once', async (...step) => {
    await registerCarts();
    await killPoller('cart', CARTS_DUE, step);
    await agenda.run('abandoned-cart', CARTS_DUE + 60_000);
    expect(await queued()).toEqual(people.toSorted());
    expect(await waiting()).toEqual([]);
    expect(await agenda.run('abandoned-cart', CARTS_DUE + 120_000)).toMatchObject({ due: 0 });
  });
});

describe('the poller of reminders, killed', () => {
  // What differs from carts is the writing: these wait for their next date.
  const steps = SIDE_EFFECTS.slice(3).map(([name, wire, what, fits]): Step => [name, wire, what, fits()]);
  test.each(steps)('%s: everybody is reminded once of each date', async (...step) => {
    await registerReminders();
    await killPoller('reminder', REMINDERS_DUE, step);
    await agenda.run('activity-reminder', REMINDERS_DUE + 60_000);
    expect(await queued()).toEqual(people.toSorted());
    const items = await waiting();
    expect(items.map(({ dueAt }) => dueAt)).toEqual(people.map(() => '2027-03-16T07:30:00.000Z'));
    await agenda.run('activity-reminder', REMINDERS_DUE + 24 * 3_600_000);
    expect(await queued()).toEqual(people.toSorted());
  });
});

describe('a registration that is cut off', () => {
  const soon = () => new Date(Date.now() + 30 * 60_000).toISOString();
  const once = { recipients: [{ id: 'anna' }] };

  test('before the cart is written: 503, and accepted when it is repeated', async () => {
    const body = cartEvent({ eventId: 'cut off', occurredAt: '2026-11-20T10:00:00+01:00' });
    await agenda.report('abandoned-cart', cartEvent({ user: { id: 'bruno' } }));
    gate.shutAfter(1);
    expect((await agenda.report('abandoned-cart', body)).status).toBe(503);
    await gate.open();
    expect((await agenda.report('abandoned-cart', body)).json.notifications[0].status).toBe('scheduled');
    await agenda.run('abandoned-cart', CARTS_DUE);
    expect(await queued()).toEqual(['anna']);
  });

  test('when the reminder is written, before the answer: the same answer, once', async () => {
    await agenda.report('activity-reminder', reminderEvent({ eventId: 'other' }, { id: '1' }));
    gate.loseAnswers(1);
    const answer = await agenda.report('activity-reminder', reminderEvent({ eventId: 'unheard', ...once }));
    expect(answer.json.notifications).toEqual([{ userId: 'anna', status: 'scheduled' }]);
    await agenda.withdraw('activity-reminder', '1');
    await agenda.run('activity-reminder', REMINDERS_DUE);
    expect(await queued()).toEqual(['anna']);
  });

  test('when a late reminder is in the queue, before it is written: the poller repeats it, and it goes out once', async () => {
    const body = reminderEvent({ eventId: 'late', ...once }, { date: soon() });
    await agenda.report('activity-reminder', reminderEvent({ eventId: 'another' }, { id: '1' }));
    // The reminder, and the users.
    gate.shutAfter(2);
    expect((await agenda.report('activity-reminder', body)).status).toBe(503);
    await gate.open();
    expect(await waiting()).toHaveLength(2);
    await agenda.run('activity-reminder', Date.now() + 60_000);
    expect(await waiting()).toHaveLength(1);
    expect(await queued()).toEqual(['anna']);
  });
});
