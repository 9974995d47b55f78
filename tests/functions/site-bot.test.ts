/** The bot of a site: saving it with all of Telegram's checks, and changing it. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { userFrom } from '../../lib/store/stored-user.ts';
import { encryptToken } from '../../lib/telegram/token-encryption.ts';
import type { CallRecord } from '../../local/emulator/emulator.ts';
import { API } from '../support/api-events.ts';
import { type App, startApp } from '../support/app.ts';
import { type BotServer, startBotServer } from '../support/bot-server.ts';
import { writtenDuring } from '../support/log-lines.ts';

let app: App;
/** Where a webhook may lead, to see what Telegram shows there. */
let telegramCaller: BotServer;
let key: string;
let siteId: string;
let count = 0;
beforeAll(async () => {
  [app, telegramCaller] = await Promise.all([startApp({ telegram: 'emulator' }), startBotServer()]);
});
afterAll(async () => {
  await Promise.all([app.close(), telegramCaller.close()]);
});
beforeEach(async () => {
  // The sites of earlier tests have the same bots.
  await app.stack.empty('SitesTable');
  await app.reset();
  await Promise.all(['100:demo', '200:nuovo'].map((token) => app.telegram.asBot(token, 'deleteWebhook')));
  await app.telegram.reset();
  count += 1;
  siteId = `negozio-${count}`;
  key = await app.createSite(siteId);
});

const NUOVO = { token: '200:nuovo', username: 'nuovo_bot' };
const DEMO = { token: '100:demo', username: 'demo_shop_bot' };
const save = (body: unknown, ifMatch?: string) =>
  app.call('PUT', `/v1/sites/${siteId}/bot`, { key, body, ...(ifMatch && { ifMatch }) });
const get = () => app.call('GET', `/v1/sites/${siteId}`, { key });
const webhook = (token = '200:nuovo') => app.telegram.asBot(token, 'getWebhookInfo');
const refusal = (status: number, description: string, more: object = {}) => ({
  status,
  body: { ok: false, error_code: status, description, ...more },
});

const secretIn = (call: CallRecord | undefined) => String(call?.params.secret_token);

