/**
 * The merchant's whole way over HTTP alone, from nothing, with a client typed from docs/openapi.json: a site, a bot, a
 * user, a template, its preview, an event, the log; then the module is switched off. What the API answers on the way is
 * what the document says.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import createClient, { type Middleware } from 'openapi-fetch';
import type { Operation } from '../../lib/openapi/operation.ts';
import { allOperations, OPENAPI_FILE } from '../../scripts/openapi.ts';
import type { paths } from '../support/.generated/openapi.d.ts';
import { type LocalRun, startRun, until } from '../support/local-run.ts';

const CHAT = 4711;
let run: LocalRun;
let operations: Operation[];
let siteKey: string;
const params = { path: { siteId: 'bottega' } };

beforeAll(async () => {
  [run, operations] = await Promise.all([startRun(), allOperations()]);
});
afterAll(() => run?.stop());

/** Reads every answer with the schema of the document: it must say all that is promised, and nothing besides. */
const asDocumented: Middleware = {
  async onResponse({ response, schemaPath, request }) {
    const operation = operations.find(({ path, method }) => path === schemaPath && method === request.method);
    const place = `${request.method} ${schemaPath} ${response.status}`;
    if (response.status >= 400 || !operation) return;
    const answer = operation.answers.find(({ status }) => status === response.status);
    if (!answer) throw new Error(`${place} is not documented.`);
    if (!answer.schema) return;
    const body = await response.clone().json();
    expect([place, answer.schema.safeParse(body)]).toEqual([place, { success: true, data: body }]);
    for (const name of Object.keys(answer.headers ?? {})) expect(response.headers.get(name)).toBeTruthy();
  },
};

function client(key: string) {
  // The log is also there as CSV, which this client does not ask for.
  const made = createClient<paths, 'application/json'>({
    baseUrl: run.api,
    headers: { authorization: `Bearer ${key}` },
  });
  made.use(asDocumented);
  return made;
}

const event = (eventId: string) => ({
  eventId,
  language: 'en',
  order: {
    id: '1',
    reference: 'OC 1',
    status: 'evaso',
    itemCount: 2,
    total: { amount: '20.00', currency: 'EUR' },
    url: 'https://bottega.example/ordini/1',
  },
  holder: { id: 'elena', firstName: 'Elena' },
});

