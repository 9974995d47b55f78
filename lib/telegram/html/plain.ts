import { decodeReference, isSurrogate } from './character-references.ts';
import { parseHtml } from './parse.ts';
import { TAG_NAMES } from './tokenize.ts';
import { TelegramHtmlError } from './types.ts';

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// No part of it matches beyond the next `<`, so that its time stays linear for any input.
const RECOGNISED_TAG = new RegExp(
  `</?(?:${TAG_NAMES.join('|')})(?:\\s(?:"[^"<]*"|'[^'<]*'|[^'"<>])*|\\s[^<>]*)?>|</\\s*>`,
  'gi',
);

/**
 * Escapes a value for Telegram's HTML, in text and in quoted attribute values. A lone surrogate, which UTF-8 can't
 * encode, becomes U+FFFD.
 */
export function escapeHtml(value: string): string {
  return value.toWellFormed().replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/**
 * How many UTF-8 bytes the beginnings of an escaped value have: of its first n UTF-16 units at index n, from 0 to
 * `maxLength`. Half of a surrogate pair counts as none.
 */
export function escapedSizes(value: string, maxLength: number): Uint32Array {
  const length = Math.min(value.length, maxLength);
  const sizes = new Uint32Array(length + 1);
  for (let index = 0; index < length; index++) {
    sizes[index + 1] = (sizes[index] ?? 0) + escapedSize(value.charCodeAt(index));
  }
  return sizes;
}

/** By the code of an ASCII character. */
const ASCII_SIZES = Uint8Array.from({ length: 0x80 }, (_, code) => {
  return ESCAPES[String.fromCharCode(code)]?.length ?? 1;
});

function escapedSize(code: number): number {
  if (code < 0x80) return ASCII_SIZES[code] ?? 1;
  if (code < 0x800) return 2;
  if (!isSurrogate(code)) return 3;
  return code < 0xdc00 ? 0 : 4;
}

/**
 * The length of a message for Telegram's limit: UTF-16 units after entities parsing.
 *
 * @throws {TelegramHtmlError} if Telegram refuses the HTML.
 */
export function htmlLength(html: string): number {
  return parseHtml(html).text.length;
}

/**
 * The text of a message without its formatting, to send if Telegram refuses the formatting. Never throws: in HTML that
 * can't be parsed it removes the tags that Telegram knows and decodes character references; the rest stays unchanged.
 */
export function toPlainText(html: string): string {
  try {
    return parseHtml(html).text;
  } catch (error) {
    if (error instanceof TelegramHtmlError) {
      return stripTags(html.toWellFormed());
    }
    throw error;
  }
}

function stripTags(html: string): string {
  const stripped = html.replace(RECOGNISED_TAG, '');
  let text = '';
  let start = 0;
  for (let at = stripped.indexOf('&'); at !== -1; at = stripped.indexOf('&', Math.max(start, at + 1))) {
    const reference = decodeReference(stripped, at);
    if (reference !== undefined && !isSurrogate(reference.code)) {
      text += stripped.slice(start, at) + String.fromCodePoint(reference.code);
      start = reference.end;
    }
  }
  return text + stripped.slice(start);
}
