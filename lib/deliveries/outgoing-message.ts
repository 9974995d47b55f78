import type { Failure } from '../store/deliveries.ts';
import { moveChat, type User } from '../store/users.ts';
import type { ErrorClass } from '../telegram/classify-error.ts';
import { TelegramRefusalError } from '../telegram/client.ts';
import { MAX_TEXT_LENGTH, shortenHtml, toPlainText } from '../telegram/html/index.ts';
import type { Notification } from './notification.ts';

/** Half as long and still too long: then its length is not what Telegram minds. */
const MAX_SHORTENINGS = 2;

/** A message as it is sent now: Telegram may make us change it. */
export interface OutgoingMessage {
  chatId: number;
  text: string;
  isPlainText: boolean;
  button: Notification['button'];
  /** What was at fault, where the message had to be changed. */
  fault: Failure | undefined;
  shortenings: number;
}

export function firstMessage({ text, button }: Notification, chatId: number): OutgoingMessage {
  return { chatId, text, isPlainText: false, button, fault: undefined, shortenings: 0 };
}

/** The message as Telegram will rather take it, where the error asks for a change. Each is made once, a shortening twice. */
export async function changedMessage(
  reaction: ErrorClass,
  error: unknown,
  draft: OutgoingMessage,
  user: User,
): Promise<OutgoingMessage | undefined> {
  const fault = failureOf(reaction, error);
  switch (reaction.kind) {
    case 'migrated':
      await moveChat(user, reaction.chatId);
      return reaction.chatId === draft.chatId ? undefined : { ...draft, chatId: reaction.chatId };
    case 'unparsable':
      return draft.isPlainText
        ? undefined
        : { ...draft, fault, isPlainText: true, text: toPlainText(draft.text) };
    case 'button-refused':
      return draft.button && { ...draft, fault, button: undefined };
    case 'too-long': {
      if (draft.shortenings === MAX_SHORTENINGS) return undefined;
      return { ...draft, fault, text: shorter(draft), shortenings: draft.shortenings + 1 };
    }
    default:
      return undefined;
  }
}

/** Telegram counted more than we did: three quarters of what it was. */
function shorter({ text, isPlainText }: OutgoingMessage): string {
  const plain = isPlainText ? text : toPlainText(text);
  const length = Math.floor(Math.min(plain.length, MAX_TEXT_LENGTH) * 0.75);
  return isPlainText ? `${text.slice(0, length).toWellFormed()}…` : shortenHtml(text, length);
}

/** What Telegram said, or what kept us from hearing it. */
export function failureOf(reaction: ErrorClass, error: unknown): Failure {
  const description = error instanceof TelegramRefusalError ? error.description : String(error);
  return { class: reaction.kind, description };
}
