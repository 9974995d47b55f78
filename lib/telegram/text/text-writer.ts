import { decodeHtml } from './references.ts';
import { attributeIn, BLOCKS, type Tag } from './tags.ts';

/** A list within lists is no further to the right than this. */
const DEEPEST_LIST = 4;

/** With such a character an address goes on: also with any that is not ASCII. */
const IN_ADDRESS = /^[\w/?#&=\u00a1-\uffff-]/;

/** HTML's white space, and the no-break space, of which editors write many. */
const SPACES = /[ \t\n\r\f\u00a0]+/g;

/**
 * Writes the text of HTML as a browser's `innerText` reads it (HTML, "rendered text collection steps"): white space
 * collapses, a block has lines of its own, a paragraph a blank line around it. For a chat there is also what a browser
 * draws: marks of list items, lines between cells, the texts of images, the addresses of links.
 */
export class TextWriter {
  readonly #keepsLines: boolean;
  readonly #written: string[] = [];
  /** Line breaks before the next word, and whether there is a space. */
  #breaks = 0;
  #hasSpace = false;
  /** The line has only a no-break space: editors write an empty line so. */
  #isEmptyLine = false;
  #pre = 0;
  /** For each list that is open: the number of its next item, if it is numbered. */
  readonly #lists: { next?: number }[] = [];
  /** The mark of a list item that has no text yet. */
  #mark = '';
  readonly #row = { isWritten: false, isCellOpen: false, isCellEmpty: false, hasLines: false };
  #isAfterCell = false;
  #link: { address: string; start: number } | undefined;
  /** An address has ended: a letter right after it would be a part of it. */
  #isAfterAddress = false;

  constructor(keepsLines: boolean) {
    this.#keepsLines = keepsLines;
  }

  /** @param text decoded. */
  text(text: string): void {
    if (this.#pre > 0) {
      this.#preformatted(text);
      return;
    }
    const words = text.split(SPACES);
    const spaces = text.match(SPACES) ?? [];
    for (const [index, word] of words.entries()) {
      if (index > 0) this.#space(spaces[index - 1] ?? '');
      if (word) this.#write(word);
    }
  }

  tag(tag: Tag): void {
    const { name, isEnd, attributes } = tag;
    if (name === 'br') this.#break();
    else if (name === 'hr') this.#rule();
    else if (name === 'img') this.text(decodeHtml(attributeIn(attributes, 'alt') ?? ''));
    else if (name === 'a') this.#anchor(tag);
    else if (name === 'td' || name === 'th') this.#cell(isEnd);
    else if (name === 'ul' || name === 'ol') this.#list(tag);
    else if (BLOCKS.has(name)) this.#block(name, isEnd);
  }

  end(): string {
    this.#endLink();
    return this.#written.join('');
  }

  #preformatted(text: string): void {
    for (const [index, line] of text.split(/\r\n?|\n/).entries()) {
      if (index > 0) this.#break();
      if (line) this.#write(line);
    }
  }

  #space(spaces: string): void {
    const lines = this.#keepsLines ? spaces.split('\n').length - 1 : 0;
    for (let count = 0; count < lines; count++) this.#break();
    this.#isEmptyLine ||= spaces.includes('\u00a0') && this.#breaks > 0;
    this.#hasSpace = true;
  }

  #write(word: string): void {
    const isFirst = this.#written.length === 0;
    if (!isFirst && this.#breaks > 0) {
      this.#written.push('\n'.repeat(Math.min(this.#breaks, 2)));
      this.#row.hasLines ||= this.#row.isWritten && !this.#row.isCellEmpty;
    } else if (!isFirst && this.#isAfterCell) {
      this.#written.push(' | ');
    } else if (!isFirst && (this.#hasSpace || (this.#isAfterAddress && IN_ADDRESS.test(word)))) {
      this.#written.push(' ');
    }
    this.#isAfterAddress = false;
    this.#written.push(this.#mark + word);
    this.#mark = '';
    this.#breaks = 0;
    this.#hasSpace = false;
    this.#isEmptyLine = false;
    this.#isAfterCell = false;
    this.#row.isCellEmpty = false;
    this.#row.isWritten ||= this.#row.isCellOpen;
  }

  #break(): void {
    // The beginning of a cell is on the line of its row.
    if (this.#row.isCellOpen && this.#row.isCellEmpty) return;
    this.#breaks++;
    this.#hasSpace = false;
    this.#isEmptyLine = false;
  }

  /** At least so many line breaks come before the next word. */
  #endLine(breaks: number): void {
    if (this.#row.isCellOpen && this.#row.isCellEmpty) return;
    if (this.#isEmptyLine) this.#break();
    this.#breaks = Math.max(this.#breaks, breaks);
    this.#hasSpace = false;
  }

  #rule(): void {
    this.#endLine(1);
    this.#write('———');
    this.#endLine(1);
  }

  #block(name: string, isEnd: boolean): void {
    if (name === 'tr' || name === 'table') this.#startRow();
    const isParagraph = name === 'p' && this.#lists.length === 0;
    this.#endLine(isParagraph ? 2 : 1);
    if (name === 'pre') this.#pre = Math.max(this.#pre + (isEnd ? -1 : 1), 0);
    if (name === 'li') this.#mark = isEnd ? '' : this.#nextMark();
  }

  #list({ name, isEnd, attributes }: Tag): void {
    this.#endLine(1);
    this.#mark = '';
    if (isEnd) this.#lists.pop();
    else if (name === 'ul') this.#lists.push({});
    else this.#lists.push({ next: Number.parseInt(attributeIn(attributes, 'start') ?? '1', 10) || 1 });
  }

  #nextMark(): string {
    const list = this.#lists.at(-1);
    const indent = '  '.repeat(Math.min(Math.max(this.#lists.length - 1, 0), DEEPEST_LIST));
    return list?.next === undefined ? `${indent}• ` : `${indent}${list.next++}. `;
  }

  #startRow(): void {
    this.#endCell();
    Object.assign(this.#row, { isWritten: false, hasLines: false });
  }

  /** Cells are on one line, unless there are lines in them. */
  #cell(isEnd: boolean): void {
    this.#endCell();
    if (isEnd) return;
    const { isWritten, hasLines } = this.#row;
    if (isWritten && hasLines) this.#endLine(1);
    if (isWritten && !hasLines) {
      this.#breaks = 0;
      this.#isAfterCell = true;
    }
    Object.assign(this.#row, { isCellOpen: true, isCellEmpty: true });
  }

  /** The paragraph at the end of a cell makes no blank line in the table. */
  #endCell(): void {
    if (this.#row.isCellOpen && !this.#row.isCellEmpty) this.#breaks = Math.min(this.#breaks, 1);
    this.#row.isCellOpen = false;
  }

  #anchor({ isEnd, attributes }: Tag): void {
    this.#endLink();
    const address = isEnd ? undefined : addressOf(decodeHtml(attributeIn(attributes, 'href') ?? ''));
    if (address) this.#link = { address, start: this.#written.length };
  }

  /** Writes the address of the link that is open behind its text, unless that is the address. */
  #endLink(): void {
    if (!this.#link) return;
    const { address, start } = this.#link;
    this.#link = undefined;
    const text = this.#written.slice(start).join('').trim();
    if (isAddress(text, address)) {
      const before = this.#written[start - 1]?.at(-1) ?? ' ';
      if (IN_ADDRESS.test(before) && !/^\s/.test(this.#written[start] ?? ''))
        this.#written[start] = ` ${this.#written[start]}`;
      this.#isAfterAddress = true;
      return;
    }
    if (!text) {
      // A picture: what comes before and after it is no part of the address.
      this.#hasSpace = true;
      this.#write(address);
      this.#hasSpace = true;
      return;
    }
    const breaks = this.#breaks;
    const hasSpace = this.#hasSpace;
    this.#breaks = 0;
    this.#hasSpace = true;
    this.#write(`(${address})`);
    this.#breaks = breaks;
    this.#hasSpace = hasSpace;
  }
}

/** The address of a link as people write it; `undefined` if it leads to nowhere outside of the page. */
function addressOf(href: string): string | undefined {
  const address = href.trim().replace(/\s+/g, '%20');
  if (/^(?:https?:)?\/\/./i.test(address)) return address.replace(/^\/\//, 'https://');
  return /^(?:mailto|tel):(?<address>[^?]+)/i.exec(address)?.groups?.address;
}

/** Whether a text is an address that is found in it: `shop.example` alone is a word. */
function isAddress(text: string, address: string): boolean {
  const bare = (written: string) => written.toLowerCase().replace(/^https?:\/\/(?:www\.)?|^www\.|\/$/g, '');
  return text.includes(address) || (/^(?:https?:\/\/|www\.)/i.test(text) && bare(text) === bare(address));
}
