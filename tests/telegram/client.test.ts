/** The only place that calls Telegram: what it sends, what it throws, and that no error or log ever holds the token. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { log } from '../../lib/observability/logger.ts';
import { classifyError } from '../../lib/telegram/classify-error.ts';
import {
  answerCallbackQuery,
  callTelegram,
  deleteMessage,
  editKeyboard,
  editMessage,
  getUpdates,
  sendMessage,
  TelegramRefusalError,
  TelegramUnreachableError,
} from '../../lib/telegram/client.ts';
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
afterEach(() => {
  jest.restoreAllMocks();
});

type Answering = (request: IncomingMessage, response: ServerResponse) => void;

const json = (status: number, body: unknown) => rawJson(status, JSON.stringify(body));
const rawJson = (status: number, body: string) => (_: IncomingMessage, response: ServerResponse) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
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
    await sendMessage(TOKEN, { chatId: 1001, text: 'A < B', isPlainText: true, keyboard: [[button]] });

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

  test('a POST with a JSON body, which says how many bytes it has', async () => {
    const seen: unknown[] = [];
    server.answerWith(({ method, headers }, response) => {
      seen.push([method, headers['content-type'], headers['content-length'], headers['transfer-encoding']]);
      response.end('{"ok":true,"result":[]}');
    });

    await callTelegram(TOKEN, 'getMyName', { language_code: 'it' });
    await callTelegram(TOKEN, 'setMyName', { name: 'Caffè ☕' });

    // "è" has two bytes in UTF-8, "☕" three.
    expect(seen).toEqual([
      ['POST', 'application/json', '22', undefined],
      ['POST', 'application/json', '21', undefined],
    ]);
    expect(server.requests[1]).toMatchObject({ name: 'Caffè ☕' });
  });

  test('another text of a message, without a sound and without the buttons that it had; and its end', async () => {
    const button = { text: 'Vedi', url: 'https://shop.example/1' };
    const place = { chatId: 1001, messageId: 7 };
    await editMessage(TOKEN, { ...place, text: '<b>Spedito</b>', keyboard: [[button]] });
    await editMessage(TOKEN, { ...place, text: 'A < B', isPlainText: true });
    await deleteMessage(TOKEN, place);

    expect(server.requests).toEqual([
      {
        path: `/bot${TOKEN}/editMessageText`,
        chat_id: 1001,
        message_id: 7,
        text: '<b>Spedito</b>',
        parse_mode: 'HTML',
        link_preview_options: { is_disabled: true },
        reply_markup: { inline_keyboard: [[button]] },
      },
      {
        path: `/bot${TOKEN}/editMessageText`,
        chat_id: 1001,
        message_id: 7,
        text: 'A < B',
        link_preview_options: { is_disabled: true },
      },
      { path: `/bot${TOKEN}/deleteMessage`, chat_id: 1001, message_id: 7 },
    ]);
  });

  test('other buttons, the end of a press, the wait for updates', async () => {
    const keyboard = [[{ text: '✅', callback_data: 'off:order-status' }]];
    server.answerWith(json(200, { ok: true, result: [] }));
    const { signal } = new AbortController();

    await editKeyboard(TOKEN, { chatId: 1001, messageId: 7 }, keyboard);
    await answerCallbackQuery(TOKEN, '4382bfdwdsb323b2d9', 'Fatto');
    await answerCallbackQuery(TOKEN, '4382bfdwdsb323b2d9');
    await getUpdates(TOKEN, 12, { seconds: 1, allowedUpdates: ['message'], signal });

    expect(server.requests).toEqual([
      {
        path: `/bot${TOKEN}/editMessageReplyMarkup`,
        chat_id: 1001,
        message_id: 7,
        reply_markup: { inline_keyboard: keyboard },
      },
      {
        path: `/bot${TOKEN}/answerCallbackQuery`,
        callback_query_id: '4382bfdwdsb323b2d9',
        text: 'Fatto',
      },
      { path: `/bot${TOKEN}/answerCallbackQuery`, callback_query_id: '4382bfdwdsb323b2d9' },
      { path: `/bot${TOKEN}/getUpdates`, offset: 12, timeout: 1, allowed_updates: ['message'] },
    ]);
  });

  test('a slash at the end of TELEGRAM_API_ROOT, or a path in it, is no harm', async () => {
    process.env.TELEGRAM_API_ROOT = `${server.url}/telegram/`;
    await sendMessage(TOKEN, { chatId: 1001, text: 'Ciao' });
    process.env.TELEGRAM_API_ROOT = server.url;

    expect(server.requests[0]?.path).toBe(`/telegram/bot${TOKEN}/sendMessage`);
  });

  test('payload and result have the types of the method', () => {
    // For the compiler alone: never called.
    const calls = async () => {
      const { message_id } = await callTelegram(TOKEN, 'sendMessage', { chat_id: 1, text: 'Ciao' });
      message_id satisfies number;
      (await callTelegram(TOKEN, 'deleteWebhook', {})) satisfies true;
      // @ts-expect-error a message needs its chat
      await callTelegram(TOKEN, 'sendMessage', { text: 'Ciao' });
      // @ts-expect-error no such parse mode
      await callTelegram(TOKEN, 'sendMessage', { chat_id: 1, text: 'Ciao', parse_mode: 'BBCode' });
      // @ts-expect-error takes nothing
      await callTelegram(TOKEN, 'getMe', { chat_id: 1 });
      // @ts-expect-error no such method
      await callTelegram(TOKEN, 'sendMassage', {});
      // @ts-expect-error a JSON body holds no file
      await callTelegram(TOKEN, 'setWebhook', { url: '', certificate: new Blob() });
    };
    expect(calls).toBeInstanceOf(Function);
  });
});

describe('connections', () => {
  test('the next call takes the connection of the one before, after a refusal and a page too', async () => {
    const own = await startBotServer();
    process.env.TELEGRAM_API_ROOT = own.url;
    const used: unknown[] = [];
    const answers = [
      json(200, { ok: true, result: { message_id: 1 } }),
      json(400, { ok: false, error_code: 400, description: 'Bad Request: chat not found' }),
      text(502, '<html>'.repeat(20_000)),
      json(200, { ok: true, result: { message_id: 2 } }),
    ];
    for (const answer of answers) {
      own.answerWith((request, response) => {
        used.push(request.socket);
        answer(request, response);
      });
      await sendMessage(TOKEN, { chatId: 1, text: 'Ciao' }).catch(() => undefined);
      // The text of an answer is there a moment before its connection is free.
      await sleep(20);
    }
    process.env.TELEGRAM_API_ROOT = server.url;
    await own.close();

    expect(used).toHaveLength(4);
    expect(new Set(used).size).toBe(1);
  });

  test('a redirect is not followed: its address would be told the token', async () => {
    const other = await startBotServer();
    for (const status of [301, 302, 303, 307, 308]) {
      server.answerWith((request, response) =>
        response.writeHead(status, { location: `${other.url}${request.url}` }).end(),
      );
      expect(await failureOf()).toBeInstanceOf(TelegramUnreachableError);
    }
    const asked = other.requests;
    await other.close();

    expect(asked).toEqual([]);
    expect(server.requests).toHaveLength(5);
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

  test('the new id of a group that became a supergroup is a parameter', async () => {
    server.answerWith(
      json(400, {
        ok: false,
        error_code: 400,
        description: 'Bad Request: group chat was upgraded to a supergroup chat',
        parameters: { migrate_to_chat_id: -1_001_234_567_890 },
      }),
    );

    expect(await failureOf()).toHaveProperty('parameters', { migrate_to_chat_id: -1_001_234_567_890 });
  });

  test.each([
    ['a text', '{"retry_after":"7","migrate_to_chat_id":"-1001234567890"}'],
    ['nothing', '{"retry_after":null,"migrate_to_chat_id":null}'],
    ['true', '{"retry_after":true,"migrate_to_chat_id":true}'],
    ['larger than any number', '{"retry_after":1e999,"migrate_to_chat_id":-1e999}'],
    ['no object at all', '"retry_after"'],
    ['a list', '[7]'],
    ['null', 'null'],
  ])('parameters that are %s are none', async (_, parameters) => {
    const body = `{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":${parameters}}`;
    server.answerWith(rawJson(429, body));

    const error = await failureOf();

    expect(error).toHaveProperty('parameters', {});
    expect(error).toHaveProperty('description', 'Too Many Requests');
  });

  test('its own code goes before the status of HTTP, which goes for it where there is none', async () => {
    server.answerWith(json(200, { ok: false, error_code: 403, description: 'Forbidden: no' }));
    expect(await failureOf()).toMatchObject({ name: 'TelegramRefusalError', code: 403 });

    server.answerWith(json(409, { ok: false, error_code: '400', description: 'Conflict: no' }));
    expect(await failureOf()).toMatchObject({ name: 'TelegramRefusalError', code: 409 });
  });
});

// What `fetch` has rules of its own for, written for browsers: another attempt, a login.
test.each([
  [401, 'Unauthorized'],
  [408, 'Request Timeout'],
  [421, 'Misdirected Request: the bot is served elsewhere'],
  [425, 'Too Early'],
])('a %i is a refusal like others, and sends nothing a second time', async (code, description) => {
  server.answerWith(json(code, { ok: false, error_code: code, description }));
  const error = await failureOf();

  expect(error).toBeInstanceOf(TelegramRefusalError);
  expect(error).toMatchObject({ code, description });
  expect(server.requests).toHaveLength(1);
});

describe('a fault of Telegram’s asks to send again later', () => {
  // The names of the statuses: RFC 9110, section 15.6.
  test.each<[string, Answering, number, string]>([
    [
      'a 500 with words',
      json(500, { ok: false, error_code: 500, description: 'Internal Server Error: sorry' }),
      500,
      'Internal Server Error: sorry',
    ],
    [
      'a 503 with words',
      json(503, { ok: false, error_code: 503, description: 'Service Unavailable: restart' }),
      503,
      'Service Unavailable: restart',
    ],
    [
      'a 502 with words, and no code but that of HTTP',
      json(502, { ok: false, description: 'Bad Gateway: no upstream' }),
      502,
      'Bad Gateway: no upstream',
    ],
    ['a 502 with a page', text(502, '<html>nginx</html>'), 502, 'Bad Gateway'],
    ['a 504 with a page', text(504, '<html>nginx</html>'), 504, 'Gateway Timeout'],
    ['a 500 of another API', json(500, { message: 'oh' }), 500, 'Internal Server Error'],
    ['a 503 that says all is well', json(503, { ok: true, result: {} }), 503, 'Service Unavailable'],
    ['a status without a name', text(599, ''), 599, 'Server Error'],
  ])('%s', async (_, answer, code, description) => {
    server.answerWith(answer);
    const error = await failureOf();

    expect(error).toBeInstanceOf(TelegramRefusalError);
    expect(error).toMatchObject({ code, description, parameters: {} });
    expect(classifyError(error)).toEqual({ kind: 'retry' });
  });
});

describe('an answer that is not Telegram’s is none', () => {
  test.each<[string, Answering]>([
    ['a page with 200', text(200, '<html>Welcome to the hotel</html>')],
    ['a page with 403', text(403, '<html>Forbidden</html>')],
    ['a page with 404', text(404, '<html>Not Found</html>')],
    ['JSON of another API', json(404, { message: 'Not Found' })],
    ['a list', json(200, [])],
    ['null', json(200, null)],
    ['half an object', rawJson(200, '{"ok":true,"result":')],
    ['a refusal without words', json(400, { ok: false, error_code: 400 })],
    ['a refusal whose code is that of success', json(200, { ok: false, description: 'no' })],
    ['a success with 403', json(403, { ok: true, result: { message_id: 1 } })],
    ['a success that is not true', json(200, { ok: 'true', result: { message_id: 1 } })],
    ['a success without a result', json(200, { ok: true })],
    ['a success whose result is null', json(200, { ok: true, result: null })],
  ])('%s', async (_, answer) => {
    server.answerWith(answer);
    const error = await failureOf();

    expect(error).toBeInstanceOf(TelegramUnreachableError);
    expect(classifyError(error)).toEqual({ kind: 'retry' });
  });
});

describe('no way to Telegram', () => {
  test('a refused connection is told by its code', async () => {
    const gone = await startBotServer();
    await gone.close();
    process.env.TELEGRAM_API_ROOT = gone.url;
    const error = await failureOf();
    process.env.TELEGRAM_API_ROOT = server.url;

    expect(error).toBeInstanceOf(TelegramUnreachableError);
    expect(error.message).toContain('ECONNREFUSED');
    expect(everythingOf(error)).not.toContain(SECRET);
  });

  const refused = (address: string) =>
    Object.assign(new Error(`connect ECONNREFUSED ${address}:443 ${TOKEN}`), {
      ...{ code: 'ECONNREFUSED', address, port: 443 },
    });
  const BOTH = [refused('2001:67c:4e8:f004::9'), refused('149.154.167.220')];
  test.each<[string, unknown]>([
    ['as fetch tells it', new TypeError('fetch failed', { cause: new AggregateError(BOTH) })],
    ['itself', new AggregateError(BOTH)],
    [
      'deep in the causes',
      new TypeError('fetch failed', {
        cause: new Error('', { cause: new AggregateError([new AggregateError(BOTH)]) }),
      }),
    ],
    [
      'of which one has no code',
      new TypeError('fetch failed', { cause: new AggregateError([new Error('no route'), ...BOTH]) }),
    ],
  ])(
    "an AggregateError of a refused connection over IPv4 and IPv6, %s: its cause's code decides and is told",
    async (_, cause) => {
      jest.spyOn(globalThis, 'fetch').mockRejectedValue(cause);
      const error = await failureOf();

      expect(classifyError(error)).toEqual({ kind: 'retry' });
      expect(error.message).toBe(
        'the connection failed: ECONNREFUSED [2001:67c:4e8:f004::9]:443 149.154.167.220:443',
      );
      expect(everythingOf(error)).not.toContain(SECRET);
    },
  );

  test('causes that lead in a circle', async () => {
    const circle = new TypeError('fetch failed');
    circle.cause = new AggregateError([circle]);
    jest.spyOn(globalThis, 'fetch').mockRejectedValue(circle);
    expect((await failureOf()).message).toBe('the connection failed, or led elsewhere');
  });

  test.each<[string, Answering]>([
    ['before any answer', (request) => request.socket.resetAndDestroy()],
    [
      'in the middle of the answer',
      (request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
        response.write('{"ok":true,"result":{"message_id":77}}', () => request.socket.resetAndDestroy());
      },
    ],
    [
      'in the middle of a refusal',
      (request, response) => {
        response.writeHead(403, { 'content-type': 'application/json' });
        response.write('{"ok":false,"error_code":403,', () => request.socket.resetAndDestroy());
      },
    ],
  ])('a connection reset %s', async (_, answer) => {
    server.answerWith(answer);
    const error = await failureOf();

    expect(error).toBeInstanceOf(TelegramUnreachableError);
    expect(classifyError(error)).toEqual({ kind: 'retry' });
    // Nothing is sent a second time here: that is for the queue to decide.
    expect(server.requests).toHaveLength(1);
  });
});

describe('no error holds the token or the text', () => {
  const CASES: [string, Answering][] = [
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

  const encoded = (pattern: RegExp, form: (hex: string) => string) =>
    TOKEN.replace(pattern, (character) => form(character.charCodeAt(0).toString(16)));

  test.each([
    ['as an address holds it', encodeURIComponent(TOKEN)],
    ['in small letters', encoded(/:/, (hex) => `%${hex}`)],
    ['each character', encoded(/./g, (hex) => `%${hex.toUpperCase()}`)],
    ['some characters', encoded(/[E_t]/g, (hex) => `%${hex}`)],
    ['twice', encoded(/./g, (hex) => `%25${hex}`)],
  ])('a refusal that repeats the token percent-encoded, %s', async (_, form) => {
    // RFC 3986, section 2.1: whoever decodes it has the token.
    expect(decodeURIComponent(decodeURIComponent(form))).toBe(TOKEN);
    const description = `no /bot${form}/sendMessage, no /bot${form}/x`;
    server.answerWith(json(404, { ok: false, error_code: 404, description }));

    const error = await failureOf();

    expect(error).toHaveProperty('description', 'no /bot[token]/sendMessage, no /bot[token]/x');
    expect(everythingOf(error)).not.toContain(form);
  });

  test('an error of fetch that tells the address, in its words, its fields and its causes', async () => {
    const address = `${server.url}/bot${TOKEN}/sendMessage`;
    const inner = Object.assign(new Error(`connect to ${address}`), { code: address, input: address });
    const outer = new TypeError(`Failed to parse URL from ${address}`, { cause: inner });
    jest.spyOn(globalThis, 'fetch').mockRejectedValue(outer);
    const error = await failureOf();

    expect(error).toBeInstanceOf(TelegramUnreachableError);
    expect(error.cause).toBeUndefined();
    expect(everythingOf(error)).not.toContain(SECRET);
  });

  test('TELEGRAM_API_ROOT is no address', async () => {
    process.env.TELEGRAM_API_ROOT = 'telegram';
    const error = await failureOf();
    process.env.TELEGRAM_API_ROOT = server.url;

    expect(error).toBeInstanceOf(TelegramUnreachableError);
    expect(error.message).toContain('ERR_INVALID_URL');
    expect(everythingOf(error)).not.toContain(SECRET);
  });

  test('a token that is not made for an address', async () => {
    server.answerWith(text(404, '<html>'));
    const error = await failureOf(undefined, '44:SECRET with a space è/../x?y#z\ud800');

    expect(everythingOf(error)).not.toContain(SECRET);
    // Whatever it holds, it leads to no other method, and to no other folder of the server.
    expect(server.requests[0]?.path).toMatch(/^\/bot44:SECRET[^/?#]*\/sendMessage$/);
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

/** Has the server answer, and the answer to this wait until the connection of the last call is closed. */
function answerWatching(answer: Answering): () => Promise<void> {
  let used: Socket | undefined;
  server.answerWith((request, response) => {
    used = request.socket;
    answer(request, response);
  });
  return async () => {
    // Would wait until the test's own time-out, were it still open.
    await new Promise((resolve) => (used?.destroyed ? resolve(undefined) : used?.once('close', resolve)));
    expect(used?.destroyed).toBe(true);
  };
}

