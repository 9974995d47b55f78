import { characterOf, decodeReference, isSurrogate } from './character-references.ts';
import { isSpace, lowerCase } from './characters.ts';
import { TelegramHtmlError } from './types.ts';

/** An element being read. `argument` is the value of its tag's one attribute (`href` for `a`, and so on). */
export type Tag = {
  name: string;
  argument: string;
  /** `format` of a `tg-time`. */
  format: string;
  /** The start of the element's text, in UTF-16 units of the parsed text. */
  offset: number;
};

/** What {@link scanHtml} reports, in the order of the source. `start` and `end` are indexes into the source. */
export type Visitor = {
  text(decoded: string, start: number, end: number): void;
  open(tag: Tag, start: number): void;
  close(tag: Tag, end: number): void;
};

export const TAG_NAMES = [
  'a',
  'b',
  'strong',
  'i',
  'em',
  's',
  'strike',
  'del',
  'u',
  'ins',
  'tg-spoiler',
  'tg-emoji',
  'tg-time',
  'span',
  'pre',
  'code',
  'blockquote',
];

const KNOWN_TAGS: ReadonlySet<string> = new Set(TAG_NAMES);

const INVALID_UNICODE =
  'Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units';

const GREATER = 0x3e;
const EQUALS = 0x3d;
const SLASH = 0x2f;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;

function isNameTokenCharacter(code: number): boolean {
  const isDigit = code >= 0x30 && code <= 0x39;
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return isDigit || isLetter || code === 0x2e || code === 0x2d;
}

function failure(html: string, reason: string, index: number, after = ''): TelegramHtmlError {
  const byteOffset = Buffer.byteLength(html.slice(0, index));
  return new TelegramHtmlError(`${reason} at byte offset ${byteOffset}${after}`, byteOffset);
}

/** Reads one tag. After the end of the HTML it reads U+0000. Like Telegram, it takes a U+0000 in a tag for the end. */
class TagReader {
  readonly html: string;
  readonly begin: number;
  index: number;

  constructor(html: string, begin: number, nameStart: number) {
    this.html = html;
    this.begin = begin;
    this.index = nameStart;
  }

  peek(): number {
    return this.index < this.html.length ? this.html.charCodeAt(this.index) : 0;
  }

  atEnd(): boolean {
    return this.peek() === 0;
  }

  skipSpaces(): void {
    while (!this.atEnd() && isSpace(this.peek())) {
      this.index++;
    }
  }

  readName(): string {
    const start = this.index;
    while (!isSpace(this.peek()) && this.peek() !== GREATER) {
      this.index++;
    }
    return lowerCase(this.html.slice(start, this.index));
  }

  fail(reason: string, after?: string): TelegramHtmlError {
    return failure(this.html, reason, this.begin, after);
  }

  readAttributeName(): string {
    const start = this.index;
    for (let code = this.peek(); !isSpace(code) && !isAttributeNameEnd(code); code = this.peek()) {
      this.index++;
    }
    return this.html.slice(start, this.index);
  }

  readAttributeValue(): string {
    const quote = this.peek();
    return quote === DOUBLE_QUOTE || quote === SINGLE_QUOTE ? this.readQuoted(quote) : this.readNameToken();
  }

  readNameToken(): string {
    const start = this.index;
    while (isNameTokenCharacter(this.peek())) {
      this.index++;
    }
    if (!isSpace(this.peek()) && this.peek() !== GREATER) {
      throw failure(this.html, 'Unexpected end of name token', start);
    }
    return lowerCase(this.html.slice(start, this.index));
  }

  readQuoted(quote: number): string {
    let value = '';
    this.index++;
    let start = this.index;
    for (let code = this.peek(); code !== quote && code !== 0; code = this.peek()) {
      const reference = code === 0x26 ? decodeReference(this.html, this.index) : undefined;
      if (reference === undefined) {
        this.index++;
      } else {
        value += this.html.slice(start, this.index) + characterOf(reference.code);
        this.index = start = reference.end;
      }
    }
    value += this.html.slice(start, this.index);
    if (!this.atEnd()) {
      this.index++;
    }
    return value;
  }
}

function isAttributeNameEnd(code: number): boolean {
  return (
    code === EQUALS || code === GREATER || code === SLASH || code === DOUBLE_QUOTE || code === SINGLE_QUOTE
  );
}

function setAttribute(tag: Tag, attribute: string, value: string): void {
  switch (`${tag.name} ${attribute}`) {
    case 'a href':
    case 'tg-emoji emoji-id':
    case 'tg-time unix':
      tag.argument = value;
      break;
    case 'tg-time format':
      tag.format = value;
      break;
    case 'code class':
      tag.argument = value.startsWith('language-') ? value.slice('language-'.length) : tag.argument;
      break;
    case 'span class':
      tag.argument = value.startsWith('tg-') ? value.slice('tg-'.length) : tag.argument;
      break;
    case 'blockquote expandable':
      tag.argument = 'expandable';
      break;
  }
}