describe('saving', () => {
  test('shows the bot, sets the webhook, the commands and the description, and keeps the token encrypted', async () => {
    const answer = await save(NUOVO);

    expect(answer).toMatchObject({ status: 200, json: { bot: { id: '200', username: 'nuovo_bot' } } });
    expect(answer.headers.etag).toBe((await get()).headers.etag);
    const [set, ...more] = await app.telegram.calls('setWebhook');
    expect(more).toEqual([]);
    expect(set).toMatchObject({
      params: {
        url: `${API}/v1/telegram/${siteId}`,
        // TELEGRAM.md: exactly what the bot handles; my_chat_member has to be named.
        allowed_updates: ['message', 'edited_message', 'callback_query', 'my_chat_member'],
        secret_token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      },
    });
    const commands = (await app.telegram.asBot('200:nuovo', 'getMyCommands', {
      language_code: 'it',
    })) as unknown;
    expect(commands).toContainEqual({ command: 'impostazioni', description: expect.any(String) });
    const described = await app.telegram.asBot('200:nuovo', 'getMyDescription', { language_code: 'en' });
    expect(described.description).not.toBe('');

    const stored = JSON.stringify(await app.storedSite(siteId));
    expect(stored).not.toContain('200:nuovo');
    expect(stored).not.toContain(String(secretIn(set)));
    expect(answer.text).not.toMatch(/200:nuovo|sealed|secret/i);
  });

  test('again: another secret, the same bot', async () => {
    await save(NUOVO);
    await save({ token: '200:nuovo', username: '@NUOVO_bot' });
    const secrets = (await app.telegram.calls('setWebhook')).map(secretIn);
    expect(new Set(secrets).size).toBe(2);
    expect((await get()).json.bot).toEqual({ id: '200', username: 'nuovo_bot' });
  });

  test('by several at the same instant: Telegram and the site have one secret in the end', async () => {
    const shown = Promise.withResolvers<string>();
    telegramCaller.answerWith((request, response) => {
      shown.resolve(String(request.headers['x-telegram-bot-api-secret-token']));
      response.end();
    });
    // The first to write the site is the last whom Telegram hears.
    await app.telegram.fault({ method: 'setWebhook', times: 1, delayMs: 300 });
    process.env.API_URL = telegramCaller.url;
    const answers = await Promise.all([save(NUOVO), save(NUOVO), save(NUOVO)]);
    process.env.API_URL = API;

    await app.telegram.write(1001, 'nuovo_bot', '/start');
    const hash = createHash('sha256')
      .update(await shown.promise)
      .digest('hex');
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await app.storedSite(siteId)).bot?.webhookSecretHash).toBe(hash);
  });

  test('of two bots saved at the same instant, one is the site’s, and the other has no webhook', async () => {
    const answers = await Promise.all([save(NUOVO), save(DEMO)]);

    const { bot } = await app.storedSite(siteId);
    const [theirs, other] = bot?.id === '200' ? ['200:nuovo', '100:demo'] : ['100:demo', '200:nuovo'];
    expect((await webhook(theirs)).url).toBe(`${API}/v1/telegram/${siteId}`);
    expect((await webhook(other)).url).toBe('');
    expect(answers.some(({ status }) => status === 200)).toBe(true);
  });

  test('a token that works again takes the note away that it did not', async () => {
    await save(NUOVO);
    const site = await app.storedSite(siteId);
    const problem = {
      kind: 'bot-unauthorized',
      since: '2026-11-22T10:00:00.000Z',
      description: 'Unauthorized',
    };
    if (site.bot)
      await app.stack.putSite({
        ...site,
        bot: { ...site.bot, problem: { ...problem, kind: 'bot-unauthorized' } },
      });
    expect((await get()).json.bot.problem).toEqual(problem);

    expect((await save(NUOVO)).json.bot).not.toHaveProperty('problem');
  });

  test('without a username: the bot is that of the token', async () => {
    expect((await save({ token: ' 200:nuovo\n' })).json.bot).toEqual({ id: '200', username: 'nuovo_bot' });
  });

  test.each([
    [
      'in English',
      'Done! Congratulations on your new bot. You will find it at t.me/nuovo_bot. You can now add a description.\n\nUse this token to access the HTTP API:\n200:nuovo\nKeep your token secure and store it safely, it can be used by anyone to control your bot.\n\nFor a description of the Bot API, see this page: https://core.telegram.org/bots/api',
    ],
    [
      'in Italian, with the head of a copied message',
      'BotFather, [22/11/2026 10:49]\r\nFatto! Congratulazioni per il tuo nuovo bot. Lo trovi su t.me/nuovo_bot.\r\n\r\nUsa questo token per accedere alle API HTTP:\r\n200:nuovo\r\nTieni il token al sicuro.',
    ],
    ['as code', 'Token: `200:nuovo`.'],
    ['as HTML', 'You can use this token:<br><code>200:nuovo</code>'],
    ['twice the same, with what nobody sees', '\u200b200:nuovo\u2060 e ancora "200:nuovo"'],
  ])("with @BotFather's whole message, %s", async (_, token) => {
    expect(await save({ token })).toMatchObject({ status: 200, json: { bot: { username: 'nuovo_bot' } } });
  });

  test('a message with two tokens, or with none: nothing is guessed, and none is repeated', async () => {
    const two = await save({ token: 'Il vecchio 100:demo, il nuovo 200:nuovo' });
    expect(two).toMatchObject({
      status: 400,
      json: { errors: [{ pointer: '/token', detail: expect.stringContaining('several tokens') }] },
    });
    expect(two.text).not.toMatch(/100:demo|200:nuovo/);
    expect(await save({ token: 'Alright, a new bot. Please choose a name. 10:49' })).toMatchObject({
      status: 400,
      json: { errors: [{ pointer: '/token', detail: expect.stringContaining('as @BotFather writes it') }] },
    });
  });

  const tokenForm =
    'Must be a bot token as @BotFather writes it, such as "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11".';
  test.each<[unknown, string, string]>([
    [
      { token: '200:sbagliato', username: 'nuovo_bot' },
      '/token',
      'Telegram does not know this token: it was not copied whole, or is no longer valid (Telegram: "Unauthorized"). Open @BotFather in Telegram, send /mybots, choose the bot, then "API Token".',
    ],
    [
      { token: '200:nuovo', username: '@altro_bot' },
      '/username',
      'This token belongs to the bot @nuovo_bot, not to @altro_bot. Correct the username, or take the token of @altro_bot from @BotFather.',
    ],
    [{ token: 'nuovo', username: 'nuovo_bot' }, '/token', tokenForm],
    [{ token: '200:nuovo/getMe', username: 'nuovo_bot' }, '/token', tokenForm],
    [{ token: '../x:nuovo', username: 'nuovo_bot' }, '/token', tokenForm],
    [{ username: 'nuovo_bot' }, '/token', 'This property is required.'],
    [
      { token: '200:nuovo', username: 'nuovo bot' },
      '/username',
      'Must be the username of the bot, such as "my_shop_bot".',
    ],
  ])('%j is refused at %s, and nothing changes', async (body, pointer, detail) => {
    await save(DEMO);
    const before = await app.storedSite(siteId);
    await app.telegram.reset();

    const answer = await save(body);

    expect(answer).toMatchObject({
      status: 400,
      json: { title: 'Bad Request', errors: [{ pointer, detail }] },
    });
    expect(await app.storedSite(siteId)).toEqual(before);
    expect((await app.telegram.calls()).filter(({ method }) => method !== 'getMe')).toEqual([]);
  });

  test.each<[string, object, string | number]>([
    [
      'asks to wait',
      refusal(429, 'Too Many Requests: retry after 17', { parameters: { retry_after: 17 } }),
      '17',
    ],
    ['fails', refusal(500, 'Internal Server Error'), '5'],
    ['hangs up', { drop: 'before' }, '5'],
  ])('where Telegram %s, 503, and nothing changes', async (_what, fault, retryAfter) => {
    const before = await app.storedSite(siteId);
    for (const method of ['getMe', 'setMyCommands', 'setWebhook']) {
      await app.telegram.fault({ method, ...fault });
      const answer = await save(NUOVO);
      expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': retryAfter } });
      expect(answer.json.detail).toMatch(/^Nothing was changed, because Telegram does not answer now/);
      await app.telegram.reset();
    }
    const { bot } = await app.storedSite(siteId);
    expect(bot).toEqual(before.bot);
  });

  test('where the answer to setWebhook is lost once, the bot is saved all the same', async () => {
    await app.telegram.fault({ method: 'setWebhook', times: 1, drop: 'after' });
    expect((await save(NUOVO)).status).toBe(200);
    expect((await webhook()).url).toBe(`${API}/v1/telegram/${siteId}`);
  });

  test('where Telegram refuses the webhook, its words are told and the former bot is back', async () => {
    await save(DEMO);
    const { bot } = await app.storedSite(siteId);
    await app.telegram.fault({
      method: 'setWebhook',
      ...refusal(400, 'Bad Request: bad webhook: IP address 10.0.0.1 is reserved'),
    });

    const answer = await save(NUOVO);

    expect(answer).toMatchObject({ status: 502, json: { title: 'Bad Gateway' } });
    expect(answer.json.detail).toContain('"Bad Request: bad webhook: IP address 10.0.0.1 is reserved"');
    expect((await app.storedSite(siteId)).bot).toEqual(bot);
    expect((await webhook('100:demo')).url).toBe(`${API}/v1/telegram/${siteId}`);
  });

  test('If-Match that does not match any more: 412, and Telegram is not asked', async () => {
    const seen = String((await get()).headers.etag);
    await app.call('PATCH', `/v1/sites/${siteId}`, { key, body: { docuvision: true } });
    const answer = await save(NUOVO, seen);
    expect(answer).toMatchObject({ status: 412, json: { errors: [{ pointer: '/docuvision' }] } });
    expect(await app.telegram.calls()).toEqual([]);
  });

  test('an editor of the settings hears of another bot', async () => {
    const seen = String((await get()).headers.etag);
    await save(NUOVO);
    const answer = await app.call('PATCH', `/v1/sites/${siteId}`, {
      key,
      body: { active: false },
      ifMatch: seen,
    });
    expect(answer).toMatchObject({ status: 412, json: { errors: [{ pointer: '/bot' }] } });
    expect(answer.text).not.toMatch(/sealed|webhook/i);
  });

  test('the log says which site and bot, and never the token', async () => {
    const { entries, text } = await writtenDuring(async () => {
      await save(NUOVO);
      await save({ ...NUOVO, username: 'altro_bot' });
      await app.telegram.fault({ method: 'getMe', drop: 'before' });
      await save(NUOVO);
    });
    const saved = { level: 'info', message: 'bot saved', siteId, botId: '200', isAnother: false };
    expect(entries).toContainEqual(expect.objectContaining(saved));
    expect(text).not.toContain('200:nuovo');
  });
});

