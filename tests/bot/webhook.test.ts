/** The webhook's adapter: who gets in, what is taken, and what happens when an update comes again or a service is gone. */
import { randomBytes, randomInt } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { log } from '../../lib/observability/logger.ts';
import { type App, startApp } from '../support/app.ts';
import { callbackQueryOf, messageOf, nextUpdateId, type Webhook, webhookOf } from '../support/bot-updates.ts';
import {
  ANNA,
  BRUNO,
  CARLA,
  GROUP,
  NO_LIMITS,
  STRANGER,
  WEBHOOK_SECRET,
  WEBHOOK_SECRET_SHA256,
} from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';

let app: App;
let webhook: Webhook;
let tables: Gate;
beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    limits: NO_LIMITS,
    beforeLoading: async () => {
      tables = await startGate(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      process.env.AWS_ENDPOINT_URL_DYNAMODB = tables.url;
    },
  });
  webhook = webhookOf(app);
});
afterAll(async () => {
  await tables.close();
  await app.close();
});
beforeEach(() => app.reset());
afterEach(() => tables.open());

const stop = (chatId: number) => ({ update_id: nextUpdateId(), message: messageOf(chatId, '/stop') });

describe('the secret', () => {
  test.each<[string, { siteId?: string; secret?: string | null }]>([
    ['is missing', { secret: null }],
    ['is empty', { secret: '' }],
    ['is wrong', { secret: `${WEBHOOK_SECRET}x` }],
    ['is too short', { secret: WEBHOOK_SECRET.slice(0, -1) }],
    ['is in another case', { secret: WEBHOOK_SECRET.toUpperCase() }],
    ['is none at all', { secret: `${WEBHOOK_SECRET} ` }],
    ['is too long', { secret: WEBHOOK_SECRET.repeat(100) }],
    ['is of another site', { siteId: 'other' }],
    ['is of a site that can not be', { siteId: '../demo' }],
    ['is of no site', { siteId: '' }],
  ])('%s: 401, and nothing happens', async (_, parts) => {
    const answer = await webhook.call(stop(ANNA), parts);
    expect(answer.status).toBe(401);
    expect(await app.findUser('anna')).not.toHaveProperty('optedOut');
    expect(await app.telegram.calls()).toEqual([]);
  });

  test('wrong, an unknown site and a site without a bot can not be told apart', async () => {
    const wrong = await webhook.call(stop(ANNA), { secret: 'wrong' });
    const unknown = await webhook.call(stop(ANNA), { siteId: 'unknown' });
    await app.setSite({ bot: undefined });
    const withoutBot = await webhook.call(stop(ANNA));
    expect(unknown).toEqual(wrong);
    expect(withoutBot).toEqual(wrong);
    expect(wrong.json).toMatchObject({ status: 401, title: 'Unauthorized' });
  });

  test('is looked at before the body', async () => {
    expect((await webhook.call('{', { secret: 'wrong' })).status).toBe(401);
    expect((await webhook.call('x'.repeat(300_000), { secret: 'wrong' })).status).toBe(401);
  });

  test('of a bot that was just saved is good at once', async () => {
    await webhook.write(ANNA, '/help');
    const { webhookSecretHash } = await import('../../lib/bot/bot-setup.ts').then(({ newWebhookSecret }) => ({
      webhookSecretHash: newWebhookSecret(),
    }));
    const { demoSite } = await import('../../local/demo.ts');
    const { bot, ...site } = demoSite();
    // Written behind the back of what the function remembers of the site.
    if (bot) await app.stack.putSite({ ...site, bot: { ...bot, webhookSecretHash: webhookSecretHash.hash } });
    const answer = await webhook.call(stop(ANNA), { secret: webhookSecretHash.secret });
    expect(answer.status).toBe(200);
    expect((await webhook.call(stop(ANNA))).status).toBe(401);
  });

  test('of 100,000 random changes none opens', async () => {
    const { isWebhookSecret } = await import('../../lib/http/authenticate.ts');
    const { newWebhookSecret } = await import('../../lib/bot/bot-setup.ts');
    const { secret, hash } = newWebhookSecret();
    const credentials = { keyHashes: [], webhookSecretHash: hash };
    expect(isWebhookSecret(secret, credentials)).toBe(true);
    let opened = 0;
    for (let round = 0; round < 100_000; round++) {
      const changed = mutated(secret);
      if (changed !== secret && isWebhookSecret(changed, credentials)) opened += 1;
    }
    expect(opened).toBe(0);
    expect(isWebhookSecret('', { ...credentials, webhookSecretHash: '' })).toBe(false);
    expect(isWebhookSecret('x', { ...credentials, webhookSecretHash: '' })).toBe(false);
    expect(isWebhookSecret('0'.repeat(64), undefined)).toBe(false);
  });

  test('of 300 random changes of a whole request none gets in', async () => {
    const statuses = new Set<number | undefined>();
    for (let round = 0; round < 300; round++) {
      const secret = mutated(WEBHOOK_SECRET);
      const siteId = randomInt(2) === 0 ? 'demo' : mutated('demo');
      if (secret === WEBHOOK_SECRET) continue;
      const body = mutated(JSON.stringify(stop(ANNA)));
      statuses.add((await webhook.call(body, { siteId, secret })).status);
    }
    expect([...statuses]).toEqual([401]);
    expect(await app.findUser('anna')).not.toHaveProperty('optedOut');
    expect(await app.telegram.calls()).toEqual([]);
  }, 120_000);
});

