/** What is deployed is what production depends on: nothing slips into a bundle because it is installed for development. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildFunctions } from '../../scripts/build.ts';
import { readLockFile } from './lock-file.ts';

/** The package that a bundled file is of, by its place in the lock file. */
function placeOf(path: string): string | undefined {
  return path.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/)?.[1];
}

const folder = join(tmpdir(), `bundles-${process.pid}`);
let inputs: Record<string, unknown>;
beforeAll(async () => {
  ({ inputs } = await buildFunctions(folder));
});
afterAll(() => rm(folder, { recursive: true }));

test('the bundles hold production dependencies alone', async () => {
  const lock = await readLockFile();
  const places = new Set(Object.keys(inputs).flatMap((path) => placeOf(path) ?? []));
  expect(places).toContain('node_modules/telegraf');
  const forDevelopment = [...places].filter((place) => {
    const locked = lock.get(place);
    return !locked || locked.dev || locked.devOptional;
  });
  expect(forDevelopment).toEqual([]);
});

test('a function looks for credentials in its environment alone, where Lambda puts them', () => {
  const providers = [...new Set(Object.keys(inputs).flatMap((path) => placeOf(path) ?? []))].filter((place) =>
    /credential-provider|token-providers|nested-clients/.test(place),
  );
  expect(providers).toEqual(['node_modules/@aws-sdk/credential-provider-env']);
});

test('what is said of the routes is in no bundle, but for the document itself', async () => {
  expect(Object.keys(inputs)).toContain('functions/users.ts');
  expect(Object.keys(inputs).filter((path) => /\.docs\.ts$|^lib\/openapi\//.test(path))).toEqual([]);
  const files = await readdir(folder);
  const bundles = await Promise.all(
    files.map(async (file) => [file, await readFile(join(folder, file), 'utf8')]),
  );
  const telling = bundles.filter(([, code]) =>
    code?.includes('Make a link with which a user links Telegram'),
  );
  expect(telling.map(([file]) => file)).toEqual(['openapi.mjs']);
});