describe('another bot', () => {
  test('takes over: the former one delivers nothing any more, and its people have to start the new one', async () => {
    await save(DEMO);
    const anna = { siteId, userId: 'anna', chatId: 1001, siteChat: `${siteId}#1001`, botId: '100' };
    await app.stack.putUser(anna);

    expect((await save(NUOVO)).json.bot).toEqual({ id: '200', username: 'nuovo_bot' });

    expect((await webhook('100:demo')).url).toBe('');
    expect((await webhook('200:nuovo')).url).toBe(`${API}/v1/telegram/${siteId}`);
    const { reachableChats } = await import('../../lib/deliveries/skip-reason.ts');
    const { bot } = await app.storedSite(siteId);
    const stored = await app.stack.findUser(siteId, 'anna');
    expect(stored).toEqual(anna);
    const user = userFrom(anna);
    expect(reachableChats(user, 'order-status', bot).reason).toBe('not-linked');
    // Back with the first bot, its chats are good again.
    await save(DEMO);
    const again = (await app.storedSite(siteId)).bot;
    expect(reachableChats(user, 'order-status', again).reason).toBeUndefined();
  });

  test('a former bot that serves another site by now is left alone', async () => {
    await save(DEMO);
    const otherKey = await app.createSite(`altro-${count}`);
    const body = { ...DEMO, takeOver: true };
    await app.call('PUT', `/v1/sites/altro-${count}/bot`, { key: otherKey, body });

    await save(NUOVO);

    expect((await webhook('100:demo')).url).toBe(`${API}/v1/telegram/altro-${count}`);
  });

  test('a former bot whose token is revoked does not stand in the way', async () => {
    await save(DEMO);
    const site = await app.storedSite(siteId);
    const sealedToken = encryptToken('100:revocato', siteId);
    if (site.bot) await app.stack.putSite({ ...site, bot: { ...site.bot, sealedToken } });
    expect((await save(NUOVO)).status).toBe(200);
  });
});

