import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';

/** For what is written into the checkout: ends this process with a sentence where that can't be written. */
export async function requireWritableCheckout(): Promise<void> {
  const root = join(import.meta.dirname, '..');
  try {
    await access(root, constants.W_OK);
  } catch {
    console.error(
      `This user can't write into ${root}, where packages and tests are made. Work in a copy: git clone ${root} COPY`,
    );
    process.exit(1);
  }
}