/** Reads one attribute and its value, if it has one. */
function readAttribute(reader: TagReader, tag: Tag): void {
  const attribute = reader.readAttributeName();
  if (attribute === '') {
    throw reader.fail(`Empty attribute name in the tag "${tag.name}"`);
  }
  reader.skipSpaces();
  const hasValue = reader.peek() === EQUALS;
  if (hasValue) {
    reader.index++;
    reader.skipSpaces();
  }
  if (reader.atEnd()) {
    throw reader.fail(`Unclosed start tag "${tag.name}"`);
  }
  const value = hasValue ? reader.readAttributeValue() : '';
  if (reader.atEnd()) {
    throw reader.fail('Unclosed start tag');
  }
  if (hasValue || tag.name === 'blockquote') {
    setAttribute(tag, attribute, value);
  }
}

function readStartTag(html: string, begin: number, offset: number): { tag: Tag; end: number } {
  const reader = new TagReader(html, begin, begin + 1);
  const name = reader.readName();
  if (reader.atEnd()) {
    throw reader.fail('Unclosed start tag');
  }
  if (!KNOWN_TAGS.has(name)) {
    throw reader.fail(`Unsupported start tag "${name}"`);
  }
  const tag: Tag = { name, argument: '', format: '', offset };
  for (reader.skipSpaces(); reader.peek() !== GREATER; reader.skipSpaces()) {
    readAttribute(reader, tag);
  }
  if (name === 'span' && tag.argument !== 'spoiler') {
    throw reader.fail('Tag "span" must have class "tg-spoiler"');
  }
  return { tag, end: reader.index + 1 };
}

/** Reads the end tag at `begin`, which must close `open`, and returns its end. */
function readEndTag(html: string, begin: number, open: Tag | undefined): number {
  const reader = new TagReader(html, begin, begin + 2);
  if (open === undefined) {
    throw reader.fail('Unexpected end tag');
  }
  const name = reader.readName();
  reader.skipSpaces();
  if (reader.peek() !== GREATER) {
    throw reader.fail('Unclosed end tag');
  }
  if (name !== '' && name !== open.name) {
    throw reader.fail('Unmatched end tag', `, expected "</${open.name}>", found "</${name}>"`);
  }
  return reader.index + 1;
}

/**
 * Scans Telegram's HTML once, from left to right, in linear time. The dialect is that of `parse_html` in tdlib
 * (`td/telegram/MessageEntity.cpp`): the same tags and attributes, and the same errors in the same order.
 *
 * @param html well-formed UTF-16.
 * @throws {TelegramHtmlError} if Telegram refuses the HTML.
 */
export function scanHtml(html: string, visitor: Visitor): void {
  const markup = /[<&]/g;
  const open: Tag[] = [];
  /** The start of each open tag in the source. */
  const begins: number[] = [];
  let length = 0;
  let runStart = 0;
  let hasSurrogate = false;

  const report = (decoded: string, start: number, end: number) => {
    length += decoded.length;
    visitor.text(decoded, start, end);
  };
  const reportRun = (end: number) => {
    if (end > runStart) {
      report(html.slice(runStart, end), runStart, end);
    }
  };

  for (let found = markup.exec(html); found !== null; found = markup.exec(html)) {
    const begin = found.index;
    if (html.charCodeAt(begin) === 0x26) {
      const reference = decodeReference(html, begin);
      if (reference === undefined) {
        continue;
      }
      reportRun(begin);
      hasSurrogate ||= isSurrogate(reference.code);
      report(characterOf(reference.code), begin, reference.end);
      runStart = reference.end;
    } else {
      reportRun(begin);
      if (html.charCodeAt(begin + 1) === SLASH) {
        const closing = open.at(-1);
        runStart = readEndTag(html, begin, closing);
        open.pop();
        begins.pop();
        if (closing !== undefined) {
          visitor.close(closing, runStart);
        }
      } else {
        const { tag, end } = readStartTag(html, begin, length);
        open.push(tag);
        begins.push(begin);
        runStart = end;
        visitor.open(tag, begin);
      }
    }
    markup.lastIndex = runStart;
  }
  reportRun(html.length);

  const unclosed = open.at(-1);
  if (unclosed !== undefined) {
    // Telegram's error has no position; ours has one, so that the author finds the tag.
    const byteOffset = Buffer.byteLength(html.slice(0, begins.at(-1)));
    throw new TelegramHtmlError(
      `Can't find end tag corresponding to start tag "${unclosed.name}"`,
      byteOffset,
    );
  }
  if (hasSurrogate) {
    throw new TelegramHtmlError(INVALID_UNICODE);
  }
}
