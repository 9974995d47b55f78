/** A site can be erased whole: shut at once, its rows gone within a day, resumable; what is in queues is dropped. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { EraseSitesSummary } from '../../lib/sites/erase-sites.ts';
import type { Delivery } from '../../lib/store/deliveries.ts';
import { API } from '../support/api-events.ts';
import { type App, startApp } from '../support/app.ts';
import { PLATFORM_KEY } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { endLater, later } from '../support/later.ts';
import { payloadFor } from '../support/payloads.ts';
import { eventBatch, notification, record } from '../support/sqs-events.ts';

const SHOP = 'bottega';
const BOT = { token: '200:nuovo', username: 'nuovo_bot' };
const MINUTE = 60_000;
const TABLES = [
  ...['SitesTable', 'UsersTable', 'LinksTable', 'ScheduleTable', 'DeliveriesTable'],
  ...['WaitingTable', 'PacesTable', 'StatementsTable', 'TemplateVersionsTable', 'SiteDirectoryTable'],
];

let app: App;
let tables: Gate;
let key: string;
beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    beforeLoading: async () => {
      tables = await startGate(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      process.env.AWS_ENDPOINT_URL_DYNAMODB = tables.url;
    },
  });
});
afterAll(async () => {
  await app.close();
  await tables.close();
});
beforeEach(async () => {
  await tables.open();
  await app.stack.empty(...TABLES);
  await app.reset();
  await app.telegram.asBot(BOT.token, 'deleteWebhook');
  key = await app.createSite(SHOP);
});
afterEach(endLater);

const now = () => new Date(Date.now()).toISOString();
const asShop = (method: string, path: string, body?: object) =>
  app.call(method, `/v1/sites/${SHOP}${path}`, { key, ...(body && { body }) });
const asPlatform = (method: string, body?: object) =>
  app.call(method, `/v1/sites/${SHOP}`, { key: PLATFORM_KEY, ...(body && { body }) });
const erase = () => asPlatform('DELETE');
const create = () =>
  asPlatform('PUT', { name: 'Bottega', url: 'https://bottega.example', moduleActive: true });
const webhookUrl = async () => (await app.telegram.asBot(BOT.token, 'getWebhookInfo')).url;

async function run(remainingMilliseconds: () => number = () => 290_000): Promise<EraseSitesSummary> {
  const { eraseSites } = await import('../../lib/sites/erase-sites.ts');
  const { ownAddresses } = await import('../../lib/sites/own-addresses.ts');
  return eraseSites({ own: ownAddresses(), now: Date.now, remainingMilliseconds });
}

const put = (table: string, item: object) => app.stack.put(table, item);

/** Every kind of row that a site has. */
async function fill(siteId = SHOP, people = 3): Promise<void> {
  const { recordDelivery } = await import('../../lib/store/deliveries.ts');
  for (let number = 0; number < people; number++) {
    const [userId, chatId] = [`persona-${number}`, 6_000 + number];
    const names = { firstName: `Nome-${number}` };
    await app.stack.putUser({ siteId, userId, chatId, siteChat: `${siteId}#${chatId}`, ...names });
    await put('LinksTable', { token: `chat#${siteId}#${chatId}`, siteId, chatId, userIds: [userId] });
    await put('LinksTable', { token: `token#${siteId}${number}`, siteId, userId });
    await put('LinksTable', { token: `login#${siteId}#${number}`, siteUser: `${siteId}\n${userId}` });
    await put('LinksTable', { token: `update#${siteId}#200#${number}`, state: 'done' });
    await put('ScheduleTable', { siteId, key: `cart#${userId}`, eventId: 'e' });
    await put('WaitingTable', { siteId, key: `m#${number}`, body: JSON.stringify({ userId }) });
    await put('TemplateVersionsTable', { siteId, key: `mio#${number}`, template: { id: 'mio' } });
    await put('StatementsTable', { siteId, key: `erased#${userId}`, at: '2026-11-22T10:00:00.000Z' });
    const facts = { siteId, userId, event: 'order-status', eventId: 'e', templateId: 't', attempts: 1 };
    const sent = { recordedAt: '2026-11-22T10:00:00.000Z', status: 'sent', messageId: 1, chatId };
    await recordDelivery({ deliveryId: `d-${siteId}-${number}`, ...facts, ...sent } as Delivery);
  }
  await put('WaitingTable', { siteId, key: 'lane', mode: 'all', version: 1, count: 3, paused: {} });
  await put('PacesTable', { botId: `site#${siteId}`, takenUntil: 1 });
}

