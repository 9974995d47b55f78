/** The commands of a page: its blocks of shell, with the section in which they stand. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './machine.ts';

export interface Block {
  /** For example `docs/deploy.md:57`. */
  place: string;
  /** The title of the section. */
  section: string;
  text: string;
}

/** How a command of our pages begins. Other indented blocks are requests, JSON, YAML, or folders. */
const COMMAND =
  /^(?:aws|npm|npx|git|curl|export|read|printf|for|while|ls|: "|# \w+(?: \w+)?: |[a-z]+\(\)|[A-Z_]+\+?=|query|lanes?|oldest|drain) ?/;

/** Languages of fenced blocks that are commands. */
const SHELL = /^(?:sh|shell|bash)$/;

/** @param path from the root of the repository. */
export async function readBlocks(path: string): Promise<Block[]> {
  return blocksOf(path, await readFile(join(ROOT, path), 'utf8'));
}

export function blocksOf(path: string, page: string): Block[] {
  const lines = page.split('\n');
  const blocks: Block[] = [];
  let section = '';
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    section = /^#+ (.+)/.exec(line)?.[1] ?? section;
    const end = endOfBlock(lines, index);
    if (end === undefined) continue;
    const block = { place: `${path}:${index + 1}`, section };
    if (isFence(line)) {
      const inside = lines.slice(index + 1, end);
      if (SHELL.test(line.trim().slice(3))) blocks.push({ ...block, text: outdent(inside) });
      index = end;
    } else {
      const text = outdent(lines.slice(index, end));
      if (COMMAND.test(text)) blocks.push({ ...block, text });
      index = end - 1;
    }
  }
  return blocks;
}

const isFence = (line: string) => /^ *```/.test(line);
const isIndented = (line: string) => /^ {4}/.test(line);

/** Where the block that begins here ends; `undefined` if none begins. */
function endOfBlock(lines: string[], start: number): number | undefined {
  const line = lines[start] ?? '';
  if (isFence(line)) {
    const close = lines.findIndex((later, index) => index > start && isFence(later));
    return close === -1 ? lines.length : close;
  }
  const begins = isIndented(line) && (lines[start - 1] ?? '').trim() === '';
  if (!begins) return undefined;
  let end = start;
  // Empty lines belong to the block if indented ones follow.
  for (let index = start; isIndented(lines[index] ?? '') || lines[index]?.trim() === ''; index++)
    if (isIndented(lines[index] ?? '')) end = index + 1;
  return end;
}

function outdent(lines: string[]): string {
  const filled = lines.filter((line) => line.trim() !== '');
  const width = Math.min(...filled.map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(width)).join('\n');
}
