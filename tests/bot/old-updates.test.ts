/** What the bot finds after an outage, and what comes too often: what counts, and what is left unanswered. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { callbackQueryOf, messageOf, nextUpdateId, type Webhook, webhookOf } from '../support/bot-updates.ts';
import { ANNA, BRUNO, CARLA, GROUP, NO_LIMITS, OTHER_STRANGER, STRANGER } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';

const MINUTE = 60_000;

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
afterEach(() => {
  jest.restoreAllMocks();
});

const secondsAgo = (milliseconds: number) => Math.floor((Date.now() - milliseconds) / 1_000);

/** The update that reports a message written so long ago. */
function written(chatId: number, text: string, ago: number, more: object = {}) {
  return {
    update_id: nextUpdateId(),
    message: { ...messageOf(chatId, text), date: secondsAgo(ago), ...more },
  };
}

/** Telegram delivers now what a person wrote an hour ago. */
async function deliverLate(chatId: number, text: string): Promise<void> {
  expect((await webhook.call(written(chatId, text, 60 * MINUTE))).status).toBe(200);
}

/** From now on it is so much later. */
function later(milliseconds: number): void {
  const { now } = Date;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + milliseconds);
}

describe('an hour after it was written', () => {
  test.each([
    '/help',
    '/stato',
    '/privacy',
    '/impostazioni',
    '/scollega',
    '/start',
    '/ordina 3',
    'Buongiorno, dov’è il mio ordine?',
  ])('%s is left unanswered', async (text) => {
    for (const chatId of [ANNA, STRANGER]) await deliverLate(chatId, text);
    expect(await app.telegram.calls()).toEqual([]);
  });

  test('a message is left unanswered, and the next one is answered', async () => {
    await deliverLate(ANNA, 'Buongiorno?');
    await webhook.write(ANNA, 'C’è qualcuno?');
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);
  });

  test('/start TOKEN links the chat', async () => {
    await deliverLate(STRANGER, `/start ${await app.linkToken('dario')}`);
    expect(await app.findUser('dario')).toMatchObject({ chatId: STRANGER, linkedBy: 'deep-link' });
    expect(await app.stack.takeNotifications()).toMatchObject([{ userId: 'dario', event: 'welcome' }]);
  });

  test('/start TOKEN links the chat also where the link has expired since', async () => {
    const token = await app.linkToken('dario');
    const opened = written(STRANGER, `/start ${token}`, 0);
    // The link is valid for 24 hours. Telegram repeats an update for as long.
    later(24 * 60 * MINUTE + 1_000);
    expect((await webhook.call(opened)).status).toBe(200);
    expect(await app.findUser('dario')).toMatchObject({ chatId: STRANGER });
  });

  test('/start with a link that had expired before is refused', async () => {
    const token = await app.linkToken('dario');
    later(24 * 60 * MINUTE + 10_000);
    expect((await webhook.call(written(STRANGER, `/start ${token}`, 1_000))).status).toBe(200);
    expect(await app.findUser('dario')).not.toHaveProperty('chatId');
    expect((await app.telegram.textsIn(STRANGER)).join()).toContain('scaduto');
  });

  test('/start TOKEN that is of no use is answered: the person has to get another link', async () => {
    await deliverLate(STRANGER, `/start ${'A'.repeat(22)}`);
    expect(await app.telegram.textsIn(STRANGER)).toHaveLength(1);
  });

  test.each(['/stop', '/basta', 'Stop!', 'cancellami'])('%s counts, and the person is told', async (text) => {
    await deliverLate(ANNA, text);
    expect(await app.findUser('anna')).toMatchObject({ optedOut: true, optedOutBy: 'user' });
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);
  });

  test('/stop of a stranger is left unanswered: there was nothing to stop', async () => {
    await deliverLate(STRANGER, '/stop');
    expect(await app.telegram.calls()).toEqual([]);
  });

  test('/start after /stop counts, without a word', async () => {
    await deliverLate(ANNA, '/stop');
    await deliverLate(ANNA, '/start');
    expect((await app.findUser('anna'))?.optedOut).not.toBe(true);
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);
  });

  test('/start brings over who comes from a former bot', async () => {
    await app.setUser('anna', { botId: '99' });
    await deliverLate(ANNA, '/start');
    expect(await app.findUser('anna')).toMatchObject({ botId: '100' });
    expect(await app.telegram.calls()).toEqual([]);
  });

  test('whoever has written can be reached', async () => {
    const unreachable = { reason: 'Forbidden: user is deactivated', since: '2024-01-01T00:00:00.000Z' };
    await app.setUser('anna', { unreachable });
    await deliverLate(ANNA, 'ciao');
    expect(await app.findUser('anna')).not.toHaveProperty('unreachable');
  });

  test('a block and its end count', async () => {
    const member = (before: string, now: string) => ({
      update_id: nextUpdateId(),
      my_chat_member: {
        ...written(ANNA, '', 60 * MINUTE).message,
        old_chat_member: { status: before, user: { id: 100, is_bot: true, first_name: 'Demo Shop' } },
        new_chat_member: { status: now, user: { id: 100, is_bot: true, first_name: 'Demo Shop' } },
      },
    });
    expect((await webhook.call(member('member', 'kicked'))).status).toBe(200);
    expect(await app.findUser('anna')).toHaveProperty('unreachable');
    expect((await webhook.call(member('kicked', 'member'))).status).toBe(200);
    expect(await app.findUser('anna')).not.toHaveProperty('unreachable');
  });

  test('a command in a group is left unanswered, and the next one is answered', async () => {
    await deliverLate(GROUP, '/start');
    expect(await app.telegram.calls()).toEqual([]);
    await webhook.write(GROUP, '/start');
    expect(await app.telegram.textsIn(GROUP)).toHaveLength(1);
  });
});