/** All rows that name the site, but that it was erased. */
async function left(siteId = SHOP): Promise<string[]> {
  const items = await Promise.all(TABLES.map((table) => app.stack.items(table)));
  return items
    .flat()
    .filter((item) => item.siteId !== '#sites')
    .map((item) => JSON.stringify(item))
    .filter((item) => new RegExp(`${siteId}(?![a-z-])`).test(item));
}

describe('shut at once', () => {
  beforeEach(async () => {
    expect((await asShop('PUT', '/bot', BOT)).status).toBe(200);
    await fill();
  });

  test('204; its keys are answered 401 like those of an unknown site, on every route', async () => {
    // All of them have the site in their memory.
    const order = { ...payloadFor('message-sent', { id: 'persona-1' }), eventId: 'e-1' };
    const calls: [string, string, object?][] = [
      ['GET', ''],
      ['GET', '/users/persona-1'],
      ['GET', '/deliveries'],
      ['GET', '/templates'],
      ['PATCH', '/users/persona-1', { language: 'it' }],
      ['DELETE', '/events/abandoned-cart/persona-1'],
    ];
    for (const [method, path, body] of calls)
      expect([path, (await asShop(method, path, body)).status]).not.toEqual([path, 401]);

    const { status, text } = await erase();

    expect([status, text]).toEqual([204, '']);
    const unknown = await app.call('GET', '/v1/sites/mai-vista/users/a', { key });
    for (const [method, path, body] of [...calls, ['POST', '/events/message-sent', order] as const]) {
      const answer = await asShop(method, path, body);
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.json.detail).toBe(unknown.json.detail);
    }
    expect((await asPlatform('GET')).status).toBe(404);
    expect((await asPlatform('PATCH', { moduleActive: true })).status).toBe(404);
  });

  test('its webhook is removed, and another site may have its bot', async () => {
    expect(await webhookUrl()).toBe(`${API}/v1/telegram/${SHOP}`);
    await erase();
    expect(await webhookUrl()).toBe('');
    const other = await app.createSite('altra-bottega');
    const saved = await app.call('PUT', '/v1/sites/altra-bottega/bot', { key: other, body: BOT });
    expect(saved.status).toBe(200);
    await run();
    expect(await webhookUrl()).toBe(`${API}/v1/telegram/altra-bottega`);
  });

  test('a webhook that leads elsewhere is left alone', async () => {
    await app.telegram.asBot(BOT.token, 'setWebhook', { url: 'https://else.example/hook' });
    await erase();
    expect(await webhookUrl()).toBe('https://else.example/hook');
  });

  test('where Telegram does not answer: shut all the same, and the webhook goes later', async () => {
    await app.telegram.fault({ method: 'getWebhookInfo', status: 502, times: 10, body: 'Bad Gateway' });
    expect((await erase()).status).toBe(204);
    expect((await asShop('GET', '')).status).toBe(401);
    await app.telegram.clearFaults();
    expect(await webhookUrl()).not.toBe('');
    await run();
    expect(await webhookUrl()).toBe('');
  });

  test('nothing more is sent: what is in the queue or waits is dropped, and nothing is recorded', async () => {
    const message = notification({ siteId: SHOP, userId: 'persona-0', chatId: 6_000, acceptedAt: now() });
    const event = { siteId: SHOP, ...payloadFor('message-sent', { id: 'persona-0' }), eventId: 'queued' };
    const batch = eventBatch('message-sent', [event]);
    later(10);
    await erase();
    await app.stack.empty('DeliveriesTable');

    expect(await app.deliver([record(message)])).toEqual([]);
    expect(await app.invoke('message-sent', batch)).toEqual({ batchItemFailures: [] });

    expect(await app.stack.allDeliveries()).toEqual([]);
    expect(await app.stack.takeMessages('MessageSentDeadLetterQueue')).toEqual([]);
    expect(await app.takeQueued()).toEqual([]);
    later(16 * MINUTE);
    await run();
    // Also when nothing is left of it.
    expect(await app.invoke('message-sent', batch)).toEqual({ batchItemFailures: [] });
    expect(await app.stack.takeMessages('MessageSentDeadLetterQueue')).toEqual([]);
    // A site that has never been there is a mistake of the sender.
    const wrong = eventBatch('message-sent', [{ ...event, siteId: 'mai-vista' }]);
    process.env.DEAD_LETTER_QUEUE_URL = app.stack.refs.get('MessageSentDeadLetterQueue') ?? '';
    await app.invoke('message-sent', wrong);
    expect(await app.stack.takeMessages('MessageSentDeadLetterQueue')).toHaveLength(1);
  });

  test('only the platform may', async () => {
    expect((await asShop('DELETE', '')).status).toBe(401);
    expect((await asShop('GET', '')).status).toBe(200);
  });
});

