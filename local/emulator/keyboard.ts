import { type BotApiError, badRequest } from './errors.ts';
import { checkLink } from './links.ts';
import { isRecord, structureOf } from './parameters.ts';
import type { ButtonStyle, CallParameters, InlineKeyboardButton, InlineKeyboardMarkup } from './types.ts';

const MAX_CALLBACK_DATA_BYTES = 64;
const MAX_COPIED_LENGTH = 256;
const STYLES: readonly ButtonStyle[] = ['primary', 'success', 'danger'];
/** Telegram's own limit is not published; 100 buttons is what its servers are known to take. */
const MAX_BUTTONS = 100;

/**
 * The inline keyboard of a call, checked as Telegram checks it; undefined when there is none.
 * Keyboards of other kinds don't show inside a message and are passed over.
 * @throws {BotApiError} with Telegram's words.
 */
export function readInlineKeyboard(parameters: CallParameters): InlineKeyboardMarkup | undefined {
  const markup = structureOf(parameters, 'reply_markup', 'reply keyboard markup');
  if (markup === undefined) return undefined;
  if (!isRecord(markup)) throw badRequest('object expected as reply markup');
  if (markup.inline_keyboard === undefined) return undefined;
  if (!Array.isArray(markup.inline_keyboard)) {
    throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array');
  }
  const rows = markup.inline_keyboard.map(readRow).filter((row) => row.length > 0);
  if (rows.length === 0) return undefined;
  const buttonCount = rows.reduce((count, row) => count + row.length, 0);
  if (buttonCount > MAX_BUTTONS) throw badRequest('reply markup is too long');
  return { inline_keyboard: rows };
}

function readRow(row: unknown): InlineKeyboardButton[] {
  if (!Array.isArray(row)) {
    throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays');
  }
  return row.map(readButton);
}

function readButton(button: unknown): InlineKeyboardButton {
  if (!isRecord(button)) {
    throw unparsable('InlineKeyboardButton must be an Object');
  }
  if (typeof button.text !== 'string') {
    throw unparsable('Can\'t find field "text"');
  }
  const text = button.text.trim();
  const url = typeof button.url === 'string' ? button.url : '';
  const data = typeof button.callback_data === 'string' ? button.callback_data : '';
  const style = readStyle(button.style);
  const copied = readCopiedText(button.copy_text);
  if (url === '' && data === '' && copied === undefined) {
    throw unparsable('Text buttons are unallowed in the inline keyboard');
  }
  if (text === '') throw badRequest('inline keyboard button text must be non-empty');
  const shown = { text, ...(style && { style }) };
  if (url !== '') return { ...shown, url: checkLink(url, 'inline keyboard button URL') };
  if (Buffer.byteLength(data) > MAX_CALLBACK_DATA_BYTES) throw badRequest('BUTTON_DATA_INVALID');
  if (data !== '') return { ...shown, callback_data: data };
  const copy_text = { text: copied ?? '' };
  if (copy_text.text.trim() === '' || copy_text.text.length > MAX_COPIED_LENGTH)
    throw badRequest('BUTTON_COPY_TEXT_INVALID');
  return { ...shown, copy_text };
}

function readStyle(style: unknown): ButtonStyle | undefined {
  if (style === undefined || style === '') return undefined;
  if (typeof style !== 'string') throw unparsable('Field "style" must be of type String');
  const found = STYLES.find((known) => known === style);
  if (found === undefined) throw unparsable('invalid button style specified');
  return found;
}

function readCopiedText(copied: unknown): string | undefined {
  if (copied === undefined) return undefined;
  if (!isRecord(copied)) throw unparsable('Field "copy_text" must be of type Object');
  if (typeof copied.text !== 'string') throw unparsable('Can\'t find field "text"');
  return copied.text;
}

function unparsable(reason: string): BotApiError {
  return badRequest(`can't parse inline keyboard button: ${reason}`);
}