/** One to three random changes of the bytes: one exchanged, put in, taken out, doubled, or all cut off from there. */
function mutated(text: string): string {
  let bytes = [...Buffer.from(text)];
  for (let change = randomInt(1, 4); change > 0; change--) {
    const place = randomInt(bytes.length + 1);
    const byte = randomBytes(1)[0] ?? 0;
    const kind = randomInt(5);
    if (kind === 0) bytes[place] = byte;
    if (kind === 1) bytes.splice(place, 0, byte);
    if (kind === 2) bytes.splice(place, 1);
    if (kind === 3) bytes.splice(place, 0, ...bytes.slice(place, place + 1));
    if (kind === 4) bytes = bytes.slice(0, place);
  }
  return Buffer.from(bytes).toString();
}

describe('the body', () => {
  test.each<[string, unknown, number]>([
    ['no JSON', '{', 400],
    ['nothing', '', 400],
    ['no object', '[]', 400],
    ['null', 'null', 400],
    ['no update', {}, 400],
    ['an update without a whole number', { update_id: 1.5 }, 400],
    ['a message without a chat', { update_id: 1, message: { message_id: 1 } }, 400],
    ['a text that is none', { update_id: 2, message: { ...messageOf(ANNA, 'x'), text: {} } }, 400],
    ['a callback query without an id', { update_id: 3, callback_query: { from: { id: 1 } } }, 400],
    ['more than 256 KB', { update_id: 4, message: messageOf(ANNA, 'x'.repeat(262_144)) }, 413],
  ])('%s', async (_, body, status) => {
    expect((await webhook.call(body)).status).toBe(status);
    expect(await app.telegram.calls()).toEqual([]);
  });

  test('kinds and fields that Telegram adds one day are let through', async () => {
    expect((await webhook.call({ update_id: nextUpdateId(), new_kind: { a: 1 } })).status).toBe(200);
    const message = { ...messageOf(ANNA, '/help'), new_field: { deep: [1] } };
    expect((await webhook.call({ update_id: nextUpdateId(), message, more: 1 })).status).toBe(200);
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);
  });

  test('a message of a channel or an edited one asks for nothing', async () => {
    const channel = { ...messageOf(ANNA, '/stop'), chat: { id: -1009, type: 'channel', title: 'Canale' } };
    for (const kind of ['channel_post', 'edited_message', 'edited_channel_post'])
      expect((await webhook.call({ update_id: nextUpdateId(), [kind]: channel })).status).toBe(200);
    expect(await app.telegram.calls()).toEqual([]);
  });

  test('a callback query whose message is gone is answered all the same', async () => {
    const { message: _, ...query } = callbackQueryOf(ANNA, 1, 'off:order-status') as { message: unknown };
    await webhook.update({ callback_query: query });
    expect((await app.telegram.calls()).map(({ method }) => method)).toEqual(['answerCallbackQuery']);
  });
});