/** One space every few milliseconds, without end: white space before the value is good JSON (RFC 8259, section 2). */
function trickle(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 5);
  response.on('close', () => clearInterval(timer));
}

describe('time-out', () => {
  test.each<[string, Answering]>([
    ['before any answer', () => undefined],
    [
      'in the middle of the answer',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"ok":true,');
      },
    ],
    ['while the answer trickles', trickle],
    [
      'in the middle of a refusal',
      (_, response) => {
        response.writeHead(502, { 'content-type': 'application/json' });
        response.write('{"ok":false,');
      },
    ],
  ])('%s: after ten seconds the call is cancelled and its connection closed', async (_, answer) => {
    const asked = shortenTimeouts(100);
    const closed = answerWatching(answer);

    const error = await failureOf();

    expect(asked).toEqual([10_000]);
    expect(error).toBeInstanceOf(TelegramUnreachableError);
    expect(error.message).toBe('no answer within 10 seconds');
    await closed();
  });

  test('a call may have a time limit of its own, beside a signal', async () => {
    const closed = answerWatching(trickle);
    const { signal } = new AbortController();
    const call = callTelegram(TOKEN, 'getMe', {}, { timeoutMilliseconds: 150, signal });

    await expect(call).rejects.toMatchObject({
      name: 'TelegramUnreachableError',
      message: 'no answer within 0.15 seconds',
    });
    await closed();
  });

  test('waiting for updates lasts ten seconds longer than Telegram is asked to wait', async () => {
    const asked = shortenTimeouts(1_000);
    server.answerWith(json(200, { ok: true, result: [] }));
    const { signal } = new AbortController();
    await getUpdates(TOKEN, 0, { seconds: 25, allowedUpdates: ['message'], signal });

    expect(asked).toEqual([35_000]);
  });
});

describe('a signal', () => {
  test.each<[string, Answering]>([
    ['before any answer', () => undefined],
    ['in the middle of the answer', trickle],
  ])('ends the call %s, and closes its connection', async (_, answer) => {
    const cancelling = new AbortController();
    const closed = answerWatching((request, response) => {
      answer(request, response);
      setTimeout(() => cancelling.abort(), 50);
    });
    const call = callTelegram(TOKEN, 'getMe', {}, { signal: cancelling.signal });

    await expect(call).rejects.toMatchObject({
      name: 'TelegramUnreachableError',
      message: 'the call was cancelled',
    });
    await closed();
  });

  test('that was given before sends nothing', async () => {
    const call = callTelegram(TOKEN, 'getMe', {}, { signal: AbortSignal.abort(new Error(TOKEN)) });

    await expect(call).rejects.toEqual(new TelegramUnreachableError('the call was cancelled'));
    expect(server.requests).toEqual([]);
  });
});
