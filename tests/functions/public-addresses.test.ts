/** A shop's addresses are those that its customers can open: others are refused where they are saved. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { PLATFORM_KEY } from '../support/fixtures.ts';

let app: App;
let count = 0;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const put = (url: string, siteId = `negozio-${++count}`) =>
  app.call('PUT', `/v1/sites/${siteId}`, {
    key: PLATFORM_KEY,
    body: { name: 'Negozio', url, moduleActive: true },
  });
const patch = (body: object) => app.call('PATCH', '/v1/sites/demo', { body });

const RANGE =
  /^Must be an address that customers can open: .+ is in a range of private or reserved addresses\.$/;

/** IANA's registries of special-purpose addresses (RFC 6890), and RFC 4291. */
const RESERVED = [
  'https://0.0.0.0',
  'https://10.1.2.3',
  'https://100.64.0.1',
  'https://127.0.0.1',
  'https://127.1',
  'https://0x7f000001',
  'https://2130706433',
  'https://169.254.169.254',
  'https://172.16.0.1',
  'https://172.31.255.255:8443/negozio',
  'https://192.0.0.8',
  'https://192.0.2.1',
  'https://192.168.1.20',
  'https://198.18.0.1',
  'https://198.51.100.1',
  'https://203.0.113.7',
  'https://224.0.0.1',
  'https://255.255.255.255',
  'https://[::]',
  'https://[::1]',
  'https://[::ffff:10.0.0.1]',
  'https://[::ffff:8.8.8.8]',
  'https://[64:ff9b:1::1]',
  'https://[fc00::1]',
  'https://[fd12:3456::1]:3000',
  'https://[fe80::1]',
  'https://[ff02::1]',
  'https://[2001:db8::1]',
  'https://[2002:a00:1::1]',
  'https://[3fff::1]',
];

/** RFC 6761, 6762 with its appendix G, 7686, 8375; ICANN's `internal`. */
const INNER = [
  'localhost',
  'localhost.',
  'negozio',
  'SERVER01:8080',
  'negozio.local',
  'Negozio.LOCAL.',
  'shop.localhost',
  'localhost.localdomain',
  'shop.internal',
  'shop.intranet',
  'shop.private',
  'shop.corp',
  'shop.home',
  'shop.lan',
  'nas.home.arpa',
  'shop.test',
  'shop.invalid',
  'shop.onion',
];

describe('the address of a site', () => {
  test.each(RESERVED)('%s is refused', async (url) => {
    const { status, json } = await put(url);
    expect(status).toBe(400);
    expect(json.errors).toEqual([
      { pointer: '/url', code: 'address-not-public', detail: expect.stringMatching(RANGE) },
    ]);
  });

  test.each(INNER)('https://%s is refused', async (host) => {
    for (const scheme of ['https', 'http']) {
      const { status, json } = await put(`${scheme}://${host}`);
      expect(status).toBe(400);
      expect(json.errors).toEqual([
        {
          pointer: '/url',
          code: 'address-not-public',
          detail: expect.stringMatching(/^Must be an address that customers can open: /),
        },
      ]);
    }
  });

  test('the error says why', async () => {
    expect((await put('https://localhost')).json.errors).toEqual([
      {
        pointer: '/url',
        code: 'address-not-public',
        detail:
          'Must be an address that customers can open: "localhost" is the name of a machine in its own network.',
      },
    ]);
    expect((await put('https://nas.local')).json.errors[0].detail).toBe(
      'Must be an address that customers can open: names that end in ".local" exist only inside a network.',
    );
  });

  test.each([
    'https://bottega.example',
    'https://www.bottega.it/negozio',
    ' https://bottega.it ',
    'https://perù.example',
    'https://local.it',
    'https://localhost.it',
    'https://8.8.8.8',
    'https://172.32.0.1',
    'https://[2a00:1450:4002::1]',
  ])('%s is taken', async (url) => {
    expect(await put(url)).toMatchObject({ status: 201, json: { url: url.trim() } });
  });

  test('a move there is refused, and one that was saved before can still be switched off', async () => {
    expect((await put('https://localhost', 'demo')).status).toBe(400);
    expect((await app.storedSite()).url).toBe('https://shop.example');

    await app.setSite({ url: 'https://localhost' });
    expect((await put('https://localhost', 'demo')).status).toBe(200);
    const module = { key: PLATFORM_KEY, body: { moduleActive: false } };
    expect((await app.call('PATCH', '/v1/sites/demo', module)).status).toBe(200);
  });

  test('the local run allows all of them', async () => {
    process.env.STAGE = 'local';
    try {
      expect((await put('http://localhost:8080')).status).toBe(201);
      expect((await patch({ privacyUrl: 'https://localhost/privacy' })).status).toBe(200);
    } finally {
      process.env.STAGE = 'test';
    }
  });
});

describe('the addresses in the settings', () => {
  test.each([
    'https://localhost/privacy',
    'https://192.168.0.2/privacy',
    'https://[::1]/',
    'https://nas.local/',
  ])('privacyUrl %s is refused', async (privacyUrl) => {
    const { status, json } = await patch({ privacyUrl });
    expect(status).toBe(400);
    expect(json.errors).toMatchObject([
      {
        pointer: '/privacyUrl',
        code: 'address-not-public',
        detail: expect.stringMatching(/^Must be an address that customers can open/),
      },
    ]);
  });

  test('an address in merchantContact is looked at too', async () => {
    const refused = await patch({
      merchantContact: 'Scrivici: http://10.0.0.5/contatti o info@shop.example',
    });
    expect(refused).toMatchObject({ status: 400, json: { errors: [{ pointer: '/merchantContact' }] } });
    expect((await patch({ merchantContact: 'https://shop.example/contatti, tel. 10.0.0.5' })).status).toBe(
      200,
    );
  });

  test('what was saved before may be sent back', async () => {
    await app.setSite({ privacyUrl: 'https://localhost/privacy' });
    expect((await patch({ privacyUrl: 'https://localhost/privacy', timeZone: 'UTC' })).status).toBe(200);
  });

  test('"" removes them, as null does; a space inside is taken', async () => {
    expect(await patch({ privacyUrl: 'https://shop.example/nota privacy' })).toMatchObject({
      json: { privacyUrl: 'https://shop.example/nota%20privacy' },
    });
    const { json } = await patch({ privacyUrl: '', merchantContact: ' ' });
    expect(json).not.toHaveProperty('privacyUrl');
    expect(json).not.toHaveProperty('merchantContact');
  });
});
