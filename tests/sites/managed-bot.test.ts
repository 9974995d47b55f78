/** A bot without @BotFather: from the first click to the first message, and whatever goes wrong on the way. */
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { decryptToken } from '../../lib/telegram/token-encryption.ts';
import { listen } from '../../local/ports.ts';
import { API } from '../support/api-events.ts';
import { type App, startApp } from '../support/app.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { writtenDuring } from '../support/log-lines.ts';
import { record } from '../support/sqs-events.ts';

const MANAGER = 'passweb_manager_bot';
const GINO = 501;
const RITA = 502;

let app: App;
let tables: Gate;
let telegram: Gate;
/** Telegram's way to the webhooks of this deployment. */
let hooks: Server;
let hooksUrl: string;
let key: string;
let siteId: string;
let count = 0;
let later = 0;

beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    beforeLoading: async () => {
      tables = await startGate(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      process.env.AWS_ENDPOINT_URL_DYNAMODB = tables.url;
      telegram = await startGate(process.env.TELEGRAM_API_ROOT ?? '');
      process.env.TELEGRAM_API_ROOT = telegram.url;
    },
  });
  hooks = createServer(async (request, response) => {
    const body = await text(request);
    const secret = String(request.headers['x-telegram-bot-api-secret-token']);
    const headers = { 'x-telegram-bot-api-secret-token': secret };
    const { status = 500 } = await app.call('POST', request.url ?? '', { key: null, headers, body });
    response.writeHead(status).end();
  });
  hooksUrl = `http://127.0.0.1:${await listen(hooks, 0)}`;
});
afterAll(async () => {
  await app.close();
  await Promise.all([tables.close(), telegram.close()]);
  await new Promise((resolve) => {
    hooks.close(resolve);
    hooks.closeAllConnections();
  });
});
beforeEach(async () => {
  process.env.API_URL = hooksUrl;
  process.env.MANAGER_BOT_TOKEN = '300:manager';
  process.env.MANAGER_BOT_USERNAME = MANAGER;
  await app.telegram.clearFaults();
  await app.telegram.asBot('300:manager', 'deleteWebhook', { drop_pending_updates: true });
  await app.reset();
  await app.telegram.reset();
  count += 1;
  siteId = `bottega-${count}`;
  key = await app.createSite(siteId, { name: "Caffè d'Italia" });
});
afterEach(async () => {
  await Promise.all([tables.open(), telegram.open()]);
  jest.restoreAllMocks();
  later = 0;
  process.env.API_URL = API;
  delete process.env.MANAGER_BOT_TOKEN;
  delete process.env.MANAGER_BOT_USERNAME;
});

/** So many milliseconds go by. */
function pass(milliseconds: number): void {
  later += milliseconds;
  const real = performance.timeOrigin + performance.now();
  const begun = performance.now();
  jest.spyOn(Date, 'now').mockImplementation(() => Math.floor(real + later + performance.now() - begun));
}

const call = (method: string, path: string, body?: object, language?: string) =>
  app.call(method, `/v1/sites/${siteId}${path}`, {
    key,
    ...(body && { body }),
    ...(language && { headers: { 'accept-language': language } }),
  });
const begin = (body: object = {}) => call('POST', '/bot/managed', body);
const look = async (language?: string) => (await call('GET', '/bot/managed', undefined, language)).json;

