/** The folder with the data of a run. Only one run at a time can use it, since its databases can't be shared. */
import { existsSync } from 'node:fs';
import { access, constants, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
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

/** The data is damaged, or this user may not read or write it. */
export function unreadable(directory: string, cause: unknown): StartError {
  const { message: reason = String(cause) } = cause as { message?: string };
  return new StartError(
    `The data in ${directory} can't be used: ${reason}\n` +
      'Delete that folder to begin anew, or choose another one: LOCAL_DATA=FOLDER npm start',
    { cause },
  );
}
