/**
 * Functions killed at every step at which a cart of a series is ordered, and its messages are taken back. Afterwards the
 * order's message has come, that about the cart is gone, and no later one comes.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { type App, startApp } from '../support/app.ts';
import { ANNA, template } from '../support/fixtures.ts';
import { runAndKill } from '../support/killed-process.ts';
import { endLater, later } from '../support/later.ts';
import { type Fields, payload } from '../support/payloads.ts';
import { cartEvent, pollDue } from '../support/schedule.ts';
import { record } from '../support/sqs-events.ts';
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
let turn = 0;
beforeEach(async () => {
  turn += 1;
  await app.reset();
  await app.setSite({
    abandonedCartHours: 1,
    cartSeries: { steps: [{ afterHours: 24 }] },
    templates: [
      template('abandoned-cart', 'primo', { text: { it: 'primo' } }),
      template('abandoned-cart', 'secondo', { text: { it: 'secondo' }, step: 2 }),
      template('order-status', 'ordine', { text: { it: 'ordine' }, statuses: ['Nuovo'] }),
    ],
  });
});
afterEach(endLater);

const HOUR = 3_600_000;
const asks = (operation: string, what: string) => (request: SeenRequest) =>
  request.operation.endsWith(`.${operation}`) && request.body.includes(what);
const calls = (method: string) => (request: SeenRequest) => request.path.endsWith(method);
const anySend = (request: SeenRequest) => request.operation.endsWith('.SendMessageBatch');

const environment = () => ({
  AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
  AWS_ENDPOINT_URL_SQS: sqs.url,
  TELEGRAM_API_ROOT: telegram.url,
  DELIVERIES_QUEUE_URL: `${sqs.url}${new URL(process.env.DELIVERIES_QUEUE_URL ?? '').pathname}`,
});

type Moment = [string, () => Tripwire, 'request' | 'answer', (request: SeenRequest) => boolean];

async function deliverAll(receives = 1): Promise<void> {
  const queued = await app.takeQueued();
  expect(await app.deliver(queued.map((each) => record(each, receives)))).toEqual([]);
}

/** A cart of two hours ago whose first message has come; killed processes have the real time. */
async function leaveCart(): Promise<void> {
  const body = cartEvent({
    eventId: `carrello-${turn}`,
    occurredAt: new Date(Date.now() - 2 * HOUR).toISOString(),
  });
  const marketingConsent = { given: true, at: '2026-01-01T00:00:00Z', source: 'sito' };
  await app.report('abandoned-cart', { ...body, user: { ...(body.user as Fields), marketingConsent } });
  await pollDue('abandoned-cart', Date.now());
  await deliverAll();
  expect(await app.telegram.textsIn(ANNA)).toEqual(['primo']);
}

const orderBody = () => {
  const body = payload('order-status', {
    ...{ eventId: `ordine-${turn}`, occurredAt: new Date(Date.now() - 1_000).toISOString() },
    cartId: '30977',
  });
  return { ...body, order: { ...(body.order as Fields), status: 'Nuovo' }, holder: { id: 'anna' } };
};

async function expectTakenBack(): Promise<void> {
  expect(await app.telegram.textsIn(ANNA)).toEqual(['ordine']);
  const { json } = await app.call('GET', '/v1/sites/demo/deliveries', { query: 'event=abandoned-cart' });
  const [line] = json.deliveries.filter(({ status }: Fields) => status === 'sent');
  expect(line.takenBackAt).toEqual(expect.any(String));
  later(48 * HOUR);
  await pollDue('abandoned-cart', Date.now());
  await deliverAll();
  expect(await app.telegram.textsIn(ANNA)).toEqual(['ordine']);
  const statistics = await app.call('GET', '/v1/sites/demo/statistics');
  expect(statistics.json.totals.recovered).toEqual({ 1: 1 });
}

describe('the function of the order', () => {
  test.each<Moment>([
    ['before the cart is ended', () => dynamodb, 'request', asks('UpdateItem', '"cart-id#30977"')],
    ['when the cart is ended', () => dynamodb, 'answer', asks('UpdateItem', '"cart-id#30977"')],
    ['before the queue is told', () => sqs, 'request', anySend],
    ['when the queue is told', () => sqs, 'answer', anySend],
    ['before that is remembered', () => dynamodb, 'request', asks('UpdateItem', 'takenBackFor')],
    ['when that is remembered', () => dynamodb, 'answer', asks('UpdateItem', 'takenBackFor')],
  ])('killed %s, and the order reported again: taken back once', async (_, tripwire, what, fits) => {
    await leaveCart();
    const body = orderBody();
    const event = app.eventFor('POST', '/v1/sites/demo/events/order-status', { body });
    const variables = { ...environment(), FUNCTION: 'order-status', EVENT: JSON.stringify(event) };
    await runAndKill('support/call-once.ts', variables, tripwire().hold(what, fits));

    expect((await app.report('order-status', body)).status).toBe(202);
    await deliverAll();
    await expectTakenBack();
  });
});

