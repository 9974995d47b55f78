import { badRequest } from './errors.ts';
import { checkLink } from './links.ts';
import { isRecord, structureOf } from './parameters.ts';
import type { CallParameters, InlineKeyboardButton, InlineKeyboardMarkup } from './types.ts';

const MAX_CALLBACK_DATA_BYTES = 64;
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
    throw badRequest("can't parse inline keyboard button: InlineKeyboardButton must be an Object");
  }
  if (typeof button.text !== 'string') {
    throw badRequest('can\'t parse inline keyboard button: Can\'t find field "text"');
  }
  const text = button.text.trim();
  const url = typeof button.url === 'string' ? button.url : '';
  const data = typeof button.callback_data === 'string' ? button.callback_data : '';
  if (url === '' && data === '') {
    throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
  }
  if (text === '') throw badRequest('inline keyboard button text must be non-empty');
  if (url !== '') return { text, url: checkLink(url, 'inline keyboard button URL') };
  if (Buffer.byteLength(data) > MAX_CALLBACK_DATA_BYTES) throw badRequest('BUTTON_DATA_INVALID');
  return { text, callback_data: data };
}
