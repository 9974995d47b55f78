import { STATUS_CODES } from 'node:http';
import { isIP } from 'node:net';
import type { ApiMethods, ResponseParameters, Update, UserFromGetMe } from '@grammyjs/types';
import { deadlineSignal } from '../aws/deadline.ts';
import { count } from '../observability/metrics.ts';
import type { Button } from './button.ts';

/** The longest time for one call to Telegram, in milliseconds, including reading the answer. Then it is cancelled. */
export const CALL_TIMEOUT_MILLISECONDS = 10_000;

/** Telegram answered with an error. */
export class TelegramRefusalError extends Error {
  override readonly name = 'TelegramRefusalError';
  /** Telegram's `error_code`, or the HTTP status if there is none. */
  readonly code: number;
  /** Telegram's `description`, without the token; the name of the status if a 5xx has no description. */
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
 * Telegram could not be reached, did not answer in time, or another server answered instead. The call may have had an
 * effect.
 */
export class TelegramUnreachableError extends Error {
  override readonly name = 'TelegramUnreachableError';
}

/** Rows of buttons under a message. */
export type Keyboard = Button[][];

export interface OutgoingMessage {
  chatId: number;
  /** Telegram's HTML, or plain text. */
  text: string;
  isPlainText?: boolean;
  /** The phone does not ring. */
  isSilent?: boolean;
  /** Without buttons: none. */
  keyboard?: Keyboard;
}

/**
 * Sends one message.
 *
 * @param options.timeoutMilliseconds how long Telegram may take, if it is not ten seconds. What it does with a message
 * whose answer came too late is not known.
 * @returns Telegram's id of the message in its chat.
 * @throws TelegramRefusalError, TelegramUnreachableError. Neither holds the token nor the text.
 * @see https://core.telegram.org/bots/api#sendmessage
 */
export async function sendMessage(
  token: string,
  message: OutgoingMessage,
  options: { timeoutMilliseconds?: number } = {},
): Promise<{ messageId: number }> {
  const payload = { ...contentOf(message), ...(message.isSilent && { disable_notification: true }) };
  const sent = await callTelegram(token, 'sendMessage', payload, options);
  return { messageId: sent.message_id };
}

function contentOf({ chatId, text, isPlainText, keyboard = [] }: OutgoingMessage) {
  return {
    chat_id: chatId,
    text,
    ...(!isPlainText && { parse_mode: 'HTML' as const }),
    // A preview of the shop's home page under every message would be larger than the message.
    link_preview_options: { is_disabled: true },
    ...(keyboard.length > 0 && { reply_markup: { inline_keyboard: keyboard } }),
  };
}

/**
 * Replaces the text and the buttons of a message that the bot has sent. No phone rings. It may be repeated.
 *
 * @param options.timeoutMilliseconds as for `sendMessage`.
 * @throws TelegramRefusalError, also if the message is so already; TelegramUnreachableError. Neither holds the token nor
 * the text.
 * @see https://core.telegram.org/bots/api#editmessagetext
 */
export async function editMessage(
  token: string,
  { messageId, ...message }: Omit<OutgoingMessage, 'isSilent'> & { messageId: number },
  options: { timeoutMilliseconds?: number } = {},
): Promise<void> {
  await callTelegram(token, 'editMessageText', { ...contentOf(message), message_id: messageId }, options);
}

/**
 * Deletes a message that the bot has sent, for the person too: for 48 hours Telegram allows it.
 *
 * @throws TelegramRefusalError, also if it is not there; TelegramUnreachableError.
 * @see https://core.telegram.org/bots/api#deletemessage
 */
export async function deleteMessage(
  token: string,
  { chatId, messageId }: { chatId: number; messageId: number },
  options: { timeoutMilliseconds?: number } = {},
): Promise<void> {
  await callTelegram(token, 'deleteMessage', { chat_id: chatId, message_id: messageId }, options);
}

/**
 * Replaces the buttons under a message that the bot has sent.
 *
 * @throws TelegramRefusalError, also if the buttons are unchanged; TelegramUnreachableError.
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
 * Stops the loading indicator of a tapped button, and shows the text (at most 200 characters) for a moment.
 *
 * @throws TelegramRefusalError, also if the tap was too long ago; TelegramUnreachableError.
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

/** The bot of this token. @throws TelegramRefusalError (401 if the token is not valid), TelegramUnreachableError. */
export async function getMe(
  token: string,
): Promise<Pick<UserFromGetMe, 'id' | 'username' | 'first_name' | 'can_manage_bots'>> {
  return callTelegram(token, 'getMe', {});
}

/**
 * Sets the profile photo of a bot.
 *
 * @param jpeg at most 10 MB; Telegram cuts the square of the middle out of it.
 * @throws TelegramRefusalError, TelegramUnreachableError
 * @see https://core.telegram.org/bots/api#setmyprofilephoto
 */
export async function setProfilePhoto(token: string, jpeg: Uint8Array<ArrayBuffer>): Promise<void> {
  const form = new FormData();
  form.set('photo', JSON.stringify({ type: 'static', photo: 'attach://logo' }));
  form.set('logo', new Blob([jpeg], { type: 'image/jpeg' }), 'logo.jpg');
  const encoded = new Response(form);
  const type = encoded.headers.get('content-type') ?? '';
  await call(token, 'setMyProfilePhoto', { type, content: Buffer.from(await encoded.arrayBuffer()) }, {});
}

/** What Telegram knows of a bot's webhook. */
export type WebhookInfo = Result<'getWebhookInfo'>;

/**
 * The webhook of a bot: its address, and how the last deliveries went.
 *
 * @throws TelegramRefusalError, TelegramUnreachableError
 * @see https://core.telegram.org/bots/api#getwebhookinfo
 */
export async function getWebhookInfo(token: string): Promise<WebhookInfo> {
  return callTelegram(token, 'getWebhookInfo', {});
}

/**
 * Waits for updates of a bot that has no webhook.
 *
 * @param offset confirms all updates before this one.
 * @param options.seconds how long Telegram waits before it answers without updates.
 * @throws TelegramRefusalError, TelegramUnreachableError, also if the signal has ended the wait.
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

/** The kinds of updates that the bot handles. Telegram sends `my_chat_member` only if it is listed. */
export const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const;

/** The names of update kinds, for `setWebhook` and `getUpdates`. */
export type AllowedUpdates = NonNullable<Payload<'getUpdates'>['allowed_updates']>;

/** The methods of the Bot API. `never` stands for files: a JSON body can't hold any. */
type BotApi = ApiMethods<never>;

type Payload<Method extends keyof BotApi> =
  Parameters<BotApi[Method]> extends [] ? Record<string, never> : NonNullable<Parameters<BotApi[Method]>[0]>;

type Result<Method extends keyof BotApi> = ReturnType<BotApi[Method]>;

/**
 * Calls a method of the Bot API that has no function of its own here, within the time of the present work.
 *
 * @param options.timeoutMilliseconds cancels the call, also while the answer is read. The default is ten seconds.
 * @param options.signal cancels the call earlier.
 * @throws TelegramRefusalError, TelegramUnreachableError. Neither holds the token nor what was sent.
 * @see https://core.telegram.org/bots/api#making-requests
 */
export async function callTelegram<Method extends keyof BotApi>(
  token: string,
  method: Method,
  payload: Payload<Method>,
  options: CallOptions = {},
): Promise<Result<Method>> {
  const body = { type: 'application/json', content: Buffer.from(JSON.stringify(payload)) };
  // The type is the one that Telegram documents for the method. The value is not checked.
  return (await call(token, method, body, options)) as Result<Method>;
}

interface CallOptions {
  timeoutMilliseconds?: number;
  signal?: AbortSignal;
}

/** What is sent with a call, and its media type. */
interface CallBody {
  type: string;
  content: Buffer;
}

async function call(token: string, method: string, body: CallBody, options: CallOptions): Promise<unknown> {
  const { timeoutMilliseconds = CALL_TIMEOUT_MILLISECONDS, signal } = options;
  const timeout = AbortSignal.timeout(timeoutMilliseconds);
  const ended = AbortSignal.any([timeout, signal, deadlineSignal()].filter((each) => each !== undefined));
  const answer = await post(addressOf(token, method), body, ended).catch((error: unknown) => {
    if (timeout.aborted)
      throw new TelegramUnreachableError(`no answer within ${timeoutMilliseconds / 1000} seconds`);
    if (ended.aborted) throw new TelegramUnreachableError('the call was cancelled');
    throw new TelegramUnreachableError(reasonOf(error));
  });
  return resultIn(answer, token);
}

function addressOf(token: string, method: string): string {
  const root = (process.env.TELEGRAM_API_ROOT || 'https://api.telegram.org').replace(/\/+$/, '');
  // A colon is allowed in a path, and Telegram's documentation does not encode it.
  const name = encodeURIComponent(token.toWellFormed()).replaceAll('%3A', ':');
  return `${root}/bot${name}/${method}`;
}

interface Answer {
  /** HTTP status. */
  status: number;
  text: string;
}

/** Node's `fetch` keeps connections open for the next call, but only if each body is read to its end. */
async function post(address: string, { type, content }: CallBody, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': type, 'content-length': String(content.length) },
    // After a 421, `fetch` repeats a request by itself, except one whose body is a stream (Fetch Standard,
    // "HTTP-network-or-cache fetch"). The repetition would lose the error that Telegram sends with the 421.
    body: ReadableStream.from([content]),
    duplex: 'half',
    // Telegram never redirects, and the address holds the token.
    redirect: 'error',
    signal,
  });
  return { status: response.status, text: await response.text() };
}

