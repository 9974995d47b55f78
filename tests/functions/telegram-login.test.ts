/** Log In With Telegram (OpenID Connect), against a provider of our own. */
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Answer } from '../support/api-events.ts';
import { type App, startApp } from '../support/app.ts';
import { type IdentityProvider, startIdentityProvider } from '../users/identity-provider.ts';

let app: App;
let provider: IdentityProvider;
let encryptToken: typeof import('../../lib/telegram/token-encryption.ts').encryptToken;

beforeAll(async () => {
  provider = await startIdentityProvider();
  process.env.TELEGRAM_OIDC_ISSUER = provider.url;
  app = await startApp({ telegram: 'server' });
  ({ encryptToken } = await import('../../lib/telegram/token-encryption.ts'));
});
afterAll(async () => {
  await app.close();
  await provider.close();
});
beforeEach(async () => {
  provider.behaviour = {};
  await app.setSite({ telegramLogin: { sealedClientSecret: encryptToken(provider.clientSecret, 'demo') } });
  await app.takeQueued();
});

const PATH = '/v1/sites/demo/telegram/login';
const start = (link: string) => app.call('GET', PATH, { key: null, query: { link } });
const callback = (query: string, cookies: string[]) =>
  app.call('GET', `${PATH}/callback`, { key: null, query, cookies });
const tokenFor = (userId: string) => app.linkToken(userId, { language: 'it' });

/** What a browser does: it goes where it is sent, and shows its cookies. */
async function goToTelegram(token: string): Promise<{ query: string; cookies: string[] }> {
  const begun = await start(token);
  expect(begun.status).toBe(302);
  const back = await fetch(String(begun.headers.location), { redirect: 'manual' });
  const location = new URL(back.headers.get('location') ?? '');
  expect(`${location.origin}${location.pathname}`).toBe(
    'https://api.example/v1/sites/demo/telegram/login/callback',
  );
  return {
    query: location.search.slice(1),
    cookies: begun.cookies.map((cookie) => cookie.split(';')[0] ?? ''),
  };
}

async function logIn(userId: string, id: number, more: Partial<IdentityProvider['person']> = {}) {
  provider.person = { id, ...more };
  const { query, cookies } = await goToTelegram(await tokenFor(userId));
  return callback(query, cookies);
}

test('HEAD changes nothing: nothing is stored, no cookie is set, nobody is linked, and no login is used up', async () => {
  const items = () => app.stack.items('LinksTable');
  const query = { link: await tokenFor('testa') };
  const before = await items();
  const begun = await app.call('HEAD', PATH, { key: null, query });
  expect(begun).toMatchObject({ status: 302, cookies: [] });
  expect(String(begun.headers.location)).toMatch(provider.url);
  expect(await items()).toEqual(before);
  expect((await app.call('HEAD', PATH, { key: null, query: { link: 'x' } })).status).toBe(404);

  provider.person = { id: 7250 };
  const back = await goToTelegram(query.link);
  const open = await items();
  const headed = await app.call('HEAD', `${PATH}/callback`, { key: null, ...back });
  expect(headed).toMatchObject({ status: 302, headers: { location: 'https://shop.example' }, cookies: [] });
  expect(await items()).toEqual(open);
  expect(await app.findUser('testa')).toBeUndefined();

  expect((await callback(back.query, back.cookies)).status).toBe(302);
  expect(await app.findUser('testa')).toMatchObject({ chatId: 7250 });
  const late = await app.call('HEAD', `${PATH}/callback`, { key: null, ...back });
  expect(late.status).toBe(400);
});

test('HEAD on the way back, where the shop has ended the link in the meantime: as GET', async () => {
  provider.person = { id: 7251 };
  const back = await goToTelegram(await tokenFor('ritirata'));
  await app.call('DELETE', '/v1/sites/demo/users/ritirata/link');
  expect((await app.call('HEAD', `${PATH}/callback`, { key: null, ...back })).status).toBe(404);
  expect((await callback(back.query, back.cookies)).status).toBe(404);
});

