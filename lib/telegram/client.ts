import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Telegram, TelegramError } from 'telegraf';
import type { Telegram as BotApi, Opts, Update, UserFromGetMe } from 'telegraf/types';
import { count } from '../observability/metrics.ts';

/** How long one call to Telegram may take, in milliseconds; then it is cancelled. */
const CALL_TIMEOUT_MILLISECONDS = 10_000;

/** Telegram answered, and said no. */
export class TelegramRefusalError extends Error {
  override readonly name = 'TelegramRefusalError';
  /** HTTP status of the answer. */
  readonly code: number;
  /** Telegram's own words. */
  readonly description: string;
  readonly parameters: { retry_after?: number; migrate_to_chat_id?: number };

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

/** Telegram could not be reached, or did not answer in time: nobody knows whether the call had an effect. */
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

// telegraf's own agent speaks https only; a Bot API server of one's own, or the local emulator, may speak http.
const agents = {
  'http:': new HttpAgent({ keepAlive: true }),
  'https:': new HttpsAgent({ keepAlive: true }),
};

const clients = new Map<string, Telegram>();

function clientOf(token: string): Telegram {
  const known = clients.get(token);
  if (known) return known;
  const apiRoot = process.env.TELEGRAM_API_ROOT || 'https://api.telegram.org';
  const agent = apiRoot.startsWith('http:') ? agents['http:'] : agents['https:'];
  const client = new Telegram(token, { apiRoot, agent });
  clients.set(token, client);
  return client;
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
export async function answerPress(token: string, pressId: string, text?: string): Promise<void> {
  await callTelegram(token, 'answerCallbackQuery', { callback_query_id: pressId, ...(text && { text }) });
}

/** Who the bot of this token is. @throws TelegramRefusalError (401 for a token that is not good), TelegramUnreachableError. */
export async function getMe(token: string): Promise<Pick<UserFromGetMe, 'id' | 'username' | 'first_name'>> {
  return callTelegram(token, 'getMe', {});
}

/**
 * Waits until something happens to a bot that has no webhook.
 *
 * @param offset confirms all updates before this one.
 * @param seconds how long to wait.
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

/** Names of update kinds, as `setWebhook` and `getUpdates` take them. */
export type AllowedUpdates = NonNullable<Opts<'getUpdates'>['allowed_updates']>;

type Result<Method extends keyof BotApi> = ReturnType<BotApi[Method]>;

/**
 * Calls a method of the Bot API that has no function of its own here.
 *
 * @throws TelegramRefusalError, TelegramUnreachableError. Neither holds the token nor what was sent.
 */
export async function callTelegram<Method extends keyof BotApi>(
  token: string,
  method: Method,
  payload: Opts<Method>,
  options: { timeoutMilliseconds?: number; signal?: AbortSignal } = {},
): Promise<Result<Method>> {
  const milliseconds = options.timeoutMilliseconds ?? CALL_TIMEOUT_MILLISECONDS;
  try {
    const result = await clientOf(token).callApi(
      method,
      payload,
      cancelledAfter(milliseconds, options.signal),
    );
    // Its type says otherwise; a proxy on the way may send any JSON.
    if (result === undefined) throw new Error('an answer without a result');
    return result;
  } catch (error) {
    throw withoutSecrets(error, token, milliseconds);
  }
}

/**
 * Only `callApi` takes a signal: the convenience methods of telegraf can't be cancelled, and wait 500 seconds. Its type
 * names the signal of an old polyfill; what it does with it is to hand it to node-fetch, which takes Node's own.
 */
function cancelledAfter(milliseconds: number, other: AbortSignal | undefined) {
  const timeout = AbortSignal.timeout(milliseconds);
  const signal = other ? AbortSignal.any([timeout, other]) : timeout;
  return { signal } as unknown as NonNullable<Parameters<Telegram['callApi']>[2]>;
}

/** telegraf's errors hold the payload, and those of its HTTP client the address with the token: neither goes further. */
function withoutSecrets(error: unknown, token: string, milliseconds: number): Error {
  if (error instanceof TelegramError) {
    const { code, description, parameters = {} } = error;
    // The types promise a text; a proxy on the way may send any JSON.
    if (code === 429) count('TooManyRequests', {});
    if (typeof description !== 'string')
      return new TelegramUnreachableError('an answer that is not Telegram’s');
    return new TelegramRefusalError({
      code,
      description: description.replaceAll(token, '[token]'),
      parameters,
    });
  }
  if (error instanceof Error && error.name === 'AbortError') {
    return new TelegramUnreachableError(`no answer within ${milliseconds / 1000} seconds`);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new TelegramUnreachableError(message.replaceAll(token, '[token]'));
}