describe('the function of a newer cart', () => {
  test.each<Moment>([
    ['before the reports are known', () => dynamodb, 'request', asks('UpdateItem', '"cart-id#nuovo"')],
    ['when the reports are known', () => dynamodb, 'answer', asks('UpdateItem', '"cart-id#nuovo"')],
    ['when it has taken the place', () => dynamodb, 'answer', asks('UpdateItem', '"cart#anna"')],
  ])('killed %s, and reported again: its order takes both back', async (_, tripwire, what, fits) => {
    await leaveCart();
    const occurredAt = new Date(Date.now() - HOUR / 2).toISOString();
    const newer = cartEvent({ eventId: `nuovo-${turn}`, occurredAt });
    const body = { ...newer, cart: { ...(newer.cart as Fields), id: 'nuovo' } };
    const event = app.eventFor('POST', '/v1/sites/demo/events/abandoned-cart', { body });
    const variables = { ...environment(), FUNCTION: 'abandoned-cart', EVENT: JSON.stringify(event) };
    await runAndKill('support/call-once.ts', variables, tripwire().hold(what, fits));

    expect((await app.report('abandoned-cart', body)).status).toBe(202);
    await app.report('order-status', { ...orderBody(), cartId: 'nuovo' });
    await deliverAll();
    expect(await app.telegram.textsIn(ANNA)).toEqual(['ordine']);
  });
});

describe('deliver', () => {
  test.each<Moment>([
    ['before the figures say it', () => dynamodb, 'request', asks('PutItem', '-statistics"')],
    ['when the figures say it', () => dynamodb, 'answer', asks('PutItem', '-statistics"')],
    ['before it is deleted', () => telegram, 'request', calls('deleteMessage')],
    ['when it is deleted', () => telegram, 'answer', calls('deleteMessage')],
    ['before that is recorded', () => dynamodb, 'request', asks('UpdateItem', 'takenBackAt')],
    ['when that is recorded', () => dynamodb, 'answer', asks('UpdateItem', 'takenBackAt')],
  ])('killed %s, and handed out again: taken back once', async (_, tripwire, what, fits) => {
    await leaveCart();
    await app.report('order-status', orderBody());
    const queued = await app.takeQueued();
    const [first] = queued;
    expect(first?.takesBack).toBeDefined();
    const batch = (receives: number) => queued.map((each: Notification) => record(each, receives));
    const variables = { ...environment(), SQS_EVENT: JSON.stringify({ Records: batch(1) }) };
    await runAndKill('support/deliver-once.ts', variables, tripwire().hold(what, fits));

    expect(await app.deliver(batch(2))).toEqual([]);
    await expectTakenBack();
  });
});

describe('the poller between two messages', () => {
  test.each<Moment>([
    ['before the queue has the first', () => sqs, 'request', anySend],
    ['when the queue has the first', () => sqs, 'answer', anySend],
    ['before the second is scheduled', () => dynamodb, 'request', asks('UpdateItem', '"cart#anna"')],
    ['when the second is scheduled', () => dynamodb, 'answer', asks('UpdateItem', '"cart#anna"')],
  ])('killed %s: each comes once', async (_, tripwire, what, fits) => {
    const body = cartEvent({
      eventId: `carrello-${turn}`,
      occurredAt: new Date(Date.now() - 2 * HOUR).toISOString(),
    });
    const marketingConsent = { given: true, at: '2026-01-01T00:00:00Z', source: 'sito' };
    await app.report('abandoned-cart', { ...body, user: { ...(body.user as Fields), marketingConsent } });
    const variables = { ...environment(), EVENT: 'abandoned-cart', AT: String(Date.now()) };
    await runAndKill('schedule/poll-once.ts', variables, tripwire().hold(what, fits));

    later(2 * 60_000);
    await pollDue('abandoned-cart', Date.now());
    await deliverAll();
    expect(await app.telegram.textsIn(ANNA)).toEqual(['primo']);
    later(24 * HOUR);
    await pollDue('abandoned-cart', Date.now());
    await deliverAll();
    expect(await app.telegram.textsIn(ANNA)).toEqual(['primo', 'secondo']);
  });
});
