/** The limit of a site at every route that takes its key: 429 with Retry-After, before anything is done. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Route } from '../../lib/http/route.ts';
import { type App, startApp } from '../support/app.ts';
import { PLATFORM_KEY } from '../support/fixtures.ts';
import { type Gate, startGates } from '../support/gate.ts';
import { payload, payloadFor } from '../support/payloads.ts';

let app: App;
let dynamodb: Gate;
let sqs: Gate;
let routes: Route[];
/** The demo site has made so many requests that these are left. */
let leave: (siteId: string, requests: number) => Promise<void>;
let exhaust: (siteId: string) => Promise<void>;

beforeAll(async () => {
  app = await startApp({
    beforeLoading: async (stack) => {
      ({ dynamodb, sqs } = await startGates(stack));
    },
  });
  const { REQUESTS_AT_ONCE, takeSiteRequests } = await import('../../lib/store/site-requests.ts');
  const { clearAllowances, limitRequests } = await import('../../lib/http/request-limit.ts');
  leave = async (siteId, requests) => {
    await app.stack.empty('PacesTable');
    clearAllowances();
    const now = Date.now();
    await takeSiteRequests(siteId, REQUESTS_AT_ONCE - requests, { now, longestWait: 3_600_000 });
    // What this instance may let it do without asking.
    await limitRequests(siteId, 50);
  };
  exhaust = (siteId) => leave(siteId, -10_000);
  const folder = join(process.cwd(), 'functions');
  const files = (await readdir(folder)).filter((file) => !file.endsWith('.docs.ts'));
  const modules: { routes?: Route[] }[] = await Promise.all(files.map((file) => import(join(folder, file))));
  routes = modules.flatMap((module) => module.routes ?? []);
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close()]);
  await app.close();
});
beforeEach(async () => {
  await app.reset();
  // Time would fill the bucket again.
  const now = Date.now();
  jest.spyOn(Date, 'now').mockReturnValue(now);
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** The address of a route of the demo site. */
const pathOf = ({ path }: Route) => path.replace('{siteId}', 'demo').replaceAll(/\{\w+\}/g, 'anna');

test('every route of a site refuses one that asks for too much, and does nothing', async () => {
  const limited = routes.filter(({ caller }) => caller === 'site' || caller === 'site-or-platform');
  expect(limited.length).toBeGreaterThan(30);
  const before = await app.stack.items('UsersTable');

  for (const route of limited) {
    await exhaust('demo');
    const { status, headers, json } = await app.call(route.method, pathOf(route), { body: {} });
    expect([route.routeKey, status]).toEqual([route.routeKey, 429]);
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json', 'retry-after': '5' });
    expect(json).toEqual({
      type: 'about:blank',
      title: 'Too Many Requests',
      status: 429,
      code: 'too-many-requests',
      detail: expect.stringMatching(
        /^This site asks for more than it may.* Nothing was done\. .*after 5 seconds/,
      ),
    });
  }

  expect(await app.stack.items('UsersTable')).toEqual(before);
  expect(await app.takeQueued()).toEqual([]);
});

test('a wrong key is still a wrong key: a stranger does not use up what the shop may do', async () => {
  await leave('demo', 5_000);
  const before = await app.stack.items('PacesTable');
  for (let request = 0; request < 60; request++) {
    const { status } = await app.report('order-status', {}, { key: 'pwtg_wrong' });
    expect(status).toBe(401);
  }
  expect(await app.stack.items('PacesTable')).toEqual(before);
});

test('another shop goes on, and so does the platform', async () => {
  await exhaust('demo');
  const key = await app.createSite('altra');
  expect((await app.call('GET', '/v1/sites/altra', { key })).status).toBe(200);
  expect((await app.call('GET', '/v1/sites/demo/keys', { key: PLATFORM_KEY })).status).toBe(200);
});

describe('events', () => {
  const many = (count: number) => ({
    recipients: Array.from({ length: count }, (_, index) => ({ id: `user-${index}` })),
  });

  test('with 500 recipients: each is accepted whole, or nothing is done for it', async () => {
    // Each counts as 50.9.
    await leave('demo', 250);
    const statuses: (number | undefined)[] = [];
    for (let event = 0; event < 8; event++) {
      const body = { ...payload('message-sent', { eventId: `flood-${event}` }), ...many(500) };
      await sqs.open();
      const { status, json } = await app.report('message-sent', body);
      statuses.push(status);
      if (status === 202) expect(json.notifications).toHaveLength(500);
      else expect([status, sqs.passed()]).toEqual([429, 0]);
    }
    // A hundred requests are taken at a time: the last fifty may not be enough.
    const accepted = statuses.indexOf(429);
    expect([3, 4]).toContain(accepted);
    expect(new Set(statuses.slice(accepted))).toEqual(new Set([429]));
  });

  test('that were refused are accepted later, as if nothing had been', async () => {
    const body = payloadFor('message-sent', { id: 'anna' }, { eventId: 'later' });
    await exhaust('demo');
    expect((await app.report('message-sent', body)).status).toBe(429);
    await leave('demo', 5_000);
    const { status, json } = await app.report('message-sent', body);
    expect([status, json.notifications]).toMatchObject([202, [{ userId: 'anna', status: 'queued' }]]);
    expect(await app.takeQueued()).toHaveLength(1);
  });

  test('through the queue are not refused: they wait in it', async () => {
    await exhaust('demo');
    const message = { ...payload('message-sent', { eventId: 'by-queue' }), siteId: 'demo' };
    expect(await app.receive('message-sent', [message])).toEqual([0]);
    expect(await app.stack.takeMessages('MessageSentDeadLetterQueue')).toEqual([]);
  });
});
