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

  expect(await site(['pace', 'uno', '20'])).toMatchObject({ code: 0 });
  const shown = await site(['show', 'uno']);
  expect(shown.out).toMatch(/^messagesPerSecond +20$/m);
  expect(shown.out).toMatch(/^name +Uno due$/m);
  expect(shown.out).toMatch(/^moduleActive +true$/m);
  expect(shown.out).not.toMatch(/pwtg_|[0-9a-f]{64}/);
});

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
});

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
    ['no pace', ['pace', 'uno'], /^Say a whole number from 1 to 30/],
    ['a pace of nothing', ['pace', 'uno', '0'], /^N must be a whole number from 1 to 30, not "0"/],
    // https://core.telegram.org/bots/faq#broadcasting-to-users
    ['a pace above Telegram’s', ['pace', 'uno', '31'], /^Telegram takes 30 messages a second from a bot/],
    ['no key to remove', ['keys', 'uno', '--remove', ''], /^--remove is empty: say which KEYID/],
    ['a word too many', ['show', 'uno', 'due'], /^Unexpected argument 'due' after show uno\./],
    ['an option of another command', ['show', 'uno', '--name', 'x'], /^show has no option --name\./],
    ['a deletion without --yes', ['delete', 'uno'], /^This erases uno \(Uno due, https:\/\/uno\.example\)/],
    ['the deletion of an unknown site', ['delete', 'nessuno', '--yes'], /^There is no site nessuno\./],
    ['neither on nor off', ['module', 'uno', 'maybe'], /^Say on or off after the site\./],
    [
      'tables that are not there',
      ['show', 'uno', '--region', 'eu-south-1', '--stage', 'prod'],
      /^DynamoDB at http:\/\/127\.0\.0\.1:\d+ \(stage prod\) has no such table\.\nIs --stage right, and --region/,
    ],
  ])('%s', async (_what, args, sentence) => {
    const ended = await site(args);
    expect(ended.code).toBe(1);
    expect(ended.error).toMatch(sentence);
    expect(ended.error).not.toMatch(/\n {4}at /);
  });

  test('nobody answers', async () => {
    const ended = await site(['show', 'uno'], '', { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' });
    expect(ended.error).toMatch(/^Nobody answers: DynamoDB at http:\/\/127\.0\.0\.1:9 \(stage test\)\./);
  });

  test('nobody answers in the local run', async () => {
    const ended = await runScript('site', ['show', 'uno'], '', { DYNAMODB_PORT: '9' });
    expect(ended.error).toMatch(/^Nobody answers: DynamoDB at http:\/\/127\.0\.0\.1:9 \(stage local\)\./);
    expect(ended.error).toMatch(/^Does the local run \(npm start\) run/m);
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

test('sites are listed, and found by a part of what is known of them', async () => {
  await site([
    'create',
    'lista-b',
    '--name',
    'Bottega di Rosa',
    '--url',
    'https://rosa.example',
    '--module-off',
  ]);
  await site(['create', 'lista-a', '--name', 'Altra', '--url', 'https://altra.example']);
  const stored = await readSite('lista-a');
  if (!stored) throw new Error('The site is not there.');
  await stack.putSite({ ...stored, bot: { id: '7', username: 'altra_bot', sealedToken: 'sealed' } });
  const all = await site(['list']);
  expect(all.code).toBe(0);
  const ids = all.out.split('\n').map((line) => line.split('\t')[0] ?? '');
  expect(ids).toEqual(ids.filter(Boolean).sort().concat(''));
  expect(all.out).toContain('lista-a\ton\t@altra_bot\thttps://altra.example\tAltra\n');
  expect(all.error).toMatch(/^\d+ sites\.\n$/);
  expect((await site(['list', 'ROSA'])).out).toBe(
    'lista-b\toff (module)\tno bot\thttps://rosa.example\tBottega di Rosa\n',
  );
  expect((await site(['list', 'altra_bot'])).out).toMatch(/^lista-a\t.*\n$/);
  expect(await site(['list', 'nowhere'])).toMatchObject({ code: 0, out: '' });
});

test('a deleted site is shut at once, and its erasure is on record', async () => {
  await site(['create', 'via', '--name', 'Via', '--url', 'https://via.example']);
  expect(await site(['delete', 'via', '--yes'])).toMatchObject({ code: 0, error: '' });
  expect(await readSite('via')).toBeUndefined();
  const { siteErasures } = await import('../../lib/store/statements.ts');
  const erasures = await Array.fromAsync(siteErasures());
  expect(erasures.find(({ siteId }) => siteId === 'via')).toMatchObject({ at: expect.any(String) });
  expect((await site(['list', 'via'])).out).toBe('');
  expect((await site(['show', 'via'])).error).toMatch(/^The site via was deleted/);
  // Once more changes nothing.
  expect((await site(['delete', 'via', '--yes'])).code).toBe(0);
});

describe('what the API refuses names its address, and what to do:', () => {
  const save = (more: string[] = []) =>
    site(['bot', 'uno', '--username', 'uno_bot', '--api', api.url, ...more], 'pwtg_x\n123:abc\n');

  test.each<[string, number, string, RegExp]>([
    [
      'a wrong key',
      401,
      '{"detail":"Unknown site or wrong key."}',
      / answers 401: Unknown site or wrong key\.\nCheck the site's id/,
    ],
    [
      'the module',
      403,
      '{"detail":"The Telegram module is not active."}',
      / answers 403: The Telegram module is not active\./,
    ],
    [
      'API Gateway',
      404,
      '{"message":"Not Found"}',
      / answers 404: Not Found .*\/v1\/sites\/uno\/bot\)\. Is the address right\?/,
    ],
    ['a proxy', 502, '<html>', / answers 502: Bad Gateway /],
  ])('%s', async (_who, status, body, sentence) => {
    api.answerWith((_request, response) => response.writeHead(status).end(body));
    const { code, error } = await save();
    expect(code).toBe(1);
    expect(error.startsWith(api.url)).toBe(true);
    expect(error).toMatch(sentence);
    expect(error).not.toMatch(/pwtg_x|123:abc/);
  });

  test('nobody', async () => {
    const { code, error } = await save(['--api', 'http://127.0.0.1:9']);
    expect(code).toBe(1);
    expect(error).toMatch(
      /^Nobody answers at http:\/\/127\.0\.0\.1:9 \(bad port\)\.\nIs the address right\?/,
    );
  });

  test('https on a port of HTTP', async () => {
    const { error } = await save(['--api', api.url.replace('http:', 'https:')]);
    expect(error).toMatch(/^https:\/\/127\.0\.0\.1:\d+ does not speak TLS\. Should it be http:\/\//);
  });

  test('an address with /v1', async () => {
    const { code, error } = await save(['--api', `${api.url}/v1/`]);
    expect(code).toBe(1);
    expect(error).toMatch(/^http:.*\/v1\/: the address ends before \/v1\. Leave \/v1 out\./);
  });

  test('a deployment whose address is not given', async () => {
    const stackless = await site(['bot', 'uno', '--username', 'uno_bot'], 'pwtg_x\n123:abc\n', {
      AWS_ENDPOINT_URL_CLOUDFORMATION: 'http://127.0.0.1:9',
    });
    expect(stackless.error).toMatch(
      /^Nobody answers: CloudFormation at http:\/\/127\.0\.0\.1:9 \(stage test\)/,
    );
  });
});

test('--help tells of every command', async () => {
  const { code, out } = await site(['--help']);
  expect(code).toBe(0);
  for (const command of ['list', 'show', 'create', 'rename', 'module', 'keys', 'pace', 'bot', 'delete'])
    expect(out).toContain(`  ${command} `);
});
