import type { CopyButton, LinkButton } from '../domain/buttons.ts';
import type { Failure } from '../store/deliveries.ts';
import type { Button } from '../telegram/button.ts';
import type { ErrorClass } from '../telegram/classify-error.ts';
import { htmlLength, MAX_TEXT_LENGTH, shortenHtml, toPlainText } from '../telegram/html/index.ts';
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
  /** One below the other. */
  buttons: Button[];
  /** The phone does not ring. */
  isSilent: boolean;
  /** Why the message had to be changed. */
  fault: Failure | undefined;
  shortenings: number;
  /** Where its counted links lead. */
  links: string[];
}

/** @param forWhom the first line of a message in a chat with several users: Telegram's HTML. */
export function firstMessage(
  { text, button, moreButtons = [], callbackButton }: Notification,
  chatId: number,
  forWhom: string | undefined,
  { isSilent = false, links = [] }: Partial<Pick<PendingMessage, 'isSilent' | 'links'>> = {},
): PendingMessage {
  const whole = forWhom === undefined ? text : below(forWhom, text);
  return {
    chatId,
    text: whole,
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
  const { chatId, text, isPlainText, buttons, shortenings } = message;
  switch (errorClass.kind) {
    case 'migrated':
      return errorClass.chatId === chatId ? undefined : { ...message, chatId: errorClass.chatId };
    case 'unparsable':
      return isPlainText ? undefined : { ...message, fault, isPlainText: true, text: toPlainText(text) };
    case 'button-refused':
      return buttons.length > 0 ? { ...message, fault, buttons: withoutRefused(buttons, fault) } : undefined;
    case 'too-long':
      if (shortenings === MAX_SHORTENINGS) return undefined;
      return { ...message, fault, text: shortened(message), shortenings: shortenings + 1 };
    default:
      return undefined;
  }
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
