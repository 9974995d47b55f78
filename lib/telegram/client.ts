import { STATUS_CODES } from 'node:http';
import type { ApiMethods, ResponseParameters, Update, UserFromGetMe } from '@grammyjs/types';
import { count } from '../observability/metrics.ts';

/** How long one call to Telegram may take, in milliseconds, until the last byte of the answer; then it is cancelled. */
const CALL_TIMEOUT_MILLISECONDS = 10_000;

/** Telegram answered, and said no. */
export class TelegramRefusalError extends Error {
  override readonly name = 'TelegramRefusalError';
  /** Telegram's `error_code`; where it gave none, the HTTP status. */
  readonly code: number;
  /** Telegram's own words, without the token; the name of the status, where a 5xx came without words. */
  readonly description: string;
  /** `retry_after` in seconds. @see https://core.telegram.org/bots/api#responseparameters */
  readonly parameters: ResponseParameters;

  constructor({
    code,
    description,
    parameters,
  }: Pick<TelegramRefusalError, 'code' | 'description' | 'parameters'>) {
    super(`${code}: ${description}`);
    this.code = code;
    this.description = description;
    this.parameters = parameters;
  }
}

/**
 * Telegram could not be reached, did not answer in time, or something else answered in its place: nobody knows whether
 * the call had an effect.
 */
export class TelegramUnreachableError extends Error {
  override readonly name = 'TelegramUnreachableError';
}

/** Rows of buttons under a message: each opens a link, or sends its data (1 to 64 bytes) back to the bot. */
export type Keyboard = ({ text: string; url: string } | { text: string; callback_data: string })[][];

export interface OutgoingMessage {
  chatId: number;
  /** Telegram's HTML, or plain text. */
  text: string;
  isPlainText?: boolean;
  button?: { text: string; url: string };
  /** More than the one button. */
  keyboard?: Keyboard;
}

/**
 * Sends one message.
 *
 * @returns Telegram's id of the message in its chat.
 * @throws TelegramRefusalError, TelegramUnreachableError. Neither holds the token nor the text.
 * @see https://core.telegram.org/bots/api#sendmessage
 */
export async function sendMessage(token: string, message: OutgoingMessage): Promise<{ messageId: number }> {
  const { chatId, text, isPlainText, button, keyboard = button && [[button]] } = message;
  const payload = {
    chat_id: chatId,
    text,
    ...(!isPlainText && { parse_mode: 'HTML' as const }),
    // A preview of the shop's home page under every message would bury the message.
    link_preview_options: { is_disabled: true },
    ...(keyboard && { reply_markup: { inline_keyboard: keyboard } }),
  };
  const sent = await callTelegram(token, 'sendMessage', payload);
  return { messageId: sent.message_id };
}

/**
 * Shows other buttons under a message that the bot has sent.
 *
 * @throws TelegramRefusalError, also where they are the same as before; TelegramUnreachableError.
 * @see https://core.telegram.org/bots/api#editmessagereplymarkup
 */
export async function editKeyboard(
  token: string,
  message: { chatId: number; messageId: number },
  keyboard: Keyboard,
): Promise<void> {
  await callTelegram(token, 'editMessageReplyMarkup', {
    chat_id: message.chatId,
    message_id: message.messageId,
    reply_markup: { inline_keyboard: keyboard },
  });
}

/**
 * Ends the waiting sign on a button that was pressed, and shows the text (at most 200 characters) for a moment.
 *
 * @throws TelegramRefusalError, also where the press is too long ago; TelegramUnreachableError.
 * @see https://core.telegram.org/bots/api#answercallbackquery
 */
export async function answerCallbackQuery(
  token: string,
  callbackQueryId: string,
  text?: string,
): Promise<void> {
  await callTelegram(token, 'answerCallbackQuery', {
    callback_query_id: callbackQueryId,
    ...(text && { text }),
  });
}

/** Who the bot of this token is. @throws TelegramRefusalError (401 for a token that is not good), TelegramUnreachableError. */
export async function getMe(token: string): Promise<Pick<UserFromGetMe, 'id' | 'username' | 'first_name'>> {
  return callTelegram(token, 'getMe', {});
}

/**
 * Waits until something happens to a bot that has no webhook.
 *
 * @param offset confirms all updates before this one.
 * @param options.seconds how long Telegram waits before it answers that nothing has happened.
 * @throws TelegramRefusalError, TelegramUnreachableError, also where the signal has ended the waiting.
 * @see https://core.telegram.org/bots/api#getupdates
 */
export async function getUpdates(
  token: string,
  offset: number,
  options: { seconds: number; allowedUpdates: AllowedUpdates; signal: AbortSignal },
): Promise<Update[]> {
  const { seconds, allowedUpdates, signal } = options;
  const payload = { offset, timeout: seconds, allowed_updates: allowedUpdates };
  return callTelegram(token, 'getUpdates', payload, {
    timeoutMilliseconds: seconds * 1_000 + CALL_TIMEOUT_MILLISECONDS,
    signal,
  });
}

/** The kinds of updates that the bot handles. Telegram sends `my_chat_member` only where it is named. */
export const ALLOWED_UPDATES = ['message', 'callback_query', 'my_chat_member'] as const;

/** Names of update kinds, as `setWebhook` and `getUpdates` take them. */
export type AllowedUpdates = NonNullable<Payload<'getUpdates'>['allowed_updates']>;

