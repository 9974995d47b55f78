import { ELLIPSIS, endBefore, wordBoundary } from '../text/cut.ts';
import { parseHtml } from './parse.ts';
import { scanHtml, type Tag } from './tokenize.ts';
import { MAX_RAW_BYTES, MAX_TEXT_LENGTH } from './types.ts';

type Piece =
  | { kind: 'text'; start: number; end: number; offset: number; length: number }
  | { kind: 'open'; start: number; tag: Tag }
  | { kind: 'close'; end: number };

/** The HTML in pieces, and the parts of the text that must not be cut. */
type Outline = { html: string; text: string; pieces: Piece[]; indivisible: { start: number; end: number }[] };

/**
 * Shortens HTML so that Telegram accepts it: its text to at most `maxLength` UTF-16 units, its source to at most {@link
 * MAX_RAW_BYTES}. Only text is cut, never a tag, an entity, a visible character (grapheme), an address or a word (unless it
 * is very long). `…` marks the cut, and the tags that are open there are closed. HTML that fits is returned unchanged.
 *
 * @throws {TelegramHtmlError} if Telegram refuses the HTML: then no safe place for the cut is known.
 */
export function shortenHtml(html: string, maxLength: number = MAX_TEXT_LENGTH): string {
  const { text } = parseHtml(html);
  const isShortEnough = text.length <= maxLength;
  if (isShortEnough && isSmallEnough(html)) {
    return html;
  }
  if (!(maxLength >= 1)) {
    return '';
  }
  const outline = outlineOf(html.toWellFormed(), text);
  const longest = Math.min(Math.floor(maxLength) - 1, text.length);
  const shortened = cutAt(outline, longest);
  return isSmallEnough(shortened) ? shortened : cutToBytes(outline, longest);
}

function isSmallEnough(html: string): boolean {
  return Buffer.byteLength(html) <= MAX_RAW_BYTES;
}

/** Finds by bisection the longest text that leaves few enough bytes. At 0 only the ellipsis is left. */
function cutToBytes(outline: Outline, longest: number): string {
  let best = ELLIPSIS;
  let low = 0;
  let high = longest;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const shortened = cutAt(outline, middle);
    if (isSmallEnough(shortened)) {
      low = middle;
      best = shortened;
    } else {
      high = middle;
    }
  }
  return best;
}

function outlineOf(html: string, text: string): Outline {
  const outline: Outline = { html, text, pieces: [], indivisible: [] };
  let length = 0;
  scanHtml(html, {
    text(decoded, start, end) {
      outline.pieces.push({ kind: 'text', start, end, offset: length, length: decoded.length });
      length += decoded.length;
    },
    open(tag, start) {
      outline.pieces.push({ kind: 'open', start, tag });
    },
    close(tag, end) {
      outline.pieces.push({ kind: 'close', end });
      if (isIndivisible(tag)) {
        outline.indivisible.push({ start: tag.offset, end: length });
      }
    },
  });
  return outline;
}

/** An emoji, a date, and a link whose address is its own text would change their meaning if cut. */
function isIndivisible(tag: Tag): boolean {
  return tag.name === 'tg-emoji' || tag.name === 'tg-time' || (tag.name === 'a' && tag.argument === '');
}

/** Cuts the text at `position`, or before it if the cut would be inside something indivisible. */
function cutAt(outline: Outline, position: number): string {
  const word = wordBoundary(outline.text, position);
  const cut = withoutSpaces(outline, moveOutOfIndivisible(outline, word), position);
  const open: Tag[] = [];
  let kept = '';
  let keptEnd = 0;
  for (const piece of outline.pieces) {
    if (piece.kind === 'close') {
      open.pop();
      keptEnd = piece.end;
    } else if (piece.kind === 'open') {
      if (piece.tag.offset >= cut) {
        break;
      }
      open.push(piece.tag);
    } else if (piece.offset + piece.length <= cut) {
      keptEnd = piece.end;
    } else {
      kept = partOfRun(outline.html.slice(piece.start, piece.start + Math.max(cut - piece.offset, 0)));
      keptEnd = piece.start;
      break;
    }
  }
  const closings = open.toReversed().map((tag) => `</${tag.name}>`);
  return outline.html.slice(0, keptEnd) + kept + ELLIPSIS + closings.join('');
}

/** The last `&` of a cut text is escaped: if `&ltx`, which is no entity, were cut to `&lt`, it would become one. */
function partOfRun(run: string): string {
  const ampersand = run.lastIndexOf('&');
  return ampersand === -1 ? run : `${run.slice(0, ampersand)}&amp;${run.slice(ampersand + 1)}`;
}

function moveOutOfIndivisible(outline: Outline, position: number): number {
  let cut = position;
  for (const { start, end } of outline.indivisible) {
    if (start < position && position < end) {
      cut = Math.min(cut, start);
    }
  }
  return cut;
}

/** Moves a cut before the preceding spaces, or an address, unless they are part of something indivisible. */
function withoutSpaces(outline: Outline, cut: number, longest: number): number {
  const end = endBefore(outline.text, cut, longest);
  return moveOutOfIndivisible(outline, end) === end ? end : cut;
}
