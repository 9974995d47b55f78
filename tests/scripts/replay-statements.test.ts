/** `npm run replay-statements`, run as a process. What it does is tested in tests/users/replay-statements.test.ts. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { runScript } from '../support/script.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const replay = (...args: string[]) =>
  runScript('replay-statements', args, '', {
    DYNAMODB_PORT: String(app.stack.aws.dynamodbPort),
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${app.stack.aws.dynamodbPort}`,
  });
const TIME = ['--restored-to', '2026-11-25T08:00:00Z'];

test.each([
  ['no time', [], /^Say --restored-to with a time zone/],
  ['a time without a zone', ['--restored-to', '2026-11-25T08:00:00'], /^Say --restored-to with a time zone/],
  ['a time to come', ['--restored-to', '2999-01-01T00:00:00Z'], /^--restored-to 2999.* is in the future/],
  ['no tables', TIME, /^Say which --tables were restored: of sites, users/],
  ['a table that there is not', [...TIME, '--tables', 'users,persone'], /^Say which --tables/],
])('%s: it says what is missing', async (_what, args, sentence) => {
  const { code, error } = await replay(...args);
  expect(code).toBe(1);
  expect(error).toMatch(sentence);
  expect(error).toMatch(/^See npm run replay-statements -- --help\.$/m);
});

test('a person who was erased since is erased again, and it says so', async () => {
  const before = new Date().toISOString();
  const anna = await app.stack.findUser('demo', 'anna');
  expect((await app.call('DELETE', '/v1/sites/demo/users/anna')).status).toBe(200);
  if (anna) await app.stack.putUser(anna);

  const args = ['--restored-to', before, '--tables', 'users,links', '--stage', 'test'];
  const { code, out, error } = await replay(...args);

  expect([code, error]).toEqual([0, '']);
  expect(out).toContain('0 sites erased again.');
  expect(out).toContain('1 person erased again, 0 renamed again, the choices of 0 restored.');
  expect(out).not.toContain('not known any more');
  expect((await app.call('GET', '/v1/sites/demo/users/anna')).status).toBe(404);
});

test('a backup that is older than what is kept: it says what is not known any more', async () => {
  const fifty = new Date(Date.now() - 50 * 24 * 3600 * 1000).toISOString();
  const args = ['--restored-to', fifty, '--tables', 'paces', '--stage', 'test'];
  const { code, out } = await replay(...args);
  expect(code).toBe(0);
  const forty = new Date(Date.now() - 40 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  expect(out).toContain(`What was said before ${forty}`);
});
