/** What follows from the first click of a message: it is told once and counted once, whatever dies in between. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Delivery } from '../../lib/store/deliveries.ts';
import { type App, startApp } from '../support/app.ts';
import { siteWithWebhook } from '../support/fixtures.ts';
import { runAndKill } from '../support/killed-process.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { ticketBatch } from '../support/sqs-events.ts';
import { startTripwire, type Tripwire } from '../support/tripwire.ts';

let app: App;
let dynamodb: Tripwire;
let receiver: Receiver;
let countClick: typeof import('../../lib/store/clicks.ts').countClick;
beforeAll(async () => {
  process.env.WEBHOOK_LOOPBACK = 'allowed';
  app = await startApp();
  dynamodb = await startTripwire(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
  receiver = await startReceiver();
  ({ countClick } = await import('../../lib/store/clicks.ts'));
});
afterAll(async () => {
  delete process.env.WEBHOOK_LOOPBACK;
  await receiver.close();
  await dynamodb.close();
  await app.close();
});
beforeEach(async () => {
  await app.reset();
  await app.setSite({ countClicks: true });
  receiver.received.length = 0;
});

const idOf = (name: string) => name.padEnd(32, '_');

/** Sent messages with a counted link. */
async function sent(names: string[], changes: object = {}): Promise<void> {
  for (const name of names)
    await app.stack.putDelivery({
      ...{ siteId: 'demo', deliveryId: idOf(name), event: 'order-status', eventId: name, userId: 'anna' },
      ...{ siteUser: 'demo\nanna', recordedAt: new Date(Date.now() - 60_000).toISOString(), attempts: 1 },
      ...{ status: 'sent', messageId: 7, chatId: 1001, links: ['https://shop.example/ordini/1'] },
      ...changes,
    } as unknown as Delivery);
}

const click = (name: string, siteId = 'demo') => countClick({ siteId, deliveryId: idOf(name), index: 0 });
const note = () => app.invoke('clicks-due', {});
const marked = async () =>
  (await app.stack.allDeliveries()).filter((delivery) => 'newClickAt' in delivery).length;

/** Opened messages by event, of all days. */
async function opened(): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { key, ...item } of await app.stack.items('StatisticsTable'))
    if (String(key).startsWith('clicks#'))
      for (const [name, count] of Object.entries(item))
        if (name.startsWith('n#')) sums[name.slice(2)] = (sums[name.slice(2)] ?? 0) + Number(count);
  return sums;
}

/** Has the site's webhook told of clicks. */
async function tellClicks(): Promise<void> {
  const body = { url: receiver.url, events: ['delivery.clicked', 'delivery.sent'] };
  const { json } = await app.call('PUT', '/v1/sites/demo/webhook', { body });
  receiver.secrets = [json.secret];
}

const told = async () => {
  await app.invoke('outgoing', ticketBatch('demo'));
  return receiver.received.map(({ type, data }) => [type, data.eventId, data.clicks]);
};

describe('counted', () => {
  test('each message once, by event; further clicks, and runs that find nothing, change nothing', async () => {
    await sent(['a', 'b', 'c']);
    await sent(['d'], { event: 'message-sent' });
    for (const name of ['a', 'b', 'b', 'd']) await click(name);
    await note();
    expect(await opened()).toEqual({ 'order-status': 2, 'message-sent': 1 });
    expect(await marked()).toBe(0);

    await click('a');
    expect(await marked()).toBe(1);
    await note();
    await note();
    expect(await opened()).toEqual({ 'order-status': 2, 'message-sent': 1 });
    expect(await marked()).toBe(0);
    await click('c');
    await note();
    expect(await opened()).toEqual({ 'order-status': 3, 'message-sent': 1 });
  });

  test('on the day on which they were opened, by the clock of the shop', async () => {
    await sent(['a', 'b', 'c']);
    for (const name of ['a', 'b', 'c']) await click(name);
    const days = {
      a: '2026-11-22T22:59:59.999Z',
      b: '2026-11-22T23:00:00.000Z',
      c: '2026-11-23T22:00:00.000Z',
    };
    for (const [name, at] of Object.entries(days))
      await sent([name], { clicks: 1, clickedAt: at, newClickAt: at });
    await note();

    const query = { from: '2026-11-22', to: '2026-11-23' };
    const { json } = await app.call('GET', '/v1/sites/demo/statistics', { query });
    expect(json.days.map((day: { clicked?: number }) => day.clicked)).toEqual([1, 2]);
    expect(json.days[1].events).toEqual({ 'order-status': { sent: 0, failed: 0, skipped: {}, clicked: 2 } });
    expect([json.totals.clicked, json.totals.events['order-status'].clicked]).toEqual([3, 3]);
  });

  test('more than a page of them', async () => {
    const names = Array.from({ length: 230 }, (_, index) => `n${index}`);
    await sent(names);
    for (const name of names) await click(name);
    await Promise.all([note(), note()]);
    await note();
    expect(await opened()).toEqual({ 'order-status': 230 });
    expect(await marked()).toBe(0);
  });

  test('a site that fails costs only itself', async () => {
    await app.stack.putSite({ ...siteWithWebhook(), siteId: 'altro', timeZone: 'UTC' });
    const day = new Date().toISOString().slice(0, 10);
    const broken = { siteId: 'altro', key: `clicks#${day}`, 'n#order-status': 'no number' };
    await app.stack.put('StatisticsTable', broken);
    await sent(['a']);
    await sent(['b'], { siteId: 'altro' });
    await click('a');
    await click('b', 'altro');
    await note();
    await app.stack.put('StatisticsTable', { ...broken, 'n#order-status': 0 });
    expect(await opened()).toEqual({ 'order-status': 1 });
    expect(await marked()).toBe(1);
  });

  test.each<[string, 'request' | 'answer', string, string]>([
    ['before it counts', 'request', 'UpdateItem', '-statistics'],
    ['when it has counted', 'answer', 'UpdateItem', '-statistics'],
    ['before it has noted that', 'request', 'UpdateItem', '-deliveries'],
    ['when it has noted one', 'answer', 'UpdateItem', '-deliveries'],
    ['before it tells', 'request', 'BatchWriteItem', '-outgoing'],
    ['when it has told', 'answer', 'BatchWriteItem', '-outgoing'],
  ])('where the function is killed %s', async (_, what, operation, table) => {
    await tellClicks();
    await sent(['a', 'b']);
    await click('a');
    await click('b');
    const environment = {
      ...{ AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url, FUNCTION: 'clicks-due', EVENT: '{}' },
    };
    const fits = (request: { operation: string; body: string }) =>
      request.operation.endsWith(`.${operation}`) && request.body.includes(table);
    await runAndKill('support/call-once.ts', environment, dynamodb.hold(what, fits));
    await note();
    await note();
    expect(await opened()).toEqual({ 'order-status': 2 });
    expect(await marked()).toBe(0);
    expect((await told()).toSorted()).toEqual([
      ['delivery.clicked', 'a', 1],
      ['delivery.clicked', 'b', 1],
    ]);
  });
});