describe('the picture', () => {
  /** The smallest that the emulator takes for a JPEG. */
  const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70, 0, 1]).toString('base64');
  const set = (jpeg: string) => app.call('PUT', `/v1/sites/${siteId}/bot/photo`, { key, body: { jpeg } });

  test('is handed to Telegram as a new file', async () => {
    await save(NUOVO);
    expect(await set(JPEG)).toMatchObject({ status: 200, json: { bot: { username: 'nuovo_bot' } } });
    const [call] = await app.telegram.calls('setMyProfilePhoto');
    // https://core.telegram.org/bots/api#inputprofilephotostatic
    expect(call?.params).toEqual({
      photo: '{"type":"static","photo":"attach://logo"}',
      logo: { file: 'logo.jpg', bytes: 12 },
    });
  });

  test('without a bot, no JPEG, or one that Telegram refuses', async () => {
    expect(await set(JPEG)).toMatchObject({ status: 409, json: { code: 'no-bot' } });
    await save(NUOVO);
    const png = Buffer.from('\u0089PNG').toString('base64');
    for (const wrong of [png, '', 'ciao', `${JPEG} `])
      expect(await set(wrong)).toMatchObject({ status: 400, json: { errors: [{ pointer: '/jpeg' }] } });
    await app.telegram.fault({
      method: 'setMyProfilePhoto',
      ...refusal(400, 'Bad Request: IMAGE_PROCESS_FAILED'),
    });
    expect(await set(JPEG)).toMatchObject({
      status: 400,
      json: {
        errors: [{ code: 'refused-by-telegram', detail: expect.stringContaining('IMAGE_PROCESS_FAILED') }],
      },
    });
  });
});
