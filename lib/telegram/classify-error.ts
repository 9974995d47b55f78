import { TelegramRefusalError } from './client.ts';

/** What an error of `sendMessage` asks for. */
export type ErrorClass =
  /** Send again later: the whole bot waits `seconds`. */
  | { kind: 'wait'; seconds: number }
  /** Send again later, backing off. */
  | { kind: 'retry' }
  /** The token was revoked: the bot is broken, not the message. Keep it until a working token is saved. */
  | { kind: 'bot-unauthorized' }
  /** This chat can't be reached any more: stop sending to it until the user returns. */
  | { kind: 'unreachable' }
  /** The group became a supergroup: save the new id, send there. */
  | { kind: 'migrated'; chatId: number }
  /** The HTML of the template is at fault: send once more as plain text. */
  | { kind: 'unparsable' }
  | { kind: 'too-long' }
  | { kind: 'button-refused' }
  /** Permanent: log, drop. */
  | { kind: 'refused' };

const BOT_UNAUTHORIZED = [/logged out/i, /FROZEN_METHOD_INVALID/];
const UNREACHABLE = [
  /chat not found/i,
  /PEER_ID_INVALID/,
  /not enough rights to send/i,
  /have no rights to send a message/i,
  /CHAT_WRITE_FORBIDDEN/,
];
const UNPARSABLE = [/can't parse entities/i, /ENTITY_BOUNDS_INVALID/, /entities too long/i];
const TOO_LONG = [/message is too long/i, /text is too long/i];
const BUTTON_REFUSED = [
  /BUTTON_URL_INVALID/,
  /inline keyboard button URL/i,
  /REPLY_MARKUP_INVALID/,
  /reply markup is too long/i,
];

/**
 * Sorts an error of `sendMessage` by what it asks for: by HTTP code first, then by `parameters`, then by Telegram's
 * words, which are the only thing that tells most of the 400s apart.
 *
 * @see https://core.telegram.org/bots/api#making-requests and the open source of the server, `tdlib/telegram-bot-api`.
 */
export function classifyError(error: unknown): ErrorClass {
  if (!(error instanceof TelegramRefusalError)) return { kind: 'retry' };
  const { code, description, parameters } = error;
  const says = (patterns: RegExp[]) => patterns.some((pattern) => pattern.test(description));

  if (code === 429) return { kind: 'wait', seconds: parameters.retry_after ?? 1 };
  if (code >= 500) return { kind: 'retry' };
  if (code === 401 || code === 404 || code === 421 || says(BOT_UNAUTHORIZED))
    return { kind: 'bot-unauthorized' };
  if (parameters.migrate_to_chat_id !== undefined)
    return { kind: 'migrated', chatId: parameters.migrate_to_chat_id };
  if (code === 403 || says(UNREACHABLE)) return { kind: 'unreachable' };
  if (says(UNPARSABLE)) return { kind: 'unparsable' };
  if (says(TOO_LONG)) return { kind: 'too-long' };
  if (says(BUTTON_REFUSED)) return { kind: 'button-refused' };
  return { kind: 'refused' };
}
