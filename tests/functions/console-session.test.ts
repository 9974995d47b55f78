/** Who signs in to the console, what the session opens, and what ends it. Time is simulated. */
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { API, API_ENDPOINT } from '../support/api-events.ts';
import { type App, startApp } from '../support/app.ts';
import { type ConsolePage, consolePage } from '../support/console-page.ts';
import { keyHash, PLATFORM_KEY, SITE_KEY } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { writtenDuring } from '../support/log-lines.ts';
import { payload } from '../support/payloads.ts';
import { startTripwire, type Tripwire } from '../support/tripwire.ts';

let app: App;
let gate: Gate;
let tables: Tripwire;
let sites: typeof import('../../lib/store/sites.ts');
let now = Date.now();

beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    beforeLoading: async () => {
      tables = await startTripwire(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      gate = await startGate(tables.url);
      process.env.AWS_ENDPOINT_URL_DYNAMODB = gate.url;
    },
  });
  sites = await import('../../lib/store/sites.ts');
});
afterAll(async () => {
  await gate.close();
  await tables.close();
  await app.close();
});
beforeEach(async () => {
  now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  process.env.PLATFORM_KEY_SHA256 = keyHash(PLATFORM_KEY);
  await app.reset();
});
afterEach(async () => {
  await gate.open();
  jest.restoreAllMocks();
});

const SITE = '/v1/sites/demo';
const platform = { key: PLATFORM_KEY };
const DEMO_KEY = keyHash(SITE_KEY).slice(0, 8);
const PLATFORM_KEY_ID = keyHash(PLATFORM_KEY).slice(0, 8);
const bySiteKey = { siteId: 'demo', key: SITE_KEY };
const EIGHT_HOURS = 8 * 3_600_000;
const TEN_MINUTES = 600_000;

const makeLink = async (siteId = 'demo'): Promise<string> => {
  const { status, json } = await app.call('POST', `/v1/sites/${siteId}/console-links`, platform);
  expect(status).toBe(201);
  return json.url.split('#token=')[1];
};
const page = (cookies: string[] = []) => consolePage(app, cookies);
const signedIn = async (body: object = bySiteKey): Promise<ConsolePage> => {
  const browser = page();
  expect((await browser.signIn(body)).status).toBe(200);
  return browser;
};
/** The status, and the code of a refusal. */
const outcome = async (answer: ReturnType<ConsolePage['call']>) => {
  const { status, json } = await answer;
  return status === 200 || status === 204 ? status : `${status} ${json.code}`;
};
const opens = (browser: ConsolePage, path = SITE) => outcome(browser.call('GET', path));
const put = (Item: object) =>
  DynamoDBDocumentClient.from(app.stack.aws.dynamodb).send(
    new PutCommand({ TableName: process.env.SITES_TABLE, Item }),
  );
/** As another instance of a function. */
const elsewhere = () => sites.clearSiteCache();