describe('an update that comes again', () => {
  test('is taken, and does nothing again', async () => {
    const update = { update_id: nextUpdateId(), message: messageOf(ANNA, '/help') };
    expect((await webhook.call(update)).status).toBe(200);
    expect((await webhook.call(update)).status).toBe(200);
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);
  });

  test('while it is being handled is asked for later, and then does nothing', async () => {
    await app.telegram.fault({ method: 'sendMessage', times: 1, delayMs: 300 });
    const update = { update_id: nextUpdateId(), message: messageOf(ANNA, '/help') };
    const answers = await Promise.all([webhook.call(update), webhook.call(update)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 503]);
    expect((await webhook.call(update)).status).toBe(200);
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);
  });

  test('with the same number for another bot is another one', async () => {
    const update = { update_id: nextUpdateId(), message: messageOf(ANNA, '/help') };
    expect((await webhook.call(update)).status).toBe(200);
    const { demoSite } = await import('../../local/demo.ts');
    const { bot } = demoSite();
    await app.setSite({
      ...(bot && { bot: { ...bot, id: '101', webhookSecretHash: WEBHOOK_SECRET_SHA256 } }),
    });
    expect((await webhook.call(update)).status).toBe(200);
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(2);
  });

  test('an old callback query does not turn back a newer one', async () => {
    await webhook.write(BRUNO, '/settings');
    const { message_id } = await app.telegram.lastIn(BRUNO);
    const off = {
      update_id: nextUpdateId(),
      callback_query: callbackQueryOf(BRUNO, message_id, 'off:file-upload'),
    };
    await webhook.call(off);
    await webhook.update({ callback_query: callbackQueryOf(BRUNO, message_id, 'on:file-upload') });
    await webhook.call(off);
    expect(await app.findUser('bruno')).toMatchObject({ mutedEvents: [] });
  });
});

describe('when Telegram', () => {
  const refusal = (error_code: number, description: string, parameters?: object) => ({
    status: error_code,
    body: { ok: false, error_code, description, ...(parameters && { parameters }) },
  });

  test.each([
    ['asks to be called later', refusal(429, 'Too Many Requests: retry after 3', { retry_after: 3 })],
    ['fails', refusal(502, 'Bad Gateway')],
    ['hangs up', { drop: 'before' }],
    ['does not know the token any more', refusal(401, 'Unauthorized')],
  ])('%s: 503, and the repeated update does it all', async (_, fault) => {
    await app.telegram.fault({ times: 1, ...fault });
    const update = stop(ANNA);
    const first = await webhook.call(update);
    expect(first.status).toBe(503);
    expect(first.headers).toMatchObject({ 'retry-after': expect.any(String) });
    expect((await webhook.call(update)).status).toBe(200);
    expect(await app.findUser('anna')).toMatchObject({ optedOut: true });
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);
  });

  describe('asks for a short pause', () => {
    const short = refusal(429, 'Too Many Requests: retry after 1', { retry_after: 1 });

    test.each([1, 2])('%i times: the answer goes out after it, once', async (times) => {
      await app.telegram.fault({ times, ...short });
      const update = stop(ANNA);
      expect((await webhook.call(update)).status).toBe(200);
      expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);
      expect((await webhook.call(update)).status).toBe(200);
      expect((await app.telegram.calls('sendMessage')).map(({ status }) => status)).toEqual([
        ...Array(times).fill(429),
        200,
      ]);
    });

    test('for every call of a callback query: two pauses in all, then the update is repeated', async () => {
      await webhook.write(BRUNO, '/settings');
      const { message_id } = await app.telegram.lastIn(BRUNO);
      const query = {
        update_id: nextUpdateId(),
        callback_query: callbackQueryOf(BRUNO, message_id, 'off:file-upload'),
      };
      await app.telegram.fault({ times: 1, method: 'answerCallbackQuery', ...short });
      await app.telegram.fault({ times: 2, method: 'editMessageReplyMarkup', ...short });
      expect((await webhook.call(query)).status).toBe(503);
      expect((await webhook.call(query)).status).toBe(200);
      expect((await app.telegram.calls('editMessageReplyMarkup')).map(({ status }) => status)).toEqual([
        429, 429, 200,
      ]);
      expect(await app.findUser('bruno')).toMatchObject({ mutedEvents: ['file-upload'] });
    });
  });

  test.each([
    ['says that the person has blocked the bot', refusal(403, 'Forbidden: bot was blocked by the user')],
    ['refuses the text', refusal(400, 'Bad Request: TEXT_OF_A_NEW_KIND')],
  ])('%s: done, since it would say the same again', async (_, fault) => {
    await app.telegram.fault({ times: 1, ...fault });
    expect((await webhook.call(stop(ANNA))).status).toBe(200);
    expect(await app.findUser('anna')).toMatchObject({ optedOut: true });
  });

  test('calls a callback query too old: what it asked for is done', async () => {
    await webhook.write(BRUNO, '/settings');
    const { message_id } = await app.telegram.lastIn(BRUNO);
    await webhook.update({ callback_query: callbackQueryOf(BRUNO, message_id, 'off:file-upload') });
    const [answered] = await app.telegram.calls('answerCallbackQuery');
    expect(answered?.status).toBe(400);
    expect(await app.findUser('bruno')).toMatchObject({ mutedEvents: ['file-upload'] });
    expect((await app.telegram.lastIn(BRUNO)).reply_markup?.inline_keyboard[7]?.[0]?.text).toBe(
      '⬜️ New documents',
    );
  });
});

