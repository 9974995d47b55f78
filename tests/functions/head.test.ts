/** HEAD: GET's status and headers (RFC 9110, section 9.3.2). And the slash at the end of a path. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { HttpResponse } from '../../lib/http/request.ts';
import { apiEvent, lambdaContext } from '../support/api-events.ts';
import { type App, type CallOptions, startApp } from '../support/app.ts';
import { PLATFORM_KEY } from '../support/fixtures.ts';
import { type PackagedRoute, packagedRoutes } from '../support/package.ts';

let app: App;
let routes: PackagedRoute[];
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
  routes = await packagedRoutes();
});
afterAll(() => app.close());

const SITE = '/v1/sites/demo';
const READS: [string, CallOptions][] = [
  ['/v1/openapi.json', {}],
  ['/v1/docs', {}],
  ['/v1/placeholders', { key: null }],
  ['/v1/sites', { key: PLATFORM_KEY }],
  [`${SITE}/audit`, {}],
  [`${SITE}/scheduled`, {}],
  [`${SITE}/statistics`, {}],
  [`${SITE}/templates/default-order-status/versions`, {}],
  [`${SITE}/users`, {}],
  [`${SITE}/webhook`, {}],
  [`${SITE}/bot/managed`, {}],
  [SITE, {}],
  [SITE, { key: PLATFORM_KEY }],
  [SITE, { headers: { 'if-none-match': '*' } }],
  [`${SITE}/keys`, { key: PLATFORM_KEY }],
  [`${SITE}/templates`, {}],
  [`${SITE}/templates/default-order-status`, {}],
  [`${SITE}/deliveries`, {}],
  [`${SITE}/deliveries/abc`, {}],
  [`${SITE}/users/anna`, {}],
  [`${SITE}/users/anna/export`, {}],
  [`${SITE}/telegram/callbacklogin`, { key: null }],
  ['/c/abc', { key: null }],
  ['/console', { key: null }],
  ['/console/main.js', { key: null }],
  ['/console/session', { key: null }],
  [`${SITE}/telegram/login`, { key: null }],
  [`${SITE}/telegram/login/callback`, { key: null }],
];

/** As the server in front of the function sees it: it takes the length from the content, and then leaves that out. */
async function compare(path: string, options?: CallOptions): Promise<void> {
  const [got, headed] = [await app.call('GET', path, options), await app.call('HEAD', path, options)];
  // The time in it differs.
  if (!/\/(?:export|statistics)$/.test(path)) expect(headed.text).toBe(got.text);
  expect({ status: headed.status, headers: headed.headers }).toEqual({
    status: got.status,
    headers: got.headers,
  });
}

test('every route with GET is among them', () => {
  const gets = routes.filter(({ method }) => method === 'GET').map(({ routeKey }) => routeKey);
  const asked = new Set(READS.map(([path, options]) => app.eventFor('GET', path, options).routeKey));
  expect([...asked].sort()).toEqual(gets.sort());
});

describe('every route with GET has HEAD, on AWS and in the local run', () => {
  test.each(READS)('%s', async (path, options) => {
    const { routeKey } = app.eventFor('HEAD', path, options);
    expect(routeKey).toMatch(/^HEAD /);
    await compare(path, options);
  });

  test.each(READS)('%s, with the route key of GET, as the local run calls it', async (path, options) => {
    const event = app.eventFor('HEAD', path, options);
    const { functionName } = routes.find(({ routeKey }) => routeKey === event.routeKey) ?? {};
    const routeKey = event.routeKey.replace('HEAD', 'GET');
    const answer = (await app.invoke(String(functionName), { ...event, routeKey })) as HttpResponse;
    expect(answer.statusCode).toBe((await app.call('GET', path, options)).status);
  });
});

describe('what GET refuses, HEAD refuses alike', () => {
  test.each<[string, CallOptions]>([
    [SITE, { key: 'wrong' }],
    [`${SITE}/users/nobody`, {}],
    [`${SITE}/users/~`, {}],
    [`${SITE}/templates/none`, {}],
    [`${SITE}/deliveries`, { query: 'limit=x' }],
    [`${SITE}/bot`, {}],
    ['/v1/telegram/demo', {}],
    ['/nothing', {}],
  ])('%s', compare);
});

test('other methods find no route of GET', async () => {
  const event = { ...app.eventFor('GET', SITE), requestContext: apiEvent({ method: 'POST' }).requestContext };
  expect(await app.invoke('sites', event, lambdaContext)).toMatchObject({ statusCode: 404 });
});

describe('a slash at the end of a path: 404 that says it, whether the server in front finds a route or not', () => {
  test.each<[string, string, CallOptions]>([
    // There is the page.
    ...READS.filter(([path]) => path !== '/console').map(([path, options]): [string, string, CallOptions] => [
      'GET',
      path,
      options,
    ]),
    ['HEAD', SITE, {}],
    ['DELETE', `${SITE}/users/anna`, {}],
    ['PUT', SITE, { key: PLATFORM_KEY, body: { name: 'X', url: 'https://x.example', moduleActive: true } }],
    ['POST', `${SITE}/events/order-status`, { body: {} }],
    ['POST', '/v1/telegram/demo', { body: {} }],
  ])('%s %s/', async (method, path, options) => {
    const before = await app.storedSite();
    const unmatched = await app.call(method, `${path}/`, options);
    const event = app.eventFor(method, path, options);
    const { functionName } = routes.find(({ routeKey }) => routeKey === event.routeKey) ?? {};
    const matched = await app.invoke(String(functionName), { ...event, rawPath: `${path}/` }, lambdaContext);

    expect(matched).toMatchObject({
      statusCode: 404,
      headers: { 'content-type': 'application/problem+json' },
      body: unmatched.text,
    });
    expect(unmatched.json.detail).toMatch(
      /^This API has no such path\. Leave out the slash at its end: only \/console\/ has one\./,
    );
    expect(await app.storedSite()).toEqual(before);
  });

  test('the user A is not reached as A%2F', async () => {
    const event = app.eventFor('GET', `${SITE}/users/anna`);
    const answer = await app.invoke('users', { ...event, rawPath: `${SITE}/users/anna/` }, lambdaContext);
    expect(answer).toMatchObject({ statusCode: 404 });
  });
});
