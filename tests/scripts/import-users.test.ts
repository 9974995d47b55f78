/** `npm run import-users`, run as a process against the API. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { type BotServer, startBotServer } from '../support/bot-server.ts';
import { SITE_KEY } from '../support/fixtures.ts';
import { runScript } from '../support/script.ts';

let app: App;
let api: BotServer;
let folder: string;
beforeAll(async () => {
  app = await startApp();
  api = await startBotServer();
  folder = await mkdtemp(join(tmpdir(), 'people-'));
});
afterAll(async () => {
  await Promise.all([app.close(), api.close(), rm(folder, { recursive: true })]);
});

/** The requests go to the function that is deployed. */
function answerAsDeployed(): void {
  api.answerWith(async (request, response) => {
    const { path, ...body } = api.requests.at(-1) ?? {};
    const key = request.headers.authorization?.replace('Bearer ', '') ?? null;
    const { status = 500, json } = await app.call('POST', String(path), { body, key });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
}
beforeEach(answerAsDeployed);
afterEach(() => {
  api.requests.length = 0;
});

const importUsers = (args: string[], input = '', environment: NodeJS.ProcessEnv = {}) =>
  runScript('import-users', args, input, { SITE_KEY, ...environment });

const path = (name = 'people.csv') => join(folder, name);
async function importFile(content: string, args: string[] = [], environment?: NodeJS.ProcessEnv) {
  await writeFile(path(), content);
  return importUsers(['--site', 'demo', '--url', `${api.url}/`, ...args, path()], '', environment);
}
const refusedFile = () => readFile(path('people.refused.csv'), 'utf8');

test('imports a file; once more, nothing changes', async () => {
  const content =
    'userId;chatId;botId;companyName;optedOut\r\nCLI/1;880001;100;"Caffè; S.r.l.";sì\r\nCLI/1;880002;100;;\r\n';
  const first = await importFile(content);
  expect(first).toMatchObject({ code: 0, out: '2 rows: 2 imported, 0 unchanged, 0 refused.\n' });
  expect(await app.findUser('CLI/1')).toMatchObject({
    companyName: 'Caffè; S.r.l.',
    optedOut: true,
    moreChats: [{ chatId: 880002 }],
  });
  await expect(refusedFile()).rejects.toMatchObject({ code: 'ENOENT' });
  expect((await importFile(content)).out).toBe('2 rows: 0 imported, 2 unchanged, 0 refused.\n');
});

test('asks for the key where the environment has none', async () => {
  await writeFile(path(), 'userId,chatId\nCLI/2,880003\n');
  const args = ['--site', 'demo', '--url', api.url, '--bot', '100', path()];
  expect(await importUsers(args, `${SITE_KEY}\n`, { SITE_KEY: '' })).toMatchObject({ code: 0 });
  const wrong = await importUsers(args, 'pwtg_wrong\n', { SITE_KEY: '' });
  expect(wrong).toMatchObject({ code: 1, out: '' });
  expect(wrong.error).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+ answers 401: Unknown site or wrong key\.\nCheck --site and SITE_KEY,/m,
  );
  expect(wrong.error).not.toContain('pwtg_wrong');
  expect((await importUsers(args, '', { SITE_KEY: '' })).error).toBe(
    'The line with the site key is missing. Or set SITE_KEY.\n',
  );
});

test('refused lines are in a file, with line and reason; the others are imported', async () => {
  const lines = [
    'userId,chatId,language',
    '=1+1,880010,zz!',
    'CLI/3,880011,it',
    'CLI/4,-5,it',
    '"a,""b",x,it',
    'CLI/5,1',
  ];
  const { code, out } = await importFile(lines.join('\n'), ['--bot', '100']);
  expect(code).toBe(1);
  expect(out).toMatch(
    /^5 rows: 1 imported, 0 unchanged, 4 refused\.\nThe refused ones, and why: .*people\.refused\.csv\n$/,
  );
  const written = await refusedFile();
  expect(written.startsWith('\uFEFFline,userId,reason,detail\r\n')).toBe(true);
  const rows = written.trimEnd().split('\r\n').slice(1);
  expect(rows).toEqual([
    expect.stringMatching(/^2,'=1\+1,invalid,"language: Must be the BCP 47/),
    '4,CLI/4,invalid,chatId: Must be at least 1.',
    expect.stringMatching(/^5,"a,""b",invalid,"?chatId: /),
    expect.stringMatching(/^6,CLI\/5,invalid,"It has 2 cells/),
  ]);
  expect(await app.findUser('CLI/3')).toMatchObject({ chatId: 880011 });
  // A run without refusals leaves none of an earlier one.
  await importFile('userId,chatId\nCLI/3,880011\n', ['--bot', '100']);
  await expect(refusedFile()).rejects.toMatchObject({ code: 'ENOENT' });
});

test('refused lines come in the order of the file, also where their bot is wrong', async () => {
  const lines = ['NO/2,880030,no', 'NO/3,880031,no', 'NO/4,x,no', 'NO/5,880032,maybe', 'NO/6,880033,no'];
  await importFile(`userId,chatId,optedOut\n${lines.join('\n')}\n`, ['--bot', '200']);
  const rows = (await refusedFile()).trimEnd().split('\r\n').slice(1);
  expect(rows.map((row) => row.split(',').slice(0, 3).join())).toEqual([
    '2,NO/2,other-bot',
    '3,NO/3,other-bot',
    '4,NO/4,invalid',
    '5,NO/5,invalid',
    '6,NO/6,other-bot',
  ]);
});

test('many wrong lines after one that waits are in the order of the file too', async () => {
  const wrong = Array.from({ length: 1_200 }, (_, index) => `NO/${index},x`);
  const { out } = await importFile(`userId,chatId\nCLI/9,880040\n${wrong.join('\n')}\n`, ['--bot', '100']);
  expect(out).toMatch(/^1201 rows: 1 imported, 0 unchanged, 1200 refused\./);
  const numbers = (await refusedFile()).match(/^\d+/gm)?.map(Number);
  expect(numbers).toEqual(Array.from({ length: 1_200 }, (_, index) => index + 3));
});

test('chats of another bot are refused with the API’s words, and asked for once', async () => {
  const others = Array.from({ length: 1_200 }, (_, index) => `NO/${index},${890_000 + index},200`);
  const { code, out } = await importFile(
    `userId,chatId,botId\nCLI/6,880020,100\n${others.join('\n')}\nCLI/7,880021,100\n`,
  );
  expect(code).toBe(1);
  expect(out).toMatch(/^1202 rows: 2 imported, 0 unchanged, 1200 refused\./);
  expect(api.requests.map(({ botId }) => botId)).toEqual(['100', '200', '100']);
  expect(await refusedFile()).toMatch(
    /\r\n1202,NO\/1199,other-bot,.*the bot of this site is 100 \(@demo_shop_bot\)/,
  );
});

test('no request has more than 500 rows or 256 KB', async () => {
  const long = (index: number) => `L/${index},${900_000 + index},${'è'.repeat(256)},${'x'.repeat(256)}`;
  const short = (index: number) => `S/${index},${910_000 + index},,`;
  const lines = [...Array(600).keys()]
    .flatMap((index) => [long(index)])
    .concat([...Array(1_001).keys()].map(short));
  api.answerWith((_, response) => {
    const { users } = api.requests.at(-1) as { users: { userId: string }[] };
    const results = users.map(({ userId }) => ({ userId, status: 'imported' }));
    response.end(JSON.stringify({ results, counts: { imported: users.length, unchanged: 0, refused: 0 } }));
  });
  const { code, out } = await importFile(`userId,chatId,firstName,lastName\n${lines.join('\n')}`, [
    '--bot',
    '100',
  ]);
  expect({ code, out }).toEqual({ code: 0, out: '1601 rows: 1601 imported, 0 unchanged, 0 refused.\n' });
  const requests = api.requests as { users: unknown[] }[];
  expect(requests.flatMap(({ users }) => users)).toHaveLength(1601);
  for (const { users, ...rest } of requests) {
    expect(users.length).toBeLessThanOrEqual(500);
    expect(JSON.stringify({ users, ...rest }).length).toBeLessThanOrEqual(256 * 1024);
  }
});

describe('an API that can’t answer now', () => {
  test('is asked again, when it says', async () => {
    const statuses = [503, 429, 502];
    api.answerWith((_, response) => {
      const status = statuses.shift();
      if (status) response.writeHead(status, { 'retry-after': '0' }).end('{}');
      else
        response.end('{"results":[{"status":"imported"}],"counts":{"imported":1,"unchanged":0,"refused":0}}');
    });
    expect(await importFile('userId,chatId\nCLI/8,880030\n', ['--bot', '100'])).toMatchObject({ code: 0 });
    expect(api.requests).toHaveLength(4);
  });

  test('in the middle of a file: says how far it got, and that it may be run again', async () => {
    const lines = Array.from({ length: 600 }, (_, index) => `M/${index},${920_000 + index}`);
    let answers = 0;
    api.answerWith((_, response) => {
      answers += 1;
      if (answers === 1)
        response.end(JSON.stringify({ results: [], counts: { imported: 500, unchanged: 0, refused: 0 } }));
      else response.writeHead(503, { 'retry-after': '0' }).end('{"detail":"DynamoDB is out of reach."}');
    });
    const ended = await importFile(`userId,chatId\n${lines.join('\n')}`, ['--bot', '100']);
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.error).toMatch(
      /Stopped after line 501\. .*run it again\.\nhttp:.* answers 503: DynamoDB is out of reach\./,
    );
    answerAsDeployed();
    const again = await importFile(`userId,chatId\n${lines.join('\n')}`, ['--bot', '100']);
    expect(again.out).toBe('600 rows: 600 imported, 0 unchanged, 0 refused.\n');
  });
});

describe('what goes wrong is said in a sentence, with code 1:', () => {
  test.each<[string, string[], RegExp]>([
    ['no file', ['--site', 'demo'], /^Say --site SITE, and one file\.\nSee npm run import-users -- --help/],
    ['no site', ['x.csv'], /^Say --site SITE/],
    ['an unknown option', ['--sito', 'demo'], /^Unknown option '--sito'/],
    [
      'no address',
      ['--site', 'demo', '--url', 'localhost', 'x.csv'],
      /^localhost is not an address such as https:/,
    ],
    [
      'an address with /v1',
      ['--site', 'demo', '--url', 'https://a.example/v1', 'x.csv'],
      /^https:\/\/a\.example\/v1: the address ends before \/v1/,
    ],
    ['no site id', ['--site', 'a/b', 'x.csv'], /^A site id has 1 to 64 characters/],
    ['a file that is not there', ['--site', 'demo', 'x.csv'], /^There is no file x\.csv\.\nSee npm run/],
  ])('%s', async (_what, args, sentence) => {
    const ended = await importUsers(args);
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.error).toMatch(sentence);
    expect(ended.error).not.toMatch(/\n {4}at /);
  });

  test('a file that is not there, before the key is asked for', async () => {
    const ended = await importUsers(['--site', 'demo', 'x.csv'], '', { SITE_KEY: '' });
    expect(ended.error).toMatch(/^There is no file x\.csv\.$/m);
  });

  test('nobody answers, or something else does', async () => {
    const closed = await startBotServer();
    await closed.close();
    const nobody = await importFile('userId,chatId\nx,1\n', ['--bot', '100', '--url', closed.url]);
    expect(nobody).toMatchObject({ code: 1, out: '' });
    expect(nobody.error).toMatch(
      /^Nobody answers at http:\/\/127\.0\.0\.1:\d+ \(connect ECONNREFUSED .*\)\./m,
    );
    api.answerWith((_, response) => response.writeHead(404).end('<html>'));
    const other = await importFile('userId,chatId\nx,1\n', ['--bot', '100']);
    expect(other.error).toMatch(/answers 404: Not Found \(of http.*\)\. Is the address right\?/);
  });

  test('a key with a line break, which is not shown', async () => {
    const { code, error } = await importFile('userId,chatId\nx,1\n', ['--bot', '100'], {
      SITE_KEY: 'pwtg_a\nb',
    });
    expect(code).toBe(1);
    expect(error).toMatch(/^The site key has a character that no key has, such as a line break/m);
    expect(error).not.toContain('pwtg_a');
  });

  test('unknown columns, before anything is sent', async () => {
    const ended = await importFile('userId,chatId,telefono\nx,1,2\n');
    expect(ended.error).toMatch(/unknown columns: telefono/);
    expect(api.requests).toEqual([]);
  });

  test('a line without a bot', async () => {
    expect(await importFile('userId,chatId\nx,1\n')).toMatchObject({ code: 1 });
    expect(await refusedFile()).toContain('--bot');
  });
});

test('--help tells of every column and option', async () => {
  const { code, out } = await importUsers(['--help']);
  expect(code).toBe(0);
  for (const word of ['userId', 'mutedEvents', '--site', '--url', '--bot', '--refused', 'SITE_KEY'])
    expect(out).toContain(word);
  // The words for yes and no, and the separators, are those of docs/linking.md, "From a file".
  const page = await readFile('docs/linking.md', 'utf8');
  const [, words = ''] = page.match(/- `optedOut`: (.*?);? any other word/) ?? [];
  const [yes, no] = words.split(', or ').map((part) => part.replaceAll('`', ''));
  expect(out).toContain(`${yes}; or ${no}`);
  expect(out).toContain('separated by ; or , or tabs');
});