describe('when DynamoDB', () => {
  test('is gone: 503, and the repeated update does it all', async () => {
    await tables.shut();
    const token = stop(ANNA);
    expect((await webhook.call(token)).status).toBe(503);
    await tables.open();
    expect((await webhook.call(token)).status).toBe(200);
    expect(await app.findUser('anna')).toMatchObject({ optedOut: true });
  });

  test('goes away at any point of a link: repeated, it is linked and welcomed once', async () => {
    const update = {
      update_id: nextUpdateId(),
      message: messageOf(STRANGER, `/start ${await app.linkToken('dario')}`),
    };
    let status: number | undefined;
    let requests = 0;
    // Long enough for the claim of an update whose function was cut off.
    const now = jest.spyOn(Date, 'now');
    const begin = Date.now();
    for (; status !== 200 && requests < 40; requests++) {
      now.mockReturnValue(begin + requests * 60_000);
      tables.shutAfter(requests);
      status = (await webhook.call(update)).status;
      await tables.open();
    }
    now.mockRestore();
    expect(status).toBe(200);
    expect(requests).toBeGreaterThan(5);
    expect(await app.findUser('dario')).toMatchObject({ chatId: STRANGER });
    const queued = await app.stack.takeNotifications();
    expect(new Set(queued.map(({ deliveryId }) => deliveryId)).size).toBe(1);
  });
});

test.each([{ language_code: {} }, { last_name: 1 }])('a person with %j is none: 400', async (field) => {
  const message = messageOf(STRANGER, '/start') as { from: object };
  const from = { ...message.from, ...field };
  const answer = await webhook.call({ update_id: nextUpdateId(), message: { ...message, from } });
  expect(answer.status).toBe(400);
  expect(await app.telegram.calls()).toEqual([]);
});

test('an update of several kinds, which Telegram does not make, is answered in the chat of the callback query', async () => {
  const answer = await webhook.call({
    update_id: nextUpdateId(),
    edited_message: messageOf(GROUP, 'x'),
    callback_query: callbackQueryOf(BRUNO, 1, 'off:file-upload'),
  });
  expect(answer.status).toBe(200);
  expect(await app.findUser('bruno')).toMatchObject({ mutedEvents: ['file-upload'] });
});

test('no log line and no answer holds the token, the secret, or what people write', async () => {
  const written: string[] = [];
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    jest.spyOn(process[stream], 'write').mockImplementation((line) => written.push(String(line)) > 0),
  );
  // jest has a console of its own, which does not write there.
  const consoles = (['log', 'warn', 'error'] as const).map((method) =>
    jest
      .spyOn(console, method)
      .mockImplementation((...what) => void written.push(inspect(what, { depth: 10 }))),
  );
  const level = process.env.LOG_LEVEL;
  process.env.LOG_LEVEL = 'info';
  log.info('here it begins');
  const message = messageOf(ANNA, 'parola-segreta');
  const answers = [
    await webhook.call({ update_id: nextUpdateId(), message }),
    await webhook.call({ update_id: nextUpdateId(), message }, { secret: 'presented-secret' }),
    await webhook.call('parola-segreta'),
  ];
  await app.telegram.fault({ times: 1, status: 401 });
  answers.push(
    await webhook.call({ update_id: nextUpdateId(), message: messageOf(BRUNO, 'parola-segreta') }),
  );
  await app.telegram.fault({ times: 1, status: 400 });
  answers.push(
    await webhook.call({ update_id: nextUpdateId(), message: messageOf(CARLA, 'parola-segreta') }),
  );
  process.env.LOG_LEVEL = level;
  for (const spy of [...spies, ...consoles]) spy.mockRestore();

  expect(answers.map(({ status }) => status)).toEqual([200, 401, 400, 503, 200]);
  const all = `${written.join('')}${JSON.stringify(answers)}`;
  expect(all).toContain('here it begins');
  expect(all).toContain('update handled');
  for (const secret of [
    '100:demo',
    WEBHOOK_SECRET,
    WEBHOOK_SECRET_SHA256,
    'presented-secret',
    'parola-segreta',
    'Zoe',
  ])
    expect(all).not.toContain(secret);
});
