/** What is deployed is what production depends on: nothing slips into a bundle because it is installed for development. */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { buildFunctions } from '../../scripts/build.ts';
import { readLockFile } from './lock-file.ts';

/** The package that a bundled file is of, by its place in the lock file. */
function placeOf(path: string): string | undefined {
  return path.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/)?.[1];
}

test('the bundles hold production dependencies alone', async () => {
  const lock = await readLockFile();
  const folder = join(tmpdir(), `bundles-${process.pid}`);
  const { inputs } = await buildFunctions(folder);
  await rm(folder, { recursive: true });
  const places = new Set(Object.keys(inputs).flatMap((path) => placeOf(path) ?? []));
  expect(places).toContain('node_modules/telegraf');
  const forDevelopment = [...places].filter((place) => {
    const locked = lock.get(place);
    return !locked || locked.dev || locked.devOptional;
  });
  expect(forDevelopment).toEqual([]);
});
