import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { claimDataDirectory } from '../../local/data-directory.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../local/embedded-aws.ts';

let folder: string;
let aws: EmbeddedAws | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-directory-'));
});
afterEach(async () => {
  await aws?.close();
  aws = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function startedIn(dataDirectory: string): Promise<EmbeddedAws> {
  const started = await startEmbeddedAws({ region: 'eu-south-1', dataDirectory });
  await started.dynamodb.send(new ListTablesCommand({}));
  return started;
}

test('a folder that is not there is made', async () => {
  const deep = join(folder, 'not', 'there');
  expect(await claimDataDirectory(deep)).toBe(deep);
});

test('what another run has is left to it', async () => {
  await claimDataDirectory(folder);
  aws = await startedIn(folder);
  const other = join(folder, 'port-4000');
  expect(await claimDataDirectory(folder, other)).toBe(other);
  await expect(claimDataDirectory(folder)).rejects.toThrow(`The data in ${folder} is in use by another run.`);
});

test('a run that got a folder of its own finds its data there again, whichever run starts first', async () => {
  aws = await startedIn(await claimDataDirectory(folder, join(folder, 'port-3000')));
  const second = join(folder, 'port-4200');
  await claimDataDirectory(folder, second);
  await aws.close();
  expect(await claimDataDirectory(folder, second)).toBe(second);
  expect(await claimDataDirectory(folder, join(folder, 'port-3000'))).toBe(folder);
});

test('the folder that is proposed is one that git, and so Biome, leaves alone', async () => {
  aws = await startedIn(folder);
  const error = await claimDataDirectory(folder).catch((caught: unknown) => caught);
  const [, proposed = ''] = String(error).match(/LOCAL_DATA=(\S+) npm start/) ?? [];
  const ignored = (await readFile('.gitignore', 'utf8')).split('\n').filter((line) => line.endsWith('/'));
  expect(ignored.some((directory) => proposed.startsWith(directory))).toBe(true);
});

test('damaged tables are named, with what to do', async () => {
  await claimDataDirectory(folder);
  await writeFile(join(folder, 'dynamodb', 'CURRENT'), 'x');
  await expect(claimDataDirectory(folder)).rejects.toThrow(
    /can't be used: [\s\S]*Delete that folder to begin anew/,
  );
});

test('damaged queues are named, with what to do', async () => {
  await claimDataDirectory(folder);
  await (await startedIn(folder)).close();
  await writeFile(join(folder, 'sqs', 'fauxqs.db'), 'not a database at all'.repeat(100));
  await expect(startedIn(folder)).rejects.toThrow(/can't be used: [\s\S]*Delete that folder to begin anew/);
});

test('a folder that can not be made is named', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(claimDataDirectory(join(file, 'below'))).rejects.toThrow(/can't be made or written \(E/);
});
