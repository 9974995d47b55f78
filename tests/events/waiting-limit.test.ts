/** A site of which too many messages wait: no more are taken, and nothing is half done. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { payload } from '../support/payloads.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(() => app.reset());

async function setWaiting(count: number): Promise<void> {
  const { openLane } = await import('../../lib/store/lanes.ts');
  const now = Date.now();
  await openLane({ siteId: 'demo', count, reasonForAll: 'rate-limit', chats: new Map(), nextAt: now }, now);
}

test('over HTTPS: 429 with Retry-After, and nothing was done', async () => {
  await setWaiting(250_000);

  const answer = await app.report('order-status', payload('order-status'));

  expect(answer.status).toBe(429);
  expect(answer.headers['retry-after']).toBe('60');
  expect(answer.json).toMatchObject({ title: 'Too Many Requests' });
  expect(await app.takeQueued()).toEqual([]);
});

test('one message less: it is taken', async () => {
  await setWaiting(249_999);

  expect((await app.report('order-status', payload('order-status'))).status).toBe(202);
});

test('through the queue: it comes again, however often it came before', async () => {
  await setWaiting(250_000);

  expect(await app.receive('order-status', [{ siteId: 'demo', ...payload('order-status') }])).toEqual([0]);

  expect(await app.takeQueued()).toEqual([]);
  expect(await app.stack.takeMessages('OrderStatusDeadLetterQueue')).toEqual([]);
});
