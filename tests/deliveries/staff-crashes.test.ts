/**
 * Functions killed at every step at which the staff of a shop is to be told something. Afterwards everybody has been told,
 * once.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { STAFF_NOTICES } from '../../lib/domain/staff.ts';
import { type App, startApp } from '../support/app.ts';
import { CARLA } from '../support/fixtures.ts';
import { runAndKill } from '../support/killed-process.ts';
import { endLater, later } from '../support/later.ts';
import { type Fields, payload } from '../support/payloads.ts';
import { notification, record } from '../support/sqs-events.ts';
import { type SeenRequest, startTripwire, type Tripwire } from '../support/tripwire.ts';

let app: App;
let dynamodb: Tripwire;
let sqs: Tripwire;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
  dynamodb = await startTripwire(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
  sqs = await startTripwire(process.env.AWS_ENDPOINT_URL_SQS ?? '');
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close()]);
  await app.close();
});
beforeEach(() => app.reset());
afterEach(endLater);

const HOUR = 3_600_000;
const hourly = () => app.invoke('statistics', {}, { getRemainingTimeInMillis: () => 300_000 });
const setStaff = (changes: object = {}) =>
  app.setSite({ staff: [{ userId: 'carla', notices: [...STAFF_NOTICES] }], ...changes });

type Step = [
  name: string,
  wire: () => Tripwire,
  what: 'request' | 'answer',
  operation: string,
  body?: string,
];

async function kill(name: string, event: object, [, wire, what, operation, body = '']: Step): Promise<void> {
  const environment = {
    ...{ AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url, AWS_ENDPOINT_URL_SQS: sqs.url },
    DELIVERIES_QUEUE_URL: `${sqs.url}${new URL(process.env.DELIVERIES_QUEUE_URL ?? '').pathname}`,
    ...{ FUNCTION: name, EVENT: JSON.stringify(event) },
  };
  const fits = (request: SeenRequest) =>
    request.operation.endsWith(`.${operation}`) && request.body.includes(body);
  await runAndKill('support/call-once.ts', environment, wire().hold(what, fits));
}

async function textsAfterDelivery(): Promise<string[]> {
  for (const each of await app.takeQueued()) {
    await app.stack.empty('PacesTable');
    await app.deliver([record(each)]);
  }
  return app.telegram.textsIn(CARLA);
}

const tables = () => dynamodb;
const queue = () => sqs;
const TOLD: Step[] = [
  ['before the message is in the queue', queue, 'request', 'SendMessageBatch'],
  ['when it is in the queue', queue, 'answer', 'SendMessageBatch'],
];

test.each<Step>([
  ['before the order is remembered', tables, 'request', 'UpdateItem', 'firstEventId'],
  ['when it is', tables, 'answer', 'UpdateItem', 'firstEventId'],
  ...TOLD,
])('a new order, killed %s', async (...step) => {
  await setStaff();
  const id = `ordine ${step[0]}`;
  const order = { ...(payload('order-status').order as Fields), id };
  const body = payload('order-status', { eventId: id, order });
  const event = app.eventFor('POST', '/v1/sites/demo/events/order-status', { body });
  await kill('order-status', event, step);
  // A later status comes before the repetition.
  await app.report('order-status', { ...body, eventId: `${id}, later` });
  expect((await app.report('order-status', body)).status).toBe(202);
  expect((await textsAfterDelivery()).filter((text) => text.startsWith('🛒'))).toHaveLength(1);
});

test.each<Step>([
  ['before it is remembered who tells', tables, 'request', 'UpdateItem', 'REMOVE isUntold'],
  ['when it is', tables, 'answer', 'UpdateItem', 'REMOVE isUntold'],
  ...TOLD,
])('an order first reported while the site was off, killed %s', async (...step) => {
  await setStaff({ active: false });
  const id = `ordine, sito spento, ${step[0]}`;
  const order = { ...(payload('order-status').order as Fields), id };
  const body = payload('order-status', { eventId: id, order });
  expect((await app.report('order-status', body)).status).toBe(403);
  await setStaff();
  const event = app.eventFor('POST', '/v1/sites/demo/events/order-status', { body });
  await kill('order-status', event, step);
  await app.report('order-status', { ...body, eventId: `${id}, later` });
  expect((await app.report('order-status', body)).status).toBe(202);
  expect((await textsAfterDelivery()).filter((text) => text.startsWith('🛒'))).toHaveLength(1);
});

test.each<Step>([
  ['when it is written', tables, 'answer', 'UpdateItem', 'switchedOff'],
  ...TOLD,
  ['before it is forgotten', tables, 'request', 'UpdateItem', 'REMOVE #news'],
])('switched off, killed %s', async (...step) => {
  await setStaff();
  await kill('sites', app.eventFor('PATCH', '/v1/sites/demo', { body: { active: false } }), step);
  expect((await app.storedSite()).active).toBe(false);
  await hourly();
  expect(await textsAfterDelivery()).toEqual([expect.stringMatching(/^⏸/)]);
  expect(await app.storedSite()).not.toHaveProperty('switchedOff');
  await hourly();
  expect(await textsAfterDelivery()).toHaveLength(1);
});

test('switched off, killed before it is written: nobody is told', async () => {
  await setStaff();
  const step: Step = ['', tables, 'request', 'UpdateItem', 'switchedOff'];
  await kill('sites', app.eventFor('PATCH', '/v1/sites/demo', { body: { active: false } }), step);
  expect((await app.storedSite()).active).toBe(true);
  await hourly();
  expect(await textsAfterDelivery()).toEqual([]);
});

test.each<Step>([
  ['before it is written', tables, 'request', 'UpdateItem', 'botOutage'],
  ['when it is written', tables, 'answer', 'UpdateItem', 'botOutage'],
  ...TOLD,
  ['before it is forgotten', tables, 'request', 'UpdateItem', 'REMOVE #news'],
])('the bot works again, killed %s', async (...step) => {
  const problem = {
    kind: 'bot-unauthorized',
    since: '2026-11-22T09:00:00.000Z',
    description: 'Unauthorized',
  };
  const { bot } = app.site;
  await setStaff({ bot: { ...bot, problem } });
  await kill('deliver', { Records: [record(notification({ userId: 'anna' }))] }, step);
  // The next message that goes out.
  await app.deliver([record(notification({ userId: 'anna' }))]);
  await hourly();
  expect(await textsAfterDelivery()).toEqual([expect.stringMatching(/^🤖/)]);
  await hourly();
  expect(await textsAfterDelivery()).toHaveLength(1);
});

describe('failures', () => {
  test.each<Step>([
    ['before the summary is written', tables, 'request', 'UpdateItem', 'summary = :summary'],
    ['when it is written', tables, 'answer', 'UpdateItem', 'summary = :summary'],
    ...TOLD,
    ['before it is told', tables, 'request', 'UpdateItem', 'REMOVE summary'],
  ])('killed %s', async (...step) => {
    await setStaff();
    const from = new Date(Date.now() - HOUR).toISOString();
    await app.stack.put('StatisticsTable', { siteId: 'demo', key: 'staff-failures', upTo: from });
    await app.stack.putDelivery(failed('prima', Date.now() - HOUR / 2));
    await kill('statistics', {}, step);
    // What fails meanwhile is in the next message.
    later(HOUR);
    await app.stack.putDelivery(failed('dopo', Date.now() - HOUR / 2));
    await hourly();
    await hourly();
    const texts = await textsAfterDelivery();
    const counts = texts.map((text) => Number(/^❗️ (\d+)/.exec(text)?.[1]));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2);
  });

  const failed = (deliveryId: string, at: number) => ({
    ...{
      siteId: 'demo',
      deliveryId,
      event: 'order-status',
      eventId: deliveryId,
      userId: 'anna',
      attempts: 1,
    },
    ...{ recordedAt: new Date(at).toISOString(), status: 'failed' as const },
    failure: { class: 'refused', description: 'Bad Request' },
  });
});
