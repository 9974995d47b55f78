/** `GET` and `PATCH /v1/sites/{siteId}` with the platform's key: it reads, and switches the module alone. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, type CallOptions, startApp } from '../support/app.ts';
import { PLATFORM_KEY } from '../support/fixtures.ts';

let app: App;
let siteId: string;
let path: string;
let siteKey: string;
let count = 0;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
});
afterAll(() => app.close());
beforeEach(async () => {
  count += 1;
  siteId = `modulo-${count}`;
  path = `/v1/sites/${siteId}`;
  siteKey = await app.createSite(siteId);
});

const platform = (method: string, options: CallOptions = {}) =>
  app.call(method, path, { key: PLATFORM_KEY, ...options });
const merchant = (method: string, options: CallOptions = {}) =>
  app.call(method, path, { key: siteKey, ...options });

describe('GET with the platform’s key', () => {
  test('shows the same as with the site’s key', async () => {
    await merchant('PATCH', { body: { merchantContact: '@bottega', docuvision: true } });
    const [seen, own] = [await platform('GET'), await merchant('GET')];
    expect(seen.status).toBe(200);
    expect(seen.json).toEqual(own.json);
    expect(seen.headers.etag).toBe(own.headers.etag);
  });

  test.each(['GET', 'PATCH'])('%s of an unknown site: 404, as for its keys', async (method) => {
    const options = { key: PLATFORM_KEY, body: { moduleActive: true } };
    const answer = await app.call(method, '/v1/sites/nessuno', options);
    const keys = await app.call('GET', '/v1/sites/nessuno/keys', { key: PLATFORM_KEY });
    expect(answer).toMatchObject({ status: 404, json: keys.json });
  });

  test.each(['GET', 'PATCH'])('%s of an id that no site can have: 400', async (method) => {
    const options = { key: PLATFORM_KEY, body: { moduleActive: true } };
    expect((await app.call(method, '/v1/sites/Bottega', options)).status).toBe(400);
  });
});

describe('PATCH with the platform’s key', () => {
  test('switches the module, and keeps everything else', async () => {
    await merchant('PATCH', { body: { merchantContact: '@bottega', telegramGroups: ['Agenti'] } });
    const before = await app.storedSite(siteId);

    const off = await platform('PATCH', { body: { moduleActive: false } });

    const seen = (await merchant('GET')).json;
    expect(off).toMatchObject({ status: 200, json: { moduleActive: false, merchantContact: '@bottega' } });
    expect(off.json).toEqual(seen);
    const { version: _, changedIn: _fields, lastChange: _change, ...kept } = before;
    expect(await app.storedSite(siteId)).toMatchObject({ ...kept, moduleActive: false });
    const on = await platform('PATCH', { body: { moduleActive: true } });
    expect(on).toMatchObject({ status: 200, json: { moduleActive: true } });
  });

  const ofTheSiteKey =
    'Is set with a key of the site: with the key of the platform, PATCH changes "moduleActive" alone.';
  const ofPut = 'Is changed with PUT: with the key of the platform, PATCH changes "moduleActive" alone.';
  test.each<[object, string, string]>([
    [{ active: false }, '/active', ofTheSiteKey],
    [{ languages: ['it'] }, '/languages', ofTheSiteKey],
    [{ merchantContact: null }, '/merchantContact', ofTheSiteKey],
    [{ privacyUrl: 'https://bottega.example/privacy' }, '/privacyUrl', ofTheSiteKey],
    [{ name: 'Altra' }, '/name', ofPut],
    [{ url: 'https://altra.example' }, '/url', ofPut],
    [
      { modulActive: true },
      '/modulActive',
      'Unknown property "modulActive": it is refused so that a typing mistake does not pass unseen. Did you mean "moduleActive"?',
    ],
    [{ moduleActive: 'no' }, '/moduleActive', 'Must be true or false, not a string.'],
    [{ moduleActive: null }, '/moduleActive', 'Must be true or false, not null: this property is required.'],
    [{ moduleActive: undefined }, '/moduleActive', 'This property is required.'],
  ])('refuses %j and changes nothing', async (wrong, pointer, detail) => {
    const before = await app.storedSite(siteId);
    const answer = await platform('PATCH', { body: { moduleActive: false, ...wrong } });
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ pointer, detail }] } });
    expect(answer.json.detail).toMatch(/^Nothing was changed: 1 place is wrong/);
    expect(await app.storedSite(siteId)).toEqual(before);
  });

  test('obeys If-Match, and the merchant hears of the change', async () => {
    const seen = String((await merchant('GET')).headers.etag);
    const first = await platform('PATCH', { body: { moduleActive: false }, ifMatch: seen });
    expect(first.status).toBe(200);

    const second = await platform('PATCH', { body: { moduleActive: true }, ifMatch: seen });
    expect(second).toMatchObject({ status: 412, headers: { etag: first.headers.etag } });
    const refused = await merchant('PATCH', { body: { active: false }, ifMatch: seen });
    expect(refused.json.errors).toEqual([
      {
        pointer: '/moduleActive',
        code: 'changed-meanwhile',
        detail: 'Somebody else has changed this: it is now false.',
      },
    ]);
  });
});

describe('the two keys', () => {
  test('the site’s key does not switch the module', async () => {
    const answer = await merchant('PATCH', { body: { moduleActive: false } });
    const detail = 'Is switched with the key of the platform, not with one of the site.';
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ pointer: '/moduleActive', detail }] } });
  });

  test.each(['GET', 'PATCH'])('%s: an unknown site and a wrong key look the same', async (method) => {
    const other = await app.createSite(`altro-${siteId}-${method.toLowerCase()}`);
    const body = { moduleActive: false };
    for (const key of [other, 'pwtg_x', 'platform-dem', 'PLATFORM-DEMO', '', undefined]) {
      const wrong = await app.call(method, path, { key: key ?? null, body });
      const unknown = await app.call(method, '/v1/sites/nessuno', { key: key ?? null, body });
      expect(wrong).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
      expect(wrong.json.detail).toMatch(/^Unknown site or wrong key/);
      expect(unknown).toEqual(wrong);
    }
  });

  test('a deployment without a platform key lets nobody in as the platform', async () => {
    const hash = process.env.PLATFORM_KEY_SHA256;
    process.env.PLATFORM_KEY_SHA256 = '';
    try {
      expect((await platform('GET')).status).toBe(401);
      expect((await platform('PATCH', { body: { moduleActive: false } })).status).toBe(401);
      expect((await merchant('GET')).status).toBe(200);
    } finally {
      process.env.PLATFORM_KEY_SHA256 = hash;
    }
  });
});
