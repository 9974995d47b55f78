/** Where Telegram's login widget sends the browser back. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { loginOf, queryOf } from '../users/widget-fields.ts';

let app: App;

beforeAll(async () => {
  app = await startApp({ telegram: 'server' });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.setSite();
  await app.takeQueued();
});

const open = (query: string, language?: string, siteId = 'demo') =>
  app.call('GET', `/v1/sites/${encodeURIComponent(siteId)}/telegram/callbacklogin`, {
    key: null,
    query,
    headers: language ? { 'accept-language': language } : {},
  });
const tokenFor = (userId: string) => app.linkToken(userId, { firstName: 'Dario', language: 'it' });

test('302 to the site: linked and welcomed', async () => {
  const answer = await open(queryOf(await tokenFor('dario'), loginOf(7101)));

  expect(answer.status).toBe(302);
  expect(answer.headers).toMatchObject({ location: 'https://shop.example', 'cache-control': 'no-store' });
  expect(await app.findUser('dario')).toMatchObject({ chatId: 7101, linkedBy: 'login-widget' });
  expect((await app.takeQueued()).map(({ event, userId }) => [event, userId])).toEqual([
    ['welcome', 'dario'],
  ]);
});

test('the groups of the link: a welcome may be for some of them', async () => {
  const welcome = (id: string, groups: string[]) => template('welcome', id, { text: { it: id }, groups });
  await app.setTemplates(welcome('agenti', ['Agenti']), welcome('vip', ['VIP']));
  const body = { groups: ['Agenti'], language: 'it' };
  const { json } = await app.call('POST', '/v1/sites/demo/users/con-gruppi/link', { body });
  expect((await open(queryOf(json.token, loginOf(7190)))).status).toBe(302);
  expect((await app.takeQueued()).map(({ templateId }) => templateId)).toEqual(['agenti']);
  // All that is kept about a person is shown to them.
  const { json: exported } = await app.call('GET', '/v1/sites/demo/users/con-gruppi/export');
  expect(exported.links).toMatchObject([{ groups: ['Agenti'] }]);
});

test('names with other than plain letters come through the address', async () => {
  const login = loginOf(7102, { first_name: 'Zoë & Łukasz +1 = 2?', last_name: '日本' });
  expect((await open(queryOf(await tokenFor('zoe'), login))).status).toBe(302);
  expect(await app.findUser('zoe')).toMatchObject({ chatId: 7102 });
});

test.each([
  ['signed by Telegram', () => loginOf(7150, { last_name: '' })],
  ['not signed', () => ({ ...loginOf(7151), last_name: '' })],
])('an empty last_name in the address, %s, is as if it were absent', async (how, login) => {
  const userId = `vuoto-${how}`;
  expect((await open(queryOf(await app.linkToken(userId, {}), login()))).status).toBe(302);
  expect(await app.findUser(userId)).not.toHaveProperty('lastName');
});

test('to a site in other letters: the header is ASCII', async () => {
  await app.setSite({ url: 'https://négozio.example/è' });
  const answer = await open(queryOf(await tokenFor('dario'), loginOf(7120)));
  expect(answer.headers).toMatchObject({ location: 'https://xn--ngozio-bva.example/%C3%A8' });
});

test('half a character in the name of the site breaks no welcome', async () => {
  await app.setSite({ name: 'Bottega \ud800' });
  await open(queryOf(await tokenFor('dario'), loginOf(7121)));
  const [welcome] = await app.takeQueued();
  expect(welcome?.text.isWellFormed()).toBe(true);
  expect(welcome?.text).toContain('<b>Bottega</b>');
});

describe('asked for more than once', () => {
  /** How often there was a welcome: those of one link have one id, and only one of them is sent. */
  const welcomes = async () =>
    new Set((await app.takeQueued()).map(({ userId, deliveryId }) => `${userId} ${deliveryId}`)).size;

  test('reloaded: the same 302, and nothing more is done', async () => {
    const query = queryOf(await tokenFor('rita'), loginOf(7103));
    const first = await open(query);
    expect(await welcomes()).toBe(1);
    const linked = await app.findUser('rita');

    for (let round = 0; round < 3; round++) expect(await open(query)).toEqual(first);
    expect(first.status).toBe(302);
    expect(await app.findUser('rita')).toEqual(linked);
    expect(await welcomes()).toBe(0);
  });

  test('six times at once: six times the same 302, one link', async () => {
    const query = queryOf(await tokenFor('elisa'), loginOf(7130));
    const answers = await Promise.all(Array.from({ length: 6 }, () => open(query)));
    expect(answers.map(({ status }) => status)).toEqual([302, 302, 302, 302, 302, 302]);
    expect((await app.call('GET', '/v1/sites/demo/users/elisa')).json.chats).toHaveLength(1);
    expect(await welcomes()).toBe(1);
  });

  test('prefetched by the browser: the person’s own request gets the same 302', async () => {
    const query = queryOf(await tokenFor('fulvia'), loginOf(7131));
    const prefetch = { key: null, query, headers: { 'sec-purpose': 'prefetch' } };
    await app.call('GET', '/v1/sites/demo/telegram/callbacklogin', prefetch);
    expect((await open(query)).status).toBe(302);
    expect(await app.findUser('fulvia')).toMatchObject({ chatId: 7131 });
  });

  test.each<[string, string, () => Promise<unknown>, number, RegExp]>([
    [
      'the shop has ended the link',
      'gaia',
      () => app.call('DELETE', '/v1/sites/demo/users/gaia/link'),
      409,
      /Questo collegamento è stato rimosso/,
    ],
    [
      'the shop has ended the link to this chat',
      'greta',
      () => app.call('DELETE', '/v1/sites/demo/users/greta/link', { query: 'chat=7135' }),
      409,
      /Questo collegamento è stato rimosso/,
    ],
    [
      'the person is erased, and nothing is known of them any more',
      'gemma',
      () => app.call('DELETE', '/v1/sites/demo/users/gemma'),
      404,
      /Non lo riconosciamo: forse è incompleto, o non vale più\./,
    ],
  ])('after %s: it is not made again', async (_what, userId, end, status, words) => {
    const query = queryOf(await tokenFor(userId), loginOf(userId === 'greta' ? 7135 : 7132));
    await open(query);
    await end();
    await app.takeQueued();
    const headed = await app.call('HEAD', '/v1/sites/demo/telegram/callbacklogin', { key: null, query });
    const answer = await open(query);
    expect([headed.status, answer.status]).toEqual([status, status]);
    expect(answer.text).toMatch(words);
    expect((await app.call('GET', `/v1/sites/demo/users/${userId}`)).json.linked).not.toBe(true);
    expect(await welcomes()).toBe(0);
  });

  test('after the token has expired, and DynamoDB has removed it: the same 302 for as long as the link holds', async () => {
    const token = await tokenFor('olga');
    const query = queryOf(token, loginOf(7136));
    expect((await open(query)).status).toBe(302);
    const { DeleteItemCommand } = await import('@aws-sdk/client-dynamodb');
    const { linkTokenHash } = await import('../../lib/users/link-token.ts');
    await app.stack.aws.dynamodb.send(
      new DeleteItemCommand({
        TableName: process.env.LINKS_TABLE,
        Key: { token: { S: `token#${linkTokenHash(token)}` } },
      }),
    );
    expect((await open(query)).status).toBe(302);
    await app.call('POST', '/v1/sites/demo/users/olga/rename', { body: { userId: 'olga-2' } });
    expect((await open(query)).status).toBe(302);
  });

  test('with the same link by another login of the same person: 302', async () => {
    const token = await tokenFor('ilaria');
    await open(queryOf(token, loginOf(7133)));
    const later = loginOf(7133, { auth_date: Math.floor(Date.now() / 1_000) - 7 });
    expect((await open(queryOf(token, later))).status).toBe(302);
  });
});

