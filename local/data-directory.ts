/** The folder with the data of a run. Only one run at a time can use it, since its databases can't be shared. */
import { existsSync } from 'node:fs';
import { access, constants, cp, link, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, StartError } from './run.ts';

/** The tables, below the data directory. */
export const TABLES = 'dynamodb';
/** The queues. */
export const QUEUES = 'sqs';
/** The chats of the Telegram emulator. */
export const CHATS = 'telegram.json';

/** How long to wait for a run that is being stopped to close its data, in milliseconds. */
const UNLOCK_TIMEOUT = 3_000;
/** How long to wait where another folder can be used instead. */
const SHORT_UNLOCK_TIMEOUT = 500;

/** The database that dynalite uses, from the same installed package. */
interface Level {
  open(): Promise<void>;
  close(): Promise<void>;
  keys(): AsyncIterable<string>;
}
const ofDynalite = createRequire(createRequire(import.meta.url).resolve('dynalite'));
const { Level } = ofDynalite('level') as { Level: new (path: string) => Level };

/**
 * Makes sure that data can be stored: makes the folder, and opens its database once. dynalite opens it at the first
 * request only, and ends the process where that fails.
 *
 * @param ownDirectory of this run alone: used where it is there already, or where another run has the first one.
 * @returns the folder to use.
 * @throws StartError that says what is wrong with the folder, and what to do.
 */
export async function claimDataDirectory(directory: string, ownDirectory?: string): Promise<string> {
  const isFirstChoice = ownDirectory === undefined || !existsSync(ownDirectory);
  if (isFirstChoice && (await isOpened(directory, ownDirectory ? SHORT_UNLOCK_TIMEOUT : UNLOCK_TIMEOUT)))
    return directory;
  if (ownDirectory && (await isOpened(ownDirectory, UNLOCK_TIMEOUT))) return ownDirectory;
  throw new StartError(
    `The data in ${ownDirectory ?? directory} is in use by another run. Stop that one, or give this one a folder of its own: ` +
      // In a folder that git and Biome leave alone.
      'LOCAL_DATA=.local/2 npm start',
  );
}

/** @returns `false` while another process uses the data. */
async function isOpened(directory: string, timeout: number): Promise<boolean> {
  await makeWritable(directory);
  await checkAccess(directory);
  const damage = await damageOf(directory);
  if (damage) throw unreadable(directory, damage);
  for (const end = Date.now() + timeout; ; await sleep(100)) {
    const tables = new Level(join(directory, TABLES));
    try {
      await tables.open();
      await tables.close();
      return true;
    } catch (error) {
      const { cause } = error as { cause?: unknown };
      if (errorCode(cause) !== 'LEVEL_LOCKED') throw unreadable(directory, cause ?? error);
      if (Date.now() >= end) return false;
    }
  }
}

/** Makes a folder where there is none. @throws StartError if this user can't write into it. */
export async function makeWritable(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
  } catch (error) {
    throw new StartError(
      `The folder ${directory} for the data can't be made or written (${errorCode(error)}). Choose another one with ` +
        'LOCAL_DATA=FOLDER npm start, or keep nothing with LOCAL_DATA=memory npm start.',
      { cause: error },
    );
  }
}

/** @throws StartError if this user can't read and write all that is in the folder. */
async function checkAccess(directory: string): Promise<void> {
  for (const name of [TABLES, QUEUES, CHATS]) {
    const path = join(directory, name);
    const below = await readdir(path).catch(() => []);
    for (const file of [path, ...below.map((inner) => join(path, inner))]) {
      await access(file, constants.R_OK | constants.W_OK).catch((cause) => {
        if (errorCode(cause) === 'ENOENT') return;
        throw new StartError(
          `This user can't read and write ${file} (${errorCode(cause)}). Start the run as the user whose data it is, or ` +
            'choose another folder: LOCAL_DATA=FOLDER npm start',
          { cause },
        );
      });
    }
  }
}

/** How the names of copies begin. */
const COPY = 'check-';

/** So old a copy is nobody's any more, in milliseconds: a run was killed while it read it. */
const FORGOTTEN_AFTER = 3_600_000;

async function deleteFormerCopies(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (name.startsWith(COPY) && Date.now() - (await stat(path)).mtimeMs > FORGOTTEN_AFTER)
      await rm(path, { recursive: true, force: true });
  }
}

/**
 * Reads a copy of the tables once. LevelDB leaves out what is damaged and deletes the file that had it; it only says so
 * in its log.
 *
 * @returns what is damaged; `undefined` also where the tables can't be opened at all, which changes nothing.
 * @throws StartError where there is no room for the copy.
 */
async function damageOf(directory: string): Promise<unknown> {
  await deleteFormerCopies(directory);
  const copy = await mkdtemp(join(directory, COPY));
  let tables: Level | undefined;
  try {
    const source = join(directory, TABLES);
    // With the lock of the tables, what another run has at this moment is not read.
    await link(join(source, 'LOCK'), join(copy, 'LOCK')).catch(() => undefined);
    const filter = (file: string) => !['LOCK', 'LOG'].includes(basename(file));
    await cp(source, copy, { recursive: true, mode: constants.COPYFILE_FICLONE, filter });
    // It begins to open by itself.
    tables = new Level(copy);
    await tables.open();
    for await (const _ of tables.keys());
    const log = await readFile(join(copy, 'LOG'), 'utf8');
    return log.match(/dropping \d+ bytes; .*/)?.[0];
  } catch (error) {
    if (isDiskFull(error)) throw unreadable(directory, error);
    return errorCode(error) === 'LEVEL_CORRUPTION' ? error : undefined;
  } finally {
    await tables?.close();
    await rm(copy, { recursive: true });
  }
}

/** The data is damaged, or there is no room for more. */
export function unreadable(directory: string, cause: unknown): StartError {
  if (isDiskFull(cause)) return diskFull(directory, cause);
  const { message: reason = String(cause) } = cause as { message?: string };
  return new StartError(
    `The data in ${directory} can't be used: ${reason}\n` +
      'Delete that folder to begin anew, or choose another one: LOCAL_DATA=FOLDER npm start',
    { cause },
  );
}

/** Whether a file could not be written for want of room, as the system, LevelDB or SQLite (also as an I/O error) say it. */
export function isDiskFull(error: unknown): boolean {
  const { message = '', cause } = (error ?? {}) as { message?: string; cause?: unknown };
  if (/ENOSPC|EDQUOT|No space left|Disk quota exceeded|disk is full|disk I\/O error/i.test(message))
    return true;
  return cause !== undefined && isDiskFull(cause);
}

/** The run can't go on: what is kept would have gaps. */
export function diskFull(directory: string, cause: unknown): StartError {
  return new StartError(
    `The data in ${directory} can't be written: the disk is full, or fails. Make room and start the run again, or choose ` +
      'another folder: LOCAL_DATA=FOLDER npm start. What is there stays as it is.',
    { cause },
  );
}
