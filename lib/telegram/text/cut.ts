/** Where a text is cut that is too long for Telegram. All lengths and positions are UTF-16 units. */

export const ELLIPSIS = '…';

/** A character or a word without spaces that is longer is cut: nobody reads it as one. */
const LONGEST_WORD = 64;

/** A longer word is only an address if it has a scheme, or begins with `www.`. */
const LONGEST_HOST = 256;

/** A longer one is in no message. */
const LONGEST_ADDRESS = 4_096;

/**
 * Chinese and Japanese, which write no spaces between words, and their punctuation: UTF-16 units. These are ranges because
 * a Unicode property in a regular expression costs every cold start milliseconds.
 */
const IDEOGRAPHS = String.raw`\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff65\ud840-\ud88d`;

/** Signs with no word around them: such scripts, emoji, and what emoji are made of. */
const NO_WORD = new RegExp(String.raw`[${IDEOGRAPHS}\u200d\u20e3\u2190-\u2bff\ufe0f\ud800-\udfff]`);

const ADDRESS = new RegExp(String.raw`(?:[a-z][a-z\d+.-]{0,20}://|www\.)[^\s${IDEOGRAPHS}]*`, 'gi');

/** A word that is an address without a scheme, or an e-mail address: `shop.example`, `10.0.0.1`. */
const HOST = new RegExp(String.raw`^[^${IDEOGRAPHS}]*(?:@|\.[a-z\u00c0-\uffff]{2}|\d\.\d+\.\d+\.\d)`, 'i');

let graphemes: Intl.Segmenter | undefined;

/** At most `maxLength` units of the text, with `…` at the end where it was cut: see `cutPosition`. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return text.slice(0, cutPosition(text, maxLength - 1)) + ELLIPSIS;
}

/**
 * How much of a text is kept if at most `longest` units may be: up to where a word or an address begins, and never a part
 * of a grapheme. Spaces at the end are left out, but for one after an address: `…` right after it would look like a part.
 */
function cutPosition(text: string, longest: number): number {
  return text.length <= longest ? text.length : endBefore(text, wordBoundary(text, longest), longest);
}

/** The last place at or before `longest` where a word begins or ends; within a long word, where a grapheme begins. */
export function wordBoundary(text: string, longest: number): number {
  const cut = graphemeBoundary(text, longest);
  if (cut === 0 || cut >= text.length || isBlank(text, cut) || isBlank(text, cut - 1)) return cut;
  const start = wordStart(text, cut);
  const address = addressStart(text, start, cut);
  if (address < cut) return address;
  if (NO_WORD.test(text.slice(cut - 2, cut + 2))) return cut;
  return start > 0 && cut - start <= LONGEST_WORD ? start : cut;
}

/** The end of the text that is kept before a cut: without its last spaces, and with one after an address. */
export function endBefore(text: string, cut: number, longest: number): number {
  const end = text.slice(0, cut).trimEnd().length;
  if (end === 0) return 0;
  const address = addressStart(text, wordStart(text, end), end);
  if (address >= end) return end;
  return end < longest && isBlank(text, end) ? end + 1 : endBefore(text, address, longest);
}

/**
 * The nearest place at or before `position` that is between two graphemes. Within one that is longer than anybody can
 * see, it is only between two code points.
 */
function graphemeBoundary(text: string, position: number): number {
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  // An ASCII character begins a grapheme, whatever comes before it. In a row of flags no other place is sure to be right.
  let start = Math.max(position - LONGEST_WORD, 0);
  while (start > 0 && !isAscii(text, start)) start--;
  const segment = graphemes.segment(text.slice(start, position + LONGEST_WORD)).containing(position - start);
  const found = segment ? start + segment.index : position;
  if (position - found <= LONGEST_WORD) return found;
  const isHalf = position > 0 && text.codePointAt(position - 1) !== text.charCodeAt(position - 1);
  return isHalf ? position - 1 : position;
}

function isAscii(text: string, position: number): boolean {
  const code = text.charCodeAt(position);
  return code >= 0x20 && code < 0x80;
}

function isBlank(text: string, position: number): boolean {
  return /\s/.test(text.charAt(position));
}

function wordStart(text: string, position: number): number {
  let start = position;
  while (start > 0 && position - start < LONGEST_ADDRESS && !isBlank(text, start - 1)) start--;
  return start;
}

/** Where the address begins in which the cut is, or which ends there; `cut` if there is none. */
function addressStart(text: string, start: number, cut: number): number {
  // The rest of the word may tell: `shop.exa|mple`.
  const word = /^\S*/.exec(text.slice(start, cut + LONGEST_HOST))?.[0] ?? '';
  for (const { 0: address, index } of word.matchAll(ADDRESS)) {
    const from = start + index;
    if (from < cut && cut <= from + address.length) return from;
  }
  return cut - start <= LONGEST_HOST && HOST.test(word) ? start : cut;
}
