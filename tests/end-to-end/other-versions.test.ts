/** LOCAL_DATA of an earlier or a newer version of the project, or with broken files. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { claimDataDirectory } from '../../local/data-directory.ts';
import { DEMO_BOT_TOKEN_KEY, demoSite } from '../../local/demo.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../local/embedded-aws.ts';
import { createResources } from '../../local/resources.ts';
import { type LocalRun, sample, spawnRun, startRun } from '../support/local-run.ts';
import { packagedResources } from '../support/package.ts';

const REGION = 'eu-south-1';

let folder: string;
let run: LocalRun | undefined;
beforeEach(async () => {
  process.env.BOT_TOKEN_KEY = DEMO_BOT_TOKEN_KEY;
  folder = await claimDataDirectory(await mkdtemp(join(tmpdir(), 'other-versions-')));
});
afterEach(async () => {
  await run?.stop();
  run = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function inFolder(fill: (aws: EmbeddedAws) => Promise<unknown>): Promise<void> {
  const aws = await startEmbeddedAws({ region: REGION, dataDirectory: folder });
  try {
    await fill(aws);
  } finally {
    await aws.close();
  }
}

/** Puts items into the tables of the stage `local`, as another version has left them. */
function leave(items: [table: string, item: object][]): Promise<void> {
  return inFolder(async (aws) => {
    const resources = JSON.parse(
      JSON.stringify(await packagedResources()).replaceAll(
        'passweb-telegram-test-',
        'passweb-telegram-local-',
      ),
    );
    await createResources(resources, aws);
    const tables = DynamoDBDocumentClient.from(aws.dynamodb, {
      marshallOptions: { removeUndefinedValues: true },
    });
    for (const [table, Item] of items)
      await tables.send(new PutCommand({ TableName: `passweb-telegram-local-${table}`, Item }));
  });
}

async function arrives(event: string): Promise<string> {
  run = await startRun({ environment: { LOCAL_DATA: folder } });
  const { status } = await run.report(event, await sample(event));
  expect(status).toBe(202);
  return (await run.messagesOnce(1001, 1))[0]?.text ?? '';
}

const call = async (path: string, init: RequestInit = {}) => {
  const headers = { authorization: 'Bearer pwtg_demo', 'content-type': 'application/json' };
  const answer = await fetch(`${run?.api}/v1/sites/demo${path}`, { ...init, headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

const TEMPLATE = { id: 'mio', name: 'Mio', event: 'order-status', enabled: true, statuses: ['Confermato'] };

/** The shapes are those of the first local/demo.ts. */
test('a site, people and a template of the first version: an event arrives, and all can be read and changed', async () => {
  const { merchantContact: _, ...site } = demoSite();
  const anna = { firstName: 'Anna', lastName: 'Rossi', language: 'it', linkedAt: '2026-01-01T00:00:00.000Z' };
  await leave([
    ['sites', { ...site, templates: [{ ...TEMPLATE, text: { it: 'Vecchio {{siglaDocumento}}' } }] }],
    ['users', { siteId: 'demo', userId: 'anna', chatId: 1001, siteChat: 'demo#1001', ...anna }],
  ]);
  const { order } = (await sample('order-status')) as unknown as { order: { reference: string } };
  expect(await arrives('order-status')).toBe(`Vecchio ${order.reference}`);
  expect(await call('/users/anna')).toMatchObject({ status: 200, body: { linked: true } });
  expect(await call('/templates/mio')).toMatchObject({ status: 200, body: { name: 'Mio' } });
  const { id: _id, ...template } = TEMPLATE;
  const body = JSON.stringify({ ...template, name: 'Nuovo', text: { it: 'Nuovo', en: 'New' } });
  expect(await call('/templates/mio', { method: 'PUT', body })).toMatchObject({ status: 200 });
}, 120_000);

test('what a newer version has added to sites, people and templates is left alone', async () => {
  const future = { kind: 'of a newer version' };
  await leave([
    ['sites', { ...demoSite(), future, templates: [{ ...TEMPLATE, future, text: { it: 'Uno' } }] }],
    [
      'users',
      {
        siteId: 'demo',
        userId: 'anna',
        chatId: 1001,
        siteChat: 'demo#1001',
        version: 3,
        language: 'it',
        future,
      },
    ],
  ]);
  expect(await arrives('order-status')).toBe('Uno');
  const changed = await call('', { method: 'PATCH', body: JSON.stringify({ timeZone: 'Europe/Berlin' }) });
  expect(changed).toMatchObject({ status: 200, body: { timeZone: 'Europe/Berlin' } });
  expect(await call('/templates/mio')).toMatchObject({ status: 200, body: { name: 'Mio' } });
  expect(await call('/users/anna')).toMatchObject({ status: 200, body: { linked: true } });
  const { Item } = (await run?.tables.send(
    new GetCommand({ TableName: 'passweb-telegram-local-sites', Key: { siteId: 'demo' } }),
  )) ?? { Item: undefined };
  expect(Item).toMatchObject({ future, timeZone: 'Europe/Berlin' });
}, 120_000);

describe('what can not be used is named in a sentence, and left as it is', () => {
  async function refused(): Promise<string> {
    const started = await spawnRun({ environment: { LOCAL_DATA: folder } });
    expect(await started.exited).toBe(1);
    expect(started.output).not.toContain('    at ');
    return started.output;
  }

  test.each([
    [
      'telegram.json',
      '{"version":1,',
      /\nThe chats kept in .*telegram\.json can't be read \(no JSON\): delete the file/,
    ],
    ['telegram.json', '[]', /\nThe chats in .*telegram\.json were kept by another version/],
    ['telegram.json', '{"version":2}', /\nThe chats in .*telegram\.json were kept by another version/],
    [
      'telegram.json',
      '{"version":1,"world":null,"bots":[]}',
      /\nThe chats kept in .*telegram\.json can't be read \(world\): delete the file/,
    ],
    ['dynamodb/CURRENT', 'x', /\nThe data in .* can't be used: [\s\S]*Delete that folder to begin anew/],
    ['sqs/fauxqs.db', 'no database'.repeat(100), /\nThe data in .* can't be used: [\s\S]*Delete that folder/],
    ['sqs', 'no folder', /\nThe data in .* can't be used: [\s\S]*Delete that folder/],
  ])('%s: %s', async (name, content, sentence) => {
    if (name.includes('/')) await leave([]);
    await writeFile(join(folder, name), content);
    expect(await refused()).toMatch(sentence);
    expect(await readFile(join(folder, name), 'utf8')).toBe(content);
  });

  test('a table with other keys', async () => {
    await inFolder((aws) =>
      aws.dynamodb.send(
        new CreateTableCommand({
          TableName: 'passweb-telegram-local-users',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        }),
      ),
    );
    expect(await refused()).toMatch(/\nThe table passweb-telegram-local-users was kept by another version/);
  });
});
