/** HTML's elements as far as a chat needs them, and its tags. */

/** They begin and end a line. */
export const BLOCKS: ReadonlySet<string> = new Set(
  'address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre section summary table tbody tfoot thead tr ul'.split(
    ' ',
  ),
);

/** They are within a line. */
const INLINE: ReadonlySet<string> = new Set(
  'a abbr acronym area audio b bdi bdo big br button cite code col colgroup data del dfn em embed font i img input ins kbd label link map mark meta nobr output param picture q rp rt ruby s samp select small source span strike strong sub sup td textarea th time track tt u var video wbr'.split(
    ' ',
  ),
);

/** What is in them is not shown. */
export const HIDDEN: ReadonlySet<string> = new Set(
  'head iframe noframes noscript object script style svg template title xml'.split(' '),
);

/** Nobody writes them, with nothing more in them, but as tags; `<b>`, `<code>` or `<title>` may be something else. */
const NEVER_WORDS: ReadonlySet<string> = new Set(
  'blockquote br div em h1 h2 h3 h4 h5 h6 hr html img li ol span strong table tbody td th thead tr ul'.split(
    ' ',
  ),
);

/** They make the lines of a text: where one of them is, its line feeds are none. */
const MAKES_LINES = /<(?:br|p|div|li|t[rdh]|h[1-6]|body|html|pre|blockquote)\b/i;

/** A tag. No part of it matches beyond the next `<`, so that its time stays linear for any input. */
const TAG_PATTERN = String.raw`<(?<slash>/?)(?<name>[a-z][a-z\d]*(?:[:-][a-z\d]+)*)(?<attributes>(?:[\s/](?:[^"'<>]|"[^"<]*"|'[^'<]*')*|[\s/][^<>]*)?)>`;

const TAG = new RegExp(TAG_PATTERN, 'gi');
const TAG_HERE = new RegExp(TAG_PATTERN, 'iy');

export type Tag = { name: string; isEnd: boolean; attributes: string };

/** The tag at a place of an HTML text, and where it ends. */
export function tagAt(html: string, position: number): (Tag & { end: number }) | undefined {
  TAG_HERE.lastIndex = position;
  const match = TAG_HERE.exec(html);
  return match ? { ...toTag(match), end: TAG_HERE.lastIndex } : undefined;
}

function toTag({ groups = {} }: RegExpMatchArray): Tag {
  const { slash, name = '', attributes = '' } = groups;
  return { name: name.toLowerCase(), isEnd: slash === '/', attributes };
}

/** Whether a browser knows the element, or it is of Office (`o:p`) or made up by a page (`x-card`). */
export function isKnown(name: string): boolean {
  return BLOCKS.has(name) || INLINE.has(name) || HIDDEN.has(name) || /[:-]/.test(name);
}

/** Whether a text surely has tags: `a < b`, `<3`, `x<y`, `<nome>`, `Rossi <rossi@shop.example>` are none. */
export function hasTags(text: string): boolean {
  if (!text.includes('<')) return false;
  if (/<!doctype html/i.test(text)) return true;
  // One may be a comparison: `x<p>y`.
  if (/<p>[\s\S]*<p>/i.test(text)) return true;
  const comment = text.indexOf('<!--');
  if (comment !== -1 && text.includes('-->', comment)) return true;
  return text.matchAll(TAG).some((match) => isSure(toTag(match), text, match.index));
}

function isSure({ name, isEnd, attributes }: Tag, text: string, position: number): boolean {
  if (!isKnown(name)) return false;
  if (isEnd || NEVER_WORDS.has(name)) return true;
  if (/^\s+[a-z:-]{1,40}=/i.test(attributes)) return true;
  return name === 'p' && isAtBeginning(text, position);
}

/** Whether it is the beginning of a line, or follows another tag: `x<p>y` may be a comparison. */
function isAtBeginning(text: string, position: number): boolean {
  let before = position - 1;
  while (before >= 0 && /[ \t\r]/.test(text.charAt(before))) before--;
  return before < 0 || text[before] === '\n' || text[before] === '>';
}

/** Whether the tags of a text make its lines. */
export function makesLines(html: string): boolean {
  return MAKES_LINES.test(html);
}

/** The value of an attribute, still encoded. */
export function attributeIn(attributes: string, name: 'href' | 'alt' | 'start'): string | undefined {
  const pattern = new RegExp(
    String.raw`(?:^|[\s"'/])${name}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))`,
    'i',
  );
  const [, double, single, bare] = pattern.exec(attributes) ?? [];
  return double ?? single ?? bare;
}