test.each(['/help', 'ciao'])('%s is answered four minutes after it was written', async (text) => {
  expect((await webhook.call(written(ANNA, text, 4 * MINUTE))).status).toBe(200);
  expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);
});

describe('a button that Telegram says was pressed too long ago', () => {
  async function pressLate(chatId: number, data: string): Promise<void> {
    const { message_id } = await app.telegram.lastIn(chatId);
    await webhook.update({ callback_query: callbackQueryOf(chatId, message_id, data) });
  }

  test.each(['settings', 'contact'])('%s shows nothing', async (data) => {
    await webhook.write(ANNA, 'ciao');
    await pressLate(ANNA, data);
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);
  });

  test('a switch counts, and the buttons show it', async () => {
    await webhook.write(BRUNO, '/settings');
    await pressLate(BRUNO, 'off:order-status');
    expect(await app.findUser('bruno')).toMatchObject({ mutedEvents: ['order-status'] });
    const { reply_markup } = await app.telegram.lastIn(BRUNO);
    expect(reply_markup?.inline_keyboard[0]?.[0]?.text).toBe('⬜️ Order status');
  });

  test('stop counts, and the person is told', async () => {
    await webhook.write(ANNA, 'ciao');
    await pressLate(ANNA, 'stop');
    expect(await app.findUser('anna')).toMatchObject({ optedOut: true });
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(2);
  });
});

describe('“this bot only sends notifications”', () => {
  test('is said once a minute in each chat', async () => {
    for (const text of ['Buongiorno', 'C’è qualcuno?', '/ordina 3']) await webhook.write(ANNA, text);
    await webhook.write(BRUNO, 'Hello');
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);
    expect(await app.telegram.textsIn(BRUNO)).toHaveLength(1);
    later(59_000);
    await webhook.write(ANNA, 'Ehi');
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);
    jest.restoreAllMocks();
    later(61_000);
    await webhook.write(ANNA, 'Ehi');
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(2);
  });

  test('of one bot says nothing of another', async () => {
    await webhook.write(ANNA, 'Buongiorno');
    const { bot } = app.site;
    await app.setSite({ ...(bot && { bot: { ...bot, id: '101' } }) });
    await webhook.write(ANNA, 'Buongiorno');
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(2);
  });

  test('holds up no command and no /stop of that minute', async () => {
    for (const text of ['Buongiorno', '/stato', 'Basta']) await webhook.write(ANNA, text);
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(3);
    expect(await app.findUser('anna')).toMatchObject({ optedOut: true });
  });

  test('of a thousand messages, each costs four calls of DynamoDB', async () => {
    await webhook.write(STRANGER, 'Buongiorno');
    await tables.open();
    for (let message = 0; message < 20; message++)
      expect((await webhook.call(written(STRANGER, 'x', 0))).status).toBe(200);
    expect(tables.passed()).toBe(80);
  });

  test('was not said because Telegram did not answer: the repeated update says it', async () => {
    await app.telegram.fault({ times: 1, method: 'sendMessage', status: 502 });
    const update = written(ANNA, 'Buongiorno', 0);
    expect((await webhook.call(update)).status).toBe(503);
    expect((await webhook.call(update)).status).toBe(200);
    expect((await webhook.call(update)).status).toBe(200);
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);
  });

  test('is being said: the same update is asked for later, another one is done', async () => {
    await app.telegram.fault({ method: 'sendMessage', times: 1, delayMs: 1_000 });
    const update = written(ANNA, 'Buongiorno', 0);
    const first = webhook.call(update);
    while ((await app.stack.items('LinksTable')).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await webhook.call(update)).status).toBe(503);
    expect((await webhook.call(written(ANNA, 'Ehi', 0))).status).toBe(200);
    expect((await first).status).toBe(200);
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);
  });
});

