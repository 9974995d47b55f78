import { badRequest } from './errors.ts';
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
  if (url !== '') return { text, url: checkButtonUrl(url) };
  if (Buffer.byteLength(data) > MAX_CALLBACK_DATA_BYTES) throw badRequest('BUTTON_DATA_INVALID');
  return { text, callback_data: data };
}

/**
 * The link of a button. The first check is the one of Telegram's client library (a scheme it
 * knows, a host with a dot in it, which `localhost` has not); what gets past it and still is no
 * address, such as a mail address, is refused by Telegram's servers with BUTTON_URL_INVALID.
 */
function checkButtonUrl(raw: string): string {
  const invalid = (reason: string) => badRequest(`inline keyboard button URL '${raw}' is invalid: ${reason}`);
  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d)/i.exec(raw.trim())?.[1]?.toLowerCase();
  if (scheme === 'tg' || scheme === 'ton' || scheme === 'tonsite') return raw.trim();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw invalid('Unsupported URL protocol');
  }
  const url = URL.parse(scheme === undefined ? `http://${raw.trim()}` : raw.trim());
  if (url === null || /\s/.test(raw.trim())) throw invalid('Wrong HTTP URL');
  const hostHasDot = url.hostname.replace(/\.$/, '').includes('.');
  const hostIsAddress = url.hostname.startsWith('[');
  if (!hostHasDot && !hostIsAddress) throw invalid('Wrong HTTP URL');
  if (url.username !== '' || url.password !== '') throw badRequest('BUTTON_URL_INVALID');
  return scheme === undefined ? url.href : raw.trim();
}
