/**
 * Functions killed at every step at which messages are parked, and at which they are drained. Afterwards everything has been
 * sent, in order; a message twice only if the function died after Telegram had sent it and before our record was written.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { type App, startApp } from '../support/app.ts';
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
});

/** The lease of the killed run ends, and other runs go on until nothing waits. */
async function drainRest(): Promise<void> {
  later(80_000);
  const waits = async () => (await app.stack.items('WaitingTable')).some(({ key }) => key !== 'lane');
  for (let run = 0; (await waits()) && run < 20; run++) {
    await app.drain();
    later(2_000);
  }
  await app.drain();
  expect(await app.stack.items('WaitingTable')).toEqual([]);
}

const four = () => [1, 2, 3, 4].map((number) => notification({ text: `anna ${number}` }));
const inOrder = ['anna 1', 'anna 2', 'anna 3', 'anna 4'];

/** The texts without repetitions: the order in which a person has read them first. */
async function shown(): Promise<{ order: string[]; repeated: number }> {
  const texts = await app.telegram.textsIn(1001);
  const order = [...new Set(texts)];
  return { order, repeated: texts.length - order.length };
}

async function expectAllSent(messages: Notification[]): Promise<void> {
  for (const message of messages) expect(await app.findDelivery(message)).toMatchObject({ status: 'sent' });
}

describe('a function that parks messages', () => {
  // The bot has no slot: all of them are parked.
  beforeEach(async () => {
    await app.setSite({ messagesPerSecond: 1 });
    await app.deliver([record(notification({ userId: 'bruno' })), record(notification({ userId: 'carla' }))]);
    await app.deliver([record(notification({ userId: 'gruppo' }))]);
  });

  test.each<[string, () => Tripwire, 'request' | 'answer', (request: SeenRequest) => boolean]>([
    ['before they are in the table', () => dynamodb, 'request', asks('BatchWriteItem', '-waiting')],
    ['when they are in the table', () => dynamodb, 'answer', asks('BatchWriteItem', '-waiting')],
    ['before the lane is opened', () => dynamodb, 'request', asks('UpdateItem', '"lane"')],
    ['when the lane is opened', () => dynamodb, 'answer', asks('UpdateItem', '"lane"')],
    ['before they are recorded', () => dynamodb, 'request', asks('BatchWriteItem', '-deliveries')],
    ['when they are recorded', () => dynamodb, 'answer', asks('BatchWriteItem', '-deliveries')],
  ])('killed %s', async (_, tripwire, what, fits) => {
    const messages = four();
    const batch = { Records: messages.map((message) => record(message)) };
    await runAndKill(
      'support/deliver-once.ts',
      { ...environment(), SQS_EVENT: JSON.stringify(batch) },
      tripwire().hold(what, fits),
    );

    // The queue hands them out again.
    expect(await app.deliver(messages.map((message) => record(message, 2)))).toEqual([]);
    await app.setSite({ messagesPerSecond: 30 });
    await drainRest();

    expect(await shown()).toEqual({ order: inOrder, repeated: 0 });
    await expectAllSent(messages);
  });
});

describe('a drain', () => {
  async function killedAt(
    tripwire: Tripwire,
    what: 'request' | 'answer',
    fits: (request: SeenRequest) => boolean,
    prepare: () => Promise<unknown> = async () => undefined,
    messages = four(),
  ): Promise<Notification[]> {
    await app.setSite({ messagesPerSecond: 1 });
    await app.deliver([record(notification({ userId: 'bruno' })), record(notification({ userId: 'carla' }))]);
    expect(await app.deliver(messages.map((message) => record(message)))).toEqual([]);
    await app.setSite({ messagesPerSecond: 30 });
    // The slots of the slow bot.
    await app.stack.empty('PacesTable');
    await prepare();
    await runAndKill('support/drain-once.ts', environment(), tripwire.hold(what, fits));
    await app.telegram.clearFaults();
    // Meanwhile a new one comes: it may not overtake them.
    const newest = notification({ text: 'anna 5' });
    expect(await app.deliver([record(newest)])).toEqual([]);
    await drainRest();
    return [...messages, newest];
  }

  const withNewest = [...inOrder, 'anna 5'];

  test.each<[string, () => Tripwire, 'request' | 'answer', (request: SeenRequest) => boolean]>([
    ['when it has taken the lane', () => dynamodb, 'answer', asks('UpdateItem', '"lane"')],
    ['before it reads the messages', () => dynamodb, 'request', asks('Query', '-waiting')],
    ['before it takes slots', () => dynamodb, 'request', asks('UpdateItem', '-paces')],
    ['before Telegram gets the first', () => telegram, 'request', anyCall],
    ['when the first is recorded', () => dynamodb, 'answer', asks('PutItem', '-deliveries')],
    ['before they are removed', () => dynamodb, 'request', asks('BatchWriteItem', 'DeleteRequest')],
    ['when they are removed', () => dynamodb, 'answer', asks('BatchWriteItem', 'DeleteRequest')],
  ])('killed %s: each sent exactly once, in order', async (_, tripwire, what, fits) => {
    const messages = await killedAt(tripwire(), what, fits);

    expect(await shown()).toEqual({ order: withNewest, repeated: 0 });
    await expectAllSent(messages);
  });

  test.each<['request' | 'answer']>([['request'], ['answer']])(
    'killed at the %s to close the lane: each sent exactly once, in order',
    async (what) => {
      // So few that none has to wait for its chat.
      const messages = four().slice(0, 2);

      await killedAt(dynamodb, what, asks('DeleteItem', '"lane"'), undefined, messages);

      expect(await shown()).toEqual({ order: ['anna 1', 'anna 2', 'anna 5'], repeated: 0 });
    },
  );

  test.each<[string, () => Tripwire, 'request' | 'answer', (request: SeenRequest) => boolean]>([
    ['when Telegram has sent the first, before its answer', () => telegram, 'answer', anyCall],
    ['before the first is recorded', () => dynamodb, 'request', asks('PutItem', '-deliveries')],
  ])('killed %s: the window, shown twice and never lost', async (_, tripwire, what, fits) => {
    const messages = await killedAt(tripwire(), what, fits);

    const { order, repeated } = await shown();
    expect(order).toEqual(withNewest);
    // On a slow machine the next one may be under way too before the process ends.
    expect(repeated).toBeGreaterThanOrEqual(1);
    await expectAllSent(messages);
  });

  test.each<[string, 'request' | 'answer', (request: SeenRequest) => boolean]>([
    ['before the chat is paused', 'request', asks('UpdateItem', 'paused.#chat')],
    ['when the chat is paused', 'answer', asks('UpdateItem', 'paused.#chat')],
    ['when one is copied to those of its chat', 'answer', asks('BatchWriteItem', 'p#1001#')],
    ['before the one that was copied is removed', 'request', asks('BatchWriteItem', 'DeleteRequest')],
  ])('killed %s after a 429: each sent exactly once, in order', async (_, what, fits) => {
    const tooMany = { ok: false, error_code: 429, description: 'Too Many Requests: retry after 30' };
    const body = { ...tooMany, parameters: { retry_after: 30 } };
    const messages = await killedAt(dynamodb, what, fits, () =>
      app.telegram.fault({ method: 'sendMessage', status: 429, body, chatId: 1001 }),
    );

    expect(await shown()).toEqual({ order: withNewest, repeated: 0 });
    await expectAllSent(messages);
  });
});