async function control(
  path: string,
  body: object,
): Promise<{ status: number; json: Record<string, unknown> }> {
  const answer = await fetch(`${app.telegram.url}/emulator/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}
const open = (chatId: number, url: string, from: object = { first_name: 'Gino', language_code: 'it' }) =>
  control(`chats/${chatId}/send`, { text: url, from });
const make = (from: number, username: string) =>
  control('newbot', { manager: MANAGER, username, name: 'Bottega', from });

async function until<T>(look: () => Promise<T>, isThere: (found: T) => boolean): Promise<T> {
  for (let round = 0; round < 400; round++) {
    const found = await look();
    if (isThere(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`It never came: ${JSON.stringify(await look())}`);
}
const stateIs = (state: string) =>
  until(
    () => look(),
    (view) => view.state === state,
  );
const saidTo = (chatId: number, words: RegExp) =>
  until(
    () => app.telegram.textsIn(chatId),
    (texts) => texts.some((each) => words.test(each)),
  );

/** Up to the button: the person is bound. */
async function bind(chatId = GINO, body: object = {}): Promise<void> {
  const { json } = await begin(body);
  await open(chatId, json.url);
  await stateIs('waiting-for-bot');
}
/** The whole way. @returns the id of the bot. */
async function getBot(username: string): Promise<string> {
  await bind();
  const { json } = await make(GINO, username);
  await stateIs('done');
  return String(json.id);
}

test('from the first click to the bot, which answers', async () => {
  expect((await call('GET', '')).json.managerBot).toEqual({ username: MANAGER });
  expect(await look()).toEqual({ state: 'none' });
  const begun = await begin();
  expect(begun.status).toBe(201);
  expect(begun.json).toMatchObject({
    state: 'waiting-for-person',
    url: expect.stringMatching(new RegExp(`^https://t\\.me/${MANAGER}\\?start=[A-Za-z0-9_-]{22}$`)),
    qr: expect.stringContaining('<svg'),
    suggestedUsername: 'caffe_d_italia_bot',
  });
  expect((await look()).url).toBe(begun.json.url);

  await open(GINO, begun.json.url);
  const waiting = await stateIs('waiting-for-bot');
  expect(waiting).toMatchObject({
    person: { name: 'Gino' },
    newBotUrl: `https://t.me/newbot/${MANAGER}/caffe_d_italia_bot?name=Caff%C3%A8%20d'Italia`,
    newBotQr: expect.stringContaining('<svg'),
  });
  await saidTo(GINO, /toccare il pulsante/);
  const offer = (await app.telegram.messagesIn(GINO)).at(-1);
  expect(offer?.reply_markup?.inline_keyboard[0]?.[0]).toEqual({
    text: 'Crea il bot',
    url: waiting.newBotUrl,
  });

  // The person changes the username.
  const made = await make(GINO, `caffe_${count}_bot`);
  expect(made).toMatchObject({ status: 200, json: { is_bot: true, username: `caffe_${count}_bot` } });
  const done = await stateIs('done');
  expect(done).toEqual({
    state: 'done',
    person: { name: 'Gino' },
    bot: { id: String(made.json.id), username: `caffe_${count}_bot` },
  });
  await saidTo(GINO, /^Fatto: @caffe_\d+_bot ora è il bot di Caffè d'Italia/);

  const site = (await call('GET', '')).json;
  expect(site.bot).toEqual({ id: String(made.json.id), username: `caffe_${count}_bot`, managed: true });
  await control(`chats/${RITA}/send`, {
    text: '/start',
    bot: `caffe_${count}_bot`,
    from: { language_code: 'it' },
  });
  await saidTo(RITA, /collegar/i);
  const { entries } = (await call('GET', '/audit')).json;
  expect(entries[0]).toMatchObject({
    by: { caller: 'site' },
    changes: [{ action: 'bot-saved', to: `caffe_${count}_bot` }],
  });
});

test('the token of the bot is in no log, answer or address, and encrypted in the tables', async () => {
  const texts: string[] = [];
  let token = '';
  const lines = await writtenDuring(async () => {
    const botId = await getBot(`segreto_${count}_bot`);
    texts.push(JSON.stringify(await look()), (await call('GET', '')).text);
    token = decryptToken((await app.storedSite(siteId)).bot?.sealedToken ?? '', siteId);
    expect(token).toMatch(new RegExp(`^${botId}:AA`));
    texts.push((await call('POST', '/bot/renew')).text);
    texts.push(JSON.stringify(await app.stack.items('LinksTable')));
  });
  const renewed = decryptToken((await app.storedSite(siteId)).bot?.sealedToken ?? '', siteId);
  for (const each of [...texts, JSON.stringify(lines)])
    for (const secret of [token, renewed, '300:manager']) expect(each).not.toContain(secret);
});

