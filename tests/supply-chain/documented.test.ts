/** docs/dependencies.md says of every dependency what it is for, and of no other. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';

type Manifest = { dependencies?: Record<string, string>; devDependencies?: Record<string, string> };

const read = (path: string) => readFile(join(process.cwd(), path), 'utf8');
const readManifest = async (folder: string) =>
  JSON.parse(await read(join(folder, 'package.json'))) as Manifest;

let sections: Map<string, string>;
beforeAll(async () => {
  const [, ...parts] = (await read('docs/dependencies.md')).split(/^## /m);
  sections = new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part]));
});

/** The names in the first column of a section's table. */
function namesIn(section: string): string[] {
  const rows = [...(sections.get(section) ?? '').matchAll(/^\| (.*?) \|/gm)];
  return rows.flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}

test('production dependencies', async () => {
  const { dependencies = {} } = await readManifest('.');
  expect(namesIn('Production').sort()).toEqual(Object.keys(dependencies).sort());
});

test('development dependencies', async () => {
  const { devDependencies = {} } = await readManifest('.');
  const { devDependencies: ofTools = {} } = await readManifest('tools/openapi-types');
  const names = new Set([...Object.keys(devDependencies), ...Object.keys(ofTools)]);
  // Where it lies, beside what it is.
  const documented = namesIn('Development').filter((name) => name !== 'tools/openapi-types');
  expect(documented.sort()).toEqual([...names].sort());
});

test('packages of the rehearsal', async () => {
  const requirements = await readFile(join(process.cwd(), 'rehearsal/requirements.txt'), 'utf8');
  const names = [...requirements.matchAll(/^([\w-]+)==/gm)].map(([, name]) => name);
  expect(namesIn('Of the rehearsal').sort()).toEqual(names.sort());
});
