/** What is kept of a start's bundles: used only where building them again would give the same. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { placeBundles } from '../../local/kept-bundles.ts';

let folder: string;
let kept: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-bundles-'));
  kept = join(folder, 'kept');
  await write('main.js', "import { word } from './word.js';\nconsole.log(word);\n");
  await write('word.js', "export const word = 'first';\n");
});
afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text);
  // What changes after a build has begun is not kept: files may have times in whole milliseconds.
  await sleep(5);
}

let starts = 0;

/** The bundle of a start, which has a folder of its own. */
async function start(define: Record<string, string> = {}): Promise<string> {
  starts += 1;
  const outdir = join(folder, `start-${starts}`);
  const options = {
    absWorkingDir: folder,
    entryPoints: [join(folder, 'main.js')],
    bundle: true,
    define,
    logLevel: 'silent' as const,
  };
  await placeBundles({ ...options, outdir }, kept);
  return readFile(join(outdir, 'main.js'), 'utf8');
}

/** Marks the bundles that are kept, to know them again. */
async function mark(): Promise<void> {
  for (const name of await readdir(kept, { recursive: true }))
    if (name.endsWith('main.js')) await writeFile(join(kept, name), '// kept');
}

test('nothing has changed: the bundles of the start before', async () => {
  expect(await start()).toContain('first');
  await mark();
  expect(await start()).toBe('// kept');
});

test.each([
  ['a module', () => write('word.js', "export const word = 'second';\n"), /second/],
  ['the lock file', () => write('package-lock.json', '{}'), /first/],
  ['the settings of TypeScript', () => write('tsconfig.json', '{}'), /first/],
])('%s has changed: new bundles, which are kept then', async (_, change, expected) => {
  await start();
  await mark();
  await change();
  expect(await start()).toMatch(expected);
  await mark();
  expect(await start()).toBe('// kept');
});

test('a module is gone: as without anything kept', async () => {
  await start();
  await rm(join(folder, 'word.js'));
  await expect(start()).rejects.toThrow('Could not resolve "./word.js"');
});

test('other options: new bundles', async () => {
  await start();
  await mark();
  expect(await start({ word: '"given"' })).not.toBe('// kept');
});

test('only the latest bundles are kept', async () => {
  await start();
  await write('word.js', "export const word = 'second';\n");
  await start();
  expect((await readdir(kept)).toSorted()).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), 'inputs.json']);
});

test('nothing can be kept: new bundles each time', async () => {
  await writeFile(kept, 'a file where the folder would be');
  expect(await start()).toContain('first');
  expect(await start()).toContain('first');
});