describe('the link', () => {
  test('is good for one person, once, for half an hour, and until there is another', async () => {
    const first = (await begin()).json.url;
    const second = (await begin()).json.url;
    await open(GINO, first);
    await saidTo(GINO, /non è valido/);
    await open(GINO, second);
    await saidTo(GINO, /toccare il pulsante/);
    await open(RITA, second, { first_name: 'Rita', language_code: 'en' });
    await saidTo(RITA, /opened with another Telegram account/);
    expect((await look()).person).toEqual({ name: 'Gino' });
    await call('DELETE', '/bot/managed');
    expect(await look()).toEqual({ state: 'none' });
    await open(GINO, second);
    await until(
      () => app.telegram.textsIn(GINO),
      (texts) => texts.filter((each) => /non è valido/.test(each)).length === 2,
    );

    const third = (await begin()).json.url;
    pass(30 * 60_000);
    expect(await look('it')).toMatchObject({
      state: 'failed',
      problem: {
        code: 'link-expired',
        title: 'Il link è scaduto',
        detail: expect.stringContaining('Ricominciare'),
      },
    });
    await open(GINO, third);
    jest.restoreAllMocks();
  });

  test('that is wrong, or missing: the manager bot says what it is for', async () => {
    await begin();
    await open(GINO, '/start', { language_code: 'it' });
    expect((await control(`chats/${GINO}/send`, { text: '/start', bot: MANAGER })).status).toBe(200);
    await saidTo(GINO, /aiuta a creare il bot/);
    await open(RITA, `https://t.me/${MANAGER}?start=sbagliato`, { language_code: 'en' });
    await saidTo(RITA, /This link is not valid/);
  });
});

describe('a bot counts', () => {
  test('not of a person who has opened no link: that is told, and nothing else happens', async () => {
    const url = (await begin()).json.url;
    await control(`chats/${RITA}/send`, { text: '/start', bot: MANAGER, from: { language_code: 'it' } });
    const made = await make(RITA, `rita_${count}_bot`);
    await saidTo(RITA, /nessuno sa per quale negozio/);
    expect((await look()).state).toBe('waiting-for-person');
    // Not afterwards either, whatever Telegram tells of it: it is no new one.
    await open(RITA, url);
    await stateIs('waiting-for-bot');
    await app.telegram.asBot('300:manager', 'replaceManagedBotToken', { user_id: Number(made.json.id) });
    await until(
      () => app.telegram.textsIn(RITA),
      (texts) => texts.filter((each) => /nessuno sa per quale negozio/.test(each)).length === 2,
    );
    expect((await call('GET', '')).json).not.toHaveProperty('bot');
  });

  test('for the site whose link the person has opened last', async () => {
    const { url } = (await begin()).json;
    await open(GINO, url);
    await stateIs('waiting-for-bot');
    const [first, other] = [{ siteId, key }, `altra-${count}`];
    const second = { siteId: other, key: await app.createSite(other) };
    const switchTo = (site: typeof first) => {
      ({ siteId, key } = site);
    };
    switchTo(second);
    await bind();

    // Whoever sees the code of the first one would make the bot of the second one with it.
    switchTo(first);
    const lost = await look('it');
    expect(lost).toMatchObject({
      state: 'failed',
      problem: {
        code: 'link-of-another-site-opened',
        title: 'È stato aperto il link di un altro negozio',
        detail: expect.stringContaining('Ricominciare'),
      },
    });
    expect(lost).not.toHaveProperty('newBotUrl');
    expect(lost).not.toHaveProperty('newBotQr');

    // Back again with the same link: now the second one knows that nothing comes.
    pass(1_000);
    await open(GINO, url);
    await stateIs('waiting-for-bot');
    switchTo(second);
    expect((await look()).state).toBe('failed');
    pass(1_000);
    await bind();

    await make(GINO, `altra_${count}_bot`);
    await stateIs('done');
    switchTo(first);
    expect((await look()).problem.code).toBe('link-of-another-site-opened');
    expect((await call('GET', '')).json).not.toHaveProperty('bot');
  });

  test('once for each link: a second one is told to be of no use', async () => {
    const id = await getBot(`prima_${count}_bot`);
    await make(GINO, `seconda_${count}_bot`);
    await saidTo(GINO, /nessuno sa per quale negozio/);
    expect((await call('GET', '')).json.bot.id).toBe(id);
  });
});

