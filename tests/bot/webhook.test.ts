/** The webhook's door: who gets in, what is taken, and what happens when an update comes again or a service is gone. */
import { randomBytes, randomInt } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { log } from '../../lib/observability/logger.ts';
import {
  ANNA,
  type BotRoom,
  BRUNO,
  GROUP,
  messageOf,
  nextUpdateId,
  openBotRoom,
  pressOf,
  SECRET,
  STRANGER,
} from '../support/bot-room.ts';
import { type Gate, startGate } from '../support/gate.ts';

let room: BotRoom;
let tables: Gate;
beforeAll(async () => {
  room = await openBotRoom(async () => {
    tables = await startGate(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
    process.env.AWS_ENDPOINT_URL_DYNAMODB = tables.url;
  });
});
afterAll(async () => {
  await tables.close();
  await room.close();
});
beforeEach(() => room.reset());
afterEach(() => tables.open());

const stop = (chatId: number) => ({ update_id: nextUpdateId(), message: messageOf(chatId, '/stop') });

describe('the secret', () => {
  test.each<[string, { siteId?: string; secret?: string | null }]>([
    ['is missing', { secret: null }],
    ['is empty', { secret: '' }],
    ['is wrong', { secret: `${SECRET}x` }],
    ['is too short', { secret: SECRET.slice(0, -1) }],
    ['is in another case', { secret: SECRET.toUpperCase() }],
    ['is none at all', { secret: `${SECRET} ` }],
    ['is too long', { secret: SECRET.repeat(100) }],
    ['is of another site', { siteId: 'other' }],
    ['is of a site that can not be', { siteId: '../demo' }],
    ['is of no site', { siteId: '' }],
  ])('%s: 401, and nothing happens', async (_, parts) => {
    const answer = await room.knock(stop(ANNA), parts);
    expect(answer.statusCode).toBe(401);
    expect(await room.findUser('anna')).not.toHaveProperty('optedOut');
    expect(await room.calls()).toEqual([]);
  });

  test('wrong, an unknown site and a site without a bot can not be told apart', async () => {
    const wrong = await room.knock(stop(ANNA), { secret: 'wrong' });
    const unknown = await room.knock(stop(ANNA), { siteId: 'unknown' });
    await room.setSite({ bot: undefined });
    const withoutBot = await room.knock(stop(ANNA));
    expect(unknown).toEqual(wrong);
    expect(withoutBot).toEqual(wrong);
    expect(JSON.parse(wrong.body ?? '')).toMatchObject({ status: 401, title: 'Unauthorized' });
  });

  test('is looked at before the body', async () => {
    expect((await room.knock('{', { secret: 'wrong' })).statusCode).toBe(401);
    expect((await room.knock('x'.repeat(300_000), { secret: 'wrong' })).statusCode).toBe(401);
  });

  test('of a bot that was just saved is good at once', async () => {
    await room.write(ANNA, '/help');
    const { webhookSecretHash } = await import('../../lib/bot/register.ts').then(({ newWebhookSecret }) => ({
      webhookSecretHash: newWebhookSecret(),
    }));
    const { demoSite } = await import('../../local/demo.ts');
    const { bot, ...site } = demoSite();
    // Written behind the back of what the function remembers of the site.
    if (bot)
      await room.stack.putSite({ ...site, bot: { ...bot, webhookSecretHash: webhookSecretHash.hash } });
    const answer = await room.knock(stop(ANNA), { secret: webhookSecretHash.secret });
    expect(answer.statusCode).toBe(200);
    expect((await room.knock(stop(ANNA))).statusCode).toBe(401);
  });

  test('of 100,000 random changes none opens', async () => {
    const { opens } = await import('../../lib/http/authenticate-telegram.ts');
    const { newWebhookSecret } = await import('../../lib/bot/register.ts');
    const { secret, hash } = newWebhookSecret();
    const bot = { id: '1', username: 'b', sealedToken: '', webhookSecretHash: hash };
    expect(opens(secret, { bot })).toBe(true);
    let opened = 0;
    for (let round = 0; round < 100_000; round++) {
      const changed = mutated(secret);
      if (changed !== secret && opens(changed, { bot })) opened += 1;
    }
    expect(opened).toBe(0);
    expect(opens('', { bot: { ...bot, webhookSecretHash: '' } })).toBe(false);
    expect(opens('x', { bot: { ...bot, webhookSecretHash: '' } })).toBe(false);
    expect(opens('0'.repeat(64), undefined)).toBe(false);
  });

  test('of 300 random changes of a whole request none gets in', async () => {
    const statuses = new Set<number | undefined>();
    for (let round = 0; round < 300; round++) {
      const secret = mutated(SECRET);
      const siteId = randomInt(2) === 0 ? 'demo' : mutated('demo');
      if (secret === SECRET) continue;
      const body = mutated(JSON.stringify(stop(ANNA)));
      statuses.add((await room.knock(body, { siteId, secret })).statusCode);
    }
    expect([...statuses]).toEqual([401]);
    expect(await room.findUser('anna')).not.toHaveProperty('optedOut');
    expect(await room.calls()).toEqual([]);
  });
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
    ['a press without an id', { update_id: 3, callback_query: { from: { id: 1 } } }, 400],
    ['more than 256 KB', { update_id: 4, message: messageOf(ANNA, 'x'.repeat(262_144)) }, 413],
  ])('%s', async (_, body, status) => {
    expect((await room.knock(body)).statusCode).toBe(status);
    expect(await room.calls()).toEqual([]);
  });

  test('kinds and fields that Telegram adds one day are let through', async () => {
    expect((await room.knock({ update_id: nextUpdateId(), new_kind: { a: 1 } })).statusCode).toBe(200);
    const message = { ...messageOf(ANNA, '/help'), new_field: { deep: [1] } };
    expect((await room.knock({ update_id: nextUpdateId(), message, more: 1 })).statusCode).toBe(200);
    expect(await room.said(ANNA)).toHaveLength(1);
  });

  test('a message of a channel or an edited one asks for nothing', async () => {
    const channel = { ...messageOf(ANNA, '/stop'), chat: { id: -1009, type: 'channel', title: 'Canale' } };
    for (const kind of ['channel_post', 'edited_message', 'edited_channel_post'])
      expect((await room.knock({ update_id: nextUpdateId(), [kind]: channel })).statusCode).toBe(200);
    expect(await room.calls()).toEqual([]);
  });

  test('a press whose message is gone is answered all the same', async () => {
    const { message: _, ...query } = pressOf(ANNA, 1, 'off:order-status') as { message: unknown };
    await room.update({ callback_query: query });
    expect((await room.calls()).map(({ method }) => method)).toEqual(['answerCallbackQuery']);
  });
});

