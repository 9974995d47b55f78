/** The file with everything that a run prints. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { errorCode, type Run } from './run.ts';

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

/**
 * Begins the log anew, and keeps that of the run before beside it. A run goes on where it can't be written later.
 *
 * @returns a new file among the temporary ones where this one can't be written, such as another user's.
 */
export async function openLog(path: string): Promise<{ path: string; log: WriteStream }> {
  const usable = await begunAnew(path).catch(async () =>
    join(await mkdtemp(join(tmpdir(), 'passweb-telegram-')), basename(path)),
  );
  return { path: usable, log: createWriteStream(usable).on('error', () => undefined) };
}

async function begunAnew(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await rename(path, path.replace(/\.log$/, '.previous.log')).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
  });
  await writeFile(path, '');
  return path;
}

/** The end of the log, as it is shown to a person; that it is gone, if somebody has deleted it. */
export async function endOfLog(path: string): Promise<string> {
  try {
    return `The end of ${path}:\n\n${(await readFile(path, 'utf8')).slice(-SHOWN)}`;
  } catch {
    return `Its log ${path} can't be read.`;
  }
}
