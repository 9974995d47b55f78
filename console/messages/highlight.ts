/** What is coloured behind the text of a message while it is written. */

type PieceKind = 'placeholder' | 'section' | 'unknown' | 'tag';

/** A piece of the text; all of them together are the text. */
export interface Piece {
  text: string;
  kind?: PieceKind;
  isWrong: boolean;
}

/** From `start` to before `end`, in UTF-16 units. */
export interface Range {
  start: number;
  end: number;
}

const PLACEHOLDER = /\{\{([#/^&!>]?)([^{}]*)\}\}/g;
const TAG = /<\/?[a-z][^<>]*>/gi;

/**
 * @param known keys of the placeholders that have a value in this kind of message.
 * @param wrong what is not right in the text, in any order.
 */
export function highlighted(text: string, known: ReadonlySet<string>, wrong: readonly Range[] = []): Piece[] {
  const placeholders = [...text.matchAll(PLACEHOLDER)].map(({ 0: whole, 1: sign, 2: key = '', index }) => ({
    start: index,
    end: index + whole.length,
    kind: kindOf(sign ?? '', key, known),
  }));
  const tags = [...text.matchAll(TAG)].map(({ 0: whole, index }) => ({
    start: index,
    end: index + whole.length,
    kind: 'tag' as const,
  }));
  const inText = wrong.filter(({ start, end }) => start < end && start < text.length);
  const limits = new Set([0, text.length]);
  for (const { start, end } of [...placeholders, ...tags, ...inText]) {
    limits.add(start).add(Math.min(end, text.length));
  }
  const sorted = [...limits].sort((one, other) => one - other);
  const kindAt = kindsOf(placeholders);
  const tagAt = kindsOf(tags);
  return sorted.slice(0, -1).map((start, index) => {
    const kind = kindAt(start) ?? tagAt(start);
    return {
      text: text.slice(start, sorted[index + 1]),
      ...(kind && { kind }),
      isWrong: inText.some((range) => range.start <= start && start < range.end),
    };
  });
}

function kindOf(sign: string, key: string, known: ReadonlySet<string>): PieceKind {
  if (!known.has(key.trim()) || !['', '#', '/'].includes(sign)) return 'unknown';
  return sign === '' ? 'placeholder' : 'section';
}

/** Asked for places in rising order, about marks in rising order that don't overlap. */
function kindsOf<Kind>(marks: (Range & { kind: Kind })[]): (place: number) => Kind | undefined {
  let next = 0;
  return (place) => {
    while ((marks[next]?.end ?? Number.POSITIVE_INFINITY) <= place) next += 1;
    const mark = marks[next];
    return mark && mark.start <= place ? mark.kind : undefined;
  };
}

/** What stands at a place: a placeholder, a tag, a word; one character at least. */
export function markedAt(text: string, place: number): Range {
  for (const pattern of [PLACEHOLDER, TAG, /\S+/g]) {
    for (const { 0: whole, index } of text.matchAll(pattern)) {
      if (index > place) break;
      if (place < index + whole.length) return { start: index, end: index + whole.length };
    }
  }
  return { start: Math.max(0, Math.min(place, text.length - 1)), end: Math.min(place + 1, text.length) };
}
