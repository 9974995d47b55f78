import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { CallRecord } from '../../local/emulator/emulator.ts';
import { type RunningEmulator, startEmulator } from '../../local/emulator/server.ts';
import { call, closeAfterTest, control, messagesOf, post, request, start } from './emulator-helpers.ts';

async function callsOf(emulator: RunningEmulator): Promise<CallRecord[]> {
  const response = await fetch(`${emulator.url}/emulator/calls`);
  return JSON.parse(await response.text());
}

const send = (emulator: RunningEmulator, parameters: Record<string, unknown> = {}) =>
  call(emulator, 'sendMessage', { chat_id: 1001, text: 'x', ...parameters });

describe('chats', () => {
  test('a chat that shows nothing is an empty array, known or not', async () => {
    const emulator = await start();
    expect(await control(emulator, 'chats/1001/messages')).toEqual({ status: 200, body: [] });
    expect(await control(emulator, 'chats/777/messages')).toEqual({ status: 200, body: [] });
  });

  test('/start from a new chat id opens it', async () => {
    const emulator = await start({ now: () => 1_800_000_000_000 });
    const from = { first_name: 'Dario', last_name: 'Neri', language_code: 'it' };
    const { status, body } = await control(emulator, 'chats/1004/send', { text: '/start tok_en-1', from });
    expect(status).toBe(200);
    expect(body).toEqual({
      message_id: 1,
      from: { id: 1004, is_bot: false, ...from },
      chat: { id: 1004, type: 'private', first_name: 'Dario', last_name: 'Neri' },
      date: 1_800_000_000,
      text: '/start tok_en-1',
      entities: [{ type: 'bot_command', offset: 0, length: 6 }],
    });
    expect((await send(emulator, { chat_id: 1004 })).status).toBe(200);
    const shown = await messagesOf(emulator, 1004);
    expect(shown.map((message) => [message.message_id, message.from.id])).toEqual([
      [1, 1004],
      [2, 100],
    ]);
  });

  test('each bot has its own chat with a person', async () => {
    const emulator = await start();
    await control(emulator, 'chats/1001/send', { text: '/start', bot: 'nuovo_bot' });
    await send(emulator, { text: 'dal demo' });
    await call(emulator, 'sendMessage', { chat_id: 1001, text: 'dal nuovo' }, '200:nuovo');
    const all = (await messagesOf(emulator, 1001)).map((message) => message.text);
    expect(all).toEqual(['/start', 'dal demo', 'dal nuovo']);
    const { body } = await control(emulator, 'chats/1001/messages?bot=nuovo_bot');
    expect(body).toMatchObject([{ text: '/start' }, { text: 'dal nuovo' }]);
    await control(emulator, 'chats/1001/block', { bot: 'nuovo_bot' });
    expect((await send(emulator)).status).toBe(200);
    const other = await call(emulator, 'sendMessage', { chat_id: 1001, text: 'x' }, '200:nuovo');
    expect(other.status).toBe(403);
  });

  test('/start takes back a block, other text does not', async () => {
    const emulator = await start();
    await control(emulator, 'chats/1001/block', {});
    const refusedText = await control(emulator, 'chats/1001/send', { text: 'ciao' });
    expect(refusedText.status).toBe(400);
    expect(refusedText.body.error).toMatch(/blocked demo_shop_bot/);
    await control(emulator, 'chats/1001/send', { text: '/start' });
    expect((await send(emulator)).status).toBe(200);
  });

  test('allowing messages in the login widget opens a chat without a word', async () => {
    const emulator = await start();
    await control(emulator, 'chats/1005/allow', { from: { first_name: 'Elio' } });
    expect(await messagesOf(emulator, 1005)).toEqual([]);
    expect((await send(emulator, { chat_id: 1005 })).status).toBe(200);
  });

  test.each([
    ['chats/abc/messages', undefined, 400],
    ['chats/1001/send', {}, 400],
    ['chats/1001/send', { text: ' ' }, 400],
    ['chats/1001/send', { text: 'x', from: 7 }, 400],
    ['chats/1001/send', { text: 'x', bot: 'nessuno_bot' }, 404],
    ['chats/777/send', { text: 'ciao' }, 404],
    ['chats/777/block', {}, 404],
    ['chats/1001/press', { messageId: 9, data: 'x' }, 404],
    ['chats/1001/press', { messageId: 'x', data: 'x' }, 400],
    ['chats/1001/press', { messageId: 1, data: '' }, 400],
    ['chats/1001/press', [], 400],
    ['chats/%E0%A4%A/messages', undefined, 400],
    ['faults', {}, 400],
    ['faults', { status: 99 }, 400],
    ['faults', { drop: 'never' }, 400],
    ['faults', { statuscode: 500 }, 400],
    ['samples/no-such-event', {}, 404],
    ['samples/..%2F..%2Fpackage', {}, 404],
    ['nothing-here', undefined, 404],
    ['chats/1001/send', undefined, 405],
  ])('%s with %j is refused with a sentence', async (path, body, status) => {
    const emulator = await start();
    const answer = await control(emulator, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatch(/^.{10,}$/);
  });

  test('refuses what is no JSON, and pages of other sites', async () => {
    const emulator = await start();
    const url = `${emulator.url}/emulator/chats/1001/send`;
    expect((await request(url, { method: 'POST', body: '{"text"' })).status).toBe(400);
    const headers = { origin: 'https://evil.example' };
    const foreign = await request(url, { method: 'POST', headers, body: '{"text":"x"}' });
    expect(foreign.status).toBe(403);
    expect(await messagesOf(emulator, 1001)).toEqual([]);
  });
});

describe('faults', () => {
  test('answer as they are told, as often as they are told', async () => {
    const emulator = await start();
    const body = { ok: false, error_code: 500, description: 'Internal Server Error' };
    await control(emulator, 'faults', { method: 'sendMessage', times: 2, status: 500, body });
    expect(await send(emulator)).toEqual({ status: 500, body });
    expect((await call(emulator, 'getMe')).status).toBe(200);
    expect((await send(emulator)).status).toBe(500);
    expect((await send(emulator)).status).toBe(200);
    expect(await messagesOf(emulator, 1001)).toHaveLength(1);
  });

  test('without times last until they are deleted; a text goes out as a page', async () => {
    const emulator = await start();
    await control(emulator, 'faults', { status: 502, body: '<html>Bad Gateway</html>' });
    for (let count = 0; count < 3; count += 1) {
      const response = await fetch(`${emulator.url}/bot100:demo/getMe`);
      expect(response.status).toBe(502);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(await response.text()).toBe('<html>Bad Gateway</html>');
    }
    await request(`${emulator.url}/emulator/faults`, { method: 'DELETE' });
    expect((await call(emulator, 'getMe')).status).toBe(200);
  });

  test('may meet one chat alone', async () => {
    const emulator = await start();
    await control(emulator, 'faults', { chatId: 1001, status: 429 });
    const tooMany = await send(emulator);
    expect(tooMany.status).toBe(429);
    expect(tooMany.body.parameters).toEqual({ retry_after: 1 });
    expect((await send(emulator, { chat_id: 1002 })).status).toBe(200);
  });

  test('drop before: the connection breaks and nothing was sent', async () => {
    const emulator = await start();
    await control(emulator, 'faults', { method: 'sendmessage', times: 1, drop: 'before' });
    await expect(send(emulator)).rejects.toThrow('fetch failed');
    expect(await messagesOf(emulator, 1001)).toEqual([]);
    expect((await send(emulator)).status).toBe(200);
  });

  test('drop after: the connection breaks and the message is there', async () => {
    const emulator = await start();
    await control(emulator, 'faults', { method: 'sendMessage', times: 1, drop: 'after' });
    await expect(send(emulator, { text: 'arrivato' })).rejects.toThrow('fetch failed');
    expect(await messagesOf(emulator, 1001)).toMatchObject([{ text: 'arrivato' }]);
    const [dropped] = await callsOf(emulator);
    expect(dropped).toMatchObject({ method: 'sendMessage', status: null, answer: null, dropped: 'after' });
  });

  test('delayMs alone makes the call wait, and lets it through', async () => {
    const emulator = await start();
    await control(emulator, 'faults', { delayMs: 60, times: 1 });
    const began = performance.now();
    expect((await send(emulator)).status).toBe(200);
    // Timers may fire a millisecond early.
    expect(performance.now() - began).toBeGreaterThanOrEqual(59);
  });
});

describe('calls and reset', () => {
  test('every call is there, with its time and answer and without its token', async () => {
    const emulator = await start({ now: () => Date.UTC(2026, 10, 20, 10) });
    await send(emulator, { text: 'Ciao' });
    await call(emulator, 'sendmessage', { chat_id: 5, text: 'x' });
    await call(emulator, 'getMe', {}, '9:unknown');
    const calls = await callsOf(emulator);
    expect(calls).toHaveLength(3);
    expect(calls[0]).toMatchObject({
      time: '2026-11-20T10:00:00.000Z',
      method: 'sendMessage',
      botId: 100,
      username: 'demo_shop_bot',
      params: { chat_id: 1001, text: 'Ciao' },
      status: 200,
      answer: { ok: true, result: { message_id: 1, text: 'Ciao' } },
    });
    expect(calls[1]).toMatchObject({ method: 'sendMessage', status: 400 });
    expect(calls[2]).toMatchObject({ method: 'getMe', botId: null, username: null, status: 401 });
    expect(JSON.stringify(calls)).not.toContain('100:demo');
  });

  test('reset empties all and opens the demo chats again', async () => {
    const emulator = await start({ now: () => 1_800_000_000_000 });
    await control(emulator, 'chats/1004/send', { text: '/start' });
    await control(emulator, 'chats/1001/block', {});
    for (let count = 0; count < 4; count += 1) await send(emulator, { chat_id: 1002 });
    await control(emulator, 'faults', { status: 500 });
    expect((await control(emulator, 'reset', {})).body).toEqual({ ok: true });
    expect(await callsOf(emulator)).toEqual([]);
    expect((await send(emulator, { chat_id: 1001 })).status).toBe(200);
    expect((await send(emulator, { chat_id: 1002 })).status).toBe(200);
    expect((await send(emulator, { chat_id: 1004 })).status).toBe(400);
    expect(await messagesOf(emulator, 1002)).toHaveLength(1);
    expect((await call(emulator, 'getUpdates')).body.result).toEqual([]);
  });
});

describe('the data file', () => {
  async function dataFile(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'emulator-'));
    closeAfterTest(() => rm(directory, { recursive: true }));
    return join(directory, 'deep', 'telegram.json');
  }

  test('keeps chats, messages, blocks and webhooks from run to run', async () => {
    const path = await dataFile();
    const first = await startEmulator({ dataFile: path });
    await control(first, 'chats/1004/send', { text: '/start', from: { first_name: 'Dario' } });
    await call(first, 'setWebhook', { url: 'http://127.0.0.1:9/hook' });
    await send(first, { chat_id: 1004, text: 'resta' });
    await control(first, 'chats/1001/block', {});
    await first.close();
    const second = await start({ dataFile: path });
    const texts = (await messagesOf(second, 1004)).map((message) => message.text);
    expect(texts).toEqual(['/start', 'resta']);
    expect((await send(second)).status).toBe(403);
    expect((await call(second, 'getWebhookInfo')).body.result.url).toBe('http://127.0.0.1:9/hook');
    const next = await send(second, { chat_id: 1004 });
    expect(next.body.result.message_id).toBe(3);
  });

  test('that is damaged is not written over', async () => {
    const path = await dataFile();
    await (await startEmulator({ dataFile: path })).close();
    await writeFile(path, '{"version":');
    await expect(startEmulator({ dataFile: path })).rejects.toThrow('delete the file to begin');
    expect(await readFile(path, 'utf8')).toBe('{"version":');
  });
});