describe('an update that comes again', () => {
  test('is taken, and does nothing again', async () => {
    const update = { update_id: nextUpdateId(), message: messageOf(ANNA, '/help') };
    expect((await room.knock(update)).statusCode).toBe(200);
    expect((await room.knock(update)).statusCode).toBe(200);
    expect(await room.said(ANNA)).toHaveLength(1);
  });

  test('while it is being handled is asked for later, and then does nothing', async () => {
    await room.fault({ method: 'sendMessage', times: 1, delayMs: 300 });
    const update = { update_id: nextUpdateId(), message: messageOf(ANNA, '/help') };
    const answers = await Promise.all([room.knock(update), room.knock(update)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 503]);
    expect((await room.knock(update)).statusCode).toBe(200);
    expect(await room.said(ANNA)).toHaveLength(1);
  });

  test('with the same number for another bot is another one', async () => {
    const update = { update_id: nextUpdateId(), message: messageOf(ANNA, '/help') };
    expect((await room.knock(update)).statusCode).toBe(200);
    const { demoSite } = await import('../../local/demo.ts');
    const { bot } = demoSite();
    await room.setSite({ ...(bot && { bot: { ...bot, id: '101' } }) });
    expect((await room.knock(update)).statusCode).toBe(200);
    expect(await room.said(ANNA)).toHaveLength(2);
  });

  test('an old press does not turn back a newer one', async () => {
    await room.write(BRUNO, '/settings');
    const { message_id } = await room.lastIn(BRUNO);
    const off = { update_id: nextUpdateId(), callback_query: pressOf(BRUNO, message_id, 'off:file-upload') };
    await room.knock(off);
    await room.update({ callback_query: pressOf(BRUNO, message_id, 'on:file-upload') });
    await room.knock(off);
    expect(await room.findUser('bruno')).toMatchObject({ mutedEvents: [] });
  });
});

