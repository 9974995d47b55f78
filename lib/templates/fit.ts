/** Puts values into a layout, so that the message stays within Telegram's limits. */
import {
  escapedSizes,
  escapeHtml,
  MAX_RAW_BYTES,
  MAX_TEXT_LENGTH,
  shortenHtml,
} from '../telegram/html/index.ts';
import { cutText, ELLIPSIS } from '../telegram/text/cut.ts';
import type { Layout, Measure, PlacedKey } from './layout.ts';

/** The values as they are written in their places, not escaped; none is empty. */
export type View = Partial<Record<PlacedKey, string>>;

/** What is left of Telegram's limits: UTF-16 units after parsing, and UTF-8 bytes of the HTML. */
type Room = { length: number; bytes: number };

/** The message, if it is so short that nothing has to be measured. */
export function shortMessage(layout: Layout, view: View): string | undefined {
  let { length } = layout;
  for (const [key, count] of layout.counts) length += count * (view[key]?.length ?? 0);
  if (length > MAX_TEXT_LENGTH) return undefined;
  const html = fill(layout, escapedView(view));
  // Parsing never makes a text longer, and a UTF-16 unit has three bytes at most.
  return html.length <= MAX_TEXT_LENGTH ? html : undefined;
}

function escapedView(view: View): View {
  const entries = Object.entries(view).map(([key, value]) => [key, escapeHtml(value)]);
  return Object.fromEntries(entries);
}

/**
 * The message within 4096 UTF-16 units and 32,768 bytes. What each value may take is calculated before the message is
 * written: a text that repeats a long value costs no more than another one.
 */
export function fittedMessage(
  layout: Layout,
  view: View,
  { length, bytes, whole, cuttable }: Measure,
): { text: string; shortened: boolean } {
  const room = { length: MAX_TEXT_LENGTH - length, bytes: MAX_RAW_BYTES - bytes };
  const fits = room.length >= 0 && room.bytes >= 0;
  const { values, isOneLeftOut } = wholeValues(whole, view, room);
  const cap = largestCap(cuttable, view, room);
  const cut: View = {};
  let isOneCut = false;
  for (const key of cuttable.keys()) {
    const value = view[key] ?? '';
    isOneCut ||= value.length > cap;
    cut[key] = escapeHtml(cap === 0 ? ELLIPSIS : cutText(value, cap));
  }
  const text = fill(layout, cut, values);
  return { text: fits ? text : shortenHtml(text), shortened: !fits || isOneLeftOut || isOneCut };
}

/**
 * The values that are never cut, escaped, by their places in the layout, as long as there is room for them: it gets
 * smaller by what they take. One that does not fit is left out: nothing is left of it in a tag, and `…` in text.
 */
function wholeValues(
  whole: Measure['whole'],
  view: View,
  room: Room,
): { values: string[]; isOneLeftOut: boolean } {
  const values: string[] = [];
  const written = new Map<PlacedKey, { html: string; bytes: number }>();
  let isOneLeftOut = false;
  for (const { index, key, isInTag } of whole) {
    const value = view[key] ?? '';
    const { html, bytes } = written.get(key) ?? escapedWithin(value);
    written.set(key, { html, bytes });
    const leftOut = isInTag ? '' : ELLIPSIS;
    const moreLength = isInTag ? 0 : value.length - leftOut.length;
    const moreBytes = bytes - Buffer.byteLength(leftOut);
    const hasRoom = moreLength <= room.length && moreBytes <= room.bytes;
    values[index] = hasRoom ? html : leftOut;
    if (hasRoom) {
      room.length -= moreLength;
      room.bytes -= moreBytes;
    } else {
      isOneLeftOut = true;
    }
  }
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
function largestCap(counts: Map<PlacedKey, number>, view: View, room: Room): number {
  const values = [...counts].map(([key, count]) => {
    const value = view[key] ?? '';
    return { count, length: value.length, sizes: escapedSizes(value, MAX_TEXT_LENGTH) };
  });
  const ellipsisBytes = Buffer.byteLength(ELLIPSIS);
  return largest(MAX_TEXT_LENGTH, (cap) => {
    let length = 0;
    let bytes = 0;
    for (const { count, sizes, ...value } of values) {
      const isWhole = value.length <= cap;
      const size = isWhole ? sizes[value.length] : (sizes[cap - 1] ?? 0) + ellipsisBytes;
      length += count * (Math.min(value.length, cap) - ELLIPSIS.length);
      bytes += count * ((size ?? 0) - ellipsisBytes);
    }
    return length <= room.length && bytes <= room.bytes;
  });
}

/** The largest whole number from 1 to `high` that passes, where all below it pass too; 0 if none does. */
export function largest(high: number, passes: (candidate: number) => boolean): number {
  let low = 0;
  let top = high;
  while (low < top) {
    const middle = Math.ceil((low + top) / 2);
    if (passes(middle)) low = middle;
    else top = middle - 1;
  }
  return low;
}

/** @param special the values at some places of the layout, instead of those in `values`. */
function fill({ texts, keys }: Layout, values: View, special: string[] = []): string {
  // Joined, and not added up: V8 would keep all the parts of each message.
  return texts
    .map((text, index) => {
      const key = keys[index];
      return text + (special[index] ?? (key && values[key]) ?? '');
    })
    .join('');
}
