/**
 * DynamoDB, or SQS, accepts what is asked and never answers: each function answers before Lambda stops it, and nothing that
 * it has begun goes on afterwards, when Lambda has thawed it for another invocation.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { type App, startApp } from '../support/app.ts';
import { messageOf, nextUpdateId, webhookOf } from '../support/bot-updates.ts';
import { packagedTemplate } from '../support/package.ts';
import { payload } from '../support/payloads.ts';
import { simulated } from '../support/simulated.ts';
import { eventBatch } from '../support/sqs-events.ts';
import { type SeenRequest, startTripwire, type Tripwire } from '../support/tripwire.ts';

let app: App;
let dynamodb: Tripwire;
let sqs: Tripwire;
beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    beforeLoading: async ({ refs }) => {
      dynamodb = await startTripwire(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      sqs = await startTripwire(process.env.AWS_ENDPOINT_URL_SQS ?? '');
      process.env.AWS_ENDPOINT_URL_DYNAMODB = dynamodb.url;
      process.env.AWS_ENDPOINT_URL_SQS = sqs.url;
      process.env.DELIVERIES_QUEUE_URL = `${sqs.url}${new URL(refs.get('DeliveriesQueue') ?? '').pathname}`;
      process.env.EVENT_QUEUE_URL = process.env.DELIVERIES_QUEUE_URL;
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
  sqs.drop();
});

/** Lambda's time-out of each function, in milliseconds, as it is deployed. */
const limits = new Map<string, number>();
beforeAll(async () => {
  const { Resources } = await packagedTemplate();
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const name = String(Properties.FunctionName).replace(/^passweb-telegram-[a-z]+-/, '');
    limits.set(name, Number(Properties.Timeout) * 1_000);
  }
});

/** What Lambda tells a function whose time goes by. */
function contextOf(functionName: string): Partial<Context> {
  const limit = limits.get(functionName);
  if (!limit) throw new Error(`There is no function ${functionName}.`);
  const begin = performance.now();
  return { getRemainingTimeInMillis: () => limit - (performance.now() - begin) };
}

/** How many calls have reached each service. */
const allCalls = async () => [
  ...[dynamodb.seen.length, sqs.seen.length],
  (await app.telegram.calls()).length,
];

const update = () => ({ update_id: nextUpdateId(), message: messageOf(1001, '/stop') });
const WORK: [string, string, () => Promise<unknown>, unknown][] = [
  [
    'an event by HTTPS',
    'message-sent',
    () => app.report('message-sent', payload('message-sent'), { context: contextOf('message-sent') }),
    expect.objectContaining({ status: 503 }),
  ],
  [
    'an event by SQS',
    'message-sent',
    () =>
      app.invoke(
        'message-sent',
        eventBatch('message-sent', [{ siteId: 'demo', ...payload('message-sent') }]),
        contextOf('message-sent'),
      ),
    { batchItemFailures: [expect.anything()] },
  ],
  [
    'a poller',
    'activity-reminder-due',
    () => app.invoke('activity-reminder-due', {}, contextOf('activity-reminder-due')).catch(String),
    expect.stringContaining('did not serve the request'),
  ],
  [
    'the bot',
    'bot',
    () => webhookOf(app).call(update(), { context: contextOf('bot') }),
    expect.objectContaining({ status: 503 }),
  ],
  [
    'the saving of a bot',
    'site-bot',
    () =>
      app.call('PUT', '/v1/sites/demo/bot', {
        body: { token: '100:demo', username: 'demo_shop_bot' },
        context: contextOf('site-bot'),
      }),
    expect.objectContaining({ status: 503 }),
  ],
];

test.each(WORK.flatMap((work) => [[...work, 'DynamoDB'] as const, [...work, 'SQS too'] as const]))(
  '%s: %s answers in time, and nothing goes on in the background',
  async (_, functionName, work, answer, what) => {
    // What the function remembers, it need not read.
    await webhookOf(app).write(1001, '/help');
    dynamodb.hang(({ operation }) => !operation.endsWith('.GetItem') || what === 'SQS too');
    if (what === 'SQS too') sqs.hang(() => true);

    let asked: number[] = [];
    const { result, milliseconds } = await simulated(work, {
      async answered() {
        asked = await allCalls();
        dynamodb.hang();
        sqs.hang();
      },
      letPass: 30_000,
    });

    expect(result).toEqual(answer);
    expect(milliseconds).toBeLessThan(limits.get(functionName) ?? 0);
    expect(await allCalls()).toEqual(asked);
  },
);

test('SQS hangs: an event is answered 503, and nothing goes on in the background', async () => {
  sqs.hang(() => true);
  let asked = 0;
  const { result } = await simulated(
    () => app.report('message-sent', payload('message-sent'), { context: contextOf('message-sent') }),
    {
      async answered() {
        asked = sqs.seen.length;
        sqs.hang();
      },
      letPass: 30_000,
    },
  );
  expect(result).toMatchObject({ status: 503 });
  expect(sqs.seen).toHaveLength(asked);
});

test('a handler stops its work when it has answered: of two calls one fails at once, and the other hangs', async () => {
  const isAtOnce = ({ body }: SeenRequest) => body.includes('"DelaySeconds":0');
  sqs.drop(isAtOnce);
  sqs.hang((request) => !isAtOnce(request));

  let asked = 0;
  const { result } = await simulated(
    () =>
      app.call('PUT', '/v1/sites/demo/bot', {
        body: { token: '100:demo', username: 'demo_shop_bot' },
        context: contextOf('site-bot'),
      }),
    {
      async answered() {
        asked = sqs.seen.length;
      },
      letPass: 30_000,
    },
  );

  expect(result).toMatchObject({ status: 200 });
  expect(sqs.seen).toHaveLength(asked);
});
