/** The synthetic check, against the API over HTTP and the emulator of Telegram. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { anyFreePort } from '../../local/ports.ts';
import { type ApiServer, serveApi } from '../support/api-server.ts';
import { type App, startApp } from '../support/app.ts';
import { SITE_KEY } from '../support/fixtures.ts';
import { writtenDuring } from '../support/log-lines.ts';

const ANNA = 1001;

let app: App;
let api: ApiServer;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.reset();
  api = await serveApi(app);
  process.env.API_URL = api.url;
  process.env.CHECK_SITE_ID = 'demo';
  process.env.CHECK_SITE_KEY = SITE_KEY;
  process.env.CHECK_USER_ID = 'anna';
});
afterEach(() => api.close());

const check = () => writtenDuring(() => app.invoke('synthetic-check', {}));

/** Why it failed, as the log says it. What counts as passed is checked too: nothing. */
async function failure(run = check()): Promise<unknown> {
  const { entries, metrics, text } = await run;
  expect(metrics.filter((line) => 'ChecksPassed' in line || 'CheckDuration' in line)).toEqual([]);
  expect(text).not.toContain(SITE_KEY);
  const failed = entries.filter(({ message }) => message === 'synthetic check failed');
  expect(failed).toMatchObject([{ level: 'error', siteId: 'demo' }]);
  return (failed[0]?.error as { message: string } | undefined)?.message;
}

test('sends a message that says what it is and when, sees that it was sent, and counts it', async () => {
  const before = Date.now();
  const { entries, metrics } = await check();
  const [message] = await app.telegram.textsIn(ANNA);
  const [, minute = ''] =
    message?.match(/Controllo automatico \(automatic check\), (\d{4}-\d\d-\d\d \d\d:\d\d) UTC/) ?? [];
  expect(Math.abs(Date.parse(`${minute.replace(' ', 'T')}Z`) - before)).toBeLessThan(60_000);

  const [line, ...more] = metrics.filter((line) => 'ChecksPassed' in line);
  expect(more).toEqual([]);
  const [delivery] = await app.stack.allDeliveries();
  const took = Date.parse(delivery?.recordedAt ?? '') - before;
  expect(line).toMatchObject({ ChecksPassed: 1, CheckDuration: expect.any(Number) });
  expect(Number(line?.CheckDuration)).toBeLessThanOrEqual(took);
  expect(entries.filter(({ message }) => message === 'synthetic check passed')).toHaveLength(1);
});

// The parameter apiUrl may have one.
test('takes an address with a slash at its end', async () => {
  process.env.API_URL = `${api.url}/`;
  await check();
  expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);
});

test('is another event each time', async () => {
  await check();
  await check();
  expect(await app.telegram.textsIn(ANNA)).toHaveLength(2);
});

test('fails where the event is refused', async () => {
  process.env.CHECK_SITE_KEY = 'pwtg_former';
  expect(await failure()).toBe('the event was answered 401');
});

test('fails where nobody answers', async () => {
  process.env.API_URL = `http://127.0.0.1:${await anyFreePort()}`;
  expect(await failure()).toBe('fetch failed');
});

test('fails where the person gets nothing', async () => {
  process.env.CHECK_USER_ID = 'dario';
  expect(await failure()).toBe('nobody gets the message: skipped (not-linked)');
});

test('fails where Telegram does not take the message', async () => {
  await app.telegram.block(ANNA);
  expect(await failure()).toMatch(/^the message is failed/);
});

test('fails where the message waits, and says why; and where nobody sends it', async () => {
  const { syntheticCheck } = await import('../../lib/observability/synthetic-check.ts');
  const shop = { apiUrl: api.url, siteId: 'demo', siteKey: SITE_KEY, userId: 'anna' };
  const briefly = () => failure(writtenDuring(() => syntheticCheck(shop, [0, 0])));
  await app.setSite({ bot: undefined });
  expect(await briefly()).toBe('the message was not sent in time: waiting (bot-missing)');
  await app.reset();
  // As while sending is stopped.
  app.deliver = async () => [];
  expect(await briefly()).toBe('the message was not sent in time: not tried yet');
});
