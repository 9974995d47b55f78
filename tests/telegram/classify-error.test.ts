/** Telegram's errors, sorted by what they ask for: the table "Errors of sendMessage" of the facts on Telegram. */
import { describe, expect, test } from '@jest/globals';
import { classifyError, type ErrorClass } from '../../lib/telegram/classify-error.ts';
import { TelegramRefusalError, TelegramUnreachableError } from '../../lib/telegram/client.ts';

const refusal = (code: number, description: string, parameters = {}) =>
  new TelegramRefusalError({ code, description, parameters });

const TABLE: [string, number, ErrorClass['kind']][] = [
  ['Internal Server Error', 500, 'retry'],
  ['Internal Server Error: sorry', 500, 'retry'],
  ['Bad Gateway', 502, 'retry'],
  ['Service Unavailable', 503, 'retry'],
  ['Gateway Timeout', 504, 'retry'],
  ['Unauthorized', 401, 'bot-unauthorized'],
  ['Not Found', 404, 'bot-unauthorized'],
  ['Bad Request: Logged out', 400, 'bot-unauthorized'],
  ['Misdirected Request', 421, 'bot-unauthorized'],
  ['FROZEN_METHOD_INVALID', 400, 'bot-unauthorized'],
  ['FROZEN_METHOD_INVALID', 420, 'bot-unauthorized'],
  ['Forbidden: bot was blocked by the user', 403, 'unreachable'],
  ['Forbidden: user is deactivated', 403, 'unreachable'],
  ['Bad Request: chat not found', 400, 'unreachable'],
  ['Bad Request: PEER_ID_INVALID', 400, 'unreachable'],
  ['Bad Request: not enough rights to send text messages to the chat', 400, 'unreachable'],
  ['Bad Request: have no rights to send a message', 400, 'unreachable'],
  ['Bad Request: CHAT_WRITE_FORBIDDEN', 400, 'unreachable'],
  ['Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0', 400, 'unparsable'],
  ['Bad Request: ENTITY_BOUNDS_INVALID', 400, 'unparsable'],
  ['Bad Request: entities too long', 400, 'unparsable'],
  ['Bad Request: message is too long', 400, 'too-long'],
  ['Bad Request: text is too long', 400, 'too-long'],
  ['Bad Request: message text is empty', 400, 'refused'],
  ['Bad Request: text must be non-empty', 400, 'refused'],
  ['Bad Request: BUTTON_URL_INVALID', 400, 'button-refused'],
  ["Bad Request: inline keyboard button URL 'x' is invalid: Wrong HTTP URL", 400, 'button-refused'],
  ['Bad Request: BUTTON_COPY_TEXT_INVALID', 400, 'button-refused'],
  ['Bad Request: BUTTON_DATA_INVALID', 400, 'button-refused'],
  ["Bad Request: can't parse inline keyboard button: invalid button style specified", 400, 'button-refused'],
  ["Bad Request: can't parse InlineKeyboardButton: invalid button style specified", 400, 'button-refused'],
  ['Bad Request: inline keyboard button text must be non-empty', 400, 'button-refused'],
  ['Bad Request: REPLY_MARKUP_INVALID', 400, 'button-refused'],
  ['Bad Request: reply markup is too long', 400, 'button-refused'],
  ['Bad Request: something new', 400, 'refused'],
];

test.each(TABLE)('%s (%d): %s', (description, code, kind) => {
  expect(classifyError(refusal(code, description))).toEqual({ kind });
});

test('429 waits for as long as Telegram says', () => {
  const error = refusal(429, 'Too Many Requests: retry after 35', { retry_after: 35 });
  expect(classifyError(error)).toEqual({ kind: 'wait', seconds: 35 });
});

test('429 that does not say how long waits a second at least', () => {
  const reaction = classifyError(refusal(429, 'Too Many Requests'));
  expect(reaction).toEqual({ kind: 'wait', seconds: 1 });
});

test('a migrated group has a new id', () => {
  const error = refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
    migrate_to_chat_id: -1_001_234,
  });
  expect(classifyError(error)).toEqual({ kind: 'migrated', chatId: -1_001_234 });
});

describe('what is no answer of Telegram’s is sent again later', () => {
  test.each([
    new TelegramUnreachableError('no answer within 10 seconds'),
    new Error('socket hang up'),
    'a text',
    undefined,
  ])('%s', (error) => {
    expect(classifyError(error)).toEqual({ kind: 'retry' });
  });
});

describe('the code goes before the words', () => {
  test.each<[number, string, ErrorClass['kind']]>([
    [429, 'Forbidden: bot was blocked by the user', 'wait'],
    [500, 'Bad Request: chat not found', 'retry'],
    [403, "Bad Request: can't parse entities", 'unreachable'],
    [401, 'Bad Request: chat not found', 'bot-unauthorized'],
  ])('%d %s: %s', (code, description, kind) => {
    expect(classifyError(refusal(code, description)).kind).toBe(kind);
  });
});
