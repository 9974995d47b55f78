/** Tests in a browser. Without a browser they are skipped, with a message; in CI that is a failure. */
import { describe, test } from '@jest/globals';
import { findChromium } from '../../scripts/chromium.ts';

const isThere = findChromium() !== undefined;

if (!isThere) {
  const missing = 'No Chromium was found: set CHROMIUM_PATH to one.';
  if (process.env.CI !== undefined) throw new Error(missing);
  console.warn(`${missing} The tests in a browser are left out.`);
}

export const describeWithBrowser = isThere ? describe : describe.skip;
export const testWithBrowser = isThere ? test : test.skip;