/**
 * Only fixed words, the error's code and the IP addresses: the messages of `fetch`'s errors and their causes may contain
 * the address that was called.
 */
function reasonOf(error: unknown): string {
  const causes = withCauses(error);
  const code = causes.map(codeOf).find((each) => each !== undefined);
  if (code === 'UND_ERR_SOCKET') return 'the connection was closed before the answer';
  if (code === undefined) return 'the connection failed, or led elsewhere';
  const addresses = new Set(causes.flatMap(addressOfConnection));
  return `the connection failed: ${[code, ...addresses].join(' ')}`;
}

/** More causes of an error are not looked at: they may lead in a circle. */
const MAX_CAUSES = 20;

/**
 * An error and its causes, outermost first. A name that has several addresses (IPv4 and IPv6) is tried at all of them: then
 * the cause is an `AggregateError` without words of its own, and the errors in it say what happened.
 */
function withCauses(error: unknown): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  const left = [error];
  while (left.length > 0 && found.length < MAX_CAUSES) {
    const next = left.shift();
    if (!isObject(next)) continue;
    found.push(next);
    left.push(next.cause, ...(Array.isArray(next.errors) ? next.errors : []));
  }
  return found;
}

/** The code of an error, such as `ECONNREFUSED`. */
function codeOf({ code }: Record<string, unknown>): string | undefined {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : undefined;
}

function addressOfConnection({ address, port }: Record<string, unknown>): string[] {
  if (typeof address !== 'string' || isIP(address) === 0) return [];
  return [isInteger(port) ? `${isIP(address) === 6 ? `[${address}]` : address}:${port}` : address];
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
  // A page of Telegram's front servers: only its status is useful.
  if (status >= 500) throw refusal(status, STATUS_CODES[status] ?? 'Server Error', undefined, token);
  throw new TelegramUnreachableError(`an answer that is not Telegram’s (HTTP ${status})`);
}

/** A proxy may send anything: a body that is not a JSON object counts as an empty one. */
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

/** An error text that quotes the address holds the token. Each character may be percent-encoded (RFC 3986, 2.1). */
function withoutToken(words: string, token: string): string {
  const forms = [...token].map((character) => `(?:${RegExp.escape(character)}|${percentEncoded(character)})`);
  return words.replaceAll(new RegExp(forms.join(''), 'gi'), '[token]');
}

/** A pattern that matches `%3A`, and `%253A` if it was encoded twice. */
function percentEncoded(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%(?:25)*${byte.toString(16).padStart(2, '0')}`).join('');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
