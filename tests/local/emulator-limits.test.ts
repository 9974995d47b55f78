import { describe, expect, test } from '@jest/globals';
import type { RunningEmulator } from '../../local/emulator/server.ts';
import type { StartedChat } from '../../local/emulator/types.ts';
import { call, type HttpAnswer, start } from './emulator-helpers.ts';

const START = 1_800_000_000_000;

/** A clock that moves only when a test says so, in milliseconds. */
function clock() {
  let now = START;
  return {
    now: () => now,
    forward: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

function people(count: number): StartedChat[] {
  return Array.from({ length: count }, (_, index) => ({
    botToken: '100:demo',
    chatId: 2000 + index,
    user: { id: 2000 + index, first_name: `Person ${index}` },
  }));
}

const send = (emulator: RunningEmulator, chatId: number, token?: string) =>
  call(emulator, 'sendMessage', { chat_id: chatId, text: 'x' }, token);

function expectTooMany(answer: HttpAnswer, seconds: number): void {
  expect(answer).toEqual({
    status: 429,
    body: {
      ok: false,
      error_code: 429,
      description: `Too Many Requests: retry after ${seconds}`,
      parameters: { retry_after: seconds },
    },
  });
}

describe('the limit of a private chat', () => {
  test('three at once, then one a second', async () => {
    const time = clock();
    const emulator = await start({ now: time.now });
    for (let count = 0; count < 3; count += 1) expect((await send(emulator, 1001)).status).toBe(200);
    expectTooMany(await send(emulator, 1001), 1);
    time.forward(1000);
    expect((await send(emulator, 1001)).status).toBe(200);
    expectTooMany(await send(emulator, 1001), 1);
  });

  test('who is refused stays refused until the time is over, and only that chat', async () => {
    const time = clock();
    const emulator = await start({ now: time.now });
    for (let count = 0; count < 3; count += 1) await send(emulator, 1001);
    time.forward(600);
    expectTooMany(await send(emulator, 1001), 1);
    // By now the bucket has a message again, but the second that was asked for is not over.
    time.forward(900);
    expectTooMany(await send(emulator, 1001), 1);
    expect((await send(emulator, 1002)).status).toBe(200);
    time.forward(100);
    expect((await send(emulator, 1001)).status).toBe(200);
  });

  test('edits count too; other calls and refused messages do not', async () => {
    const time = clock();
    const emulator = await start({ now: time.now });
    await send(emulator, 1001);
    for (const text of ['y', 'z']) {
      await call(emulator, 'editMessageText', { chat_id: 1001, message_id: 1, text });
    }
    expectTooMany(await call(emulator, 'editMessageText', { chat_id: 1001, message_id: 1, text: 'w' }), 1);
    expect((await call(emulator, 'sendChatAction', { chat_id: 1001, action: 'typing' })).status).toBe(200);
    for (let count = 0; count < 5; count += 1) {
      expect((await call(emulator, 'sendMessage', { chat_id: 1002 })).status).toBe(400);
    }
    expect((await send(emulator, 1002)).status).toBe(200);
  });
});

describe('the limit of a bot', () => {
  test('thirty in any second, over all chats', async () => {
    const time = clock();
    const emulator = await start({ now: time.now, chats: people(32) });
    for (let index = 0; index < 15; index += 1) expect((await send(emulator, 2000 + index)).status).toBe(200);
    time.forward(500);
    for (let index = 15; index < 30; index += 1) {
      expect((await send(emulator, 2000 + index)).status).toBe(200);
    }
    expectTooMany(await send(emulator, 2030), 1);
    time.forward(999);
    expectTooMany(await send(emulator, 2031), 1);
    time.forward(1);
    expect((await send(emulator, 2031)).status).toBe(200);
  });

  test.each([
    [999, 429],
    [1000, 200],
  ])('a message leaves the second after %i ms: %i', async (milliseconds, status) => {
    const time = clock();
    const emulator = await start({ now: time.now, chats: people(31) });
    for (let index = 0; index < 30; index += 1) await send(emulator, 2000 + index);
    time.forward(milliseconds);
    expect((await send(emulator, 2030)).status).toBe(status);
  });

  test('is each bot for itself', async () => {
    const time = clock();
    const chats = people(3).flatMap((chat) => [chat, { ...chat, botToken: '200:nuovo' }]);
    const emulator = await start({ now: time.now, chats, limits: { botPerSecond: 2 } });
    await send(emulator, 2000);
    await send(emulator, 2001);
    expectTooMany(await send(emulator, 2002), 1);
    expect((await send(emulator, 2002, '200:nuovo')).status).toBe(200);
  });
});

describe('the limit of a group', () => {
  test('twenty a minute, and the wait that is left', async () => {
    const time = clock();
    const group = { botToken: '100:demo', chatId: -500, user: { id: 500, first_name: 'Anna' } };
    const emulator = await start({ now: time.now, chats: [group] });
    for (let count = 0; count < 20; count += 1) expect((await send(emulator, -500)).status).toBe(200);
    time.forward(15_500);
    expectTooMany(await send(emulator, -500), 45);
    time.forward(45_000);
    expect((await send(emulator, -500)).status).toBe(200);
  });
});
