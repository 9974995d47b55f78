/** What the webhook is told of people: through the bot and the API, as it happens, and from there to the receiver. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';

import { type Receiver, startReceiver } from '../support/receiver.ts';
import { ticketBatch } from '../support/sqs-events.ts';

let app: App;
let receiver: Receiver;
beforeAll(async () => {
  process.env.WEBHOOK_LOOPBACK = 'allowed';
  app = await startApp({ telegram: 'emulator' });
});
afterAll(async () => {
  delete process.env.WEBHOOK_LOOPBACK;
  await app.close();
});
beforeEach(async () => {
  await app.reset();
  receiver = await startReceiver();
  const body = { url: receiver.url, events: ['user.linked', 'user.opted-out', 'user.returned'] };
  const { json } = await app.call('PUT', '/v1/sites/demo/webhook', { body });
  receiver.secrets = [json.secret];
});
afterEach(() => receiver.close());

const optOut = (userId: string, optedOut: boolean) =>
  app.call('PATCH', `/v1/sites/demo/users/${userId}`, { body: { optedOut, by: 'person' } });
const people = () => app.invoke('people', ticketBatch('demo'));
const dispatch = () => app.invoke('outgoing', ticketBatch('demo'));

test('an opt-out, and that it was taken back: each once, in the order in which they happened', async () => {
  await optOut('anna', true);
  await optOut('anna', false);
  await people();
  await people();
  await dispatch();
  expect(receiver.received).toMatchObject([
    { type: 'user.opted-out', data: { siteId: 'demo', userId: 'anna', by: 'person' } },
    { type: 'user.returned', data: { siteId: 'demo', userId: 'anna', from: 'opted-out' } },
  ]);
  await dispatch();
  expect(receiver.received).toHaveLength(2);
});

test('people who come with an import are not told; what they do afterwards is', async () => {
  const users = [
    { userId: 'nuova', chatId: 90_001, firstName: 'Nuova' },
    { userId: 'rinuncia', chatId: 90_002, optedOut: true },
  ];
  const { json } = await app.call('POST', '/v1/sites/demo/users/import', { body: { botId: '100', users } });
  expect(json.counts.imported).toBe(2);
  await people();
  await dispatch();
  expect(receiver.received).toEqual([]);
  await optOut('nuova', true);
  await people();
  await dispatch();
  expect(receiver.received).toMatchObject([{ type: 'user.opted-out', data: { userId: 'nuova' } }]);
});

test('the dispatcher is called at once', async () => {
  await optOut('anna', true);
  await app.stack.takeMessages('OutgoingQueue');
  await people();
  expect(await app.stack.takeMessages('OutgoingQueue')).toHaveLength(1);
});

test('what is told once more, since a function died, has the same id', async () => {
  await optOut('anna', true);
  const { tellWebhook } = await import('../../lib/webhooks/people-listener.ts');
  const change = {
    ...{ id: 'x', at: new Date().toISOString(), userId: 'CLI/001 è' },
    ...{ kind: 'linked' as const, isFirst: true },
  };
  for (let times = 0; times < 2; times++) {
    await tellWebhook({ siteId: 'demo', seq: 1, changes: [change] });
    await dispatch();
  }
  expect(receiver.received).toMatchObject([
    { type: 'user.linked', data: { userId: 'CLI/001 è', isFirst: true } },
    { type: 'user.linked' },
  ]);
  expect(receiver.received[0]?.id).toBe(receiver.received[1]?.id);
});

test('of somebody who was erased nothing is told any more, nor kept', async () => {
  receiver.answer = (response) => response.writeHead(500).end();
  await optOut('anna', true);
  await people();
  await dispatch();
  const before = receiver.received.length;
  expect((await app.call('DELETE', '/v1/sites/demo/users/anna')).status).toBe(200);
  await optOut('bruno', true);
  await people();
  const left = await app.stack.items('OutgoingTable');
  expect(JSON.stringify(left)).not.toContain('anna');
  expect(JSON.stringify(left)).toContain('bruno');
  expect(before).toBe(1);
});

test('the erasure itself removes it, also where the webhook was removed since', async () => {
  receiver.answer = (response) => response.writeHead(500).end();
  await optOut('anna', true);
  await people();
  await dispatch();
  await app.call('DELETE', '/v1/sites/demo/webhook');
  expect(JSON.stringify(await app.stack.items('OutgoingTable'))).toContain('anna');
  const { json } = await app.call('DELETE', '/v1/sites/demo/users/anna');
  expect(json.erased.outgoing).toBe(1);
  expect(await app.stack.items('OutgoingTable')).toEqual([]);
});

test('whoever is linked again right after the erasure is told of as somebody new', async () => {
  const { tellWebhook } = await import('../../lib/webhooks/people-listener.ts');
  const at = new Date().toISOString();
  const change = { at, userId: 'anna' };
  const linked = { ...change, kind: 'linked' as const, isFirst: true };
  await tellWebhook({
    ...{ siteId: 'demo', seq: 1 },
    changes: [
      { ...linked, id: 'before' },
      { ...change, id: 'erased', kind: 'erased' },
      { ...linked, id: 'after' },
    ],
  });
  await dispatch();
  expect(receiver.received).toMatchObject([{ type: 'user.linked', data: { userId: 'anna' } }]);
});

test('a site without a webhook: nothing is written', async () => {
  await app.call('DELETE', '/v1/sites/demo/webhook');
  await app.stack.takeMessages('OutgoingQueue');
  await optOut('anna', true);
  await people();
  expect(await app.stack.items('OutgoingTable')).toEqual([]);
  expect(await app.stack.takeMessages('OutgoingQueue')).toEqual([]);
});

test('what happens to people is told before the deliveries, however many wait', async () => {
  const body = { url: receiver.url, events: ['user.opted-out', 'delivery.skipped'], keepSecret: true };
  await app.call('PUT', '/v1/sites/demo/webhook', { body });
  const { recordSkipped } = await import('../../lib/store/deliveries.ts');
  const line = { siteId: 'demo', event: 'message-sent', userId: 'nessuno', reason: 'not-linked' };
  const ids = Array.from({ length: 30 }, (_, index) => String(index));
  await recordSkipped(ids.map((id) => ({ ...line, deliveryId: id, eventId: id })));
  await optOut('anna', true);
  await people();
  await dispatch();
  expect(receiver.received).toHaveLength(31);
  // The first five are under way at the same time.
  const place = receiver.received.findIndex(({ type }) => type === 'user.opted-out');
  expect(place).toBeLessThan(5);
});

test('also where the endpoint is slow: what comes while others are told does not wait for all of them', async () => {
  const body = { url: receiver.url, events: ['user.opted-out', 'delivery.skipped'], keepSecret: true };
  await app.call('PUT', '/v1/sites/demo/webhook', { body });
  const { recordSkipped } = await import('../../lib/store/deliveries.ts');
  const line = { siteId: 'demo', event: 'message-sent', userId: 'nessuno', reason: 'not-linked' };
  const ids = Array.from({ length: 20 }, (_, index) => String(index));
  await recordSkipped(ids.map((id) => ({ ...line, deliveryId: id, eventId: id })));
  const released = Promise.withResolvers<void>();
  receiver.answer = (response) => void released.promise.then(() => response.writeHead(204).end());
  const dispatched = dispatch();
  while (receiver.received.length < 5) await new Promise((resolve) => setTimeout(resolve, 10));
  await optOut('anna', true);
  await people();
  // The first answers took so long.
  jest.useFakeTimers({ advanceTimers: true, doNotFake: TIMERS, now: Date.now() + 3_000 });
  released.resolve();
  await dispatched;
  jest.useRealTimers();
  expect(receiver.received).toHaveLength(21);
  // After the first five it is among those of the next page, five of which are under way at the same time.
  const place = receiver.received.findIndex(({ type }) => type === 'user.opted-out');
  expect(place).toBeLessThan(10);
});
const TIMERS = [
  ...(['nextTick', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval'] as const),
  ...(['setTimeout', 'clearTimeout', 'queueMicrotask', 'performance', 'hrtime'] as const),
];