describe('an album', () => {
  const photo = (index: number, album: string) =>
    written(CARLA, '', 0, {
      message_id: 50 + index,
      text: undefined,
      photo: [{ file_id: `photo-${index}` }],
      media_group_id: album,
    });

  test('of ten pictures gets one answer', async () => {
    for (let index = 0; index < 10; index++)
      expect((await webhook.call(photo(index, 'album-1'))).status).toBe(200);
    expect(await app.telegram.textsIn(CARLA)).toHaveLength(1);
  });

  test('gets one answer also where its last picture comes minutes later; the next album gets its own', async () => {
    expect((await webhook.call(photo(1, 'album-1'))).status).toBe(200);
    later(2 * MINUTE);
    expect((await webhook.call(photo(2, 'album-1'))).status).toBe(200);
    expect(await app.telegram.textsIn(CARLA)).toHaveLength(1);
    expect((await webhook.call(photo(3, 'album-2'))).status).toBe(200);
    expect(await app.telegram.textsIn(CARLA)).toHaveLength(2);
  });
});

describe('Telegram asks to spare a chat', () => {
  const spare = (seconds: number) =>
    app.telegram.refuse(429, `Too Many Requests: retry after ${seconds}`, {
      times: 1,
      chatId: ANNA,
      parameters: { retry_after: seconds },
    });

  test('for 15 minutes: /stop counts and is done; nothing is sent there, and all others are answered', async () => {
    await spare(900);
    expect((await webhook.call(written(ANNA, '/stop', 0))).status).toBe(200);
    expect(await app.findUser('anna')).toMatchObject({ optedOut: true });
    // What comes behind it is not held up, and asks Telegram for nothing.
    expect((await webhook.call(written(ANNA, '/help', 0))).status).toBe(200);
    expect((await webhook.call(written(BRUNO, '/help', 0))).status).toBe(200);
    const calls = await app.telegram.calls('sendMessage');
    expect(calls.map(({ params, status }) => [Number(params.chat_id), status])).toEqual([
      [ANNA, 429],
      [BRUNO, 200],
    ]);
  });

  test('for half a minute: the answer comes after it', async () => {
    await spare(30);
    const update = written(ANNA, '/help', 0);
    expect((await webhook.call(update)).status).toBe(503);
    expect((await webhook.call(update)).status).toBe(503);
    later(31_000);
    expect((await webhook.call(update)).status).toBe(200);
    expect((await app.telegram.calls('sendMessage')).map(({ status }) => status)).toEqual([429, 200]);
  });

  test('the notifications know it too', async () => {
    await spare(900);
    expect((await webhook.call(written(ANNA, '/help', 0))).status).toBe(200);
    const { planSlots } = await import('../../lib/deliveries/rate-limit-slots.ts');
    const state = await app.stack.findRateLimit('100');
    if (!state) throw new Error('The reply took no slot.');
    const plan = planSlots({ ...state, pausedUntil: 0 }, [ANNA, OTHER_STRANGER], Date.now() + 60_000, 30);
    expect(plan).toMatchObject({ grants: [{ kind: 'chat-limited' }, { kind: 'slot' }] });
  });
});
