/** What the platform does with sites: create, rename, switch the module, change keys. */
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { TEMPLATE_KINDS } from '../../lib/domain/templates.ts';
import { type App, startApp } from '../support/app.ts';
import { PLATFORM_KEY, PLATFORM_KEY_SHA256 } from '../support/fixtures.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
});
afterAll(() => app.close());

const platform = (body?: unknown) => ({ key: PLATFORM_KEY, body });
const shop = { name: 'Bottega', url: 'https://bottega.example', moduleActive: true };

describe('PUT /v1/sites/{siteId}', () => {
  test('creates a site with a key that opens it', async () => {
    const answer = await app.call('PUT', '/v1/sites/uno', platform(shop));

    expect(answer.status).toBe(201);
    const { siteKey, keyId, ...view } = answer.json;
    // 256 bits are 43 characters of base64url.
    expect(siteKey).toMatch(/^pwtg_[A-Za-z0-9_-]{43}$/);
    expect(keyId).toMatch(/^[0-9a-f]{8}$/);
    expect(view).toEqual({
      siteId: 'uno',
      ...shop,
      active: true,
      languages: ['it', 'en'],
      defaultLanguage: 'it',
      timeZone: 'Europe/Rome',
      abandonedCartHours: 3,
      telegramGroups: [],
      docuvision: false,
      tone: 'tu',
      orderButton: { it: "Vedi l'ordine", en: 'View your order' },
      cartButton: { it: "Completa l'acquisto", en: 'Complete your purchase' },
    });
    const settings = await app.call('GET', '/v1/sites/uno', { key: siteKey });
    expect(settings).toMatchObject({ status: 200, json: view });
    expect(settings.text).not.toContain('pwtg_');
  });

  test('a new site has a template for every event, from this moment on', async () => {
    const before = Date.now();
    await app.createSite('due');
    const { templates } = await app.storedSite('due');

    expect(new Set(templates.map(({ event }) => event))).toEqual(new Set(TEMPLATE_KINDS));
    for (const { createdAt } of templates) {
      expect(Date.parse(createdAt ?? '')).toBeGreaterThanOrEqual(before);
      expect(Date.parse(createdAt ?? '')).toBeLessThanOrEqual(Date.now());
    }
  });

  test('changes a site that is there, shows no key, and keeps what the merchant has set', async () => {
    const key = await app.createSite('tre');
    await app.call('PATCH', '/v1/sites/tre', { key, body: { docuvision: true, telegramGroups: ['Agenti'] } });
    const { templates } = await app.storedSite('tre');

    const changed = { name: 'Bottega nuova', url: 'http://bottega.example/shop', moduleActive: false };
    const answer = await app.call('PUT', '/v1/sites/tre', platform(changed));

    expect(answer).toMatchObject({
      status: 200,
      json: { ...changed, docuvision: true, telegramGroups: ['Agenti'] },
    });
    expect(answer.json).not.toHaveProperty('siteKey');
    expect((await app.storedSite('tre')).templates).toEqual(templates);
    expect((await app.call('GET', '/v1/sites/tre', { key })).status).toBe(200);
  });

  test('two who create one site at the same instant: one is shown the key', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => app.call('PUT', '/v1/sites/insieme', platform(shop))),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    const shown = answers.filter(({ json }) => json.siteKey !== undefined);
    expect(shown).toHaveLength(1);
    const key = shown[0]?.json.siteKey;
    expect((await app.call('GET', '/v1/sites/insieme', { key })).status).toBe(200);
  });

  const address =
    'Must be the address of the shop, such as "https://shop.example": http or https, without user name, query and fragment.';
  test.each<[string, object, { pointer: string; code: string; detail: string }]>([
    [
      'no name',
      { name: undefined },
      { pointer: '/name', code: 'required', detail: 'This property is required.' },
    ],
    ['a blank name', { name: '  ' }, { pointer: '/name', code: 'invalid', detail: 'Must not be blank.' }],
    [
      'an ftp address',
      { url: 'ftp://bottega.example' },
      { pointer: '/url', code: 'invalid', detail: address },
    ],
    ['no scheme', { url: 'bottega.example' }, { pointer: '/url', code: 'invalid', detail: address }],
    [
      'a user name',
      { url: 'https://a@bottega.example' },
      { pointer: '/url', code: 'invalid', detail: address },
    ],
    [
      'a query',
      { url: 'https://bottega.example/?a=1' },
      { pointer: '/url', code: 'invalid', detail: address },
    ],
    [
      'white space',
      { url: 'https://bottega.example/a b' },
      { pointer: '/url', code: 'invalid', detail: address },
    ],
    ['no host', { url: 'https://' }, { pointer: '/url', code: 'invalid', detail: address }],
    [
      'a module that is a text',
      { moduleActive: 'yes' },
      { pointer: '/moduleActive', code: 'wrong-type', detail: 'Must be true or false, not a string.' },
    ],
    [
      'an unknown property',
      { active: true },
      {
        pointer: '/active',
        code: 'unknown-property',
        detail: 'Unknown property "active": it is refused so that a typing mistake does not pass unseen.',
      },
    ],
  ])('refuses %s', async (_what, changes, error) => {
    const answer = await app.call('PUT', '/v1/sites/rifiutato', platform({ ...shop, ...changes }));
    expect(answer).toMatchObject({ status: 400, json: { title: 'Bad Request', errors: [error] } });
    expect(answer.json.detail).toMatch(/^Nothing was changed: 1 place is wrong in the body\./);
    await expect(app.storedSite('rifiutato')).rejects.toThrow();
  });

  test.each(['Bottega', 'a_b', '-a', 'a-', 'a'.repeat(65)])('refuses the site id %s', async (siteId) => {
    const answer = await app.call('PUT', `/v1/sites/${siteId}`, platform(shop));
    expect(answer.status).toBe(400);
    expect(answer.json.detail).toMatch(/^A site id has 1 to 64 characters/);
  });
});

