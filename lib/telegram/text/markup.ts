/**
 * What people read in a text that a web editor has written as HTML. The result is plain text, which is escaped like any
 * other value: a mistake here shows a wrong word, it never adds a tag to a message.
 */
import { decodeClosed, decodeHtml, hasReferences } from './references.ts';
import { HIDDEN, hasTags, isKnown, makesLines, type Tag, tagAt } from './tags.ts';
import { TextWriter } from './text-writer.ts';

/** How a text is written. */
export type TextFormat = 'html' | 'text';

/** A text that was escaped once more on its way is decoded twice. */
const MOST_DECODINGS = 2;

/** @param format what the sender says of it; absent: only what is surely markup is taken for it. */
export function readableText(text: string, format?: TextFormat): string {
  if (format === 'text') return text;
  if (format === 'html') return htmlToText(text, { knownOnly: false, keepsLines: false });
  let decoded = text;
  for (let times = 0; times < MOST_DECODINGS; times++) {
    if (hasTags(decoded)) {
      const read = htmlToText(decoded, { knownOnly: true, keepsLines: !makesLines(decoded) });
      return hasReferences(read) ? decodeClosed(read) : read;
    }
    if (!hasReferences(decoded)) break;
    decoded = decodeClosed(decoded);
  }
  return decoded;
}

/** A name, or another text that no editor writes: only its character references are decoded. */
export function readableName(name: string): string {
  let decoded = name;
  for (let times = 0; times < MOST_DECODINGS && hasReferences(decoded); times++) {
    decoded = decodeClosed(decoded);
  }
  return decoded;
}

/** How HTML is read. */
interface Reading {
  /** Tags that no browser knows are text. */
  knownOnly: boolean;
  /** Line feeds are line breaks, and not spaces. */
  keepsLines: boolean;
}

/** The text of HTML as a browser shows it: see `TextWriter`. In time that is linear in its length. */
function htmlToText(html: string, { knownOnly, keepsLines }: Reading): string {
  const writer = new TextWriter(keepsLines);
  const unclosed = new Set<string>();
  let text = '';
  let position = 0;
  let nextEnd = -1;
  while (position < html.length) {
    const open = html.indexOf('<', position);
    if (open === -1) break;
    if (nextEnd < open) nextEnd = html.indexOf('>', open);
    // There is no other tag.
    if (nextEnd === -1) break;
    text += html.slice(position, open);
    const comment = endOfComment(html, open);
    const tag = comment === undefined ? tagAt(html, open) : undefined;
    if (comment === undefined && (!tag || (knownOnly && !isKnown(tag.name)))) {
      text += '<';
      position = open + 1;
      continue;
    }
    writer.text(decodeHtml(text));
    text = '';
    if (tag) writer.tag(tag);
    position = comment ?? tag?.end ?? open + 1;
    if (tag && isHiding(tag)) position = endOfHidden(html, position, tag.name, unclosed);
  }
  writer.text(decodeHtml(text + html.slice(position)));
  return writer.end();
}

/** Where a comment or a declaration (`<!doctype html>`, `<![endif]>`, `<?xml …?>`) ends that begins here. */
function endOfComment(html: string, open: number): number | undefined {
  if (html.startsWith('<!--', open)) {
    const end = html.indexOf('-->', open + 2);
    return end === -1 ? html.length : end + 3;
  }
  return /[!?]/.test(html.charAt(open + 1)) ? html.indexOf('>', open) + 1 : undefined;
}

function isHiding({ name, isEnd, attributes }: Tag): boolean {
  return !isEnd && HIDDEN.has(name) && !attributes.endsWith('/');
}

/**
 * Where an element ends that is not shown: at its end tag. Without one, a script or style sheet has no end (HTML, "script
 * data state"), and the others are taken to be empty.
 *
 * @param unclosed the names that have no end tag in the rest of the text: it is not searched again.
 */
function endOfHidden(html: string, position: number, name: string, unclosed: Set<string>): number {
  if (!unclosed.has(name)) {
    const pattern = new RegExp(String.raw`</${name}\b[^<>]*>${name === 'head' ? '|(?=<body\\b)' : ''}`, 'gi');
    pattern.lastIndex = position;
    if (pattern.test(html)) return pattern.lastIndex;
    unclosed.add(name);
  }
  return name === 'script' || name === 'style' ? html.length : position;
}
