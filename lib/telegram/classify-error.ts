import { TelegramRefusalError } from './client.ts';

/** What to do after an error of `sendMessage`, or `editMessageText`. */
export type ErrorClass =
  /** Retry after `seconds`; the whole bot waits. */
  | { kind: 'wait'; seconds: number }
  /** Retry after a backoff. */
  | { kind: 'retry' }
  /** The token is no longer valid: retry when another one is saved. */
  | { kind: 'bot-unauthorized' }
  /** The bot may not write to this chat: send nothing more to it until the user returns. */
  | { kind: 'unreachable' }
  /** The group became a supergroup: save its new id and send there. */
  | { kind: 'migrated'; chatId: number }
  /** The HTML is wrong: send it as plain text. */
  | { kind: 'unparsable' }
  | { kind: 'too-long' }
  | { kind: 'button-refused' }
  /** It would be refused every time: do not send it. */
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
  // Of the address, of the text to copy, of the style …
  /BUTTON_\w+_INVALID/,
  /inline ?keyboard ?button/i,
  /REPLY_MARKUP_INVALID/,
  /reply markup is too long/i,
];

/** Whether a message that was to be changed is so already: it was changed before. */
export function isUnchanged(error: Error): boolean {
  return (
    error instanceof TelegramRefusalError &&
    error.code === 400 &&
    /message is not modified|MESSAGE_NOT_MODIFIED/i.test(error.description)
  );
}

/**
 * Says what to do after an error of `sendMessage`, or `editMessageText`. The HTTP code decides first, then `parameters`, then the description:
 * most errors with code 400 differ only in their description.
 *
 * @see https://core.telegram.org/bots/api#making-requests and the source code of Telegram's server,
 * `tdlib/telegram-bot-api`.
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
