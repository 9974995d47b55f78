/** What is deployed may be deployed: the licence of everything that production depends on. */
import { expect, test } from '@jest/globals';
import { fromRegistry, nameAt, readLockFile } from './lock-file.ts';

/** SPDX ids, and why each may be in what we deploy. */
const ALLOWED = new Map([
  ['MIT', 'asks for its notice in copies that are handed on'],
  ['ISC', 'as MIT, in fewer words'],
  ['0BSD', 'asks for nothing'],
  ['BSD-2-Clause', 'as MIT'],
  ['BlueOak-1.0.0', 'as MIT, and grants the patents; a link to the licence is enough of a notice'],
  [
    'Apache-2.0',
    'as MIT, and grants the patents; a changed file has to say that it was changed: we change none',
  ],
]);

test('every production dependency, and what it depends on, has a licence that we know and may use', async () => {
  const production = fromRegistry(await readLockFile()).filter(
    ([, { dev, devOptional }]) => !dev && !devOptional,
  );
  expect(production.length).toBeGreaterThan(10);
  const unknown = production
    .filter(([, { license = '' }]) => !ALLOWED.has(license))
    .map(
      ([place, { version, license = 'no licence' }]) =>
        `${nameAt(place)}@${version} has ${license}: read it, and add it to ALLOWED with the reason, or take another package.`,
    );
  expect(unknown).toEqual([]);
});
