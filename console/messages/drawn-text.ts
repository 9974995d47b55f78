/**
 * The text of a message as Telegram shows it: a tree of a few known elements, made from the entities of the Bot API. What
 * people have written is only ever text in it, and a link only where its address is of a kind that is safe to open.
 */

/** A part of a text with a format; offset and length in UTF-16 units. */
export interface Entity {
  type: string;
  offset: number;
  length: number;
  url?: string | undefined;
}

export type Drawn = string | DrawnElement;

export interface DrawnElement {
  kind: DrawnKind;
  /** Of a `link`. */
  href?: string;
  content: Drawn[];
}

const KINDS = {
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strikethrough: 'strikethrough',
  code: 'code',
  pre: 'pre',
  spoiler: 'spoiler',
  blockquote: 'quotation',
  expandable_blockquote: 'folded-quotation',
} as const;

type DrawnKind = (typeof KINDS)[keyof typeof KINDS] | 'link' | 'plain';

const BLOCKS = ['pre', 'blockquote', 'expandable_blockquote'];

/** Telegram makes links of these by itself, but not within other links or code. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]*[^\s<>"'`.,;:!?)\]}…]/g;

/** The text with its formats; they may be nested. */
export function drawnText(text: string, entities: readonly Entity[]): Drawn[] {
  const sorted = [...entities, ...foundLinks(text, entities)].sort(
    (one, other) => one.offset - other.offset || other.length - one.length,
  );
  return drawnRange(text, sorted, 0, text.length);
}

function foundLinks(text: string, entities: readonly Entity[]): Entity[] {
  const unlinked = entities.filter(({ type }) => ['text_link', 'code', 'pre'].includes(type));
  return [...text.matchAll(ADDRESS)].flatMap(({ 0: url, index: offset }) => {
    const { length } = url;
    const isInside = unlinked.some(
      (entity) => entity.offset < offset + length && offset < entity.offset + entity.length,
    );
    return isInside ? [] : [{ type: 'text_link', offset, length, url }];
  });
}

function drawnRange(text: string, entities: readonly Entity[], start: number, end: number): Drawn[] {
  const drawn: Drawn[] = [];
  let position = start;
  let rest = entities;
  while (rest.length > 0) {
    const [entity, ...others] = rest;
    if (!entity) break;
    const from = Math.max(entity.offset, position);
    const to = Math.min(entity.offset + entity.length, end);
    const inside = others.filter((other) => other.offset < to);
    rest = others.filter((other) => other.offset >= to);
    if (to <= from) {
      // It covers nothing here; what stands within it is drawn on its own.
      rest = [...inside, ...rest];
      continue;
    }
    if (position < from) drawn.push(text.slice(position, from));
    drawn.push({ ...elementOf(entity), content: drawnRange(text, inside, from, to) });
    // A block ends its line: the line break after it would show as one more empty line.
    const endsLine = BLOCKS.includes(entity.type) && text[to] === '\n' && to < end;
    position = endsLine ? to + 1 : to;
  }
  if (position < end) drawn.push(text.slice(position, end));
  return drawn;
}

function elementOf({ type, url }: Entity): Pick<DrawnElement, 'kind' | 'href'> {
  if (type !== 'text_link')
    return { kind: Object.hasOwn(KINDS, type) ? KINDS[type as keyof typeof KINDS] : 'plain' };
  const href = safeAddress(url ?? '');
  return href === undefined ? { kind: 'plain' } : { kind: 'link', href };
}

const SAFE = ['http:', 'https:', 'tg:', 'mailto:'];

/** An address as a link may have it; `undefined` where opening it would not be safe. */
export function safeAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return SAFE.includes(url.protocol) ? url.href : undefined;
}