describe('HEAD changes nothing, and is answered as GET would be', () => {
  const head = (query: string) =>
    app.call('HEAD', '/v1/sites/demo/telegram/callbacklogin', { key: null, query });

  test('a good login: 302, nobody is linked, and the person’s own request links', async () => {
    const query = queryOf(await tokenFor('lidia'), loginOf(7140));
    const items = () => app.stack.items('LinksTable');
    const before = await items();
    const headed = [await head(query), await head(query)];
    expect(await app.findUser('lidia')).toBeUndefined();
    expect(await items()).toEqual(before);
    expect(await app.takeQueued()).toEqual([]);

    const got = await open(query);
    expect(got.status).toBe(302);
    expect(headed.map(({ status, headers }) => ({ status, headers }))).toEqual(
      Array(2).fill({ status: got.status, headers: got.headers }),
    );
    expect((await head(query)).status).toBe(302);
  });

  test.each<[string, number, () => Promise<string>]>([
    ['a forged login', 400, async () => queryOf(await tokenFor('dario'), { ...loginOf(7141), id: 1001 })],
    ['an unknown link', 404, async () => queryOf('A'.repeat(22), loginOf(7142))],
    [
      'a login that another link has used',
      409,
      async () => {
        const login = loginOf(7143);
        await open(queryOf(await tokenFor('dario'), login));
        return queryOf(await tokenFor('anna'), login);
      },
    ],
    [
      'a link that another chat has used',
      409,
      async () => {
        const token = await tokenFor('dario');
        await open(queryOf(token, loginOf(7144)));
        return queryOf(token, loginOf(7145));
      },
    ],
    [
      'a user who has five chats',
      409,
      async () => {
        for (let chat = 7170; chat < 7175; chat++)
          await open(queryOf(await tokenFor('cinque'), loginOf(chat)));
        return queryOf(await tokenFor('cinque'), loginOf(7175));
      },
    ],
    [
      'a user who has five chats, one of them this',
      302,
      async () =>
        queryOf(await tokenFor('cinque'), loginOf(7174, { auth_date: Math.floor(Date.now() / 1_000) - 4 })),
    ],
    [
      'a chat that has twenty users',
      409,
      async () => {
        for (let user = 0; user < 20; user++)
          await open(queryOf(await tokenFor(`azienda-${user}`), loginOf(7180, { level: user })));
        return queryOf(await tokenFor('azienda-20'), loginOf(7180));
      },
    ],
  ])('%s: %i, as with GET', async (_what, status, prepare) => {
    const query = await prepare();
    const headed = await head(query);
    const got = await open(query);
    expect(headed.status).toBe(status);
    expect({ status: got.status, headers: got.headers }).toEqual({
      status: headed.status,
      headers: headed.headers,
    });
  });
});