test('a site that has a bot: only where it says so', async () => {
  await call('PUT', '/bot', { token: '200:nuovo' });
  const refused = await begin();
  expect(refused).toMatchObject({ status: 409, json: { code: 'site-has-bot' } });
  expect(refused.json.detail).toContain('press Start once');
  await bind(GINO, { replace: true });
  await make(GINO, `nuova_${count}_bot`);
  await stateIs('done');
  expect((await call('GET', '')).json.bot.username).toBe(`nuova_${count}_bot`);
  // The former bot is free.
  expect((await app.telegram.asBot('200:nuovo', 'getWebhookInfo')).url).toBe('');
});

test('another bot is saved by hand meanwhile: it stays', async () => {
  await bind();
  await call('PUT', '/bot', { token: '200:nuovo' });
  await make(GINO, `tardi_${count}_bot`);
  expect((await stateIs('failed')).problem).toMatchObject({ code: 'site-has-bot' });
  expect((await call('GET', '')).json.bot.username).toBe('nuovo_bot');
  await saidTo(GINO, /non è potuto diventare il bot/);
});

describe('Telegram', () => {
  test('does not give the token, because the bot was deleted: it is told, with what to do', async () => {
    await bind();
    const body = { ok: false, error_code: 400, description: 'Bad Request: BOT_INVALID' };
    await app.telegram.fault({ method: 'getManagedBotToken', status: 400, body });
    await make(GINO, `sparito_${count}_bot`);
    await stateIs('failed');
    expect((await look('it')).problem).toMatchObject({
      code: 'bot-gone',
      detail: expect.stringMatching(/BOT_INVALID.*Ricominciare.*@BotFather/),
    });
    await saidTo(GINO, /BOT_INVALID/);
  });

  test('does not answer for a while: that is shown, and it goes on by itself', async () => {
    await bind();
    await app.telegram.fault({ method: 'getManagedBotToken', status: 502, body: 'Bad Gateway' });
    await make(GINO, `lento_${count}_bot`);
    const view = await until(
      () => look(),
      ({ problem }) => problem !== undefined,
    );
    expect(view).toMatchObject({ state: 'setting-up', problem: { code: 'telegram-unreachable' } });
    await app.telegram.clearFaults();
    const done = await stateIs('done');
    expect(done).not.toHaveProperty('problem');
    await saidTo(GINO, /^Fatto/);
  });

  test.each([
    ['Bot Management Mode is off', { can_manage_bots: false }, 502],
    ['the token is wrong', null, 502],
  ])('%s: the platform has to mend it', async (_, me, status) => {
    if (me) {
      const result = { id: 300, is_bot: true, first_name: 'Passweb', username: MANAGER, ...me };
      await app.telegram.fault({ method: 'getMe', times: 1, status: 200, body: { ok: true, result } });
    } else process.env.MANAGER_BOT_TOKEN = '300:sbagliato';
    expect(await begin()).toMatchObject({ status, json: { code: 'bot-setup-refused' } });
  });

  test('refuses a new bot as it does: username taken, wrong or without "bot", too many bots', async () => {
    await make(GINO, `mio_${count}_bot`);
    const error = async (username: string, from = GINO) => (await make(from, username)).json.error;
    expect(await error(`mio_${count}_bot`)).toMatch(/^USERNAME_OCCUPIED/);
    expect(await error('no bot')).toMatch(/^USERNAME_INVALID/);
    expect(await error(`negozio_${count}`)).toMatch(/^USERNAME_SUFFIX_MISSING/);
    for (let bots = 0; bots < 20; bots++) await make(RITA + count, `tanti_${count}_${bots}_bot`);
    expect(await error(`troppi_${count}_bot`, RITA + count)).toMatch(/^BOT_CREATE_LIMIT_EXCEEDED/);
  });
});

