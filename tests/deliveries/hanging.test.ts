/**
 * DynamoDB accepts what is asked and never answers, from some step on, while messages are being sent. The time for one
 * message bounds all its steps; the function answers before Lambda stops it; no message goes out twice because of that, and
 * none after the function has answered. Time is simulated.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { type App, startApp } from '../support/app.ts';
import { simulated } from '../support/simulated.ts';
import { notification, record, ticketBatch } from '../support/sqs-events.ts';
import { type SeenRequest, startTripwire, type Tripwire } from '../support/tripwire.ts';

let app: App;
let dynamodb: Tripwire;
let sqs: Tripwire;
beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    forDeliveries: true,
    beforeLoading: async ({ refs }) => {
      dynamodb = await startTripwire(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      sqs = await startTripwire(process.env.AWS_ENDPOINT_URL_SQS ?? '');
      process.env.AWS_ENDPOINT_URL_DYNAMODB = dynamodb.url;
      process.env.AWS_ENDPOINT_URL_SQS = sqs.url;
      process.env.DELIVERIES_QUEUE_URL = `${sqs.url}${new URL(refs.get('DeliveriesQueue') ?? '').pathname}`;
      process.env.DRAIN_QUEUE_URL = `${sqs.url}${new URL(refs.get('DrainQueue') ?? '').pathname}`;
    },
  });
});
afterAll(async () => {
  await app.close();
  await Promise.all([dynamodb.close(), sqs.close()]);
});
beforeEach(() => app.reset());
afterEach(() => {
  dynamodb.hang();
  sqs.hang();
});

type Fits = (request: SeenRequest) => boolean;
const asks =
  (operation: string, table: string): Fits =>
  (request) =>
    request.operation.endsWith(`.${operation}`) && request.body.includes(`-${table}`);
const everything: Fits = () => true;

/** Two messages for each of three people. */
const batch = (): Notification[] =>
  ['anna', 'bruno', 'carla'].flatMap((userId) =>
    ['uno', 'due'].map((text) => notification({ userId, text })),
  );
const chatsShow = async () => Promise.all([1001, 1002, 1003].map((chatId) => app.telegram.textsIn(chatId)));
/** What reached Telegram, refused or not. */
const sentCalls = async () => (await app.telegram.calls('sendMessage')).length;

/** Lambda's limit for `deliver`, and for the drain, in milliseconds: serverless.yml. */
const DELIVER = 30_000;
const DRAIN = 60_000;

/** A handler with a time that goes by. */
async function invoke(functionName: string, event: unknown, limit: number): Promise<unknown> {
  const begin = performance.now();
  const context = { getRemainingTimeInMillis: () => limit - (performance.now() - begin) };
  return app.invoke(functionName, event, context);
}

/** Invokes a function while something hangs. When it has answered, all services do too, and nothing more is sent. */
async function invokeHanging(functionName: string, event: unknown, limit: number): Promise<unknown> {
  let sent = 0;
  const { result, milliseconds } = await simulated(() => invoke(functionName, event, limit), {
    async answered() {
      sent = await sentCalls();
      dynamodb.hang();
      sqs.hang();
    },
    letPass: 30_000,
  });
  expect(milliseconds).toBeLessThan(limit);
  expect(await sentCalls()).toBe(sent);
  return result;
}