/** The methods of the Bot API. A JSON body holds no files: where one could be given, there is nothing to give. */
type BotApi = ApiMethods<never>;

type Payload<Method extends keyof BotApi> =
  Parameters<BotApi[Method]> extends [] ? Record<string, never> : NonNullable<Parameters<BotApi[Method]>[0]>;

type Result<Method extends keyof BotApi> = ReturnType<BotApi[Method]>;

/**
 * Calls a method of the Bot API that has no function of its own here.
 *
 * @param options.timeoutMilliseconds ends the call, also in the middle of the answer. The default is ten seconds.
 * @param options.signal ends it earlier.
 * @throws TelegramRefusalError, TelegramUnreachableError. Neither holds the token nor what was sent.
 * @see https://core.telegram.org/bots/api#making-requests
 */
export async function callTelegram<Method extends keyof BotApi>(
  token: string,
  method: Method,
  payload: Payload<Method>,
  options: { timeoutMilliseconds?: number; signal?: AbortSignal } = {},
): Promise<Result<Method>> {
  const { timeoutMilliseconds = CALL_TIMEOUT_MILLISECONDS, signal } = options;
  const timeout = AbortSignal.timeout(timeoutMilliseconds);
  const ended = signal ? AbortSignal.any([timeout, signal]) : timeout;
  const answer = await post(addressOf(token, method), payload, ended).catch((error: unknown) => {
    if (timeout.aborted)
      throw new TelegramUnreachableError(`no answer within ${timeoutMilliseconds / 1000} seconds`);
    if (ended.aborted) throw new TelegramUnreachableError('the call was cancelled');
    throw new TelegramUnreachableError(reasonOf(error));
  });
  // What Telegram documents for the method: nothing here looks into it.
  return resultIn(answer, token) as Result<Method>;
}

function addressOf(token: string, method: string): string {
  const root = (process.env.TELEGRAM_API_ROOT || 'https://api.telegram.org').replace(/\/+$/, '');
  // A colon may stand in a path as it is, and Telegram's documentation writes it so.
  const name = encodeURIComponent(token.toWellFormed()).replaceAll('%3A', ':');
  return `${root}/bot${name}/${method}`;
}

interface Answer {
  /** HTTP status. */
  status: number;
  text: string;
}

/** Node's `fetch` keeps connections open for the next call, as long as bodies are read to their end. */
async function post(address: string, payload: object, signal: AbortSignal): Promise<Answer> {
  const body = Buffer.from(JSON.stringify(payload));
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
    // A stream can't be sent twice. Anything else `fetch` would send again by itself after a 421 (Fetch Standard,
    // "HTTP-network-or-cache fetch"), and what Telegram says with it would be lost.
    body: ReadableStream.from([body]),
    duplex: 'half',
    // Telegram sends nobody elsewhere, and the address holds the token.
    redirect: 'error',
    signal,
  });
  return { status: response.status, text: await response.text() };
}

/** Fixed words and the error's code alone: what `fetch` writes into its errors and their causes may hold the address. */
function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return code ? `the connection failed: ${code}` : 'the connection failed, or led elsewhere';
}

/** The code of an error or of its causes, such as `ECONNREFUSED`. */
function codeOf(error: unknown): string | undefined {
  if (!isObject(error)) return undefined;
  const { code, cause } = error;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : codeOf(cause);
}

/** @throws TelegramRefusalError, TelegramUnreachableError */
function resultIn({ status, text }: Answer, token: string): unknown {
  const body = parsed(text);
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && body.ok === true) {
    if (body.result === undefined || body.result === null)
      throw new TelegramUnreachableError('an answer without a result');
    return body.result;
  }
  const code = isInteger(body.error_code) ? body.error_code : status;
  const isRefusal = body.ok === false && typeof body.description === 'string' && code >= 400;
  if (isRefusal) throw refusal(code, String(body.description), body.parameters, token);
  // A page of Telegram's own front servers: it says no more than its status.
  if (status >= 500) throw refusal(status, STATUS_CODES[status] ?? 'Server Error', undefined, token);
  throw new TelegramUnreachableError(`an answer that is not Telegram’s (HTTP ${status})`);
}

/** A proxy on the way may send anything: what is not a JSON object is an empty one. */
function parsed(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
}

function refusal(code: number, words: string, parameters: unknown, token: string): TelegramRefusalError {
  if (code === 429) count('TooManyRequests', {});
  const { retry_after, migrate_to_chat_id } = isObject(parameters) ? parameters : {};
  return new TelegramRefusalError({
    code,
    description: withoutToken(words, token),
    parameters: {
      ...(isInteger(retry_after) && { retry_after }),
      ...(isInteger(migrate_to_chat_id) && { migrate_to_chat_id }),
    },
  });
}

/** Words that repeat the address of a call hold the token, each character as it is or percent-encoded (RFC 3986, 2.1). */
function withoutToken(words: string, token: string): string {
  const forms = [...token].map((character) => `(?:${RegExp.escape(character)}|${percentEncoded(character)})`);
  return words.replaceAll(new RegExp(forms.join(''), 'gi'), '[token]');
}

/** A pattern: `%3A`, or `%253A` where it was encoded twice. */
function percentEncoded(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%(?:25)*${byte.toString(16).padStart(2, '0')}`).join('');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
