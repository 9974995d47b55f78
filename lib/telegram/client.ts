import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Telegram, TelegramError } from 'telegraf';

/** How long one call to Telegram may take, in milliseconds; then it is cancelled. */
export const CALL_TIMEOUT_MILLISECONDS = 10_000;

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

export interface OutgoingMessage {
  chatId: number;
  /** Telegram's HTML, or plain text. */
  text: string;
  isPlainText?: boolean;
  button?: { text: string; url: string };
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
  const { chatId, text, isPlainText, button } = message;
  const payload = {
    chat_id: chatId,
    text,
    ...(!isPlainText && { parse_mode: 'HTML' as const }),
    // A preview of the shop's home page under every message would bury the message.
    link_preview_options: { is_disabled: true },
    ...(button && { reply_markup: { inline_keyboard: [[button]] } }),
  };
  try {
    const sent = await clientOf(token).callApi('sendMessage', payload, cancelledInTime());
    return { messageId: sent.message_id };
  } catch (error) {
    throw withoutSecrets(error, token);
  }
}

/**
 * Only `callApi` takes a signal: the convenience methods of telegraf can't be cancelled, and wait 500 seconds. Its type
 * names the signal of an old polyfill; what it does with it is to hand it to node-fetch, which takes Node's own.
 */
function cancelledInTime() {
  const signal = AbortSignal.timeout(CALL_TIMEOUT_MILLISECONDS);
  return { signal } as unknown as NonNullable<Parameters<Telegram['callApi']>[2]>;
}

/** telegraf's errors hold the payload, and those of its HTTP client the address with the token: neither goes further. */
function withoutSecrets(error: unknown, token: string): Error {
  if (error instanceof TelegramError) {
    const { code, description, parameters = {} } = error;
    // The types promise a text; a proxy on the way may send any JSON.
    if (typeof description !== 'string') return new TelegramUnreachableError('an answer that is not Telegram’s');
    return new TelegramRefusalError({
      code,
      description: description.replaceAll(token, '[token]'),
      parameters,
    });
  }
  if (error instanceof Error && error.name === 'AbortError') {
    return new TelegramUnreachableError(`no answer within ${CALL_TIMEOUT_MILLISECONDS / 1000} seconds`);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new TelegramUnreachableError(message.replaceAll(token, '[token]'));
}