test('there and back: linked, welcomed, and on to the site', async () => {
  const answer = await logIn('dario', 7201, { preferred_username: 'dario_neri', name: 'Dario N.' });

  expect(answer.status).toBe(302);
  expect(answer.headers).toMatchObject({ location: 'https://shop.example', 'cache-control': 'no-store' });
  expect(await app.findUser('dario')).toMatchObject({
    chatId: 7201,
    linkedBy: 'oidc',
    username: 'dario_neri',
    firstName: 'Dario',
  });
  expect((await app.takeQueued()).map(({ event, userId }) => [event, userId])).toEqual([
    ['welcome', 'dario'],
  ]);
});

test('what Telegram is asked for', async () => {
  const { headers, cookies } = await start(await tokenFor('dario'));
  const url = new URL(String(headers.location));
  expect(`${url.origin}${url.pathname}`).toBe(`${provider.url}/auth`);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    response_type: 'code',
    client_id: '100',
    redirect_uri: 'https://api.example/v1/sites/demo/telegram/login/callback',
    scope: 'openid profile telegram:bot_access',
    state: expect.stringMatching(/^[A-Za-z0-9_-]{20,64}$/),
    nonce: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    code_challenge: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    code_challenge_method: 'S256',
  });
  expect(cookies).toEqual([
    expect.stringMatching(
      /^telegram-login-[\w-]{8}=[\w-]{43}; Path=\/v1\/sites\/demo\/telegram\/login; Max-Age=600; HttpOnly; Secure; SameSite=Lax$/,
    ),
  ]);
});

test.each(['ES256', 'EdDSA'] as const)(
  'an ID token signed with %s, which the merchant may choose',
  async (algorithm) => {
    provider.behaviour = { algorithm };
    expect((await logIn(`algo-${algorithm}`, algorithm === 'ES256' ? 7202 : 7203)).status).toBe(302);
  },
);

test('an audience as the standard has it', async () => {
  provider.behaviour = { claims: { aud: ['100'] } };
  expect((await logIn('standard', 7204)).status).toBe(302);
});

describe('400, and nobody is linked', () => {
  const seconds = () => Math.floor(Date.now() / 1000);
  test.each<[string, () => IdentityProvider['behaviour']]>([
    ['a token for another bot', () => ({ claims: { aud: 200 } })],
    ['a token for two, not made for us', () => ({ claims: { aud: ['100', '200'], azp: '200' } })],
    ['a token of another issuer', () => ({ claims: { iss: 'https://evil.example' } })],
    ['a token of another login', () => ({ claims: { nonce: 'x'.repeat(43) } })],
    ['a token without a nonce', () => ({ claims: { nonce: undefined } })],
    ['a token that has expired', () => ({ claims: { exp: seconds() - 60 } })],
    ['a token that was made long ago', () => ({ claims: { iat: seconds() - 3_600 } })],
    ['a token without an id', () => ({ claims: { id: undefined } })],
    ['an id that is a text', () => ({ claims: { id: '7205' } })],
    ['an id of no person', () => ({ claims: { id: -7205 } })],
    ['a signature of somebody else', () => ({ signsWithOtherKey: true })],
    ['a signature with the secret', () => ({ algorithm: 'HS256' })],
    ['a person who says no', () => ({ refuses: true })],
    [
      'a code that Telegram does not know',
      () => ({ tokenAnswer: { status: 400, body: '{"error":"invalid_grant"}' } }),
    ],
    ['an answer without an ID token', () => ({ tokenAnswer: { status: 200, body: '{"access_token":"x"}' } })],
  ])('%s', async (_what, behaviour) => {
    provider.behaviour = behaviour();
    const answer = await logIn('vittima', 7205);
    expect(answer.status).toBe(400);
    expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8' });
    expect(await app.findUser('vittima')).toBeUndefined();
    expect(await app.takeQueued()).toEqual([]);
  });

  test('the wrong secret', async () => {
    await app.setSite({ telegramLogin: { sealedClientSecret: encryptToken('altro', 'demo') } });
    expect((await logIn('vittima', 7206)).status).toBe(400);
  });

  test('a state that comes back in another browser, or twice, or that nobody gave out', async () => {
    provider.person = { id: 7207 };
    const { query, cookies } = await goToTelegram(await tokenFor('browser'));
    expect((await callback(query, [])).status).toBe(400);
    expect((await callback(query, [`telegram-login=${'x'.repeat(43)}`])).status).toBe(400);
    expect(await app.findUser('browser')).toBeUndefined();

    expect((await callback(query, ['other=1', ...cookies])).status).toBe(302);
    expect((await callback(query, cookies)).status).toBe(400);
    expect((await callback('state=x&code=x', ['telegram-login=x'])).status).toBe(400);
    expect((await callback('', ['telegram-login='])).status).toBe(400);
  });
});

