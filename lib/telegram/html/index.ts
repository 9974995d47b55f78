/**
 * Telegram's HTML (`parse_mode: HTML`), parsed like Telegram does: to check templates, to measure and shorten messages,
 * to fall back to plain text, and for the emulator.
 */
export { decodeReference } from './character-references.ts';
export { checkLink } from './links.ts';
export { normalizeText } from './normalize.ts';
export { parseHtml } from './parse.ts';
export { escapedSizes, escapeHtml, htmlLength, toPlainText } from './plain.ts';
export { shortenHtml } from './shorten.ts';
export { scanHtml } from './tokenize.ts';
export {
  MAX_RAW_BYTES,
  MAX_TEXT_LENGTH,
  type MessageEntity,
  type ParsedText,
  TelegramHtmlError,
} from './types.ts';
export { JOINER, unlinked, unlinkedText, withoutLinkedAbbreviations } from './unlinked.ts';
