/** The terminal in which the commands of the pages are run: what a block sets is there for the next ones, as in bash. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Shell } from '../../rehearsal/shell.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shell-'));
});

afterAll(() => rm(folder, { recursive: true }));

const newShell = (name: string) => new Shell({ cwd: folder, env: process.env, state: join(folder, name) });

test('variables, arrays and functions of a block are there in the next one', async () => {
  const shell = newShell('kept');
  await shell.run(`HASH=5f75
PARAMETERS=(--param="platformKeySha256=$HASH" --param="alarmEmail=a b@bottega.example")
show() { printf '<%s>' "$@"; }`);
  await shell.run('PARAMETERS+=(--param="eventQueues=no")');
  const { out } = await shell.run(`show "\${PARAMETERS[@]}" --force`);
  expect(out).toBe(
    '<--param=platformKeySha256=5f75><--param=alarmEmail=a b@bottega.example><--param=eventQueues=no><--force>',
  );
});

test('a command that fails in the middle of a block fails the block', async () => {
  await expect(newShell('fails').run('true\nfalse\ntrue')).rejects.toThrow(/failed: false \(1\)/);
});