/** A browser with its cookies, which all of its tabs share. A new cookie comes last (RFC 6265, section 5.4). */
class Browser {
  readonly cookies = new Map<string, string>();

  keep(answer: Answer): Answer {
    for (const cookie of answer.cookies) {
      const [, name = '', value = '', seconds] = cookie.match(/^([^=]+)=([^;]*);.* Max-Age=(\d+)/) ?? [];
      if (seconds === '0') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  get sent(): string[] {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`);
  }

  /** A tab in which a person goes to Telegram and confirms there. Returns the query with which it comes back. */
  async openTab(token: string, personId: number): Promise<string> {
    provider.person = { id: personId };
    const begun = this.keep(
      await app.call('GET', PATH, { key: null, query: { link: token }, cookies: this.sent }),
    );
    const back = await fetch(String(begun.headers.location), { redirect: 'manual' });
    return new URL(back.headers.get('location') ?? '').search.slice(1);
  }

  async comeBack(query: string): Promise<number | undefined> {
    return this.keep(await callback(query, this.sent)).status;
  }
}

describe('two tabs sign in with Telegram at the same time: each has its own state', () => {
  test.each([
    ['in order', [0, 1]],
    ['in the opposite order', [1, 0]],
  ])('both end well, %s, and no cookie stays', async (what, order) => {
    const browser = new Browser();
    const users = [`uno ${what}`, `due ${what}`];
    const tabs: string[] = [];
    for (const user of users) tabs.push(await browser.openTab(await tokenFor(user), 7301));
    expect(browser.sent).toHaveLength(2);

    for (const tab of order) expect(await browser.comeBack(tabs[tab] ?? '')).toBe(302);
    for (const user of users)
      expect(await app.findUser(user)).toMatchObject({ chatId: 7301, linkedBy: 'oidc' });
    expect(browser.sent).toEqual([]);
  });

  test('both with the same link: both end well, the person is linked and welcomed once', async () => {
    const browser = new Browser();
    const token = await tokenFor('stesso');
    const tabs = [await browser.openTab(token, 7302), await browser.openTab(token, 7302)];
    for (const tab of tabs) expect(await browser.comeBack(tab)).toBe(302);
    expect(await app.findUser('stesso')).toMatchObject({ chatId: 7302 });
    expect(new Set((await app.takeQueued()).map(({ deliveryId }) => deliveryId)).size).toBe(1);
  });

  test('begun at the same instant, before either has a cookie', async () => {
    const browser = new Browser();
    const tokens = await Promise.all([tokenFor('insieme-1'), tokenFor('insieme-2')]);
    const tabs = await Promise.all(tokens.map((token) => browser.openTab(token, 7303)));
    expect(browser.sent).toHaveLength(2);
    for (const tab of tabs) expect(await browser.comeBack(tab)).toBe(302);
  });

  test('one is abandoned: the other ends well, and nothing of the first is left when it expires', async () => {
    const browser = new Browser();
    const abandoned = await browser.openTab(await tokenFor('lasciata'), 7304);
    const used = await browser.openTab(await tokenFor('usata'), 7304);
    expect(await browser.comeBack(used)).toBe(302);
    expect(browser.sent).toHaveLength(1);

    const late = Date.now() + 601_000;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => late);
    expect(await browser.comeBack(abandoned)).toBe(400);
    clock.mockRestore();
    expect(browser.sent).toEqual([]);
    expect(await app.findUser('lasciata')).toBeUndefined();
  });

  test('one comes back twice: the second time is refused, and the other tab is not disturbed', async () => {
    const browser = new Browser();
    const first = await browser.openTab(await tokenFor('replica'), 7305);
    const other = await browser.openTab(await tokenFor('altra'), 7305);
    const cookies = browser.sent;
    expect(await browser.comeBack(first)).toBe(302);
    expect(await browser.comeBack(first)).toBe(400);
    expect((await callback(first, cookies)).status).toBe(400);
    expect(await browser.comeBack(other)).toBe(302);
  });

  test('the state of one with the code of the other links nobody', async () => {
    const browser = new Browser();
    const one = new URLSearchParams(await browser.openTab(await tokenFor('scambio-1'), 7306));
    const other = new URLSearchParams(await browser.openTab(await tokenFor('scambio-2'), 7307));
    expect(await browser.comeBack(`state=${one.get('state')}&code=${other.get('code')}`)).toBe(400);
    expect(await app.findUser('scambio-1')).toBeUndefined();
  });

  test('a person who says no in one tab', async () => {
    const browser = new Browser();
    const other = await browser.openTab(await tokenFor('sì'), 7308);
    provider.behaviour = { refuses: true };
    const refused = await browser.openTab(await tokenFor('no'), 7308);
    expect(await browser.comeBack(refused)).toBe(400);
    expect(browser.sent).toHaveLength(1);
    expect(await browser.comeBack(other)).toBe(302);
  });

  test('at most ten cookies: the oldest go', async () => {
    const browser = new Browser();
    const tabs: string[] = [];
    for (let tab = 0; tab < 12; tab++) tabs.push(await browser.openTab(await tokenFor(`tab-${tab}`), 7309));
    expect(browser.sent).toHaveLength(10);
    expect(await browser.comeBack(tabs[1] ?? '')).toBe(400);
    expect(await browser.comeBack(tabs[2] ?? '')).toBe(302);
    expect(await browser.comeBack(tabs[11] ?? '')).toBe(302);
  });

  test('a login that was begun before the update, with the cookie of that time', async () => {
    const browser = new Browser();
    const tab = await browser.openTab(await tokenFor('di-prima'), 7310);
    const state = new URLSearchParams(tab).get('state') ?? '';
    browser.cookies.clear();
    browser.cookies.set('telegram-login', state);
    expect(await browser.comeBack(tab)).toBe(302);
    expect(browser.sent).toEqual([]);
  });
});

describe('the link token', () => {
  test('is looked at before anybody is sent to Telegram', async () => {
    const asked = provider.requests.length;
    expect((await start('A'.repeat(22))).status).toBe(404);
    expect((await start('')).status).toBe(404);
    expect(provider.requests).toHaveLength(asked);
  });

  test('is good once', async () => {
    const token = await tokenFor('una-volta');
    provider.person = { id: 7208 };
    const first = await goToTelegram(token);
    const second = await goToTelegram(token);
    expect((await callback(first.query, first.cookies)).status).toBe(302);
    provider.person = { id: 7209 };
    expect((await callback(second.query, second.cookies)).status).toBe(409);
    expect((await start(token)).status).toBe(409);
    expect(await app.findUser('una-volta')).toMatchObject({ chatId: 7208 });
  });
});

test('503 while Telegram does not answer; afterwards the person may begin again', async () => {
  provider.behaviour = { tokenAnswer: { status: 502, body: '<html>Bad Gateway</html>' } };
  expect((await logIn('paziente', 7210)).status).toBe(503);
  provider.behaviour = {};
  expect((await logIn('paziente', 7210)).status).toBe(302);
});

test('404 where the site has not set it up: a page, because a person reads it', async () => {
  await app.setSite();
  const token = await tokenFor('dario');
  for (const answer of [await start(token), await callback('state=x', [])]) {
    expect(answer.status).toBe(404);
    expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8' });
    expect(answer.text).toContain('https://shop.example');
  }
});
