/** A text without its values: what it takes of Telegram's limits, and where its values stand. */
import { JOINER, scanHtml, withoutLinkedAbbreviations } from '../telegram/html/index.ts';
import { withLineFeeds, withoutBlankLines } from '../telegram/text/clean.ts';
import { shownParts } from './mustache.ts';
import { PLACEHOLDERS, type PlaceholderKey } from './placeholders.ts';
import { type Place, placesIn, UNLINKED_ELEMENTS, type ValuePlace } from './places.ts';

/** A value as it is written in one kind of place. */
export type PlacedKey = `${PlaceholderKey} ${Place}`;

/** The HTML of a template around its values. */
export interface Layout {
  /** The HTML before each value, and after the last one: one more than there are `keys`. */
  texts: string[];
  keys: PlacedKey[];
  /** How many times each value is in it. */
  counts: Map<PlacedKey, number>;
  /** UTF-16 units of the HTML without the values. */
  length: number;
}

/** What the HTML of a layout takes, with one character (`…`) in place of each value in text, and none in tags. */
export interface Measure {
  /** UTF-16 units after parsing. */
  length: number;
  /** UTF-8 bytes of the HTML. */
  bytes: number;
  /** The values that may be cut, and how many times each is in the text. */
  cuttable: Map<PlacedKey, number>;
  /** The others, by their places in the layout: in the address of a link (in a tag), or a number, a date, an address. */
  whole: { index: number; key: PlacedKey; isInTag: boolean }[];
}

/** A shortened number or address would be another one. */
const CUTTABLE: ReadonlySet<PlaceholderKey> = new Set(
  PLACEHOLDERS.filter(({ key, format }) => format === 'text' && key !== 'urlSito').map(({ key }) => key),
);

function isCuttable(placed: PlacedKey): boolean {
  const { key, place } = partsOfKey(placed);
  return place !== 'encoded' && CUTTABLE.has(key);
}

/** Stands for a value. It is half of a surrogate pair, so it is in no well-formed text. */
const VALUE = '\ud800';
const VALUE_BYTES = 3;

/** Stands where there is no value, or a section is hidden. */
const NOTHING = '\ud801';

/**
 * The layout of a text for the values that there are. A value begins and ends with a character that shows, so it does
 * not matter here which value it is.
 *
 * @throws Error if the text isn't closed Mustache.
 */
export function layoutOf(text: string, hasValue: (key: string) => boolean): Layout {
  const parts = shownParts(inWords(withLineFeeds(text.toWellFormed()), readable), hasValue);
  const keys: PlaceholderKey[] = [];
  let written = '';
  for (const part of parts) {
    if ('text' in part) {
      written += part.text;
    } else if ('key' in part && hasValue(part.key)) {
      written += VALUE;
      keys.push(part.key as PlaceholderKey);
    } else {
      written += NOTHING;
    }
  }
  // The blank lines around a section that is not shown would stay.
  const html = withoutBlankLines(withoutNothing(written)).trim();
  const places = placesIn(html, VALUE, keys);
  const placed = keys.map((key, index): PlacedKey => `${key} ${places[index]?.place ?? 'plain'}`);
  const texts = joined(html.split(VALUE), places);
  const length = texts.reduce((sum, part) => sum + part.length, 0);
  return { texts, keys: placed, counts: countsOf(placed), length };
}

/** Changes the words of a text, but no tags: an address stays as it is, and no accent is composed with a `>`. */
function inWords(html: string, change: (words: string, isLinked: boolean) => string): string {
  let unlinked = '';
  return html.replace(/<[^<>]*>|[^<]+/g, (part) => {
    if (!part.startsWith('<')) return change(part, unlinked === '');
    const [, slash, name = ''] = /^<(\/?)(\w+)/.exec(part) ?? [];
    if (!slash && unlinked === '' && UNLINKED_ELEMENTS.includes(name.toLowerCase())) unlinked = name;
    else if (slash && name === unlinked) unlinked = '';
    return part;
  });
}

/** In NFC; the merchant's own abbreviations are no links. */
function readable(words: string, isLinked: boolean): string {
  const composed = words.normalize('NFC');
  return isLinked ? withoutLinkedAbbreviations(composed) : composed;
}

/** One space, then places without a value and their tags, at the end of a word: `Ciao {{nome}}, …` of a company. */
const SPACE_BEFORE_NOTHING = new RegExp(`[ \\t]((?:<[^<>]*>|${NOTHING})+)(?=[\\s,.;:!?)\\]»…]|$)`, 'g');

/** What is left where values are missing: no empty line, and no space before a comma. */
function withoutNothing(html: string): string {
  if (!html.includes(NOTHING)) return html;
  return html
    .split('\n')
    .filter((line) => !isNothing(line))
    .join('\n')
    .replace(SPACE_BEFORE_NOTHING, (found, run: string) => (run.includes(NOTHING) ? run : found))
    .replaceAll(NOTHING, '');
}

/** Whether a line had only values that are missing, and tags that open and close on it. */
function isNothing(line: string): boolean {
  if (!line.includes(NOTHING)) return false;
  const tags = line.match(/<[^<>]*>/g) ?? [];
  const closing = tags.filter((tag) => tag.startsWith('</')).length;
  return (
    tags.length === 2 * closing &&
    line
      .replace(/<[^<>]*>/g, '')
      .replaceAll(NOTHING, '')
      .trim() === ''
  );
}

/** With joiners where the template and a value would make a link together: `n.{{siglaDocumento}}` and `RO 5`. */
function joined(texts: string[], places: ValuePlace[]): string[] {
  return texts.map((text, index) => {
    const start = places[index - 1]?.joinAfter ? JOINER : '';
    const end = places[index]?.joinBefore ? JOINER : '';
    return `${start}${text}${end}`;
  });
}

/** The placeholder of a key, and the kind of place. */
export function partsOfKey(key: PlacedKey): { key: PlaceholderKey; place: Place } {
  const [name, place] = key.split(' ');
  return { key: name as PlaceholderKey, place: place as Place };
}

function countsOf(keys: PlacedKey[]): Map<PlacedKey, number> {
  const counts = new Map<PlacedKey, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** @throws TelegramHtmlError if it isn't Telegram's HTML. */
export function measure(layout: Layout): Measure {
  const html = layout.texts.join(VALUE);
  const { length, inText } = readText(html);
  const cuttable: PlacedKey[] = [];
  const whole: Measure['whole'] = [];
  let position = -1;
  layout.keys.forEach((key, index) => {
    position = html.indexOf(VALUE, position + 1);
    const isInTag = !inText.has(position);
    if (isInTag || !isCuttable(key)) whole.push({ index, key, isInTag });
    else cuttable.push(key);
  });
  const inTags = layout.keys.length - inText.size;
  return {
    length,
    bytes: Buffer.byteLength(html) - inTags * VALUE_BYTES,
    cuttable: countsOf(cuttable),
    whole,
  };
}

/** The length of the text, and the places in the HTML at which a value stands in text. */
function readText(html: string): { length: number; inText: Set<number> } {
  const inText = new Set<number>();
  let length = 0;
  scanHtml(html, {
    text(decoded, start, end) {
      length += decoded.length;
      const run = html.slice(start, end);
      for (let at = run.indexOf(VALUE); at !== -1; at = run.indexOf(VALUE, at + 1)) inText.add(start + at);
    },
    open() {},
    close() {},
  });
  return { length, inText };
}
