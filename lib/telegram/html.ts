/**
 * Telegram's HTML (`parse_mode: HTML`), parsed as Telegram parses it: to check templates, to measure and shorten
 * messages, to fall back to plain text, and for the emulator.
 */
export { normalizeText } from './html/normalize.ts';
export { parseHtml } from './html/parse.ts';
export { escapeHtml, htmlLength, toPlainText } from './html/plain.ts';
export { shortenHtml } from './html/shorten.ts';
export {
  MAX_RAW_BYTES,
  MAX_TEXT_LENGTH,
  type MessageEntity,
  TelegramHtmlError,
} from './html/types.ts';
