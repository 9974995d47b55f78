/** The only place that calls Telegram: what it sends, what it throws, and that no error or log ever holds the token. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { log } from '../../lib/observability/logger.ts';
import { sendMessage, TelegramRefusalError, TelegramUnreachableError } from '../../lib/telegram/client.ts';
import { type BotServer, startBotServer } from '../support/bot-server.ts';

const TOKEN = '4242:SECRET-part_of-the-token';
const SECRET = 'SECRET';

let server: BotServer;
beforeAll(async () => {
  server = await startBotServer();
  process.env.TELEGRAM_API_ROOT = server.url;
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
});
beforeEach(() => {
  // telegraf's own time-out of 500 seconds: node-fetch forgets to clear it where a body is cut off, and jest would wait.
  const original = globalThis.setTimeout;
  const withoutWaiting = (run: () => void, milliseconds?: number) => {
    const timer = original(run, milliseconds);
    return milliseconds === 500_000 ? timer.unref() : timer;
  };
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(withoutWaiting as typeof setTimeout);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const json = (status: number, body: unknown) => (_: IncomingMessage, response: ServerResponse) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const text = (status: number, body: string) => (_: IncomingMessage, response: ServerResponse) =>
  response.writeHead(status, { 'content-type': 'text/html' }).end(body);

async function failureOf(message = { chatId: 1, text: 'testo-privato' }, token = TOKEN): Promise<Error> {
  try {
    await sendMessage(token, message);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It was sent.');
}

/** Ten seconds pass faster. The answer: the time-outs that were asked for. */
function shortenTimeouts(milliseconds: number): number[] {
  const original = AbortSignal.timeout;
  const asked: number[] = [];
  jest.spyOn(AbortSignal, 'timeout').mockImplementation((usual) => {
    asked.push(usual);
    return original.call(AbortSignal, milliseconds);
  });
  return asked;
}

/** What a log line of an error could hold: all of it. */
function everythingOf(error: Error): string {
  const written: string[] = [];
  const level = process.env.LOG_LEVEL;
  process.env.LOG_LEVEL = 'info';
  const spy = jest
    .spyOn(process.stdout, 'write')
    .mockImplementation((line) => written.push(String(line)) > 0);
  log.error('delivery not finished', { error });
  spy.mockRestore();
  process.env.LOG_LEVEL = level;
  expect(written).toHaveLength(1);
  return `${written.join('')}\n${inspect(error, { depth: 10, showHidden: true })}\n${JSON.stringify(error)}\n${error.stack}`;
}

describe('what is sent', () => {
  beforeEach(() => server.answerWith(json(200, { ok: true, result: { message_id: 77 } })));

  test('HTML, without a preview of the shop’s page', async () => {
    expect(await sendMessage(TOKEN, { chatId: 1001, text: '<b>Ciao</b>' })).toEqual({ messageId: 77 });

    expect(server.requests).toEqual([
      {
        path: `/bot${TOKEN}/sendMessage`,
        chat_id: 1001,
        text: '<b>Ciao</b>',
        parse_mode: 'HTML',
        link_preview_options: { is_disabled: true },
      },
    ]);
  });

  test('plain text has no parse mode; a button is an inline keyboard of one', async () => {
    const button = { text: 'Vedi', url: 'https://shop.example/1' };
    await sendMessage(TOKEN, { chatId: 1001, text: 'A < B', isPlainText: true, button });

    expect(server.requests).toEqual([
      {
        path: `/bot${TOKEN}/sendMessage`,
        chat_id: 1001,
        text: 'A < B',
        link_preview_options: { is_disabled: true },
        reply_markup: { inline_keyboard: [[button]] },
      },
    ]);
  });
});