describe('its rows', () => {
  test('are gone in all tables, those of other sites are not, and the same id can be given anew', async () => {
    await fill();
    await fill('bottega-due', 2);
    await app.stack.putUser({ siteId: 'demo', userId: 'anna', chatId: 1001 });
    const others = (await left('bottega-due')).length;
    await erase();
    later(16 * MINUTE);

    expect(await run()).toEqual({ erased: 1, open: 0, failed: 0 });

    expect(await left()).toEqual([]);
    expect((await left('bottega-due')).length).toBe(others);
    expect(await app.findUser('anna')).toBeDefined();
    expect((await create()).status).toBe(201);
    expect(await run()).toEqual({ erased: 0, open: 0, failed: 0 });
    expect(await app.stack.findSite(SHOP)).toMatchObject({ name: 'Bottega' });
  });

  test('are looked for once more a quarter of an hour later: a function may have had the site in its memory', async () => {
    await fill();
    await erase();
    expect(await run()).toEqual({ erased: 0, open: 1, failed: 0 });
    expect((await left()).filter((item) => item.includes('persona'))).toEqual([]);
    await put('DeliveriesTable', { siteId: SHOP, deliveryId: 'late', siteUser: `${SHOP}\npersona-1` });
    later(16 * MINUTE);
    expect(await run()).toEqual({ erased: 1, open: 0, failed: 0 });
    expect(await left()).toEqual([]);
  });

  test('until then the id is not given anew: 409 with a code; the same DELETE is 204, also afterwards', async () => {
    await fill();
    await erase();
    const being = expect.stringContaining('is being erased');
    expect(await create()).toMatchObject({ status: 409, json: { code: 'site-being-erased', detail: being } });
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { moduleActive: false }],
      ['GET', '/keys', undefined],
      ['POST', '/keys', undefined],
      ['DELETE', '/keys/12345678', undefined],
    ] as const) {
      const answer = await app.call(method, `/v1/sites/${SHOP}${path}`, {
        key: PLATFORM_KEY,
        ...(body && { body }),
      });
      expect(answer).toMatchObject({ status: 404, json: { detail: being } });
    }
    expect((await erase()).status).toBe(204);
    later(16 * MINUTE);
    await run();
    expect((await erase()).status).toBe(204);
    expect((await app.call('DELETE', '/v1/sites/mai-vista', { key: PLATFORM_KEY })).status).toBe(404);
    expect((await create()).status).toBe(201);
  });

  test('what was accepted for the former site is not sent by the one that has its id now', async () => {
    const to = { siteId: SHOP, userId: 'persona-0', chatId: 2001 };
    const old = notification({ ...to, acceptedAt: now() });
    const event = { siteId: SHOP, ...payloadFor('message-sent', { id: 'persona-0' }), eventId: 'old' };
    const batch = eventBatch('message-sent', [event]);
    later(10);
    await erase();
    later(16 * MINUTE);
    await run();
    key = (await create()).json.siteKey;
    expect((await asShop('PUT', '/bot', BOT)).status).toBe(200);
    await app.stack.putUser({ siteId: SHOP, userId: 'persona-0', chatId: 2001, siteChat: `${SHOP}#2001` });
    later(10);
    const fresh = notification({ ...to, text: 'nuovo', acceptedAt: now() });

    expect(await app.deliver([record(old), record(fresh)])).toEqual([]);
    expect(await app.invoke('message-sent', batch)).toEqual({ batchItemFailures: [] });

    expect(await app.stack.findDelivery(SHOP, old.deliveryId)).toBeUndefined();
    expect(await app.stack.findDelivery(SHOP, fresh.deliveryId)).toBeDefined();
    expect(await app.takeQueued()).toEqual([]);
  });
});

