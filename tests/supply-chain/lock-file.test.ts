/** `npm ci` installs the same everywhere: the lock file has what every platform needs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import {
  fromRegistry,
  type LockedPackage,
  type LockFile,
  nameAt,
  readLockFile,
  resolveFrom,
} from './lock-file.ts';

/** Where the project is worked on and deployed from. */
const PLATFORMS = [
  { os: 'linux', cpu: 'x64' },
  { os: 'linux', cpu: 'arm64' },
  { os: 'darwin', cpu: 'x64' },
  { os: 'darwin', cpu: 'arm64' },
  { os: 'win32', cpu: 'x64' },
];

/** A native tool, and the packages of which npm installs the one that fits the machine. */
interface Family {
  name: string;
  members: LockedPackage[];
}

let lock: LockFile;
beforeAll(async () => {
  lock = await readLockFile();
});

function familiesIn(lockFile: LockFile): Family[] {
  const families = fromRegistry(lockFile).map(([place, { optionalDependencies = {} }]) => ({
    name: nameAt(place),
    members: Object.keys(optionalDependencies)
      .map((name) => resolveFrom(lockFile, place, name))
      .filter((member) => member?.os !== undefined && member.cpu !== undefined) as LockedPackage[],
  }));
  return families.filter(({ members }) => members.length > 1);
}

test('nothing is missing that is optional somewhere', () => {
  const missing = fromRegistry(lock).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !resolveFrom(lock, place, name))
      .map((name) => `${nameAt(place)} wants ${name}: make the lock file anew as docs/dependencies.md says.`),
  );
  expect(missing).toEqual([]);
});

test.each(PLATFORMS)('every native tool has its package for $os $cpu', ({ os, cpu }) => {
  const families = familiesIn(lock);
  // Those that the project can't do without: if these are not found, this test looks at nothing.
  expect(families.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['@biomejs/biome', '@swc/core', 'esbuild', 'typescript', 'unrs-resolver']),
  );
  const without = families.filter(
    ({ members }) => !members.some((member) => member.os?.includes(os) && member.cpu?.includes(cpu)),
  );
  expect(without.map(({ name }) => name)).toEqual([]);
});

test('each package is pinned by its checksum', () => {
  const unpinned = fromRegistry(lock).filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'));
  expect(unpinned.map(([place]) => place)).toEqual([]);
});

test('npm 12 runs the install scripts that are needed, and each of the others was decided upon', async () => {
  const manifest = await readFile(join(process.cwd(), 'package.json'), 'utf8');
  const { allowScripts } = JSON.parse(manifest) as { allowScripts: Record<string, boolean> };
  const withScript = fromRegistry(lock).filter(([, { hasInstallScript }]) => hasInstallScript);
  const names = new Set(withScript.map(([place]) => nameAt(place)));
  expect(Object.keys(allowScripts).sort()).toEqual([...names].sort());
  // By its name, without a version: a lock file without the addresses of packages can't pin it.
  expect(allowScripts.node).toBe(true);
});