describe('the webhook of the manager bot', () => {
  const info = () => app.telegram.asBot('300:manager', 'getWebhookInfo');

  test('is set when a merchant begins, and mended', async () => {
    await begin();
    expect(await info()).toMatchObject({
      url: `${hooksUrl}/v1/telegram/manager`,
      allowed_updates: ['message', 'managed_bot'],
    });
    await begin();
    expect(await app.telegram.calls('setWebhook')).toHaveLength(1);
    await app.telegram.asBot('300:manager', 'setWebhook', { url: 'https://else.example/hook' });
    await begin();
    expect((await info()).url).toBe(`${hooksUrl}/v1/telegram/manager`);
  });

  test('takes only what has its secret', async () => {
    await begin();
    const [set] = await app.telegram.calls('setWebhook');
    const post = (secret?: string) =>
      app.call('POST', '/v1/telegram/manager', {
        key: null,
        body: { update_id: 1 },
        headers: secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret },
      });
    expect((await post(String(set?.params.secret_token))).status).toBe(200);
    for (const wrong of [undefined, '', 'x', '300:manager'])
      expect(await post(wrong)).toMatchObject({ status: 401, json: { code: 'wrong-telegram-secret' } });
    delete process.env.MANAGER_BOT_TOKEN;
    expect((await post(String(set?.params.secret_token))).status).toBe(401);
  });
});

test('a deployment without a manager bot', async () => {
  delete process.env.MANAGER_BOT_TOKEN;
  delete process.env.MANAGER_BOT_USERNAME;
  for (const [method, path] of [
    ['POST', '/bot/managed'],
    ['GET', '/bot/managed'],
    ['DELETE', '/bot/managed'],
    ['POST', '/bot/renew'],
  ] as const)
    expect(await call(method, path)).toMatchObject({ status: 404, json: { code: 'no-manager-bot' } });
  expect((await call('GET', '')).json).not.toHaveProperty('managerBot');
});

test('no site can have the address of the manager bot', async () => {
  const { PLATFORM_KEY } = await import('../support/fixtures.ts');
  const body = { name: 'M', url: 'https://m.example', moduleActive: true };
  const answer = await app.call('PUT', '/v1/sites/manager', { key: PLATFORM_KEY, body });
  expect(answer).toMatchObject({ status: 400, json: { code: 'invalid-path-id' } });
});

describe('killed on the way', () => {
  /** The function dies at its nth request to a service; then time passes, and Telegram, or the console, comes again. */
  test.each(['the tables', 'Telegram'])(
    'at any request to %s: it goes on, and is done once',
    async (service) => {
      const gate = service === 'Telegram' ? telegram : tables;
      let twice = 0;
      for (let requests = 0, isOver = false; !isOver; requests++) {
        count += 1;
        siteId = `morte-${count}`;
        key = await app.createSite(siteId);
        const { json } = await begin();
        // The webhook is called by hand here, once.
        const secret = String((await app.telegram.calls('setWebhook')).at(-1)?.params.secret_token);
        await app.telegram.asBot('300:manager', 'deleteWebhook');
        const update = async (content: object) =>
          app.call('POST', '/v1/telegram/manager', {
            key: null,
            headers: { 'x-telegram-bot-api-secret-token': secret },
            body: { update_id: count * 10, ...content },
          });
        const person = { id: GINO, is_bot: false, first_name: 'Gino', language_code: 'it' };
        await open(GINO, `/start`, person);
        const chat = { id: GINO, type: 'private', first_name: 'Gino' };
        const date = Math.floor(Date.now() / 1_000);
        const start = `/start ${new URL(json.url).searchParams.get('start')}`;
        await control(`chats/${GINO}/send`, { text: '/start', bot: MANAGER });
        expect(
          (await update({ message: { message_id: 1, date, chat, from: person, text: start } })).status,
        ).toBe(200);
        const bot = (await make(9_000 + count, `morte_${count}_bot`)).json;
        const managed = { managed_bot: { user: person, bot } };
        gate.shutAfter(requests);
        const first = await update(managed);
        isOver = first.status === 200 && gate.left() > 0;
        await gate.open();
        pass(61_000);
        // Every second time the console comes first.
        if (requests % 2 === 1) expect((await look()).state).not.toBe('setting-up');
        if (!isOver) expect((await update(managed)).status).toBe(200);
        expect({ requests, ...(await look()) }).toMatchObject({ requests, state: 'done' });
        const token = decryptToken((await app.storedSite(siteId)).bot?.sealedToken ?? '', siteId);
        expect((await app.telegram.asBot(token, 'getWebhookInfo')).url).toBe(
          `${hooksUrl}/v1/telegram/${siteId}`,
        );
        const told = (await app.telegram.textsIn(GINO)).filter((each) =>
          each.includes(`@morte_${count}_bot`),
        );
        // Told twice where it died after Telegram had the words and before that was recorded: nobody can know.
        expect({ requests, told: told.length }).toEqual({ requests, told: expect.any(Number) });
        twice += told.length - 1;
        if (requests > 200) throw new Error('It never ends.');
      }
      expect(twice).toBeLessThanOrEqual(1);
    },
    240_000,
  );
});