describe('when Telegram', () => {
  const refusal = (error_code: number, description: string, parameters?: object) => ({
    status: error_code,
    body: { ok: false, error_code, description, ...(parameters && { parameters }) },
  });

  test.each([
    ['asks for patience', refusal(429, 'Too Many Requests: retry after 3', { retry_after: 3 })],
    ['fails', refusal(502, 'Bad Gateway')],
    ['hangs up', { drop: 'before' }],
    ['does not know the token any more', refusal(401, 'Unauthorized')],
  ])('%s: 503, and the repeated update does it all', async (_, fault) => {
    await room.fault({ times: 1, ...fault });
    const update = stop(ANNA);
    const first = await room.knock(update);
    expect(first.statusCode).toBe(503);
    expect(first.headers).toMatchObject({ 'retry-after': expect.any(String) });
    expect((await room.knock(update)).statusCode).toBe(200);
    expect(await room.findUser('anna')).toMatchObject({ optedOut: true });
    expect(await room.said(ANNA)).toHaveLength(1);
  });

  describe('asks for a short pause', () => {
    const short = refusal(429, 'Too Many Requests: retry after 1', { retry_after: 1 });

    test.each([1, 2])('%i times: the answer goes out after it, once', async (times) => {
      await room.fault({ times, ...short });
      const update = stop(ANNA);
      expect((await room.knock(update)).statusCode).toBe(200);
      expect(await room.said(ANNA)).toHaveLength(1);
      expect((await room.knock(update)).statusCode).toBe(200);
      expect((await room.calls('sendMessage')).map(({ status }) => status)).toEqual([
        ...Array(times).fill(429),
        200,
      ]);
    });

    test('for every call of a press: two pauses in all, then the update is repeated', async () => {
      await room.write(BRUNO, '/settings');
      const { message_id } = await room.lastIn(BRUNO);
      const press = {
        update_id: nextUpdateId(),
        callback_query: pressOf(BRUNO, message_id, 'off:file-upload'),
      };
      await room.fault({ times: 1, method: 'answerCallbackQuery', ...short });
      await room.fault({ times: 2, method: 'editMessageReplyMarkup', ...short });
      expect((await room.knock(press)).statusCode).toBe(503);
      expect((await room.knock(press)).statusCode).toBe(200);
      expect((await room.calls('editMessageReplyMarkup')).map(({ status }) => status)).toEqual([
        429, 429, 200,
      ]);
      expect(await room.findUser('bruno')).toMatchObject({ mutedEvents: ['file-upload'] });
    }, 20_000);
  });

  test.each([
    ['says that the person has blocked the bot', refusal(403, 'Forbidden: bot was blocked by the user')],
    ['refuses the text', refusal(400, 'Bad Request: TEXT_OF_A_NEW_KIND')],
  ])('%s: done, since it would say the same again', async (_, fault) => {
    await room.fault({ times: 1, ...fault });
    expect((await room.knock(stop(ANNA))).statusCode).toBe(200);
    expect(await room.findUser('anna')).toMatchObject({ optedOut: true });
  });

  test('calls a press too old: what it asked for is done', async () => {
    await room.write(BRUNO, '/settings');
    const { message_id } = await room.lastIn(BRUNO);
    await room.update({ callback_query: pressOf(BRUNO, message_id, 'off:file-upload') });
    const [answered] = await room.calls('answerCallbackQuery');
    expect(answered?.status).toBe(400);
    expect(await room.findUser('bruno')).toMatchObject({ mutedEvents: ['file-upload'] });
    expect((await room.lastIn(BRUNO)).reply_markup?.inline_keyboard[7]?.[0]?.text).toBe('⬜️ New documents');
  });
});