test('the API serves the document that is in docs, to everybody', async () => {
  const answer = await fetch(`${run.api}/v1/openapi.json`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual(JSON.parse(await readFile(OPENAPI_FILE, 'utf8')));
});

describe('from nothing', () => {
  test('the platform creates a site', async () => {
    const created = await client('platform-demo').PUT('/v1/sites/{siteId}', {
      params,
      body: { name: 'Bottega', url: 'https://bottega.example', moduleActive: true },
    });
    expect(created.response.status).toBe(201);
    // 201 has the key and 200 has not: the types say so.
    if (!created.data || !('siteKey' in created.data)) throw new Error('The first key is missing.');
    siteKey = created.data.siteKey;
  });

  test('the merchant saves a bot, and it works', async () => {
    const saved = await client(siteKey).PUT('/v1/sites/{siteId}/bot', {
      params,
      body: { token: '200:nuovo', username: 'nuovo_bot' },
    });
    expect(saved.data?.bot).toEqual({ id: '200', username: 'nuovo_bot' });
    const { data } = await client(siteKey).POST('/v1/sites/{siteId}/bot/test', { params });
    expect(data).toMatchObject({ works: true });
  });

  test('a user links Telegram', async () => {
    const user = { path: { ...params.path, userId: 'elena' } };
    const { data } = await client(siteKey).POST('/v1/sites/{siteId}/users/{userId}/link', {
      params: user,
      body: { firstName: 'Elena', language: 'en' },
    });
    await run.emulator(`chats/${CHAT}/send`, {
      text: `/start ${data?.token}`,
      bot: 'nuovo_bot',
      from: { first_name: 'Elena' },
    });
    await until(async () => {
      const state = await client(siteKey).GET('/v1/sites/{siteId}/users/{userId}', { params: user });
      return state.data?.linked;
    }, 'elena to be linked');
  });

  test('a template for "Evaso" in two languages: written, previewed, tested', async () => {
    const template = {
      name: 'Ordine evaso',
      event: 'order-status' as const,
      statuses: ['Evaso'],
      text: {
        it: 'Ciao {{nome}}, <b>{{siglaDocumento}}</b> parte.',
        en: 'Hello {{nome}}, <b>{{siglaDocumento}}</b> is on its way.',
      },
      button: { it: "Vedi l'ordine", en: 'View the order' },
    };
    const merchant = client(siteKey);
    const { data } = await merchant.GET('/v1/sites/{siteId}/templates', { params });
    for (const { id } of (data?.templates ?? []).filter(({ event }) => event === 'order-status')) {
      const one = { path: { ...params.path, templateId: id } };
      await merchant.DELETE('/v1/sites/{siteId}/templates/{templateId}', { params: one });
    }
    const preview = await merchant.POST('/v1/sites/{siteId}/templates/preview', { params, body: template });
    expect(preview.data?.previews.en?.html).toBe('Hello Anna, <b>OC 2026/0412</b> is on its way.');

    const created = await merchant.POST('/v1/sites/{siteId}/templates', { params, body: template });
    const one = { path: { ...params.path, templateId: created.data?.id ?? '' } };
    const sent = await merchant.POST('/v1/sites/{siteId}/templates/{templateId}/test', {
      params: one,
      body: { userId: 'elena' },
    });
    expect(sent.data?.status).toBe('queued');
    await messageOnce('🧪 Test message, with sample data\n\nHello Elena, OC 2026/0412 is on its way.');
  });

  test('an event becomes the message, and stands in the log', async () => {
    const merchant = client(siteKey);
    const reported = await merchant.POST('/v1/sites/{siteId}/events/order-status', {
      params,
      body: event('evaso-1'),
    });
    expect(reported.data?.notifications).toMatchObject([{ userId: 'elena', status: 'queued' }]);
    const message = await messageOnce('Hello Elena, OC 1 is on its way.');
    expect(message.reply_markup?.inline_keyboard).toEqual([
      [{ text: 'View the order', url: 'https://bottega.example/ordini/1' }],
    ]);

    const query = { userId: 'elena', event: 'order-status' as const, status: 'sent' as const };
    const log = await until(async () => {
      const { data } = await merchant.GET('/v1/sites/{siteId}/deliveries', { params: { ...params, query } });
      return data?.deliveries.length === 2 ? data : undefined;
    }, 'two deliveries in the log');
    expect(log.deliveries.map(({ eventId, test }) => [eventId.slice(0, 5), test])).toEqual([
      ['evaso', false],
      ['test-', true],
    ]);
    const deliveryId = reported.data?.notifications[0]?.deliveryId ?? '';
    const one = { path: { ...params.path, deliveryId } };
    const delivery = await merchant.GET('/v1/sites/{siteId}/deliveries/{deliveryId}', { params: one });
    expect(delivery.data).toMatchObject({
      eventId: 'evaso-1',
      status: 'sent',
      messageId: message.message_id,
    });
  });

  test('without the module nothing goes out, and everything is kept', async () => {
    const body = { name: 'Bottega', url: 'https://bottega.example', moduleActive: false };
    await client('platform-demo').PUT('/v1/sites/{siteId}', { params, body });
    // The function of this event has not met the site yet; one that has remembers it for up to 30 seconds.
    const refused = await client(siteKey).POST('/v1/sites/{siteId}/events/file-upload', {
      params,
      body: {
        eventId: 'caricato-1',
        file: { name: 'Listino.pdf' },
        folder: { name: 'Listini' },
        uploadedBy: { id: 'carla' },
        administrators: [{ id: 'elena' }],
      },
    });
    expect(refused.response.status).toBe(403);
    expect(refused.error).toMatchObject({ title: 'Forbidden', status: 403 });
    const { data } = await client(siteKey).GET('/v1/sites/{siteId}/templates', { params });
    expect(data?.templates.filter(({ event }) => event === 'order-status')).toHaveLength(1);
  });
});

describe('a second site', () => {
  /** A path of the document for the site `bottega`, with what is there. */
  const filled = (path: string) =>
    path
      .replace('{siteId}', 'bottega')
      .replace('{userId}', 'elena')
      .replace('{templateId}', 'default-welcome')
      .replace('{deliveryId}', 'x')
      .replace('{activityId}', 'x')
      .replace('{keyId}', '00000000');

  test.each(['pwtg_demo', 'pwtg_wrong', undefined])('with %s opens nothing of the first', async (key) => {
    const before = await stateOf();
    const locked = operations.filter(({ caller }) => /site|platform/.test(caller));
    expect(locked.length).toBeGreaterThan(25);
    for (const { method, path, body, examples = {} } of locked) {
      const answer = await fetch(`${run.api}${filled(path)}`, {
        method,
        headers: { ...(key && { authorization: `Bearer ${key}` }), 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(Object.values(examples)[0]) }),
      });
      expect([method, path, answer.status]).toEqual([method, path, 401]);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
    expect(await stateOf()).toEqual(before);
  });

  async function stateOf() {
    const merchant = client(siteKey);
    const user = { path: { ...params.path, userId: 'elena' } };
    return [
      (await merchant.GET('/v1/sites/{siteId}', { params })).data,
      (await merchant.GET('/v1/sites/{siteId}/templates', { params })).data,
      (await merchant.GET('/v1/sites/{siteId}/deliveries', { params })).data,
      (await merchant.GET('/v1/sites/{siteId}/users/{userId}', { params: user })).data,
    ];
  }
});

function messageOnce(text: string) {
  return until(async () => (await run.messages(CHAT)).find((message) => message.text === text), `"${text}"`);
}
