/** The file with everything that a run prints. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Run } from './run.ts';

/** How much of it is shown after an unknown error, in UTF-16 units. */
const SHOWN = 2_000;

/**
 * Where the log of a run is: beside its data. Not in node_modules: `npm ci` takes that away, also while a run is on.
 *
 * @param run without a data directory nothing is kept: the log is in the folder for temporary files.
 */
export function logPathOf({ dataDirectory, apiPort }: Pick<Run, 'dataDirectory' | 'apiPort'>): string {
  return dataDirectory
    ? join(dataDirectory, `run-${apiPort}.log`)
    : join(tmpdir(), `passweb-telegram-${apiPort}.log`);
}

/** Begins the log anew. A run goes on where it can't be written. */
export async function openLog(path: string): Promise<WriteStream> {
  // Where the folder can't be made, the run says so itself (data-directory.ts).
  await mkdir(dirname(path), { recursive: true }).catch(() => undefined);
  return createWriteStream(path).on('error', () => undefined);
}

/** The end of the log, as it is shown to a person; that it is gone, if somebody has deleted it. */
export async function endOfLog(path: string): Promise<string> {
  try {
    return `The end of ${path}:\n\n${(await readFile(path, 'utf8')).slice(-SHOWN)}`;
  } catch {
    return `Its log ${path} can't be read.`;
  }
}
