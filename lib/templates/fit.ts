/** Puts values into a layout, so that the message stays within Telegram's limits. */
import {
  escapedSizes,
  escapeHtml,
  MAX_RAW_BYTES,
  MAX_TEXT_LENGTH,
  shortenHtml,
} from '../telegram/html/index.ts';
import type { Layout, Measure } from './layout.ts';
import { PLACEHOLDERS, type PlaceholderKey } from './placeholders.ts';
import { cutText, ELLIPSIS } from './values.ts';

/** The written values, not escaped; none is empty. */
export type View = Partial<Record<PlaceholderKey, string>>;

/** What is left of Telegram's limits: UTF-16 units after parsing, and UTF-8 bytes of the HTML. */
type Room = { length: number; bytes: number };

/** A shortened number or address would be another one. */
const CUTTABLE: ReadonlySet<PlaceholderKey> = new Set(
  PLACEHOLDERS.filter(({ key, format }) => format === 'text' && key !== 'urlSito').map(({ key }) => key),
);

/** The message, if it is so short that nothing has to be measured. */
export function shortMessage(layout: Layout, view: View): string | undefined {
  let length = 0;
  for (const text of layout.texts) length += text.length;
  for (const key of layout.keys) length += view[key]?.length ?? 0;
  if (length > MAX_TEXT_LENGTH) return undefined;
  const html = fill(
    layout,
    layout.keys.map((key) => escapeHtml(view[key] ?? '')),
  );
  // Parsing never makes a text longer, and a UTF-16 unit has three bytes at most.
  return html.length <= MAX_TEXT_LENGTH ? html : undefined;
}

/**
 * The message within 4096 UTF-16 units and 32,768 bytes. What each value may take is calculated before the message is
 * written: a text that repeats a long value costs no more than another one.
 */
export function fittedMessage(
  layout: Layout,
  view: View,
  { length, bytes, isInTag }: Measure,
): { text: string; shortened: boolean } {
  const { keys } = layout;
  const room = { length: MAX_TEXT_LENGTH - length, bytes: MAX_RAW_BYTES - bytes };
  const fits = room.length >= 0 && room.bytes >= 0;

  const isCut = keys.map((key, index) => CUTTABLE.has(key) && !isInTag[index]);
  const whole = wholeValues(keys, view, isInTag, isCut, room);
  const cuttable = new Map<PlaceholderKey, number>();
  keys.forEach((key, index) => {
    if (isCut[index]) cuttable.set(key, (cuttable.get(key) ?? 0) + 1);
  });
  const cap = largestCap(cuttable, view, room);
  const cut = new Map([...cuttable.keys()].map((key) => [key, escapeHtml(capped(view[key] ?? '', cap))]));

  const text = fill(
    layout,
    keys.map((key, index) => (isCut[index] ? cut.get(key) : whole.values[index]) ?? ''),
  );
  const isOneCut = [...cuttable.keys()].some((key) => (view[key]?.length ?? 0) > cap);
  return { text: fits ? text : shortenHtml(text), shortened: !fits || whole.isOneLeftOut || isOneCut };
}

/**
 * The values that are never cut, escaped, as long as there is room for them: it gets smaller by what they take. One that
 * does not fit is left out: nothing is left of it in a tag, and `…` in text.
 */
function wholeValues(
  keys: PlaceholderKey[],
  view: View,
  isInTag: boolean[],
  isCut: boolean[],
  room: Room,
): { values: string[]; isOneLeftOut: boolean } {
  let isOneLeftOut = false;
  const written = new Map<PlaceholderKey, { html: string; bytes: number }>();
  const values = keys.map((key, index) => {
    if (isCut[index]) return '';
    const value = view[key] ?? '';
    const { html, bytes } = written.get(key) ?? escapedWithin(value);
    written.set(key, { html, bytes });
    const leftOut = isInTag[index] ? '' : ELLIPSIS;
    const more = {
      length: isInTag[index] ? 0 : value.length - leftOut.length,
      bytes: bytes - Buffer.byteLength(leftOut),
    };
    if (more.length > room.length || more.bytes > room.bytes) {
      isOneLeftOut = true;
      return leftOut;
    }
    room.length -= more.length;
    room.bytes -= more.bytes;
    return html;
  });
  return { values, isOneLeftOut };
}

/** A value of more bytes than Telegram takes is never shown. */
function escapedWithin(value: string): { html: string; bytes: number } {
  if (value.length > MAX_RAW_BYTES) return { html: '', bytes: Number.POSITIVE_INFINITY };
  const html = escapeHtml(value);
  return { html, bytes: Buffer.byteLength(html) };
}

/**
 * The largest number of UTF-16 units that each of these values may have, `…` included, so that all of them fit; 0 if only
 * `…` does.
 *
 * @param counts how many times each value is in the text.
 */
function largestCap(counts: Map<PlaceholderKey, number>, view: View, room: Room): number {
  const values = [...counts].map(([key, count]) => {
    const value = view[key] ?? '';
    return { count, length: value.length, sizes: escapedSizes(value, MAX_TEXT_LENGTH) };
  });
  const ellipsisBytes = Buffer.byteLength(ELLIPSIS);
  return largest(MAX_TEXT_LENGTH, (cap) => {
    let length = 0;
    let bytes = 0;
    for (const value of values) {
      const isWhole = value.length <= cap;
      const size = isWhole ? value.sizes[value.length] : (value.sizes[cap - 1] ?? 0) + ellipsisBytes;
      length += value.count * (Math.min(value.length, cap) - ELLIPSIS.length);
      bytes += value.count * ((size ?? 0) - ellipsisBytes);
    }
    return length <= room.length && bytes <= room.bytes;
  });
}

function capped(value: string, cap: number): string {
  return cap === 0 ? ELLIPSIS : cutText(value, cap);
}

/** The largest whole number from 1 to `high` that passes, where all below it pass too; 0 if none does. */
function largest(high: number, passes: (candidate: number) => boolean): number {
  let low = 0;
  let top = high;
  while (low < top) {
    const middle = Math.ceil((low + top) / 2);
    if (passes(middle)) low = middle;
    else top = middle - 1;
  }
  return low;
}

/** @param values one for each key of the layout. */
function fill({ texts }: Layout, values: string[]): string {
  return texts.map((text, index) => text + (values[index] ?? '')).join('');
}
