import { sortEntities } from './sort-entities.ts';
import type { MessageEntity } from './types.ts';

/** Formatting that can be split and merged. Telegram lists the pieces in this order. */
const STYLES = ['bold', 'italic', 'underline', 'strikethrough', 'spoiler'] as const;

type Style = (typeof STYLES)[number];
type Stretch = { begin: number; end: number };

function isStyle(entity: MessageEntity): entity is MessageEntity & { type: Style } {
  return (STYLES as readonly string[]).includes(entity.type);
}

function isBlockquote(entity: MessageEntity): boolean {
  return entity.type === 'blockquote' || entity.type === 'expandable_blockquote';
}

/** Code is shown unchanged, and Telegram writes the text of a date: neither can be formatted. */
function isUnformatted(entity: MessageEntity): boolean {
  return entity.type === 'pre' || entity.type === 'code' || entity.type === 'date_time';
}

function endOf(entity: MessageEntity): number {
  return entity.offset + entity.length;
}

/** Keeps the first of entities that overlap. They must be sorted. */
function withoutOverlaps(entities: MessageEntity[]): MessageEntity[] {
  let end = 0;
  return entities.filter((entity) => {
    const isFree = entity.offset >= end;
    end = isFree ? endOf(entity) : end;
    return isFree;
  });
}

/** Drops the entities that cross the border of a quote. Both lists must be sorted and free of overlaps. */
function withinQuotes(entities: MessageEntity[], quotes: MessageEntity[]): MessageEntity[] {
  let index = 0;
  return entities.filter((entity) => {
    let quote = quotes[index];
    while (quote !== undefined && endOf(quote) <= entity.offset) {
      quote = quotes[++index];
    }
    if (quote === undefined) {
      return true;
    }
    const endsAfterQuote = endOf(quote) < endOf(entity);
    const beginsBeforeQuote = entity.offset < quote.offset && quote.offset < endOf(entity);
    return !endsAfterQuote && !beginsBeforeQuote;
  });
}

/**
 * Merges styles that touch or overlap, and splits them where another style begins and at the borders of other entities.
 */
class StyleSplitter {
  readonly #styles: (MessageEntity & { type: Style })[];
  readonly #open = new Map<Style, Stretch>();
  #next = 0;
  #pieces: MessageEntity[] = [];

  constructor(styles: (MessageEntity & { type: Style })[]) {
    this.#styles = styles;
  }

  /** The pieces of all styles, around `others`, which must be sorted and properly nested. */
  split(others: MessageEntity[]): MessageEntity[] {
    const around: MessageEntity[] = [];
    for (const other of others) {
      this.#advanceTo(other.offset, around);
      around.push(other);
    }
    this.#advanceTo(Number.MAX_SAFE_INTEGER, around);
    return this.#pieces;
  }

  #advanceTo(position: number, around: MessageEntity[]): void {
    for (let inner = around.at(-1); inner !== undefined && position >= endOf(inner); inner = around.at(-1)) {
      const before = this.#pieces.length;
      this.#takeUntil(endOf(inner));
      if (isUnformatted(inner)) {
        this.#pieces.length = before;
      }
      around.pop();
    }
    this.#takeUntil(position);
  }

  #takeUntil(position: number): void {
    for (
      let style = this.#styles[this.#next];
      style !== undefined && style.offset < position;
      style = this.#styles[++this.#next]
    ) {
      const stretch = this.#open.get(style.type);
      if (stretch !== undefined && style.offset <= stretch.end) {
        stretch.end = Math.max(stretch.end, endOf(style));
      } else {
        this.#cutAt(style.offset);
        this.#open.set(style.type, { begin: style.offset, end: endOf(style) });
      }
    }
    this.#cutAt(position);
  }

  #cutAt(position: number): void {
    for (const type of STYLES) {
      const stretch = this.#open.get(type);
      if (stretch !== undefined && stretch.begin < position) {
        const end = Math.min(stretch.end, position);
        this.#pieces.push({ type, offset: stretch.begin, length: end - stretch.begin });
        stretch.begin = position;
        if (stretch.end <= position) {
          this.#open.delete(type);
        }
      }
    }
  }
}

/**
 * Makes entities valid together, like `fix_entities` of tdlib. Of links, code, emoji and dates that overlap, the first
 * one stays. Quotes don't nest. Only a quote may contain code. Code and dates contain nothing. Styles that touch are
 * merged, and then split so that none overlaps in part. Returns a new, sorted list.
 */
export function fixEntities(entities: MessageEntity[]): MessageEntity[] {
  const sorted = sortEntities([...entities]);
  const quotes = withoutOverlaps(sorted.filter(isBlockquote));
  const others = withoutOverlaps(sorted.filter((entity) => !isStyle(entity) && !isBlockquote(entity)));
  const kept = sortEntities([...withinQuotes(others, quotes), ...quotes]);
  return sortEntities([...new StyleSplitter(sorted.filter(isStyle)).split(kept), ...kept]);
}