describe('when DynamoDB', () => {
  test('is gone: 503, and the repeated update does it all', async () => {
    await tables.shut();
    const token = stop(ANNA);
    expect((await room.knock(token)).statusCode).toBe(503);
    await tables.open();
    expect((await room.knock(token)).statusCode).toBe(200);
    expect(await room.findUser('anna')).toMatchObject({ optedOut: true });
  });

  test('goes away at any point of a link: repeated, it is linked and welcomed once', async () => {
    const update = {
      update_id: nextUpdateId(),
      message: messageOf(STRANGER, `/start ${await room.linkToken('dario')}`),
    };
    let status: number | undefined;
    let requests = 0;
    // Long enough for the claim of an update whose function was cut off.
    const now = jest.spyOn(Date, 'now');
    const begin = Date.now();
    for (; status !== 200 && requests < 40; requests++) {
      now.mockReturnValue(begin + requests * 60_000);
      tables.shutAfter(requests);
      status = (await room.knock(update)).statusCode;
      await tables.open();
    }
    now.mockRestore();
    expect(status).toBe(200);
    expect(requests).toBeGreaterThan(5);
    expect(await room.findUser('dario')).toMatchObject({ chatId: STRANGER });
    const queued = await room.stack.takeNotifications();
    expect(new Set(queued.map(({ deliveryId }) => deliveryId)).size).toBe(1);
  }, 60_000);
});

test.each([{ language_code: {} }, { last_name: 1 }])('a person with %j is none: 400', async (field) => {
  const message = messageOf(STRANGER, '/start') as { from: object };
  const from = { ...message.from, ...field };
  const answer = await room.knock({ update_id: nextUpdateId(), message: { ...message, from } });
  expect(answer.statusCode).toBe(400);
  expect(await room.calls()).toEqual([]);
});

test('an update of several kinds, which Telegram does not make, is answered in the chat of the press', async () => {
  const answer = await room.knock({
    update_id: nextUpdateId(),
    edited_message: messageOf(GROUP, 'x'),
    callback_query: pressOf(BRUNO, 1, 'off:file-upload'),
  });
  expect(answer.statusCode).toBe(200);
  expect(await room.findUser('bruno')).toMatchObject({ mutedEvents: ['file-upload'] });
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
    await room.knock({ update_id: nextUpdateId(), message }),
    await room.knock({ update_id: nextUpdateId(), message }, { secret: 'presented-secret' }),
    await room.knock('parola-segreta'),
  ];
  await room.fault({ times: 1, status: 401 });
  answers.push(await room.knock({ update_id: nextUpdateId(), message }));
  await room.fault({ times: 1, status: 400 });
  answers.push(await room.knock({ update_id: nextUpdateId(), message }));
  process.env.LOG_LEVEL = level;
  for (const spy of [...spies, ...consoles]) spy.mockRestore();

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 401, 400, 503, 200]);
  const all = `${written.join('')}${JSON.stringify(answers)}`;
  expect(all).toContain('here it begins');
  expect(all).toContain('update handled');
  for (const secret of ['100:demo', SECRET, 'presented-secret', 'parola-segreta', 'Zoe'])
    expect(all).not.toContain(secret);
});