describe('a refusal of Telegram’s', () => {
  test('keeps its code, words and parameters', async () => {
    server.answerWith(
      json(429, {
        ok: false,
        error_code: 429,
        description: 'Too Many Requests',
        parameters: { retry_after: 7 },
      }),
    );
    const error = await failureOf();

    expect(error).toBeInstanceOf(TelegramRefusalError);
    expect(error).toMatchObject({
      code: 429,
      description: 'Too Many Requests',
      parameters: { retry_after: 7 },
    });
  });

  test('that repeats the token is told without it', async () => {
    server.answerWith(json(404, { ok: false, error_code: 404, description: `No bot ${TOKEN} here` }));
    const error = await failureOf();

    expect(error).toMatchObject({ code: 404, description: 'No bot [token] here', parameters: {} });
  });
});

describe('no error holds the token or the text', () => {
  const CASES: [string, (request: IncomingMessage, response: ServerResponse) => void][] = [
    ['a refusal', json(400, { ok: false, error_code: 400, description: 'Bad Request: chat not found' })],
    [
      'a refusal that repeats the token',
      json(401, { ok: false, error_code: 401, description: `bot${TOKEN}` }),
    ],
    ['a refusal without words', json(400, { ok: false })],
    [
      'a refusal whose words are no text',
      json(400, { ok: false, error_code: 400, description: { a: TOKEN } }),
    ],
    ['an answer that is null', json(200, null)],
    ['an answer without a result', json(200, { ok: true })],
    ['an HTML page with 200', text(200, '<html>')],
    ['an HTML page with 404', text(404, '<html>')],
    ['an HTML page with 502', text(502, '<html>')],
    ['an empty page', text(200, '')],
    [
      'half an answer',
      (_, response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"ok":', () => response.destroy());
      },
    ],
    ['a dropped connection', (request) => request.socket.destroy()],
    [
      'a redirect without end',
      (request, response) => response.writeHead(302, { location: request.url }).end(),
    ],
    [
      'a redirect to nowhere',
      (_, response) => response.writeHead(302, { location: `http://[/bot${TOKEN}/x` }).end(),
    ],
    ['what is not HTTP', (request) => request.socket.end('What is this?\r\n\r\n')],
  ];

  test.each(CASES)('%s', async (_, answer) => {
    shortenTimeouts(1_000);
    server.answerWith(answer);
    const error = await failureOf();

    expect(error instanceof TelegramRefusalError || error instanceof TelegramUnreachableError).toBe(true);
    expect(everythingOf(error)).not.toContain(SECRET);
    expect(everythingOf(error)).not.toContain('testo-privato');
  });

  test('nobody at that address', async () => {
    process.env.TELEGRAM_API_ROOT = 'http://127.0.0.1:1';
    const error = await failureOf(undefined, '4343:SECRET');
    process.env.TELEGRAM_API_ROOT = server.url;

    expect(error).toBeInstanceOf(TelegramUnreachableError);
    expect(everythingOf(error)).not.toContain(SECRET);
  });

  test('a token that is not made for an address', async () => {
    server.answerWith(text(404, '<html>'));
    const error = await failureOf(undefined, '44:SECRET with a space è/../x');

    expect(everythingOf(error)).not.toContain(SECRET);
  });

  test('nothing is printed on the way', async () => {
    const written: string[] = [];
    const write = (line: unknown) => written.push(String(line)) > 0;
    jest.spyOn(process.stdout, 'write').mockImplementation(write);
    jest.spyOn(process.stderr, 'write').mockImplementation(write);
    server.answerWith(text(502, '<html>'));
    await failureOf();
    jest.restoreAllMocks();

    expect(written).toEqual([]);
  });
});

describe('time-out', () => {
  async function allClosed(): Promise<void> {
    while (server.open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  test.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['before any answer', () => undefined],
    [
      'in the middle of the answer',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"ok":true,');
      },
    ],
  ])('%s: after ten seconds the call is cancelled and its connection closed', async (_, answer) => {
    const asked = shortenTimeouts(100);
    server.answerWith(answer);

    const error = await failureOf();

    expect(asked).toEqual([10_000]);
    expect(error).toBeInstanceOf(TelegramUnreachableError);
    expect(error.message).toBe('no answer within 10 seconds');
    // Would wait until the test's own time-out, were the connection still open.
    await allClosed();
  });
});