describe('resumable', () => {
  test('page by page: a run without time stops, and the next one goes on', async () => {
    await fill(SHOP, 300);
    await erase();
    later(16 * MINUTE);
    const rows = (await left()).length;
    expect(await run(() => 29_999)).toEqual({ erased: 0, open: 1, failed: 0 });
    expect((await left()).length).toBe(rows);

    let runs = 0;
    let summary = { erased: 0, open: 1, failed: 0 };
    for (; summary.open > 0 && runs < 60; runs++) {
      const before = (await left()).length;
      // Time for one page.
      summary = await run(() => 30_000);
      expect((await left()).length).toBeLessThanOrEqual(before);
      expect(before - (await left()).length).toBeLessThanOrEqual(1_300);
    }
    expect(summary).toEqual({ erased: 1, open: 0, failed: 0 });
    expect(runs).toBeGreaterThan(8);
    expect(await left()).toEqual([]);
  }, 120_000);

  test('the request dies at every step: the same request again does the rest', async () => {
    await asShop('PUT', '/bot', BOT);
    await tables.open();
    expect((await erase()).status).toBe(204);
    const requests = tables.passed();
    expect(requests).toBeGreaterThan(4);
    for (let after = 0; after < requests; after++) {
      await app.stack.empty(...TABLES);
      await app.reset();
      key = await app.createSite(SHOP);
      await asShop('PUT', '/bot', BOT);
      await fill();
      tables.shutAfter(after);
      const { status } = await erase();
      await tables.open();
      // Nothing half done: it is there as before, or shut for everybody.
      const isShut = (await asShop('GET', '')).status === 401;
      if (status === 204) expect(isShut).toBe(true);
      if (isShut) expect(await create()).toMatchObject({ status: 409 });
      expect((await erase()).status).toBe(204);
      expect((await asShop('GET', '')).status).toBe(401);
      expect(await webhookUrl()).toBe('');
      later(16 * MINUTE);
      expect(await run()).toEqual({ erased: 1, open: 0, failed: 0 });
      expect(await left()).toEqual([]);
    }
  }, 120_000);

  test('the request dies and never comes again: the retention finds it in the next night', async () => {
    await fill();
    const { shutSite } = await import('../../lib/store/sites.ts');
    await shutSite(SHOP);
    const { runRetention } = await import('../../lib/users/retention.ts');
    const pause = async () => {};
    await runRetention({ now: Date.now(), retentionDays: 365, remainingMilliseconds: () => 900_000, pause });
    later(16 * MINUTE);
    expect(await run()).toEqual({ erased: 1, open: 0, failed: 0 });
    expect(await left()).toEqual([]);
  });

  test('a run dies at every step: the next one goes on', async () => {
    await fill(SHOP, 2);
    await erase();
    later(16 * MINUTE);
    await tables.open();
    await run();
    const requests = tables.passed();
    expect(requests).toBeGreaterThan(10);
    for (let after = 0; after < requests; after++) {
      await app.stack.empty(...TABLES);
      await app.reset();
      key = await app.createSite(SHOP);
      await fill(SHOP, 2);
      expect((await erase()).status).toBe(204);
      later(16 * MINUTE);
      tables.shutAfter(after);
      await run().catch(() => undefined);
      await tables.open();
      if ((await left()).length > 0) expect(await create()).toMatchObject({ status: 409 });
      await run();
      expect(await left()).toEqual([]);
      expect((await create()).status).toBe(201);
    }
  }, 120_000);

  test('a site that fails costs only itself', async () => {
    await fill();
    await erase();
    await put('StatementsTable', { siteId: '#sites', key: 'demo', at: now() });
    later(16 * MINUTE);
    expect(await run()).toEqual({ erased: 1, open: 0, failed: 1 });
    // Somebody has restored it: it is not erased by mistake.
    expect(await app.stack.findSite('demo')).toMatchObject({ siteId: 'demo', name: 'Demo Shop' });
  });
});

test('a site of the former release, without a version or a small item', async () => {
  const site = await app.storedSite(SHOP);
  await app.stack.empty('SitesTable');
  await put('SitesTable', { ...site, version: undefined, changedIn: undefined });
  expect((await erase()).status).toBe(204);
  expect((await asShop('GET', '')).status).toBe(401);
  later(16 * MINUTE);
  await run();
  expect(await left()).toEqual([]);
});