describe('another token', () => {
  const stored = async () => decryptToken((await app.storedSite(siteId)).bot?.sealedToken ?? '', siteId);

  test('on demand: the old one stops, and the webhook is set for the new one', async () => {
    await getBot(`rinnovo_${count}_bot`);
    const old = await stored();
    const answer = await call('POST', '/bot/renew');
    expect(answer).toMatchObject({ status: 200, json: { bot: { managed: true } } });
    const now = await stored();
    expect(now).not.toBe(old);
    const me = await fetch(`${app.telegram.url}/bot${old}/getMe`);
    expect(me.status).toBe(401);
    expect((await app.telegram.asBot(now, 'getWebhookInfo')).url).toBe(`${hooksUrl}/v1/telegram/${siteId}`);
    const { entries } = (await call('GET', '/audit')).json;
    expect(entries[0]).toMatchObject({ by: { caller: 'site' }, changes: [{ action: 'bot-saved' }] });
    await call('POST', '/bot/test').then(({ json }) => expect(json.works).toBe(true));
  });

  test('by the owner, in @BotFather: the site has it by itself', async () => {
    const botId = await getBot(`revoca_${count}_bot`);
    const old = await stored();
    await app.telegram.asBot('300:manager', 'replaceManagedBotToken', { user_id: Number(botId) });
    const now = await until(stored, (token) => token !== old);
    const info = () => app.telegram.asBot(now, 'getWebhookInfo');
    await until(info, ({ url }) => url === `${hooksUrl}/v1/telegram/${siteId}`);
  });

  test('goes on with what was refused in between', async () => {
    const botId = await getBot(`coda_${count}_bot`);
    const link = (await call('POST', '/users/ada/link', { firstName: 'Ada', language: 'it' })).json;
    await open(RITA, link.url);
    await until(
      async () => (await call('GET', '/users/ada')).json,
      ({ linked }) => linked,
    );
    // The welcome, which the bot queues after it has linked.
    const welcome = await until(
      () => app.takeQueued(),
      (queued) => queued.length > 0,
    );
    await app.deliver(welcome.map((each) => record(each)));
    // The token is another one, and nobody has told us.
    await app.telegram.asBot('300:manager', 'deleteWebhook');
    await app.telegram.asBot('300:manager', 'replaceManagedBotToken', { user_id: Number(botId) });
    const message = { id: 'm', subject: 'Preventivo 7' };
    const event = { eventId: 'e', message, sender: { id: 'x', firstName: 'X' }, recipients: [{ id: 'ada' }] };
    expect((await call('POST', '/events/message-sent', event)).status).toBe(202);
    await app.deliver((await app.takeQueued()).map((each) => record(each)));
    expect(await app.stack.waiting(siteId)).toHaveLength(1);
    expect((await call('GET', '')).json.bot.problem.kind).toBe('bot-unauthorized');

    expect((await call('POST', '/bot/renew')).json.bot).not.toHaveProperty('problem');
    const tickets = (await app.stack.takeMessages('DrainQueue')).map(({ Body = '' }) => JSON.parse(Body));
    expect(tickets).toContainEqual({ siteId });
    await app.drain(siteId);
    await saidTo(RITA, /Preventivo 7/);
  });

  test('not for a bot that was made otherwise', async () => {
    expect(await call('POST', '/bot/renew')).toMatchObject({ status: 409, json: { code: 'no-bot' } });
    await call('PUT', '/bot', { token: '200:nuovo', takeOver: true });
    expect(await call('POST', '/bot/renew')).toMatchObject({
      status: 409,
      json: { code: 'not-managed-bot' },
    });
  });
});
