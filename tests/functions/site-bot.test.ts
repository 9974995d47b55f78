/** The bot of a site: saving it with all of Telegram's checks, testing it, changing it. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { CallRecord } from '../../local/emulator/emulator.ts';
import { startBotServer } from '../support/bot-server.ts';
import { API, type FrontDesk, openFrontDesk, PLATFORM_KEY } from '../support/front-desk.ts';

let desk: FrontDesk;
let key: string;
let siteId: string;
let count = 0;
beforeAll(async () => {
  desk = await openFrontDesk();
});
afterAll(() => desk.close());
beforeEach(async () => {
  await desk.reset();
  await Promise.all(['100:demo', '200:nuovo'].map((token) => desk.asBot(token, 'deleteWebhook')));
  await desk.reset();
  count += 1;
  siteId = `negozio-${count}`;
  key = await desk.newSite(siteId);
});

const NUOVO = { token: '200:nuovo', username: 'nuovo_bot' };
const DEMO = { token: '100:demo', username: 'demo_shop_bot' };
const save = (body: unknown, ifMatch?: string) =>
  desk.ask('PUT', `/v1/sites/${siteId}/bot`, { key, body, ...(ifMatch && { ifMatch }) });
const test_ = () => desk.ask('POST', `/v1/sites/${siteId}/bot/test`, { key });
const get = () => desk.ask('GET', `/v1/sites/${siteId}`, { key });
const webhook = (token = '200:nuovo') => desk.asBot(token, 'getWebhookInfo');
const refusal = (status: number, description: string, more: object = {}) => ({
  status,
  body: { ok: false, error_code: status, description, ...more },
});

const secretIn = (call: CallRecord | undefined) => String(call?.params.secret_token);

describe('saving', () => {
  test('shows the bot, sets the webhook, the commands and the description, and keeps the token sealed', async () => {
    const answer = await save(NUOVO);

    expect(answer).toMatchObject({ status: 200, json: { bot: { id: '200', username: 'nuovo_bot' } } });
    expect(answer.headers.etag).toBe((await get()).headers.etag);
    const [set, ...more] = await desk.calls('setWebhook');
    expect(more).toEqual([]);
    expect(set).toMatchObject({
      params: {
        url: `${API}/v1/telegram/${siteId}`,
        // TELEGRAM.md: exactly what the bot handles; my_chat_member has to be named.
        allowed_updates: ['message', 'callback_query', 'my_chat_member'],
        secret_token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      },
    });
    const commands = (await desk.asBot('200:nuovo', 'getMyCommands', { language_code: 'it' })) as unknown;
    expect(commands).toContainEqual({ command: 'impostazioni', description: expect.any(String) });
    const described = await desk.asBot('200:nuovo', 'getMyDescription', { language_code: 'en' });
    expect(described.description).not.toBe('');

    const stored = JSON.stringify(await desk.stored(siteId));
    expect(stored).not.toContain('200:nuovo');
    expect(stored).not.toContain(String(secretIn(set)));
    expect(answer.body).not.toMatch(/200:nuovo|sealed|secret/i);
  });

  test('again: another secret, the same bot', async () => {
    await save(NUOVO);
    await save({ token: '200:nuovo', username: '@NUOVO_bot' });
    const secrets = (await desk.calls('setWebhook')).map(secretIn);
    expect(new Set(secrets).size).toBe(2);
    expect((await get()).json.bot).toEqual({ id: '200', username: 'nuovo_bot' });
  });

  test('by several at the same instant: Telegram and the site have one secret in the end', async () => {
    const shown = Promise.withResolvers<string>();
    const server = await startBotServer();
    server.answerWith((request, response) => {
      shown.resolve(String(request.headers['x-telegram-bot-api-secret-token']));
      response.end();
    });
    // The first to write the site is the last whom Telegram hears.
    await desk.fault({ method: 'setWebhook', times: 1, delayMs: 300 });
    const saveHere = () => desk.ask('PUT', `/v1/sites/${siteId}/bot`, { key, body: NUOVO, api: server.url });
    const answers = await Promise.all([saveHere(), saveHere(), saveHere()]);

    await desk.write(1001, 'nuovo_bot', 'Ciao');
    const hash = createHash('sha256')
      .update(await shown.promise)
      .digest('hex');
    await server.close();
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await desk.stored(siteId)).bot?.webhookSecretHash).toBe(hash);
  });

  test('of two bots saved at the same instant, one is the site’s, and the other has no webhook', async () => {
    const answers = await Promise.all([save(NUOVO), save(DEMO)]);

    const { bot } = await desk.stored(siteId);
    const [theirs, other] = bot?.id === '200' ? ['200:nuovo', '100:demo'] : ['100:demo', '200:nuovo'];
    expect((await webhook(theirs)).url).toBe(`${API}/v1/telegram/${siteId}`);
    expect((await webhook(other)).url).toBe('');
    expect(answers.some(({ status }) => status === 200)).toBe(true);
  });

  test('a token that works again takes the note away that it did not', async () => {
    await save(NUOVO);
    const site = await desk.stored(siteId);
    const problem = {
      kind: 'bot-unauthorized',
      since: '2026-11-22T10:00:00.000Z',
      description: 'Unauthorized',
    };
    if (site.bot)
      await desk.stack.putSite({
        ...site,
        bot: { ...site.bot, problem: { ...problem, kind: 'bot-unauthorized' } },
      });
    expect((await get()).json.bot.problem).toEqual(problem);

    expect((await save(NUOVO)).json.bot).not.toHaveProperty('problem');
  });

  const tokenForm =
    'Must be a bot token as @BotFather writes it, such as "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11".';
  test.each<[unknown, string, string]>([
    [
      { token: '200:sbagliato', username: 'nuovo_bot' },
      '/token',
      'Telegram refuses this token: "Unauthorized". Open @BotFather in Telegram, send /mybots, choose the bot, then "API Token".',
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
    [{ token: '200:nuovo' }, '/username', 'This property is required.'],
    [
      { token: '200:nuovo', username: 'nuovo bot' },
      '/username',
      'Must be the username of the bot, such as "my_shop_bot".',
    ],
  ])('%j is refused at %s, and nothing changes', async (body, pointer, detail) => {
    await save(DEMO);
    const before = await desk.stored(siteId);
    await desk.reset();

    const answer = await save(body);

    expect(answer).toMatchObject({
      status: 400,
      json: { title: 'Validation Failed', errors: [{ pointer, detail }] },
    });
    expect(await desk.stored(siteId)).toEqual(before);
    expect((await desk.calls()).filter(({ method }) => method !== 'getMe')).toEqual([]);
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
    const before = await desk.stored(siteId);
    for (const method of ['getMe', 'setMyCommands', 'setWebhook']) {
      await desk.fault({ method, ...fault });
      const answer = await save(NUOVO);
      expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': retryAfter } });
      expect(answer.json.detail).toMatch(/^Nothing was changed, because Telegram does not answer now/);
      await desk.reset();
    }
    const { bot } = await desk.stored(siteId);
    expect(bot).toEqual(before.bot);
  });

  test('where the answer to setWebhook is lost once, the bot is saved all the same', async () => {
    await desk.fault({ method: 'setWebhook', times: 1, drop: 'after' });
    expect((await save(NUOVO)).status).toBe(200);
    expect((await webhook()).url).toBe(`${API}/v1/telegram/${siteId}`);
  });

  test('where Telegram refuses the webhook, its words are told and the former bot is back', async () => {
    await save(DEMO);
    const { bot } = await desk.stored(siteId);
    await desk.fault({
      method: 'setWebhook',
      ...refusal(400, 'Bad Request: bad webhook: IP address 10.0.0.1 is reserved'),
    });

    const answer = await save(NUOVO);

    expect(answer).toMatchObject({ status: 502, json: { title: 'Bad Gateway' } });
    expect(answer.json.detail).toContain('"Bad Request: bad webhook: IP address 10.0.0.1 is reserved"');
    expect((await desk.stored(siteId)).bot).toEqual(bot);
    expect((await webhook('100:demo')).url).toBe(`${API}/v1/telegram/${siteId}`);
  });

  test('If-Match that does not match any more: 412, and Telegram is not asked', async () => {
    const seen = String((await get()).headers.etag);
    await desk.ask('PATCH', `/v1/sites/${siteId}`, { key, body: { docuvision: true } });
    const answer = await save(NUOVO, seen);
    expect(answer).toMatchObject({ status: 412, json: { errors: [{ pointer: '/docuvision' }] } });
    expect(await desk.calls()).toEqual([]);
  });

  test('an editor of the settings hears of another bot', async () => {
    const seen = String((await get()).headers.etag);
    await save(NUOVO);
    const answer = await desk.ask('PATCH', `/v1/sites/${siteId}`, {
      key,
      body: { active: false },
      ifMatch: seen,
    });
    expect(answer).toMatchObject({ status: 412, json: { errors: [{ pointer: '/bot' }] } });
    expect(answer.body).not.toMatch(/sealed|webhook/i);
  });

  test('the log says which site and bot, and never the token', async () => {
    const level = process.env.LOG_LEVEL;
    process.env.LOG_LEVEL = 'info';
    const lines: string[] = [];
    const write = jest
      .spyOn(process.stdout, 'write')
      .mockImplementation((line) => lines.push(String(line)) > 0);
    try {
      await save(NUOVO);
      await save({ ...NUOVO, username: 'altro_bot' });
      await desk.fault({ method: 'getMe', drop: 'before' });
      await save(NUOVO);
    } finally {
      write.mockRestore();
      process.env.LOG_LEVEL = level;
    }
    expect(lines.map((line) => JSON.parse(line))).toContainEqual({
      level: 'info',
      message: 'bot saved',
      siteId,
      botId: '200',
      isAnother: false,
    });
    expect(lines.join('')).not.toContain('200:nuovo');
  });
});

describe('another bot', () => {
  test('takes over: the former one hands nothing over any more, and its people have to start the new one', async () => {
    await save(DEMO);
    const anna = { siteId, userId: 'anna', chatId: 1001, siteChat: `${siteId}#1001`, botId: '100' };
    await desk.stack.putUser(anna);

    expect((await save(NUOVO)).json.bot).toEqual({ id: '200', username: 'nuovo_bot' });

    expect((await webhook('100:demo')).url).toBe('');
    expect((await webhook('200:nuovo')).url).toBe(`${API}/v1/telegram/${siteId}`);
    const { whyNotReached } = await import('../../lib/store/users.ts');
    const { bot } = await desk.stored(siteId);
    const user = await desk.stack.findUser(siteId, 'anna');
    expect(user).toEqual(anna);
    expect(whyNotReached(user, 'order-status', bot)).toBe('not-linked');
    // Back with the first bot, its chats are good again.
    await save(DEMO);
    expect(whyNotReached(user, 'order-status', (await desk.stored(siteId)).bot)).toBeUndefined();
  });

  test('a former bot that serves another site by now is left alone', async () => {
    await save(DEMO);
    const otherKey = await desk.newSite(`altro-${count}`);
    await desk.ask('PUT', `/v1/sites/altro-${count}/bot`, { key: otherKey, body: DEMO });

    await save(NUOVO);

    expect((await webhook('100:demo')).url).toBe(`${API}/v1/telegram/altro-${count}`);
  });

  test('a former bot whose token is revoked does not stand in the way', async () => {
    await save(DEMO);
    await desk.fault({ method: 'getWebhookInfo', ...refusal(401, 'Unauthorized') });
    expect((await save(NUOVO)).status).toBe(200);
  });
});

describe('testing', () => {
  const statuses = (json: { checks: { check: string; status: string }[] }) =>
    Object.fromEntries(json.checks.map(({ check, status }) => [check, status]));
  const checkOf = (json: { checks: { check: string }[] }, name: string) =>
    json.checks.find(({ check }) => check === name);

  test('a bot that works', async () => {
    await save(NUOVO);
    const { status, json, body } = await test_();
    expect(status).toBe(200);
    expect(json).toMatchObject({ works: true, bot: { id: '200', username: 'nuovo_bot', name: 'Nuovo' } });
    expect(statuses(json)).toEqual({ token: 'works', username: 'works', webhook: 'works', updates: 'works' });
    expect(body).not.toContain('200:nuovo');
  });

  test('no bot yet', async () => {
    const { json } = await test_();
    expect(json.works).toBe(false);
    expect(checkOf(json, 'token')).toMatchObject({
      status: 'broken',
      detail: 'No bot is saved for this site.',
      nextStep: 'Save the token and the username of the bot first (PUT …/bot).',
    });
  });

  test('a revoked token, in Telegram’s words', async () => {
    await save(NUOVO);
    await desk.fault({ method: 'getMe', ...refusal(401, 'Unauthorized') });
    const { json } = await test_();
    expect(json.works).toBe(false);
    expect(checkOf(json, 'token')).toMatchObject({
      status: 'broken',
      detail: 'Telegram refuses the token: "Unauthorized".',
      nextStep: expect.stringContaining('@BotFather'),
    });
    expect(checkOf(json, 'webhook')).toMatchObject({ status: 'not-checked' });
  });

  test('a bot that was renamed', async () => {
    await save(NUOVO);
    const site = await desk.stored(siteId);
    if (site.bot) await desk.stack.putSite({ ...site, bot: { ...site.bot, username: 'vecchio_bot' } });
    expect(checkOf((await test_()).json, 'username')).toMatchObject({
      status: 'broken',
      detail: 'The bot is called @nuovo_bot now, but @vecchio_bot is saved.',
      nextStep: expect.stringContaining('Save the bot once more with the username nuovo_bot'),
    });
  });

  test('no webhook, another one, and one that asks for too little', async () => {
    await save(NUOVO);
    await desk.asBot('200:nuovo', 'deleteWebhook');
    expect(checkOf((await test_()).json, 'webhook')).toMatchObject({
      status: 'broken',
      nextStep: expect.any(String),
    });

    await desk.asBot('200:nuovo', 'setWebhook', { url: 'https://else.example/secret-path' });
    const elsewhere = await test_();
    expect(checkOf(elsewhere.json, 'webhook')).toMatchObject({
      status: 'broken',
      detail: expect.stringMatching(/else\.example\.$/),
    });
    expect(elsewhere.body).not.toContain('secret-path');

    const url = `${API}/v1/telegram/${siteId}`;
    await desk.asBot('200:nuovo', 'setWebhook', { url, allowed_updates: ['message'] });
    expect(checkOf((await test_()).json, 'webhook')).toMatchObject({
      status: 'broken',
      detail: 'The webhook is set, but does not ask for: callback_query, my_chat_member.',
    });
  });

  test('what Telegram could not hand over', async () => {
    await save(NUOVO);
    const now = Math.floor(Date.now() / 1000);
    const allowed_updates = ['message', 'callback_query', 'my_chat_member'];
    const info = { url: `${API}/v1/telegram/${siteId}`, allowed_updates, pending_update_count: 2 };
    const last_error_message = 'Wrong response from the webhook: 503 Service Unavailable';
    const answer = (result: object) =>
      desk.fault({ method: 'getWebhookInfo', times: 1, status: 200, body: { ok: true, result } });

    await answer({ ...info, last_error_date: now - 60, last_error_message });
    expect(checkOf((await test_()).json, 'updates')).toMatchObject({
      status: 'broken',
      detail: expect.stringContaining('Wrong response from the webhook: 503 Service Unavailable'),
      nextStep: expect.any(String),
    });
    // Over for two hours, and nothing waits.
    await answer({ ...info, pending_update_count: 0, last_error_date: now - 7_200, last_error_message });
    expect(checkOf((await test_()).json, 'updates')).toMatchObject({ status: 'works' });
    // On their way, and nothing went wrong.
    await answer(info);
    expect(checkOf((await test_()).json, 'updates')).toMatchObject({ status: 'works' });
  });

  test('Telegram out of reach is told apart from a bad token', async () => {
    await save(NUOVO);
    await desk.fault({ method: 'getMe', drop: 'before' });
    expect(checkOf((await test_()).json, 'token')).toMatchObject({
      status: 'broken',
      detail: 'Telegram does not answer now, so nothing can be said.',
      nextStep: 'Test again in a minute.',
    });
  });

  test('works while the module is off', async () => {
    await save(NUOVO);
    const body = { name: 'Bottega', url: 'https://bottega.example', moduleActive: false };
    await desk.ask('PUT', `/v1/sites/${siteId}`, { key: PLATFORM_KEY, body });
    expect((await test_()).json.works).toBe(true);
  });
});