describe('signing in', () => {
  test('with a key of the site', async () => {
    const browser = page();
    const { status, json, headers, cookies } = await browser.signIn(bySiteKey);
    const expiresAt = new Date(now + EIGHT_HOURS).toISOString();
    expect([status, json]).toEqual([200, { role: 'site', siteId: 'demo', expiresAt }]);
    expect(headers['cache-control']).toBe('no-store');
    // RFC 6265bis: `__Host-` asks for Secure, Path=/ and no Domain.
    expect(cookies).toEqual([
      expect.stringMatching(
        /^__Host-console-site=[\w.-]{50,150}; Path=\/; Max-Age=28800; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
    expect(await opens(browser)).toBe(200);
    expect((await browser.call('GET', '/console/session')).json).toEqual({
      site: { siteId: 'demo', expiresAt },
      platform: null,
    });
  });

  test('with the key of the platform', async () => {
    const browser = page();
    const { status, json, cookies } = await browser.signIn({ key: PLATFORM_KEY });
    const expiresAt = new Date(now + EIGHT_HOURS).toISOString();
    expect([status, json]).toEqual([200, { role: 'platform', expiresAt }]);
    expect(cookies).toEqual([expect.stringMatching(/^__Host-console-platform=/)]);
    expect(await opens(browser, '/v1/sites')).toBe(200);
    expect(await opens(browser)).toBe(200);
    expect(await opens(browser, `${SITE}/templates`)).toBe('401 session-ended');
  });

  test('with a link, whose token stands behind the "#"', async () => {
    const { json } = await app.call('POST', `${SITE}/console-links`, platform);
    expect(json).toEqual({
      url: expect.stringMatching(/^https:\/\/api\.example\/console\/#token=demo\.[\w-]{52,53}$/),
      expiresAt: new Date(now + TEN_MINUTES).toISOString(),
    });
    const browser = await signedIn({ token: json.url.split('#token=')[1] });
    expect(await opens(browser)).toBe(200);
  });

  test('an answer of the table that is lost ends nothing: the link still opens one session', async () => {
    for (const place of [0, 1, 2, 3, 4, 5, 6, 7, 8]) {
      const token = await makeLink();
      gate.loseAnswers(1, place);
      const browser = page();
      const { status } = await browser.signIn({ token });
      gate.loseAnswers(0);
      expect([place, status]).toEqual([place, 200]);
      expect(await opens(browser)).toBe(200);
      expect(await outcome(page().signIn({ token }))).toBe('401 wrong-console-link');
    }
  });

  test.each([
    ['nothing', {}],
    ['a site alone', { siteId: 'demo' }],
    ['two ways at once', { token: 'demo.x', key: SITE_KEY }],
    ['a token and a site', { token: 'demo.x', siteId: 'demo' }],
    ['a name too many', { ...bySiteKey, password: 'x' }],
  ])('%s: 400', async (_, body) => {
    expect((await page().signIn(body)).status).toBe(400);
  });

  test.each([
    ['a wrong key', { siteId: 'demo', key: 'pwtg_wrong' }, '401 wrong-key'],
    ['the key of another site', { siteId: 'other', key: SITE_KEY }, '401 wrong-key'],
    ['an unknown site', { siteId: 'nessuno', key: SITE_KEY }, '401 wrong-key'],
    ['what can be no site', { siteId: 'demo#version', key: SITE_KEY }, '401 wrong-key'],
    ['the key of the platform for a site', { siteId: 'demo', key: PLATFORM_KEY }, '401 wrong-key'],
    ['the key of a site for the platform', { key: SITE_KEY }, '401 wrong-platform-key'],
    ['the hash of the key', { key: keyHash(PLATFORM_KEY) }, '401 wrong-platform-key'],
    ['a token that is none', { token: 'demo.x' }, '401 wrong-console-link'],
    ['a token of the right form', { token: `demo.mbq5zk3k_${'a'.repeat(43)}` }, '401 wrong-console-link'],
    ['a token of an unknown site', { token: `nessuno.mbq5zk3k_${'a'.repeat(43)}` }, '401 wrong-console-link'],
    ['a token of no site', { token: `mbq5zk3k_${'a'.repeat(43)}` }, '401 wrong-console-link'],
  ])('%s is refused', async (_, body, refusal) => {
    const answer = await page().signIn(body);
    expect(`${answer.status} ${answer.json.code}`).toBe(refusal);
    expect(answer.cookies).toEqual([]);
  });

  test('data of the former release: a site, and a small item, that know nothing of sessions', async () => {
    await app.setSite({ version: 4 });
    await put({
      siteId: 'demo#version',
      version: 4,
      credentials: { keyHashes: [keyHash(SITE_KEY)], version: 4, madeAt: now },
    });
    elsewhere();
    const browser = await signedIn({ token: await makeLink() });
    elsewhere();
    expect(await opens(browser)).toBe(200);
    // A function of the former release that is still running makes the copy as it knows it.
    const small = (await app.stack.items('SitesTable')).find(({ siteId }) => siteId === 'demo#version');
    const { sessions: _, links: __, ...credentials } = (small?.credentials ?? {}) as Record<string, unknown>;
    await put({ ...small, credentials });
    elsewhere();
    expect(await opens(browser)).toBe(200);
  });
});

describe('what a session opens', () => {
  test('the routes of the site, as its key does', async () => {
    const browser = await signedIn();
    expect(await opens(browser, `${SITE}/templates`)).toBe(200);
    expect(await opens(browser, `${SITE}/users`)).toBe(200);
    expect(await outcome(browser.call('PATCH', SITE, { body: { docuvision: true } }))).toBe(200);
    // Only the platform's.
    expect(await opens(browser, `${SITE}/keys`)).toBe('401 session-ended');
    expect(await opens(browser, '/v1/sites')).toBe('401 session-ended');
    const put = { name: 'X', url: 'https://x.example', moduleActive: true };
    expect(await outcome(browser.call('PUT', SITE, { body: put }))).toBe('401 session-ended');
  });

  test('no other site', async () => {
    const key = await app.createSite('altro');
    const browser = await signedIn();
    for (const path of ['/v1/sites/altro', '/v1/sites/altro/users', '/v1/sites/nessuno'])
      expect(await opens(browser, path)).toBe('401 session-ended');
    // Nor with its id written into the cookie.
    const forged = page(browser.cookies.map((cookie) => cookie.replace('=demo.', '=altro.')));
    expect(await opens(forged, '/v1/sites/altro')).toBe('401 session-ended');
    // Nor as that of the platform.
    const other = page(browser.cookies.map((cookie) => cookie.replace('-site=', '-platform=')));
    expect(await opens(other, '/v1/sites')).toBe('401 session-ended');
    const stripped = page(browser.cookies.map((cookie) => cookie.replace('-site=demo.', '-platform=')));
    expect(await opens(stripped, '/v1/sites')).toBe('401 session-ended');
    expect((await app.call('GET', '/v1/sites/altro', { key })).status).toBe(200);
  });

  test('a platform’s session is none of a site', async () => {
    const browser = await signedIn({ key: PLATFORM_KEY });
    const [cookie = ''] = browser.cookies;
    for (const value of ['-site=demo.', '-site=']) {
      const forged = page([cookie.replace('-platform=', value)]);
      expect(await opens(forged, `${SITE}/templates`)).toBe('401 session-ended');
    }
  });

  test('with both in one browser: the site’s own at its site, unless the page says otherwise', async () => {
    const browser = await signedIn();
    await browser.signIn({ key: PLATFORM_KEY });
    expect(browser.cookies).toHaveLength(2);
    expect(await outcome(browser.call('PATCH', SITE, { body: { docuvision: true } }))).toBe(200);
    const headers = { 'x-console': 'platform' };
    expect(await outcome(browser.call('PATCH', SITE, { headers, body: { moduleActive: false } }))).toBe(200);
    expect(await outcome(browser.call('GET', `${SITE}/templates`, { headers }))).toBe('401 session-ended');
    expect(await opens(browser, '/v1/sites')).toBe(200);
    const asSite = { headers: { 'x-console': 'site' } };
    expect(await outcome(browser.call('GET', '/v1/sites', asSite))).toBe('401 session-ended');
    // A session of another site is not in the way.
    await app.createSite('altro');
    expect(await opens(browser, '/v1/sites/altro')).toBe(200);
  });

  test('a key decides alone where there is one', async () => {
    const browser = await signedIn();
    expect(await outcome(browser.call('GET', SITE, { key: 'pwtg_wrong' }))).toBe('401 wrong-key');
    const { cookies } = browser;
    expect((await app.call('GET', SITE, { cookies, headers: { 'x-console': '1' } })).status).toBe(200);
  });

  test('an event too: it counts as any other', async () => {
    const browser = await signedIn();
    const body = payload('order-status', { eventId: 'by-the-console' });
    expect((await browser.call('POST', `${SITE}/events/order-status`, { body })).status).toBe(202);
  });

  test('the audit says who it was', async () => {
    const named = { keyId: DEMO_KEY, name: 'negozio' };
    await app.setSite({ keyNames: { [DEMO_KEY]: 'negozio' } });
    const byKey = await signedIn();
    const byLink = await signedIn({ token: await makeLink() });
    const byPlatform = await signedIn({ key: PLATFORM_KEY });
    await byKey.call('PATCH', SITE, { body: { docuvision: true } });
    await byLink.call('PATCH', SITE, { body: { docuvision: false } });
    await byPlatform.call('PATCH', SITE, { body: { moduleActive: false } });
    const entriesFor = async (options: object) =>
      (await app.call('GET', `${SITE}/audit`, options)).json.entries.map(({ by }: { by: object }) => by);
    const ofPlatform = { caller: 'platform', via: 'console' };
    expect(await entriesFor(platform)).toEqual([
      { ...ofPlatform, keyId: PLATFORM_KEY_ID },
      { ...ofPlatform, keyId: PLATFORM_KEY_ID },
      { caller: 'site', ...named, via: 'console' },
    ]);
    expect(await entriesFor({})).toEqual([
      ofPlatform,
      ofPlatform,
      { caller: 'site', ...named, via: 'console' },
    ]);
    // To sign in changes nothing of the site that others see.
    expect((await app.call('GET', SITE)).headers.etag).toBe(
      `"${(await app.storedSite()).changedIn?.moduleActive}"`,
    );
  });
});

describe('what ends a session', () => {
  test('eight hours', async () => {
    const [site, ofPlatform] = [await signedIn(), await signedIn({ key: PLATFORM_KEY })];
    now += EIGHT_HOURS - 1;
    expect([await opens(site), await opens(ofPlatform, '/v1/sites')]).toEqual([200, 200]);
    now += 1;
    const ended = '401 session-ended';
    expect([await opens(site), await opens(ofPlatform, '/v1/sites')]).toEqual([ended, ended]);
    expect((await site.call('GET', '/console/session')).json).toEqual({ site: null, platform: null });
  });

  test('signing out: from the next request on, wherever it goes', async () => {
    const browser = await signedIn();
    const before = [...browser.cookies];
    expect(await opens(browser, `${SITE}/templates`)).toBe(200);
    const { status, cookies } = await browser.signOut('site');
    expect([status, cookies]).toEqual([
      204,
      ['__Host-console-site=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax'],
    ]);
    expect(browser.cookies).toEqual([]);
    // Who has kept the cookie has nothing.
    expect(await opens(page(before))).toBe('401 session-ended');
    expect(await opens(page(before), `${SITE}/templates`)).toBe('401 session-ended');
    expect((await app.storedSite()).sessions).toBeUndefined();
  });

  test('signing out of one role, and of both', async () => {
    const browser = await signedIn();
    await browser.signIn({ key: PLATFORM_KEY });
    const before = [...browser.cookies];
    await browser.signOut('site');
    expect(await opens(page(before), '/v1/sites')).toBe(200);
    await browser.signIn(bySiteKey);
    await browser.signOut();
    expect(await opens(page(before), '/v1/sites')).toBe('401 session-ended');
    expect((await page().signOut()).status).toBe(204);
    expect((await page().signOut('everybody')).status).toBe(400);
  });

  test('signing in again: the former one of this browser is over, in this site or another', async () => {
    await app.createSite('altro');
    const browser = await signedIn();
    const first = page(browser.cookies);
    await browser.signIn({ token: await makeLink('altro') });
    const second = page(browser.cookies);
    await browser.signIn(bySiteKey);
    expect([await opens(first), await opens(second, '/v1/sites/altro'), await opens(browser)]).toEqual([
      '401 session-ended',
      '401 session-ended',
      200,
    ]);
  });

  test('the end of its key: that of the site', async () => {
    const { json } = await app.call('POST', `${SITE}/keys`, platform);
    const [byOld, byNew] = [await signedIn(), await signedIn({ siteId: 'demo', key: json.siteKey })];
    const byLink = await signedIn({ token: await makeLink() });
    expect(await opens(byOld, `${SITE}/templates`)).toBe(200);
    const { version = 0 } = await app.storedSite();
    await app.call('DELETE', `${SITE}/keys/${DEMO_KEY}`, platform);
    // In the same write.
    const { sessions, version: after } = await app.storedSite();
    expect([sessions?.length, after]).toEqual([2, version + 1]);
    for (const path of [SITE, `${SITE}/templates`]) {
      expect(await opens(byOld, path)).toBe('401 session-ended');
      expect([await opens(byNew, path), await opens(byLink, path)]).toEqual([200, 200]);
    }
  });

  test('the end of its key: that of the platform, also for what its links have opened', async () => {
    process.env.PLATFORM_KEY_SHA256 = `${keyHash(PLATFORM_KEY)},${keyHash('platform-new')}`;
    const byLink = await signedIn({ token: await makeLink() });
    const ofPlatform = await signedIn({ key: PLATFORM_KEY });
    const ofNew = await signedIn({ key: 'platform-new' });
    const unused = await makeLink();
    process.env.PLATFORM_KEY_SHA256 = keyHash('platform-new');
    expect([await opens(byLink), await opens(ofPlatform, '/v1/sites')]).toEqual([
      '401 session-ended',
      '401 session-ended',
    ]);
    expect(await opens(ofNew, '/v1/sites')).toBe(200);
    expect(await outcome(page().signIn({ token: unused }))).toBe('401 wrong-console-link');
  });

  test('the end of the site, whose id may be another shop’s later', async () => {
    await app.createSite('gara');
    const browser = await signedIn({ token: await makeLink('gara') });
    const unused = await makeLink('gara');
    expect(await opens(browser, '/v1/sites/gara')).toBe(200);
    expect((await app.call('DELETE', '/v1/sites/gara', platform)).status).toBe(204);
    expect(await opens(browser, '/v1/sites/gara')).toBe('401 session-ended');
    expect(await opens(browser, '/v1/sites/gara/templates')).toBe('401 session-ended');
    expect(await outcome(page().signIn({ token: unused }))).toBe('401 wrong-console-link');
    expect((await app.call('POST', '/v1/sites/gara/console-links', platform)).status).toBe(404);
  });

  test('too many others: the oldest gives way', async () => {
    const browsers: ConsolePage[] = [];
    for (let index = 0; index < 21; index++) browsers.push(await signedIn());
    expect(await opens(browsers[0] as ConsolePage)).toBe('401 session-ended');
    expect(await opens(browsers[1] as ConsolePage)).toBe(200);
    const admins: ConsolePage[] = [];
    for (let index = 0; index < 21; index++) admins.push(await signedIn({ key: PLATFORM_KEY }));
    expect(await opens(admins[0] as ConsolePage, '/v1/sites')).toBe('401 session-ended');
    expect(await opens(admins[1] as ConsolePage, '/v1/sites')).toBe(200);
  });
});

describe('a link', () => {
  test('is good once', async () => {
    const token = await makeLink();
    await signedIn({ token });
    expect(await outcome(page().signIn({ token }))).toBe('401 wrong-console-link');
  });

  test('of two who use it at the same instant, one is let in', async () => {
    for (let round = 0; round < 5; round++) {
      await app.stack.empty('PacesTable');
      const token = await makeLink();
      const outcomes = await Promise.all(Array.from({ length: 4 }, () => outcome(page().signIn({ token }))));
      expect(outcomes.sort()).toEqual([200, ...Array(3).fill('401 wrong-console-link')]);
    }
  });

  test('is good for ten minutes', async () => {
    const [one, other] = [await makeLink(), await makeLink()];
    now += TEN_MINUTES - 1;
    await signedIn({ token: one });
    now += 1;
    expect(await outcome(page().signIn({ token: other }))).toBe('401 wrong-console-link');
  });

  test('is for its site alone', async () => {
    await app.createSite('altro');
    const token = await makeLink();
    expect(await outcome(page().signIn({ token: token.replace('demo.', 'altro.') }))).toBe(
      '401 wrong-console-link',
    );
    expect(await outcome(page().signIn({ token: token.replace('demo.', '') }))).toBe(
      '401 wrong-console-link',
    );
    await signedIn({ token });
  });

  test('is no session, and a session is no link', async () => {
    const token = await makeLink();
    expect(await opens(page([`__Host-console-site=${token}`]))).toBe('401 session-ended');
    const [cookie = ''] = (await signedIn()).cookies;
    const secret = cookie.slice(cookie.indexOf('=') + 1);
    expect(await outcome(page().signIn({ token: secret }))).toBe('401 wrong-console-link');
  });

  test('is made by the platform alone, for a site that there is', async () => {
    expect((await app.call('POST', `${SITE}/console-links`)).status).toBe(401);
    expect((await (await signedIn()).call('POST', `${SITE}/console-links`)).status).toBe(401);
    expect((await app.call('POST', '/v1/sites/nessuno/console-links', platform)).status).toBe(404);
    const admin = await signedIn({ key: PLATFORM_KEY });
    const { json } = await admin.call('POST', `${SITE}/console-links`);
    await signedIn({ token: json.url.split('#token=')[1] });
  });

  test('works right after somebody was refused', async () => {
    elsewhere();
    expect((await app.call('GET', SITE, { key: 'pwtg_wrong' })).status).toBe(401);
    const token = await makeLink();
    // Other functions remember for two seconds with what they have refused.
    expect((await page().signIn({ siteId: 'demo', key: 'pwtg_wrong' })).status).toBe(401);
    const browser = await signedIn({ token });
    expect(await opens(browser)).toBe(200);
  });
});

describe('pages of others', () => {
  const foreign: [string, Record<string, string>][] = [
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another site, in an older browser', { origin: 'https://evil.example', 'sec-fetch-site': '' }],
    [
      'a sibling under the same domain',
      { origin: 'https://evil.api.example', 'sec-fetch-site': 'same-site' },
    ],
    ['the same host over http', { origin: 'http://api.example', 'sec-fetch-site': 'cross-site' }],
    ['another port', { origin: `${API}:8443`, 'sec-fetch-site': 'same-site' }],
    ['a page without an origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['a name that begins alike', { origin: `${API}.evil.example`, 'sec-fetch-site': '' }],
  ];
  const withoutEmpty = (headers: Record<string, string>) => ({
    'x-console': '1',
    ...Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== '')),
  });
  const calls: [string, string, object][] = [
    ['PATCH', SITE, { body: { docuvision: true } }],
    ['DELETE', `${SITE}/users/anna`, {}],
    ['GET', `${SITE}/users`, {}],
    ['POST', '/console/session', { body: bySiteKey }],
    ['DELETE', '/console/session', {}],
  ];
  test.each(foreign)('%s can do nothing, even with the header', async (_, headers) => {
    const { cookies } = await signedIn();
    for (const [method, path, options] of calls) {
      const answer = await app.call(method, path, {
        ...options,
        key: null,
        cookies,
        headers: withoutEmpty(headers),
      });
      expect([method, path, answer.status, answer.json.code]).toEqual([method, path, 403, 'foreign-origin']);
      expect(answer.cookies).toEqual([]);
      // No page may read it either.
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    expect((await app.storedSite()).docuvision).toBe(false);
    expect(await opens(page(cookies))).toBe(200);
  });

  test('a form, or an image, brings the cookie and no header: it is as if there were none', async () => {
    const { cookies } = await signedIn();
    const form = {
      key: null,
      cookies,
      headers: { 'content-type': 'text/plain' },
      body: '{"docuvision":true}',
    };
    for (const origin of [undefined, API, 'https://evil.example']) {
      const headers = { ...form.headers, ...(origin && { origin }) };
      expect((await app.call('PATCH', SITE, { ...form, headers })).status).toBe(401);
      expect((await app.call('GET', `${SITE}/users`, { key: null, cookies, headers })).status).toBe(401);
      const body = JSON.stringify(bySiteKey);
      expect((await app.call('POST', '/console/session', { ...form, headers, body })).status).toBe(403);
      expect((await app.call('DELETE', '/console/session', { key: null, cookies, headers })).status).toBe(
        403,
      );
    }
    expect(await opens(page(cookies))).toBe(200);
  });

  test('a change without an Origin is none of a browser’s page', async () => {
    const { cookies } = await signedIn();
    const headers = { 'x-console': '1' };
    const options = { key: null, cookies, headers, body: { docuvision: true } };
    expect(await outcome(app.call('PATCH', SITE, options))).toBe('403 foreign-origin');
    expect(await outcome(app.call('GET', SITE, { key: null, cookies, headers }))).toBe(200);
  });

  test('the public address is its own, whichever host the API sees; so is the host that was called', async () => {
    const { cookies } = await signedIn();
    const change = (api: string, origin: string) => {
      const headers = { 'x-console': '1', origin };
      return outcome(
        app.call('PATCH', SITE, { key: null, cookies, api, headers, body: { docuvision: true } }),
      );
    };
    expect(await change(API_ENDPOINT, API)).toBe(200);
    expect(await change(API_ENDPOINT, API_ENDPOINT)).toBe(200);
    expect(await change(API, API_ENDPOINT)).toBe('403 foreign-origin');
  });

  test('a session that somebody else has put into the browser does not become the person’s own', async () => {
    const attacker = await signedIn();
    const victim = page(attacker.cookies);
    await victim.signIn({ key: PLATFORM_KEY });
    await victim.signIn(bySiteKey);
    expect(victim.cookies).not.toEqual(expect.arrayContaining(attacker.cookies));
    // And what the attacker knows is worth nothing any more.
    expect(await opens(attacker)).toBe('401 session-ended');
    expect(await opens(victim)).toBe(200);
    // Nor does the server take a secret that it has not made.
    const planted = page([`__Host-console-site=demo.mbq5zk3k_${'a'.repeat(43)}`]);
    await planted.signIn(bySiteKey);
    expect(planted.cookies[0]).not.toContain('aaaa');
    // A cookie without the prefix may be a sibling host's.
    const sibling = (await signedIn()).cookies.map((cookie) => cookie.replace('__Host-', ''));
    expect(await opens(page(sibling))).toBe('401 session-ended');
  });
});

describe('wrong keys', () => {
  const wrong = (options: object = {}, body: object = { siteId: 'demo', key: 'pwtg_wrong' }) =>
    page().signIn(body, options);

  test('are slowed down, and nothing is looked at meanwhile: not even the right one', async () => {
    for (let index = 0; index < 10; index++) expect((await wrong()).status).toBe(401);
    const { status, json, headers } = await page().signIn(bySiteKey);
    expect([status, json.code, headers['retry-after']]).toEqual([429, 'too-many-attempts', '6']);
    now += 6_000;
    expect((await page().signIn(bySiteKey)).status).toBe(200);
    now += 120_000;
    for (let index = 0; index < 10; index++) expect((await wrong()).status).toBe(401);
    expect((await wrong()).status).toBe(429);
  });

  test('the same for tokens and for the platform', async () => {
    const tokens = { token: `demo.mbq5zk3k_${'a'.repeat(43)}` };
    const keys = { key: 'wrong' };
    for (const body of [tokens, keys]) {
      for (let index = 0; index < 10; index++) expect((await wrong({}, body)).status).toBe(401);
      expect((await wrong({}, body)).status).toBe(429);
    }
  });

  test('keep nobody else out: another site, another address, or who is signed in', async () => {
    const browser = await signedIn();
    for (let index = 0; index < 11; index++) await wrong();
    expect(await opens(browser)).toBe(200);
    await app.createSite('altro');
    expect((await page().signIn({ token: await makeLink('altro') })).status).toBe(200);
    const event = app.eventFor('POST', '/console/session', {
      key: null,
      headers: { 'x-console': '1', origin: API },
      body: bySiteKey,
    });
    event.requestContext.http.sourceIp = '203.0.113.7';
    expect(await app.invoke('console', event)).toMatchObject({ statusCode: 200 });
  });

  test('from one network of IPv6 count together: whoever has one address there has them all', async () => {
    const from = async (sourceIp: string, body: object = { siteId: 'demo', key: 'pwtg_wrong' }) => {
      const headers = { 'x-console': '1', origin: API };
      const event = app.eventFor('POST', '/console/session', { key: null, headers, body });
      event.requestContext.http.sourceIp = sourceIp;
      const { statusCode } = (await app.invoke('console', event)) as { statusCode: number };
      return statusCode;
    };
    for (let index = 0; index < 10; index++) expect(await from(`2001:db8:0:1::${index}`)).toBe(401);
    expect(await from('2001:0DB8:0000:0001:ffff:1:2:3', bySiteKey)).toBe(429);
    expect(await from('2001:db8:0:2::1', bySiteKey)).toBe(200);
    // IPv4 addresses, however they are written, are one caller each.
    for (let index = 0; index < 10; index++) expect(await from('::ffff:203.0.113.8')).toBe(401);
    expect(await from('::ffff:203.0.113.8', bySiteKey)).toBe(429);
    expect(await from('::ffff:203.0.113.9', bySiteKey)).toBe(200);
  });

  test('right ones do not count', async () => {
    for (let index = 0; index < 30; index++) await signedIn();
  });

  test('the address of the caller is not kept as it is', async () => {
    await wrong();
    expect(JSON.stringify(await app.stack.items('PacesTable'))).not.toContain('127.0.0.1');
  });

  test('a stranger with invented sessions costs next to nothing', async () => {
    const invented = (index: number) => `mbq5zk3k_${String(index).padStart(43, 'a')}`;
    elsewhere();
    await app.call('GET', SITE, { key: 'pwtg_wrong' });
    elsewhere();
    tables.seen.length = 0;
    for (let index = 0; index < 100; index++) {
      expect(await opens(page([`__Host-console-site=demo.${invented(index)}`]))).toBe('401 session-ended');
      expect(await opens(page([`__Host-console-platform=${invented(index)}`]), '/v1/sites')).toBe(
        '401 session-ended',
      );
    }
    const asked = tables.seen.map(({ body }) => JSON.parse(body)).map(({ Key }) => Key.siteId.S);
    expect(asked.sort()).toEqual(['#platform-sessions', 'demo#version', 'demo#version']);
  });
});

describe('secrets', () => {
  test('are in no log, no answer but the one, and in no table', async () => {
    const secrets: string[] = [];
    const { text } = await writtenDuring(async () => {
      const token = await makeLink();
      const browser = await signedIn({ token });
      await browser.signIn({ key: PLATFORM_KEY });
      secrets.push(token, ...browser.cookies.map((cookie) => cookie.slice(cookie.indexOf('=') + 1)));
      const answers = [
        await browser.call('PATCH', SITE, { body: { docuvision: true } }),
        await browser.call('GET', SITE),
        await browser.call('GET', '/console/session'),
        await browser.call('GET', `${SITE}/audit`),
        await browser.call('GET', '/v1/sites'),
        await page().signIn({ token }),
        await app.call('GET', `${SITE}/keys`, platform),
      ];
      for (const answer of answers)
        for (const secret of secrets) expect(JSON.stringify(answer)).not.toContain(secret);
      secrets.push(SITE_KEY, PLATFORM_KEY);
      await page().signIn(bySiteKey);
      await page().signIn({ siteId: 'demo', key: PLATFORM_KEY });
    }, 'debug');
    expect(text).toContain('signed in to the console');
    const kept = JSON.stringify(await app.stack.items('SitesTable'));
    const random = secrets.flatMap((secret) => [secret, secret.split('_').at(-1) ?? secret]);
    for (const secret of random.filter((each) => each.length > 8)) {
      expect(text).not.toContain(secret);
      expect(kept).not.toContain(secret);
    }
  });
});

test('dying at every request: a link is there, or a session; never both, and never a second one', async () => {
  for (let round = 0, isDone = false; !isDone; round++) {
    await app.reset();
    const token = await makeLink();
    elsewhere();
    gate.shutAfter(round);
    const browser = page();
    await browser.signIn({ token }).catch(() => undefined);
    isDone = gate.left() > 0;
    await gate.open();
    elsewhere();
    const { sessions = [], consoleLinks = [] } = await app.storedSite();
    expect([round, sessions.length + consoleLinks.length]).toEqual([round, 1]);
    const again = await outcome(page().signIn({ token }));
    expect([round, again]).toEqual([round, consoleLinks.length === 1 ? 200 : '401 wrong-console-link']);
    if (browser.cookies.length > 0) expect(await opens(browser)).toBe(200);
  }
});

test('out of reach: 503, and whoever is signed in stays so', async () => {
  const browser = await signedIn();
  elsewhere();
  await gate.shut();
  expect((await browser.call('GET', SITE)).status).toBe(503);
  expect((await browser.call('GET', '/console/session')).status).toBe(503);
  expect((await page().signIn(bySiteKey)).status).toBe(503);
  await gate.open();
  expect(await opens(browser)).toBe(200);
});
