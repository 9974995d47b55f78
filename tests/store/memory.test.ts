/** What a warm function keeps in memory has a bound, however many shops it serves and whatever strangers send. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

test('5,000 shops, shops that use all they may, strangers, templates: the caches stay within 80 MB', async () => {
  const script = join(import.meta.dirname, 'memory-once.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script]);
  // MB that each of them added. What pushes out what was there before makes room.
  const { sites, largeSites, strangers, templates, shortTemplates, formats, schemas } = JSON.parse(stdout);
  expect(sites).toBeLessThan(40);
  expect(sites + largeSites).toBeLessThan(40);
  expect(strangers).toBeLessThan(5);
  expect(templates).toBeLessThan(20);
  expect(templates + shortTemplates).toBeLessThan(20);
  expect(formats).toBeLessThan(10);
  expect(schemas).toBeLessThan(10);
}, 120_000);
