import type { CopyButton, LinkButton } from '../domain/buttons.ts';
import type { Failure } from '../store/deliveries.ts';
import type { Button } from '../telegram/button.ts';
import type { ErrorClass } from '../telegram/classify-error.ts';
import { htmlLength, MAX_TEXT_LENGTH, shortenHtml, toPlainText } from '../telegram/html/index.ts';
import { type RichMessage, richMessage } from '../telegram/rich-message.ts';
import { cutText } from '../telegram/text/cut.ts';
import { fitted } from './fitted.ts';
import type { Notification } from './notification.ts';

/** If a text is still refused after it was shortened twice, then its length is not the reason. */
const MAX_SHORTENINGS = 2;

/** A message as it will be sent next: it may have been changed after Telegram refused it. */
export interface PendingMessage {
  chatId: number;
  text: string;
  isPlainText: boolean;
  /** In the place of the text, as long as Telegram has not refused it. */
  rich?: RichMessage | undefined;
  /** One below the other. */
  buttons: Button[];
  /** The phone does not ring. */
  isSilent: boolean;
  /** The message in the chat that is changed; absent: a new one is sent. */
  edits?: number | undefined;
  /** Why the message had to be changed. */
  fault: Failure | undefined;
  shortenings: number;
  /** Where its counted links lead. */
  links: string[];
}

/** @param forWhom the first line of a message in a chat with several users: Telegram's HTML. */
export function firstMessage(
  { text, button, moreButtons = [], callbackButton, rich }: Notification,
  chatId: number,
  forWhom: string | undefined,
  { isSilent = false, links = [] }: Partial<Pick<PendingMessage, 'isSilent' | 'links'>> = {},
): PendingMessage {
  const whole = (each: string) => (forWhom === undefined ? each : below(forWhom, each));
  return {
    chatId,
    text: whole(text),
    ...(rich && { rich: richMessage({ ...rich, text: whole(rich.text) }) }),
    isPlainText: false,
    isSilent,
    links,
    buttons: callbackButton
      ? [callbackButton]
      : [...(button ? [button] : []), ...moreButtons].map(asTelegrams),
    fault: undefined,
    shortenings: 0,
  };
}

function asTelegrams(button: LinkButton | CopyButton): Button {
  return 'copyText' in button ? { text: button.text, copy_text: { text: button.copyText } } : button;
}

/** The text below a line that stays whole: the text is shortened where both are too long together. */
function below(line: string, text: string): string {
  const start = `${line}\n\n`;
  return start + fitted(text, MAX_TEXT_LENGTH - htmlLength(start));
}

/**
 * The message with the change that may make Telegram accept it. Each change is made once, a shortening twice.
 *
 * @returns `undefined` where no change helps, or where this one was made before.
 */
export function changedMessage(
  message: PendingMessage,
  errorClass: ErrorClass,
  fault: Failure,
): PendingMessage | undefined {
  const { chatId, text, isPlainText, buttons, shortenings, rich, edits } = message;
  // The classic message is never refused for a reason that only this one has, such as a picture that can't be read.
  if (rich && isOfRich(errorClass, fault) && !(edits !== undefined && UNEDITABLE.test(fault.description)))
    return { ...message, rich: undefined, ...(errorClass.kind !== 'bot-unauthorized' && { fault }) };
  switch (errorClass.kind) {
    case 'migrated':
      if (errorClass.chatId === chatId) return undefined;
      // What has its number there is another message.
      return { ...message, chatId: errorClass.chatId, edits: undefined };
    case 'unparsable':
      return isPlainText ? undefined : { ...message, fault, isPlainText: true, text: toPlainText(text) };
    case 'button-refused':
      return buttons.length > 0 ? { ...message, fault, buttons: withoutRefused(buttons, fault) } : undefined;
    case 'too-long':
      if (shortenings === MAX_SHORTENINGS) return undefined;
      return { ...message, fault, text: shortened(message), shortenings: shortenings + 1 };
    case 'refused':
      // Whatever the reason, this message can't be changed into that: what it says must be in the chat all the same.
      return message.edits === undefined ? undefined : { ...message, edits: undefined };
    default:
      return undefined;
  }
}

/** What Telegram says where a message can't be changed, whatever it is to be changed into. */
const UNEDITABLE = /message to edit not found|message can't be edited|MESSAGE_ID_INVALID/i;

/** Whether a refusal may be one of the table or its pictures; or of the method, by a server that does not know it. */
function isOfRich({ kind }: ErrorClass, { description }: Failure): boolean {
  if (kind === 'bot-unauthorized') return /^not found$/i.test(description);
  if (kind === 'unreachable') return /rights/i.test(description);
  return ['refused', 'unparsable', 'too-long', 'button-refused'].includes(kind);
}

/** The buttons without the one whose address Telegram names; without any, where it does not say which one it refuses. */
function withoutRefused(buttons: Button[], { description }: Failure): Button[] {
  const left = buttons.filter((button) => !('url' in button && description.includes(`'${button.url}'`)));
  return left.length < buttons.length ? left : [];
}

/** Three quarters of the text, without its tags: Telegram counts some characters differently than we do. */
function shortened({ text, isPlainText }: PendingMessage): string {
  const plain = isPlainText ? text : toPlainText(text);
  const length = Math.floor(Math.min(plain.length, MAX_TEXT_LENGTH) * 0.75);
  return isPlainText ? cutText(text, length + 1) : shortenHtml(text, length);
}
