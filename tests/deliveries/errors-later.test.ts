/** Errors after which a message waits and is tried again. A 429 stops its chat, and only a second one the whole bot. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { encryptToken } from '../../lib/telegram/token-encryption.ts';
import { type App, startApp } from '../support/app.ts';
import { UGO } from '../support/fixtures.ts';
import { notification, record } from '../support/sqs-events.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());
afterEach(() => {
  jest.restoreAllMocks();
  process.env.TELEGRAM_API_ROOT = app.telegram.url;
});

const toAnna = (text = 'Ciao') => notification({ text });
const toUgo = () => notification({ siteId: 'altro', userId: 'ugo' });

describe('429 Too Many Requests: retry after N', () => {
  const tooMany = (seconds: number, chatId?: number) =>
    app.telegram.refuse(429, `Too Many Requests: retry after ${seconds}`, {
      times: 1,
      parameters: { retry_after: seconds },
      ...(chatId && { chatId }),
    });

  const refusals = async () => (await app.telegram.calls()).filter(({ status }) => status === 429);
  const sendTo = (userId: string) => app.deliver([record(notification({ userId }))]);

  test('stops that chat for N seconds, the other chats and the other bot go on, nobody is marked', async () => {
    await tooMany(60, 1001);
    const [first, second] = [toAnna('uno'), toAnna('due')];
    const before = Date.now();

    expect(await app.deliver([record(first), record(toUgo())])).toEqual([]);
    expect(await sendTo('bruno')).toEqual([]);
    expect(await app.deliver([record(second)])).toEqual([]);
    await app.drain();

    expect(await app.telegram.textsIn(UGO)).toHaveLength(1);
    expect(await app.telegram.textsIn(1002)).toHaveLength(1);
    expect((await app.telegram.calls()).filter(({ params }) => params.chat_id === 1001)).toHaveLength(1);
    expect((await app.stack.findRateLimit('100'))?.pausedUntil ?? 0).toBe(0);
    const lane = await app.stack.lane();
    expect(lane).toMatchObject({ mode: 'some', count: 2 });
    expect(lane?.paused['1001']).toBeGreaterThan(before + 59_000);
    const recorded = await app.findDelivery(first);
    expect(recorded).toMatchObject({
      status: 'waiting',
      reason: 'chat-paused',
      failure: { class: 'wait', description: 'Too Many Requests: retry after 60' },
    });
    const until = recorded?.status === 'waiting' ? Date.parse(recorded.until) : 0;
    expect(until).toBeGreaterThan(before + 58_000);
    expect(await app.findDelivery(second)).toMatchObject({ status: 'waiting', reason: 'chat-paused' });
    expect((await app.stack.findUser('demo', 'anna'))?.unreachable).toBeUndefined();
  });

  test('to a second chat within the same seconds stops the bot, and not the other bot', async () => {
    await tooMany(60, 1001);
    await tooMany(60, 1002);
    const before = Date.now();

    for (const userId of ['anna', 'bruno', 'carla']) expect(await sendTo(userId)).toEqual([]);
    expect(await app.deliver([record(toUgo())])).toEqual([]);
    await app.drain();

    expect(await refusals()).toHaveLength(2);
    expect(await app.telegram.textsIn(1003)).toEqual([]);
    expect(await app.telegram.textsIn(UGO)).toHaveLength(1);
    expect((await app.stack.findRateLimit('100'))?.pausedUntil).toBeGreaterThan(before + 59_000);
    expect(await app.stack.lane()).toMatchObject({ mode: 'all', count: 3 });

    await app.drainLater();
    for (const chatId of [1001, 1002, 1003]) expect(await app.telegram.textsIn(chatId)).toHaveLength(1);
  });

  test('then it is sent, and not before', async () => {
    await tooMany(60);
    const message = toAnna();

    await app.deliver([record(message)]);
    await app.drain();
    expect(await app.telegram.calls()).toHaveLength(1);
    await app.drainLater();

    expect(await app.telegram.textsIn(1001)).toEqual(['Ciao']);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent', attempts: 2 });
    expect(await app.stack.lane()).toBeUndefined();
  });

  test('to a chat that wrote a message too many keeps the order of its messages', async () => {
    await tooMany(60);
    await app.deliver([record(toAnna('uno')), record(toAnna('due'))]);
    await app.deliver([record(toAnna('tre'))]);

    await app.drainLater();

    expect(await app.telegram.textsIn(1001)).toEqual(['uno', 'due', 'tre']);
  });

  describe('messages of the same batch that already had a slot', () => {
    // Slots half a second apart: the answers to the first messages are there before the slot of the last one. The first
    // slot is so late that a busy machine does not miss it.
    beforeEach(() => app.setSite({ messagesPerSecond: 2 }));
    const sendBatch = async () => {
      const state = { version: 1, nextSlot: Date.now() + 900, chats: {}, pausedUntil: 0 };
      await app.stack.putRateLimit({ botId: '100', ...state });
      const batch = ['anna', 'bruno', 'carla'].map((userId) => notification({ userId }));
      return app.deliver(batch.map((message) => record(message)));
    };

    test('to other chats are sent', async () => {
      await tooMany(60, 1001);

      expect(await sendBatch()).toEqual([]);

      expect(await app.stack.waitingNotifications()).toMatchObject([{ userId: 'anna' }]);
      expect(await app.telegram.textsIn(1002)).toHaveLength(1);
      expect(await app.telegram.textsIn(1003)).toHaveLength(1);
    });

    test('wait too where the bot is paused', async () => {
      await tooMany(60, 1001);
      await tooMany(60, 1002);

      expect(await sendBatch()).toEqual([]);

      expect(await app.telegram.calls()).toHaveLength(2);
      expect(await app.stack.waiting()).toHaveLength(3);
    });
  });
});

describe('a fault of Telegram’s', () => {
  const HTML = '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>';
  const json = (code: number, description: string) => ({ ok: false, error_code: code, description });

  test.each([
    ['500 as JSON', 500, json(500, 'Internal Server Error: sorry'), 'Internal Server Error: sorry'],
    ['502 as JSON', 502, json(502, 'Bad Gateway'), 'Bad Gateway'],
    ['502 as an HTML page', 502, HTML, 'Bad Gateway'],
    ['502 as a long HTML page', 502, HTML.repeat(2_000), 'Bad Gateway'],
    ['503 as JSON', 503, json(503, 'Service Unavailable'), 'Service Unavailable'],
    ['504 as an HTML page', 504, '<html><body>504 Gateway Time-out</body></html>', 'Gateway Timeout'],
  ])('%s: retried', async (_, status, body, description) => {
    await app.telegram.fault({ status, body, times: 1 });
    const message = toAnna();

    expect(await app.deliver([record(message)])).toEqual([]);
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'retrying',
      attempts: 1,
      failure: { class: 'retry', description },
      nextAttemptAt: expect.stringMatching(/Z$/),
    });

    await app.drainLater();
    expect(await app.telegram.textsIn(1001)).toEqual(['Ciao']);
  });

  test.each([
    ['403 of a proxy', { status: 403, body: '<html>Forbidden</html>' }],
    ['404 of a proxy', { status: 404, body: '<html>Not Found</html>' }],
    ['200 with a page', { status: 200, body: '<html>Welcome to the hotel</html>' }],
    ['200 with nothing in it', { status: 200, body: {} }],
    ['400 without a description', { status: 400, body: { ok: false } }],
    ['200 without a message', { status: 200, body: { ok: true } }],
  ])('%s is not Telegram’s answer: retried, nobody marked', async (_, fault) => {
    await app.telegram.fault({ ...fault, times: 1 });
    const message = toAnna();

    expect(await app.deliver([record(message)])).toEqual([]);

    expect(await app.findDelivery(message)).toMatchObject({
      status: 'retrying',
      failure: { class: 'retry' },
    });
    expect((await app.stack.findUser('demo', 'anna'))?.unreachable).toBeUndefined();
    expect((await app.stack.findSite('demo'))?.bot).not.toHaveProperty('problem');
  });
});

describe('a fault on the way', () => {
  test('time-out', async () => {
    const original = AbortSignal.timeout;
    const timeouts: number[] = [];
    jest.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
      timeouts.push(milliseconds);
      return original.call(AbortSignal, milliseconds / 50);
    });
    await app.telegram.fault({ delayMs: 60_000, times: 1 });
    const message = toAnna();

    expect(await app.deliver([record(message)])).toEqual([]);

    expect(timeouts).toEqual([10_000]);
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'retrying',
      failure: { class: 'retry', description: expect.stringContaining('no answer within 10 seconds') },
    });
  });

  test('connection refused', async () => {
    process.env.TELEGRAM_API_ROOT = `http://127.0.0.1:${await closedPort()}`;
    await app.setSite({
      bot: { id: '100', username: 'demo_shop_bot', sealedToken: encryptToken('100:nobody-there', 'demo') },
    });
    const message = toAnna();

    expect(await app.deliver([record(message)])).toEqual([]);

    const found = await app.findDelivery(message);
    expect(found).toMatchObject({
      status: 'retrying',
      failure: { class: 'retry', description: expect.stringContaining('ECONNREFUSED') },
    });
    expect(JSON.stringify(found)).not.toContain('nobody-there');
  });

  test('reset before Telegram did anything: sent once, later', async () => {
    await app.telegram.fault({ drop: 'before', times: 1 });
    const message = toAnna();

    expect(await app.deliver([record(message)])).toEqual([]);
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'retrying',
      failure: { class: 'retry' },
    });
    await app.drainLater();

    expect(await app.telegram.textsIn(1001)).toEqual(['Ciao']);
  });

  test('reset after Telegram had sent it: may come twice, is never lost', async () => {
    await app.telegram.fault({ drop: 'after', times: 1 });
    const message = toAnna();

    expect(await app.deliver([record(message)])).toEqual([]);
    await app.drainLater();

    expect(await app.telegram.textsIn(1001)).toEqual(['Ciao', 'Ciao']);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent' });
  });

  test('holds up this user alone', async () => {
    await app.telegram.fault({ drop: 'before', chatId: 1001 });
    const [first, toBruno, other] = [toAnna(), notification({ userId: 'bruno' }), toUgo()];

    expect(await app.deliver([record(first), record(toBruno), record(other)])).toEqual([]);

    expect(await app.stack.waitingNotifications()).toEqual([first]);
    expect(await app.stack.lane('altro')).toBeUndefined();
    for (const sent of [toBruno, other])
      expect(await app.findDelivery(sent)).toMatchObject({ status: 'sent' });
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