async function deliverHanging(messages: Notification[], receives = 1) {
  const event = { Records: messages.map((message) => record(message, receives)) };
  const result = await invokeHanging('deliver', event, DELIVER);
  const { batchItemFailures } = result as { batchItemFailures: { itemIdentifier: string }[] };
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

/** DynamoDB answers again: the queue hands the rest out until nothing is left. */
async function deliverRest(messages: Notification[], failed: string[]): Promise<void> {
  let left = messages.filter(({ deliveryId }) => failed.includes(deliveryId));
  for (let receives = 2; left.length > 0 && receives < 20; receives++) {
    const kept = await app.deliver(left.map((message) => record(message, receives)));
    left = left.filter(({ deliveryId }) => kept.includes(deliveryId));
  }
  for (let run = 0; (await app.stack.lane()) && run < 20; run++) await app.drainLater();
}

/** Only the requests that fit hang, or all from the first of them on. */
function hangs(fits: Fits, which: 'it' | 'all after it'): void {
  let isDown = false;
  dynamodb.hang((request) => {
    const isIt = fits(request);
    isDown ||= isIt && which === 'all after it';
    return isIt || isDown;
  });
}

const STEPS: [string, Fits][] = [
  ['what is known is read', asks('BatchGetItem', 'users')],
  ['a slot is taken', asks('UpdateItem', 'paces')],
  ['the record is written', asks('PutItem', 'deliveries')],
];
const WAYS = ['it', 'all after it'] as const;
const ONCE = Array.from({ length: 3 }, () => ['uno', 'due']);

describe('DynamoDB hangs while a batch is being sent by deliver', () => {
  test.each(STEPS.flatMap(([step, fits]) => WAYS.map((which) => [step, which, fits] as const)))(
    'when %s (%s): it answers in time, and each message goes out once',
    async (_, which, fits) => {
      const messages = batch();
      hangs(fits, which);

      const failed = await deliverHanging(messages);

      await deliverRest(messages, failed);
      expect(await chatsShow()).toEqual(ONCE);
    },
  );

  test('when messages are parked: they come again, in order', async () => {
    const messages = batch();
    await app.telegram.fault({ method: 'sendMessage', status: 500, times: 3 });
    hangs(asks('PutItem', 'waiting'), 'all after it');
    const failed = await deliverHanging(messages);
    expect(failed).toHaveLength(messages.length);
    await deliverRest(messages, failed);
    expect(await chatsShow()).toEqual(ONCE);
  });

  test('and SQS hangs too', async () => {
    const messages = batch();
    dynamodb.hang(everything);
    sqs.hang(everything);
    const failed = await deliverHanging(messages);
    expect(failed).toHaveLength(messages.length);
    expect(await sentCalls()).toBe(0);
  });
});

describe('DynamoDB hangs while a batch is being sent by the drain', () => {
  const park = async (messages: Notification[]) => {
    await app.telegram.fault({ method: 'sendMessage', status: 500, times: 3 });
    expect(await app.deliver(messages.map((message) => record(message)))).toEqual([]);
    await app.telegram.clearFaults();
    await app.stack.endPauses();
  };

  /** The rest goes out, run after run. */
  async function drainRest(): Promise<void> {
    for (let run = 0; (await app.stack.lane()) && run < 30; run++) await app.drainLater();
  }

  test.each<[string, (typeof WAYS)[number], Fits]>([
    ['what is known is read', 'it', asks('BatchGetItem', 'users')],
    ['a slot is taken', 'all after it', asks('UpdateItem', 'paces')],
    ['the record is written', 'it', asks('PutItem', 'deliveries')],
    ['it is removed', 'all after it', asks('BatchWriteItem', 'waiting')],
  ])(
    'when %s (%s): it answers in time, and each message goes out once',
    async (_, which, fits) => {
      await park(batch());
      hangs(fits, which);

      await invokeHanging('drain', ticketBatch('demo'), DRAIN);

      await drainRest();
      expect(await chatsShow()).toEqual(ONCE);
    },
    120_000,
  );

  test('for a time, between the sending and the record: nobody gets a message twice', async () => {
    await park(batch());
    hangs(asks('PutItem', 'deliveries'), 'all after it');
    await simulated(() => {
      setTimeout(() => dynamodb.hang(), 20_000);
      return invoke('drain', ticketBatch('demo'), DRAIN);
    });
    await drainRest();
    expect(await chatsShow()).toEqual(ONCE);
  }, 120_000);
});