describe('two emulators', () => {
  test('know nothing of each other, and a port in use is an error', async () => {
    const [one, other] = [await start(), await start()];
    await send(one);
    expect(await messagesOf(other, 1001)).toEqual([]);
    await expect(startEmulator({ port: one.port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('live events', () => {
  test('tell the page of a message as it arrives', async () => {
    const emulator = await start();
    const response = await fetch(`${emulator.url}/emulator/events`);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    await post(`${emulator.url}/bot100:demo/sendMessage`, { chat_id: 1003, text: 'in diretta' });
    let stream = '';
    for await (const chunk of response.body ?? []) {
      stream += Buffer.from(chunk).toString();
      if (stream.includes('in diretta')) break;
    }
    const [, data = ''] = /^data: (.*)$/m.exec(stream) ?? [];
    expect(JSON.parse(data)).toMatchObject({
      type: 'message',
      bot: 'demo_shop_bot',
      message: { chat: { id: 1003 }, text: 'in diretta' },
    });
  });
});

describe('HEAD', () => {
  test.each(['/', '/emulator/chats', '/emulator/chats/1001/messages', '/docs', '/nothing'])(
    '%s: the status and headers of GET',
    async (path) => {
      const emulator = await start();
      const [got, headed] = await Promise.all(
        ['GET', 'HEAD'].map((method) => fetch(`${emulator.url}${path}`, { method, redirect: 'manual' })),
      );
      const headersOf = (answer: Response | undefined) =>
        [...(answer?.headers ?? [])].filter(([name]) => !/^(?:date|connection|keep-alive)$/.test(name));
      expect(headed?.status).toBe(got?.status);
      expect(headersOf(headed)).toEqual(headersOf(got));
    },
  );

  test('of a method of the Bot API: nothing is sent', async () => {
    const emulator = await start();
    const path = '/bot100:demo/sendMessage?chat_id=1001&text=x';
    expect((await fetch(`${emulator.url}${path}`, { method: 'HEAD' })).status).toBe(405);
    expect(await messagesOf(emulator, 1001)).toEqual([]);
    expect(await callsOf(emulator)).toEqual([]);
  });
});
