/**
 * Functions killed at every step at which messages begin to wait for the end of a night, and at which they are sent after it.
 * Afterwards everything has been sent, in order; a message twice only if the function died after Telegram had sent it and
 * before our record was written.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { type App, startApp } from '../support/app.ts';
import { ANNA } from '../support/fixtures.ts';
import { runAndKill } from '../support/killed-process.ts';
import { endLater, later } from '../support/later.ts';
import { notification, record } from '../support/sqs-events.ts';
import { type SeenRequest, startTripwires, type Tripwire, type Tripwires } from '../support/tripwire.ts';

let app: App;
let tripwires: Tripwires;
let dynamodb: Tripwire;
let sqs: Tripwire;
let telegram: Tripwire;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
  tripwires = await startTripwires(app.telegram.url);
  ({ dynamodb, sqs, telegram } = tripwires);
});
afterAll(async () => {
  await tripwires.close();
  await app.close();
});
beforeEach(() => app.reset());
afterEach(endLater);

const HOUR = 3_600_000;
const NIGHT = 8 * HOUR;

/** Beside the records lie the keys of their content. */
const asks = (operation: string, what: string) => (request: SeenRequest) =>
  request.operation.endsWith(`.${operation}`) &&
  request.body.includes(what) &&
  !request.body.includes('"#key ');
const anyCall = () => true;

const environment = () => ({
  AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
  AWS_ENDPOINT_URL_SQS: sqs.url,
  TELEGRAM_API_ROOT: telegram.url,
  // The client calls the host of the queue's address.
  DRAIN_QUEUE_URL: `${sqs.url}${new URL(process.env.DRAIN_QUEUE_URL ?? '').pathname}`,
});

const clock = (at: number) => new Date(at).toISOString().slice(11, 16);

/** A night that began two hours before a time, and ends after the given hours. Killed processes have the real time. */
const setNight = (at: number, hours: number, changes: object = {}) =>
  app.setSite({
    timeZone: 'UTC',
    quietHours: { from: clock(at - 2 * HOUR), to: clock(at + hours * HOUR), mode: 'after' },
    ...changes,
  });

const annas = (...numbers: number[]) => numbers.map((number) => notification({ text: `anna ${number}` }));

async function drainRest(): Promise<void> {
  // The lease of a killed run ends.
  later(80_000);
  for (let run = 0; (await app.stack.waiting()).length > 0 && run < 20; run++) {
    await app.drain();
    later(2_000);
  }
  await app.drain();
  expect(await app.stack.items('WaitingTable')).toEqual([]);
}

async function shown(): Promise<{ order: string[]; repeated: number }> {
  const texts = await app.telegram.textsIn(ANNA);
  const order = [...new Set(texts)];
  return { order, repeated: texts.length - order.length };
}

async function expectAllSent(messages: Notification[]): Promise<void> {
  for (const message of messages) expect(await app.findDelivery(message)).toMatchObject({ status: 'sent' });
}

type Moment = [string, () => Tripwire, 'request' | 'answer', (request: SeenRequest) => boolean];

describe('a function that has messages wait', () => {
  test.each<Moment>([
    ['before they are recorded', () => dynamodb, 'request', asks('BatchWriteItem', '-deliveries')],
    ['before they are in the table', () => dynamodb, 'request', asks('BatchWriteItem', '-waiting')],
    ['when they are in the table', () => dynamodb, 'answer', asks('BatchWriteItem', '-waiting')],
    ['before their chat waits', () => dynamodb, 'request', asks('UpdateItem', `"c#${ANNA}"`)],
    ['when their chat waits', () => dynamodb, 'answer', asks('UpdateItem', `"c#${ANNA}"`)],
    ['before the lane says so', () => dynamodb, 'request', asks('PutItem', '"lane"')],
    ['when the lane says so', () => dynamodb, 'answer', asks('PutItem', '"lane"')],
    ['before the drain is told', () => sqs, 'request', anyCall],
  ])('killed %s: each sent exactly once, in order', async (_, tripwire, what, fits) => {
    await setNight(Date.now(), 6);
    const messages = annas(1, 2, 3);
    const batch = { Records: messages.map((message) => record(message)) };
    const held = tripwire().hold(what, fits);
    await runAndKill('support/deliver-once.ts', { ...environment(), SQS_EVENT: JSON.stringify(batch) }, held);

    // The queue hands them out again, and the later ones after them.
    expect(await app.deliver(messages.map((message) => record(message, 2)))).toEqual([]);
    const newest = annas(4);
    expect(await app.deliver(newest.map((message) => record(message)))).toEqual([]);
    expect(await app.telegram.textsIn(ANNA)).toEqual([]);
    later(NIGHT);
    await drainRest();

    expect(await shown()).toEqual({ order: ['anna 1', 'anna 2', 'anna 3', 'anna 4'], repeated: 0 });
    await expectAllSent([...messages, ...newest]);
  });
});

