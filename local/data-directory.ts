/** The folder where a run keeps its data. One run at a time: its databases can't be shared. */
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, StartError } from './run.ts';

/** Where the tables are, below the data directory. */
export const TABLES = 'dynamodb';
/** Where the queues are. */
export const QUEUES = 'sqs';
/** The chats of the Telegram emulator. */
export const CHATS = 'telegram.json';

/** A run that was just stopped needs a moment to let go of its data. Milliseconds. */
const PATIENCE = 3_000;
/** Less of it where there is another folder to go to. */
const SHORT_PATIENCE = 500;

/** The database under dynalite: the same copy of it, wherever it is installed. */
interface Level {
  open(): Promise<void>;
  close(): Promise<void>;
}
const ofDynalite = createRequire(createRequire(import.meta.url).resolve('dynalite'));
const { Level } = ofDynalite('level') as { Level: new (path: string) => Level };

/**
 * Makes sure that data can be kept here: makes the folder, and opens what is in it once. dynalite does neither before its
 * first request, and then ends the process.
 *
 * @param otherDirectory taken when another run has the first one.
 * @returns the folder to use.
 * @throws StartError that says what is wrong with the folder, and what to do.
 */
export async function claimDataDirectory(directory: string, otherDirectory?: string): Promise<string> {
  if (await isOpened(directory, otherDirectory ? SHORT_PATIENCE : PATIENCE)) return directory;
  if (otherDirectory && (await isOpened(otherDirectory, PATIENCE))) return otherDirectory;
  throw new StartError(
    `The data in ${otherDirectory ?? directory} is in use by another run. Stop that one, or give this one a folder of its own: ` +
      'LOCAL_DATA=.local-2 npm start',
  );
}

/** False while another process has the data. */
async function isOpened(directory: string, patience: number): Promise<boolean> {
  await makeWritable(directory);
  for (const end = Date.now() + patience; ; await sleep(100)) {
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

async function makeWritable(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    throw new StartError(
      `The folder ${directory} for the data can't be made (${errorCode(error)}). Choose another one with ` +
        'LOCAL_DATA=FOLDER npm start, or keep nothing with LOCAL_DATA=memory npm start.',
      { cause: error },
    );
  }
}

/** What is kept there was damaged, or this user may not read or write it. */
export function unreadable(directory: string, cause: unknown): StartError {
  const { message: reason = String(cause) } = cause as { message?: string };
  return new StartError(
    `The data in ${directory} can't be used: ${reason}\n` +
      'Delete that folder to begin anew, or choose another one: LOCAL_DATA=FOLDER npm start',
    { cause },
  );
}