describe('keys', () => {
  test('rotate with two valid at a time, and the last one stays', async () => {
    const first = await app.createSite('chiavi');
    const opens = async (key: string) => (await app.call('GET', '/v1/sites/chiavi', { key })).status;

    const made = await app.call('POST', '/v1/sites/chiavi/keys', platform());
    expect(made.status).toBe(201);
    const { siteKey: second, keyId } = made.json;
    expect([await opens(first), await opens(second)]).toEqual([200, 200]);

    const third = await app.call('POST', '/v1/sites/chiavi/keys', platform());
    expect(third).toMatchObject({ status: 409, json: { title: 'Conflict' } });
    expect(third.json.detail).toContain(keyId);

    const { json } = await app.call('GET', '/v1/sites/chiavi/keys', platform());
    expect(json.keys).toHaveLength(2);
    const old = json.keys.find((key: { keyId: string }) => key.keyId !== keyId);

    const removed = await app.call('DELETE', `/v1/sites/chiavi/keys/${old.keyId}`, platform());
    expect(removed).toMatchObject({ status: 204, text: '' });
    expect([await opens(first), await opens(second)]).toEqual([401, 200]);

    const last = await app.call('DELETE', `/v1/sites/chiavi/keys/${keyId}`, platform());
    expect(last.status).toBe(409);
    expect(last.json.detail).toMatch(/is the last key of this site/);
    expect(await opens(second)).toBe(200);
  });

  test('two who remove the two keys at the same instant leave one', async () => {
    await app.createSite('gara');
    await app.call('POST', '/v1/sites/gara/keys', platform());
    const { json } = await app.call('GET', '/v1/sites/gara/keys', platform());
    const answers = await Promise.all(
      json.keys.map(({ keyId }: { keyId: string }) =>
        app.call('DELETE', `/v1/sites/gara/keys/${keyId}`, platform()),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect((await app.storedSite('gara')).keyHashes).toHaveLength(1);
  });

  test('are kept as SHA-256 only', async () => {
    const key = await app.createSite('impronta');
    expect(JSON.stringify(await app.storedSite('impronta'))).not.toContain(key.slice(5));
  });

  test.each([
    ['POST', '/v1/sites/nessuno/keys', 'There is no site nessuno.'],
    ['GET', '/v1/sites/nessuno/keys', 'There is no site nessuno.'],
    ['DELETE', '/v1/sites/nessuno/keys/12345678', 'There is no site nessuno.'],
    ['DELETE', '/v1/sites/uno/keys/00000000', 'This site has no key 00000000.'],
  ])('%s %s: 404', async (method, path, detail) => {
    const answer = await app.call(method, path, platform());
    expect(answer.status).toBe(404);
    expect(answer.json.detail).toContain(detail);
  });

  test('a body is refused where there is nothing to say', async () => {
    const answer = await app.call('POST', '/v1/sites/uno/keys', platform({ siteKey: 'pwtg_mine' }));
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ pointer: '/siteKey' }] } });
  });
});

describe('the platform’s paths', () => {
  const paths: [string, string][] = [
    ['PUT', '/v1/sites/uno'],
    ['GET', '/v1/sites/uno/keys'],
    ['POST', '/v1/sites/uno/keys'],
    ['DELETE', '/v1/sites/uno/keys/12345678'],
  ];
  test.each(paths)('%s %s is closed without the platform’s key', async (method, path) => {
    const siteKey = await app.createSite(`chiuso-${method.toLowerCase()}-${path.split('/').length}`);
    for (const key of [undefined, siteKey, 'platform-dem', 'platform-demo1', 'PLATFORM-DEMO', '']) {
      const answer = await app.call(method, path, { body: shop, key: key ?? null });
      expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
      expect(answer.json.detail).toMatch(/^Wrong key: this path takes the key of the platform/);
    }
  });

  describe('open', () => {
    const hash = process.env.PLATFORM_KEY_SHA256;
    afterEach(() => {
      process.env.PLATFORM_KEY_SHA256 = hash;
    });

    test('to nobody in a deployment that has no platform key', async () => {
      process.env.PLATFORM_KEY_SHA256 = '';
      expect((await app.call('PUT', '/v1/sites/uno', platform(shop))).status).toBe(401);
    });

    test('with either of two keys while the platform’s key changes, and with no other', async () => {
      const next = createHash('sha256').update('the-next-key').digest('hex');
      for (const sums of [`${next},${PLATFORM_KEY_SHA256}`, `${PLATFORM_KEY_SHA256},${next.toUpperCase()}`]) {
        process.env.PLATFORM_KEY_SHA256 = sums;
        const status = async (key: string) => (await app.call('GET', '/v1/sites/demo/keys', { key })).status;
        expect(await status(PLATFORM_KEY)).toBe(200);
        expect(await status('the-next-key')).toBe(200);
        expect(await status('another-key')).toBe(401);
      }
    });
  });
});
