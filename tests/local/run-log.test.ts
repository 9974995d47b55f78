/** The log of a run, and what it says when it stops. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { expect, test } from '@jest/globals';
import { endOfLog, logPathOf, openLog } from '../../local/run-log.ts';
import { goodbye } from '../../local/welcome.ts';

test('npm ci takes node_modules away under a run: its log is beside its data, or with the temporary files', () => {
  expect(logPathOf({ dataDirectory: '/repository/.local', apiPort: 3000 })).toBe(
    '/repository/.local/run-3000.log',
  );
  expect(logPathOf({ apiPort: 4000 })).toBe(join(tmpdir(), 'passweb-telegram-4000.log'));
});

test('it is begun anew in a folder that is made, the former one is kept, and its end is shown', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'run-log-'));
  const path = join(directory, 'data', 'run-3000.log');
  for (const text of ['of the first run', 'of the run before', `${'x'.repeat(3_000)}last`])
    await finished((await openLog(path)).log.end(text));
  expect(await readFile(path, 'utf8')).not.toContain('of the');
  expect(await readFile(join(directory, 'data', 'run-3000.previous.log'), 'utf8')).toBe('of the run before');
  expect(await endOfLog(path)).toBe(`The end of ${path}:\n\n${'x'.repeat(1_996)}last`);
  await rm(directory, { recursive: true });
});

test('a log that somebody has deleted ends no run', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'run-log-'));
  const { path, log } = await openLog(join(directory, 'run-3000.log'));
  await finished(log.end('text'));
  await rm(directory, { recursive: true });
  expect(await endOfLog(path)).toBe(`Its log ${path} can't be read.`);
});

test('where the log can not be written, it is in a file of its own, and nothing of another run is shown as its end', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'run-log-'));
  const file = join(directory, 'a-file');
  await writeFile(file, 'of another run');
  const { path, log } = await openLog(join(file, 'run-3000.log'));
  await finished(log.end('text'));
  expect(path).toMatch(/run-3000\.log$/);
  expect(await endOfLog(path)).toBe(`The end of ${path}:\n\ntext`);
  for (const made of [directory, dirname(path)]) await rm(made, { recursive: true });
});

test('Ctrl-C: the run says that it has stopped, and where the data is', () => {
  const dataDirectory = join(process.cwd(), '.local', 'port-4200');
  expect(goodbye({ dataDirectory })).toBe('\nStopped. The data stays in .local/port-4200.');
  expect(goodbye({})).toBe('\nStopped. Its data was in memory only.');
  // Before it was ready.
  expect(goodbye(undefined)).toBe('\nStopped.');
});
