/** Writes the lines of a file that were refused, and why, for a spreadsheet. */
import { type FileHandle, open, rm } from 'node:fs/promises';

export interface RefusedLine {
  line: number;
  userId: string;
  reason: string;
  detail: string;
}

/** A file that is made with its first line. */
export class RefusedFile {
  readonly path: string;
  readonly #separator: string;
  #file: FileHandle | undefined;

  constructor(path: string, separator: string) {
    this.path = path;
    this.#separator = separator;
  }

  /** Removes the file of an earlier run. */
  remove(): Promise<void> {
    return rm(this.path, { force: true });
  }

  async add(lines: RefusedLine[]): Promise<void> {
    if (lines.length === 0) return;
    if (!this.#file) {
      this.#file = await open(this.path, 'w');
      // The byte order mark tells Excel that this is UTF-8.
      await this.#file.write(`\uFEFF${this.#rowOf(['line', 'userId', 'reason', 'detail'])}`);
    }
    const rows = lines.map(({ line, userId, reason, detail }) => [String(line), userId, reason, detail]);
    await this.#file.write(rows.map((row) => this.#rowOf(row)).join(''));
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  #rowOf(cells: string[]): string {
    return `${cells.map(cellOf).join(this.#separator)}\r\n`;
  }
}

/** A spreadsheet runs a cell that begins like a formula; after an apostrophe it is text. */
function cellOf(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[";,\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