describe('a drain when the night is over', () => {
  async function killedAt(
    tripwire: Tripwire,
    what: 'request' | 'answer',
    fits: (request: SeenRequest) => boolean,
  ): Promise<Notification[]> {
    // The messages came in the night; the killed run is now.
    later(-NIGHT);
    await setNight(Date.now(), 6);
    const messages = annas(1, 2);
    for (const message of messages) expect(await app.deliver([record(message)])).toEqual([]);
    endLater();
    await app.stack.empty('PacesTable');
    await runAndKill('support/drain-once.ts', environment(), tripwire.hold(what, fits));
    const newest = notification({ text: 'anna 3' });
    expect(await app.deliver([record(newest)])).toEqual([]);
    await drainRest();
    return [...messages, newest];
  }

  test.each<Moment>([
    ['when it has taken the lane', () => dynamodb, 'answer', asks('UpdateItem', '"lane"')],
    ['before it reads the chats that wait', () => dynamodb, 'request', asks('Query', '"c#"')],
    ['before it reads their messages', () => dynamodb, 'request', asks('Query', `"p#${ANNA}#"`)],
    ['before Telegram gets the first', () => telegram, 'request', anyCall],
    ['when the first is recorded', () => dynamodb, 'answer', asks('PutItem', '-deliveries')],
    ['before they are removed', () => dynamodb, 'request', asks('BatchWriteItem', 'DeleteRequest')],
    ['when they are removed', () => dynamodb, 'answer', asks('BatchWriteItem', 'DeleteRequest')],
    ['before their chat waits no more', () => dynamodb, 'request', asks('DeleteItem', `"c#${ANNA}"`)],
    ['when their chat waits no more', () => dynamodb, 'answer', asks('DeleteItem', `"c#${ANNA}"`)],
    [
      'before the lane names no night any more',
      () => dynamodb,
      'request',
      asks('UpdateItem', 'REMOVE nightAt'),
    ],
    ['when the lane names no night any more', () => dynamodb, 'answer', asks('UpdateItem', 'REMOVE nightAt')],
    ['before the lane is closed', () => dynamodb, 'request', asks('DeleteItem', '"lane"')],
  ])('killed %s: each sent exactly once, in order', async (_, tripwire, what, fits) => {
    const messages = await killedAt(tripwire(), what, fits);

    expect(await shown()).toEqual({ order: ['anna 1', 'anna 2', 'anna 3'], repeated: 0 });
    await expectAllSent(messages);
  });

  test('killed before the first is recorded: the window, shown twice and never lost', async () => {
    const messages = await killedAt(dynamodb, 'request', asks('PutItem', '-deliveries'));

    const { order, repeated } = await shown();
    expect(order).toEqual(['anna 1', 'anna 2', 'anna 3']);
    expect(repeated).toBeGreaterThanOrEqual(1);
    await expectAllSent(messages);
  });
});

describe('a drain when a night begins', () => {
  test.each<Moment>([
    ['before the lane says so', () => dynamodb, 'request', asks('UpdateItem', 'SET nightAt')],
    ['when the lane says so', () => dynamodb, 'answer', asks('UpdateItem', 'SET nightAt')],
    ['before the chat waits', () => dynamodb, 'request', asks('UpdateItem', `"c#${ANNA}"`)],
    ['when the chat waits', () => dynamodb, 'answer', asks('UpdateItem', `"c#${ANNA}"`)],
    ['before it is recorded', () => dynamodb, 'request', asks('PutItem', '-deliveries')],
    [
      'when one is copied to those of its chat',
      () => dynamodb,
      'answer',
      asks('BatchWriteItem', `p#${ANNA}#`),
    ],
    [
      'before the one that was copied is removed',
      () => dynamodb,
      'request',
      asks('BatchWriteItem', 'DeleteRequest'),
    ],
  ])('killed %s: each sent exactly once, in order', async (_, tripwire, what, fits) => {
    await app.setSite({ bot: undefined });
    const messages = annas(1, 2, 3);
    expect(await app.deliver(messages.map((message) => record(message)))).toEqual([]);
    await setNight(Date.now(), 6);
    await runAndKill('support/drain-once.ts', environment(), tripwire().hold(what, fits));

    const newest = notification({ text: 'anna 4' });
    expect(await app.deliver([record(newest)])).toEqual([]);
    later(80_000);
    await app.drain();
    expect(await app.telegram.textsIn(ANNA)).toEqual([]);
    later(NIGHT);
    await drainRest();

    expect(await shown()).toEqual({ order: ['anna 1', 'anna 2', 'anna 3', 'anna 4'], repeated: 0 });
    await expectAllSent([...messages, newest]);
  });
});
