import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode, StartError } from './run.ts';

/** A new folder among the temporary ones. @throws StartError where there can't be one. */
export async function makeTemporaryFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), 'passweb-telegram-'));
  } catch (cause) {
    throw new StartError(
      `The run needs a temporary folder, and ${tmpdir()} can't be written (${errorCode(cause)}). Choose another one with ` +
        'TMPDIR=FOLDER npm start.',
      { cause },
    );
  }
}
