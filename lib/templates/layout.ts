/** A text without its values: what it takes of Telegram's limits, and where its values stand. */
import { scanHtml } from '../telegram/html/index.ts';
import { shownParts } from './mustache.ts';
import type { PlaceholderKey } from './placeholders.ts';
import { withoutBlankLines } from './values.ts';

/** The HTML of a template around its values. */
export interface Layout {
  /** The HTML before each value, and after the last one: one more than there are `keys`. */
  texts: string[];
  keys: PlaceholderKey[];
}

/** What the HTML of a layout takes, with one character (`…`) in place of each value in text, and none in tags. */
export interface Measure {
  /** UTF-16 units after parsing. */
  length: number;
  /** UTF-8 bytes of the HTML. */
  bytes: number;
  /** For each value of the layout: whether it stands in a tag, that is in the address of a link. */
  isInTag: boolean[];
}

/** Stands for a value. It is half of a surrogate pair, so it is in no well-formed text. */
const VALUE = '\ud800';
const VALUE_BYTES = 3;

/**
 * The layout of a text for the values that there are. A value begins and ends with a character that shows, so it does
 * not matter here which value it is.
 *
 * @throws Error if the text isn't closed Mustache.
 */
export function layoutOf(text: string, hasValue: (key: string) => boolean): Layout {
  const parts = shownParts(text.toWellFormed().replaceAll('\r\n', '\n'), hasValue);
  const keys: PlaceholderKey[] = [];
  let written = '';
  for (const part of parts) {
    if ('text' in part) {
      written += part.text;
    } else if (hasValue(part.key)) {
      written += VALUE;
      keys.push(part.key as PlaceholderKey);
    }
  }
  // The blank lines around a section that is not shown would stay.
  return { texts: withoutBlankLines(written).trim().split(VALUE), keys };
}

/** @throws TelegramHtmlError if it isn't Telegram's HTML. */
export function measure({ texts, keys }: Layout): Measure {
  const html = texts.join(VALUE);
  const isInTag = keys.map(() => true);
  let length = 0;
  let next = 0;
  let position = html.indexOf(VALUE);
  scanHtml(html, {
    text(decoded, start, end) {
      length += decoded.length;
      for (; position !== -1 && position < end; position = html.indexOf(VALUE, position + 1)) {
        isInTag[next] = position < start;
        next += 1;
      }
    },
    open() {},
    close() {},
  });
  const inTags = isInTag.filter(Boolean).length;
  return { length, bytes: Buffer.byteLength(html) - inTags * VALUE_BYTES, isInTag };
}