describe('a page that says what to do', () => {
  test.each<[string, number, () => Promise<string>, RegExp]>([
    [
      'the same login with another link',
      409,
      async () => {
        const login = loginOf(7104);
        await open(queryOf(await tokenFor('dario'), login));
        return queryOf(await tokenFor('anna'), login);
      },
      /già stato usato/,
    ],
    [
      'a link that another chat has used',
      409,
      async () => {
        const token = await tokenFor('dario');
        await open(queryOf(token, loginOf(7105)));
        return queryOf(token, loginOf(7106));
      },
      /già stato usato/,
    ],
    ['an unknown link', 404, async () => queryOf('A'.repeat(22), loginOf(7107)), /non è valido/],
    ['no link', 404, async () => queryOf('', loginOf(7108)), /non è valido/],
    [
      'a forged login',
      400,
      async () => queryOf(await tokenFor('dario'), { ...loginOf(7109), id: 1001 }),
      /non è riuscito/,
    ],
    [
      'an old login',
      400,
      async () => queryOf(await tokenFor('dario'), loginOf(7110, { auth_date: 1_700_000_000 })),
      /scaduto/,
    ],
    [
      'a field twice',
      400,
      async () => `${queryOf(await tokenFor('dario'), loginOf(7111))}&id=7111`,
      /non è riuscito/,
    ],
    ['nothing at all', 400, async () => '', /non è riuscito/],
  ])('%s: %i', async (_what, status, prepare, words) => {
    const query = await prepare();
    await app.takeQueued();

    const answer = await open(query, 'it-IT,it;q=0.9,en;q=0.8');

    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(answer.text).toMatch(words);
    expect(answer.text).toContain('<a href="https://shop.example">');
    expect(await app.takeQueued()).toEqual([]);
  });

  test.each([
    ['it', 'it', 'Questo link non è valido'],
    ['en-GB,en;q=0.9,it;q=0.1', 'en', 'This link is not valid'],
    ['de, it;q=0.3, en;q=0.7', 'en', 'This link is not valid'],
    ['de', 'it', 'Questo link non è valido'],
    [undefined, 'it', 'Questo link non è valido'],
  ])('in the language of the browser (%s), else of the site', async (header, language, title) => {
    const answer = await open(queryOf('x', loginOf(7112)), header);
    expect(answer.headers).toMatchObject({ 'content-language': language });
    expect(answer.text).toContain(`<html lang="${language}">`);
    expect(answer.text).toContain(`<h1>${title}</h1>`);
  });

  test.each([
    ['tu', 'Torna sul sito, accedi con le tue credenziali'],
    ['lei', 'Torni sul sito, acceda con le sue credenziali'],
  ] as const)('in the tone of the site: %s', async (tone, words) => {
    await app.setSite({ tone });
    expect((await open(queryOf('x', loginOf(7112)), 'it')).text).toContain(words);
  });

  test('holds nothing of the request, and of the shop only what is escaped', async () => {
    await app.setSite({ name: 'Rossi & <script>alert(1)</script>' });
    const bad = '"><script>alert(2)</script>';
    const answer = await open(`link=${encodeURIComponent(bad)}&id=${encodeURIComponent(bad)}&hash=x`, bad);
    expect(answer.text).not.toMatch(/<script|alert\(2\)/);
    expect(answer.text).toContain('Rossi &amp; &lt;script&gt;');
    expect(answer.headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  });

  test.each<[string, 'it' | 'en', RegExp]>([
    ['tu', 'it', /copia questa riga e inviala al bot/],
    ['lei', 'it', /copi questa riga e la invii al bot/],
    ['tu', 'en', /copy this line and send it to the bot/],
  ])(
    'where the login failed and the link is open, it offers the bot, and the line to copy (%s, %s)',
    async (tone, language, words) => {
      await app.setSite({ tone: tone as 'tu' | 'lei' });
      const token = await tokenFor('dario');
      const { text } = await open(queryOf(token, { ...loginOf(7160), id: 1001 }), language);
      expect(text).toContain(`<a href="https://t.me/demo_shop_bot?start=${token}">`);
      expect(text).toContain(`<code>/start ${token}</code>`);
      expect(text).toMatch(words);
    },
  );

  test('and for no link that is not open', async () => {
    const used = await tokenFor('sara');
    await open(queryOf(used, loginOf(7161)));
    for (const link of [used, 'A'.repeat(22), 'x', '']) {
      const { status, text } = await open(queryOf(link, { ...loginOf(7162), id: 1001 }));
      expect(status).toBe(400);
      expect(text).not.toContain('/start');
    }
  });

  test('404 for a site that there is not, or that has no bot', async () => {
    expect((await open(queryOf('x', loginOf(7113)), 'en', 'altro')).status).toBe(404);
    expect((await open(queryOf('x', loginOf(7113)), 'en', '../demo')).status).toBe(404);
    const { bot, ...others } = app.site;
    await app.stack.putSite(others);
    (await import('../../lib/store/sites.ts')).clearSiteCache();
    expect((await open(queryOf('x', loginOf(7113)))).status).toBe(404);
  });

  test('403 while the site sends nothing', async () => {
    await app.setSite({ active: false });
    expect((await open(queryOf(await tokenFor('dario'), loginOf(7114)))).status).toBe(403);
  });

  test('503 where a table does not answer: the same address works afterwards', async () => {
    const query = queryOf(await tokenFor('tardi'), loginOf(7115));
    const table = process.env.LINKS_TABLE;
    process.env.LINKS_TABLE = 'not-there';
    const answer = await open(query);
    process.env.LINKS_TABLE = table;
    expect(answer.status).toBe(503);
    expect(answer.headers).toMatchObject({ 'retry-after': '5' });

    expect((await open(query)).status).toBe(302);
    expect(await app.findUser('tardi')).toMatchObject({ chatId: 7115 });
  });
});

test('two people with the same link at the same instant: one is linked', async () => {
  const token = await tokenFor('gara');
  const answers = await Promise.all([7116, 7117].map((id) => open(queryOf(token, loginOf(id)))));
  expect(answers.map(({ status }) => status).sort()).toEqual([302, 409]);
});
