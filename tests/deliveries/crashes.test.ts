/**
 * A function killed at every step of a delivery, and its message received once more. A message can be sent twice only if
 * the function dies after Telegram has sent it and before our record is written.
 */

import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { runAndKill } from '../support/killed-process.ts';
import { notification, record } from '../support/sqs-events.ts';
import { type SeenRequest, startTripwire, type Tripwire } from '../support/tripwire.ts';

let app: App;
let dynamodb: Tripwire;
let telegram: Tripwire;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
  dynamodb = await startTripwire(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
  telegram = await startTripwire(app.telegram.url);
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), telegram.close()]);
  await app.close();
});
beforeEach(() => app.reset());

/** Beside the records lie the keys of their content. */
const asks = (operation: string, table: string) => (request: SeenRequest) =>
  request.operation.endsWith(`.${operation}`) &&
  request.body.includes(`-${table}`) &&
  !request.body.includes('"#key ');
const anyCall = () => true;

/** Hands the message to a process of its own and kills it where the tripwire holds it. */
async function killedAt(
  tripwire: Tripwire,
  what: 'request' | 'answer',
  fits: (request: SeenRequest) => boolean,
): Promise<{ shown: number; retriedAfterwards: string[] }> {
  const message = notification();
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    TELEGRAM_API_ROOT: telegram.url,
    SQS_EVENT: JSON.stringify({ Records: [record(message)] }),
  };
  await runAndKill('support/deliver-once.ts', environment, tripwire.hold(what, fits));

  const retriedAfterwards = await app.deliver([record(message, 2)]);
  expect(await app.findDelivery(message)).toMatchObject({ status: 'sent' });
  return { shown: (await app.telegram.textsIn(1001)).length, retriedAfterwards };
}

test.each<[string, () => Tripwire, 'request' | 'answer', (request: SeenRequest) => boolean]>([
  ['before the site is read', () => dynamodb, 'request', asks('GetItem', 'sites')],
  ['before what is known is read', () => dynamodb, 'request', asks('BatchGetItem', 'users')],
  ['before its slot is taken', () => dynamodb, 'request', asks('UpdateItem', 'paces')],
  ['when its slot is taken', () => dynamodb, 'answer', asks('UpdateItem', 'paces')],
  ['before Telegram gets it', () => telegram, 'request', anyCall],
])('killed %s: sent exactly once', async (_, tripwire, what, fits) => {
  expect(await killedAt(tripwire(), what, fits)).toEqual({ shown: 1, retriedAfterwards: [] });
});

test.each<[string, () => Tripwire, 'request' | 'answer', (request: SeenRequest) => boolean]>([
  ['when Telegram has sent it, before its answer', () => telegram, 'answer', anyCall],
  ['when Telegram has answered, before the record', () => dynamodb, 'request', asks('PutItem', 'deliveries')],
])('killed %s: the window, shown twice and never lost', async (_, tripwire, what, fits) => {
  expect(await killedAt(tripwire(), what, fits)).toEqual({ shown: 2, retriedAfterwards: [] });
});

test('killed when the record is written: the window is closed, sent exactly once', async () => {
  expect(await killedAt(dynamodb, 'answer', asks('PutItem', 'deliveries'))).toEqual({
    shown: 1,
    retriedAfterwards: [],
  });
});