describe('told', () => {
  test('the first click of a message, with its line of the log; nobody whose webhook does not ask for it', async () => {
    await sent(['a']);
    await click('a');
    await note();
    expect(await app.stack.items('OutgoingTable')).toEqual([]);

    await tellClicks();
    await sent(['b']);
    await click('b');
    await note();
    await click('b');
    await note();
    expect(await told()).toEqual([['delivery.clicked', 'b', 2]]);
    const [{ data, timestamp } = { data: {}, timestamp: '' }] = receiver.received;
    expect(data).toMatchObject({
      siteId: 'demo',
      deliveryId: idOf('b'),
      userId: 'anna',
      clickedAt: timestamp,
    });
    expect(JSON.stringify(data)).not.toContain('ordini/1');
    expect(await told()).toHaveLength(1);
  });

  test('of a person who was erased meanwhile, nothing', async () => {
    await tellClicks();
    await sent(['a']);
    await click('a');
    await note();
    await app.call('DELETE', '/v1/sites/demo/users/anna');
    expect(await told()).toEqual([]);
    expect(await click('a')).toBeUndefined();
    expect(await app.stack.allDeliveries()).toEqual([]);
  });
});

describe('shown', () => {
  const LOG = '/v1/sites/demo/deliveries';

  test('in the log, its file and the export of the person', async () => {
    await sent(['a', 'b']);
    await click('a');
    const { json } = await app.call('GET', `${LOG}/${idOf('a')}`);
    expect(json).toMatchObject({ clicks: 1, clickedAt: expect.stringMatching(/Z$/) });
    expect(json).not.toHaveProperty('links');
    expect((await app.call('GET', `${LOG}/${idOf('b')}`)).json).toMatchObject({ clicks: 0 });

    const { text } = await app.call('GET', LOG, { headers: { accept: 'text/csv', 'accept-language': 'it' } });
    const [head, ...lines] = text.trim().split('\r\n');
    expect(head).toMatch(/;"Aperture";"Prima apertura"$/);
    expect(lines.map((line) => line.split(';').at(-2)).toSorted()).toEqual(['0', '1']);

    const { json: exported } = await app.call('GET', '/v1/sites/demo/users/anna/export');
    expect(exported.deliveries.map(({ links }: { links: string[] }) => links)).toEqual([
      ['https://shop.example/ordini/1'],
      ['https://shop.example/ordini/1'],
    ]);
  });

  test('a shop that never counted any sees nothing of it', async () => {
    await app.setSite();
    await sent(['a'], { links: undefined });
    expect((await app.call('GET', `${LOG}/${idOf('a')}`)).json).not.toHaveProperty('clicks');
    const { text } = await app.call('GET', LOG, { headers: { accept: 'text/csv' } });
    expect(text).not.toMatch(/Aperture|Clicks/);
    const { json } = await app.call('GET', '/v1/sites/demo/statistics');
    expect(JSON.stringify(json)).not.toContain('clicked');
    expect((await app.call('GET', '/v1/sites/demo')).json).not.toHaveProperty('countClicks');
  });
});
