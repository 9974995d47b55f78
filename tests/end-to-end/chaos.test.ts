/**
 * The chaos of `npm run bench:chaos`, in small: one Telegram call in ten fails, and functions are killed in the middle of
 * a batch. The benchmark itself says what it found, and fails where anything was lost, out of order, or twice without
 * need; 2,000 notifications take it some minutes.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const run = promisify(execFile);

test('nothing is lost, nothing overtakes, nothing comes twice without need', async () => {
  const chaos = join(process.cwd(), 'bench', 'chaos.ts');
  const { stdout } = await run(process.execPath, [chaos, '160', '4', '7'], { timeout: 270_000 });

  const figure = (name: string) => Number(stdout.match(new RegExp(`^${name} +(\\d+)`, 'm'))?.[1]);
  expect(figure('calls of Telegram')).toBeGreaterThanOrEqual(160);
  expect(figure('functions killed in the middle of a batch')).toBeGreaterThan(0);
  expect(figure('lost')).toBe(0);
  expect(figure('out of order')).toBe(0);
  expect(figure('arrived twice without an answer lost or a function killed')).toBe(0);
}, 300_000);
