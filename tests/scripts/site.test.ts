/** `npm run site`, run as a process against tables of its own. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Site } from '../../lib/store/sites.ts';
import { type BotServer, startBotServer } from '../support/bot-server.ts';
import { runScript } from '../support/script.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let api: BotServer;
let readSite: (siteId: string) => Promise<Site | undefined>;
beforeAll(async () => {
  [stack, api] = await Promise.all([startStack(), startBotServer()]);
  ({ readSite } = await import('../../lib/store/sites.ts'));
});
afterAll(async () => {
  await Promise.all([stack.close(), api.close()]);
});

/** The tables of this test are those of the stage `test`. */
const site = (args: string[], input = '', environment: NodeJS.ProcessEnv = {}) =>
  runScript('site', ['--stage', 'test', ...args], input, environment);

const keyIn = (out: string) => out.match(/pwtg_[A-Za-z0-9_-]{43}/)?.[0] ?? '';
const hashOf = (key: string) => createHash('sha256').update(key).digest('hex');

test('a site from its creation to its second key', async () => {
  const created = await site([
    'create',
    'uno',
    '--name',
    'Uno',
    '--url',
    'https://uno.example',
    '--module-off',
  ]);
  expect(created).toMatchObject({ code: 0, error: '' });
  expect(created.out).toMatch(/^The site uno is there, with its module off\./);
  expect(await readSite('uno')).toMatchObject({
    name: 'Uno',
    url: 'https://uno.example',
    moduleActive: false,
    keyHashes: [hashOf(keyIn(created.out))],
  });

  expect(await site(['module', 'uno', 'on'])).toMatchObject({ code: 0 });
  expect(await site(['rename', 'uno', '--name', 'Uno due'])).toMatchObject({ code: 0 });
  expect(await readSite('uno')).toMatchObject({
    name: 'Uno due',
    url: 'https://uno.example',
    moduleActive: true,
  });

  const added = await site(['keys', 'uno', '--add']);
  const hashes = [hashOf(keyIn(created.out)), hashOf(keyIn(added.out))];
  expect((await readSite('uno'))?.keyHashes).toEqual(hashes);

  const removed = await site(['keys', 'uno', '--remove', hashes[0]?.slice(0, 8) ?? '']);
  expect(removed).toMatchObject({ code: 0, out: `${hashes[1]?.slice(0, 8)}\n` });

  expect(await site(['pace', 'uno', '100'])).toMatchObject({ code: 0 });
  const shown = await site(['show', 'uno']);
  expect(shown.out).toMatch(/^messagesPerSecond +100$/m);
  expect(shown.out).toMatch(/^name +Uno due$/m);
  expect(shown.out).toMatch(/^moduleActive +true$/m);
  expect(shown.out).not.toMatch(/pwtg_|[0-9a-f]{64}/);
}, 30_000);

test('a site that moves: what has to be changed at @BotFather is printed', async () => {
  await site(['create', 'trasloco', '--name', 'Trasloco', '--url', 'https://old.example']);
  const quiet = await site(['rename', 'trasloco', '--name', 'Trasloco due']);
  expect(quiet.out).toBe('The site trasloco has changed.\n');
  const created = await readSite('trasloco');
  if (!created) throw new Error('The site is not there.');
  await stack.putSite({ ...created, bot: { id: '1', username: 'trasloco_bot', sealedToken: 'sealed' } });

  const moved = await site(['rename', 'trasloco', '--url', 'https://new.example']);

  expect(moved).toMatchObject({ code: 0, error: '' });
  expect(moved.out).toMatch(
    /^The site trasloco has changed\.\n\n- .*\/setdomain.*@trasloco_bot.*new\.example/,
  );
  expect(await readSite('trasloco')).toMatchObject({
    url: 'https://new.example',
    formerUrls: [{ url: 'https://old.example' }],
  });
}, 30_000);

describe('what goes wrong is said in a sentence, with code 1:', () => {
  test.each<[string, string[], RegExp]>([
    ['no such command', ['destroy', 'uno'], /^There is no command destroy\.\nSee npm run site -- --help/],
    ['no site', ['show'], /^Say which site/],
    ['an unknown option', ['show', 'uno', '--nmae', 'x'], /^Unknown option '--nmae'/],
    ['an unknown site', ['show', 'nessuno'], /^There is no site nessuno\. .* or npm run site -- create\.$/m],
    [
      'a bad address',
      ['create', 'due', '--name', 'Due', '--url', 'due'],
      /^--url: Must be the address of the shop/,
    ],
    ['a bad site id', ['create', 'Due', '--name', 'Due', '--url', 'https://due.example'], /^A site id has/],
    ['no pace', ['pace', 'uno', '0'], /^Say a whole number from 1 to 9999/],
    ['neither on nor off', ['module', 'uno', 'maybe'], /^Say on or off after the site\./],
    [
      'tables that are not there',
      ['show', 'uno', '--region', 'eu-south-1', '--stage', 'prod'],
      /no such table|AWS/,
    ],
  ])('%s', async (_what, args, sentence) => {
    const ended = await site(args);
    expect(ended.code).toBe(1);
    expect(ended.error).toMatch(sentence);
    expect(ended.error).not.toMatch(/\n {4}at /);
  });

  test('nobody answers', async () => {
    const ended = await site(['show', 'uno'], '', { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' });
    expect(ended.error).toMatch(/^Nobody answers there/);
  });
});

test('the bot’s token and the site’s key come from standard input', async () => {
  api.answerWith((_request, response) => response.end('{}'));
  const ended = await site(['bot', 'uno', '--username', 'uno_bot', '--api', api.url], 'pwtg_x\n123:abc\n');
  expect(ended).toMatchObject({ code: 0, error: '' });
  expect(ended.out).not.toMatch(/pwtg_|123:abc/);
  const request = { path: '/v1/sites/uno/bot', token: '123:abc', username: 'uno_bot' };
  expect(api.requests.at(-1)).toEqual(request);
  await site(['bot', 'uno', '--username', 'uno_bot', '--take-over', '--api', api.url], 'pwtg_x\n123:abc\n');
  expect(api.requests.at(-1)).toEqual({ ...request, takeOver: true });

  expect(await site(['bot', 'uno', '--username', 'uno_bot', '--api', api.url], 'pwtg_x\n')).toMatchObject({
    code: 1,
    error: 'The line with the bot token is missing.\n',
  });
});

test('--help tells of every command', async () => {
  const { code, out } = await site(['--help']);
  expect(code).toBe(0);
  for (const command of ['create', 'rename', 'module', 'keys', 'show', 'pace', 'bot'])
    expect(out).toContain(`  ${command} `);
});
