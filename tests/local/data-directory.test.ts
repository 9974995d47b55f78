import { randomBytes } from 'node:crypto';
import { mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  ListTablesCommand,
  PutItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
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

/** Every file of the tables with its content, but for what the database logs and locks. */
async function tableFiles(): Promise<[string, string][]> {
  const names = (await readdir(join(folder, 'dynamodb'))).filter((name) => !/^LO(G|CK)/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, 'dynamodb', name), 'base64')]),
  ) as Promise<[string, string][]>;
}

/** Writes rubbish over the middle of the only table file with this ending. */
async function damage(ending: string): Promise<void> {
  const names = (await readdir(join(folder, 'dynamodb'))).filter((name) => name.endsWith(ending));
  expect(names).toHaveLength(1);
  const file = await open(join(folder, 'dynamodb', names[0] ?? ''), 'r+');
  await file.write(Buffer.alloc(9_000, 0xaa), 0, 9_000, 3_000);
  await file.close();
}

async function fill(): Promise<void> {
  await claimDataDirectory(folder);
  const { dynamodb, close } = await startedIn(folder);
  const TableName = 'filled';
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 10, minDelay: 0.02 }, { TableName });
  // Half of it can be compressed: the file is large, and damage is noticed where it is unpacked.
  for (let id = 0; id < 40; id += 1) {
    const Item = {
      id: { S: String(id) },
      content: { B: Buffer.concat([randomBytes(500), Buffer.alloc(500)]) },
    };
    await dynamodb.send(new PutItemCommand({ TableName, Item }));
  }
  await close();
}

test.each([
  ['.log', 0],
  ['.ldb', 1],
])(
  'damage inside a %s of the tables is named, and nothing of it is thrown away',
  async (ending, openedBefore) => {
    await fill();
    // Opened once more, the log becomes a table.
    for (let time = 0; time < openedBefore; time += 1) await claimDataDirectory(folder);
    await damage(ending);
    const before = await tableFiles();
    await expect(claimDataDirectory(folder)).rejects.toThrow(
      /can't be used: [\s\S]*Delete that folder to begin anew/,
    );
    expect(await tableFiles()).toEqual(before);
    expect(await readdir(folder)).toEqual(['dynamodb', 'sqs']);
  },
);

test('what an ended process has not finished writing is no damage', async () => {
  await fill();
  const [log = ''] = (await readdir(join(folder, 'dynamodb'))).filter((name) => name.endsWith('.log'));
  await truncate(join(folder, 'dynamodb', log), 20_000);
  expect(await claimDataDirectory(folder)).toBe(folder);
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
