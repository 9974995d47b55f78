/** What is asked for with a method, or at a path, that this API does not have. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { routeKeys } from '../../scripts/build.ts';
import { apiEvent, lambdaContext } from '../support/api-events.ts';
import { packagedRoutes } from '../support/package.ts';

let routes: { method: string; path: string }[];
let handler: typeof import('../../functions/not-found.ts').handler;
beforeAll(async () => {
  const packaged = await packagedRoutes();
  routes = packaged.flatMap(({ method, path }) => (method && path ? [{ method, path }] : []));
  // The bundle has them in it.
  process.env.ROUTE_KEYS = (await routeKeys()).join();
  ({ handler } = await import('../../functions/not-found.ts'));
});

async function call(method: string, path: string) {
  const answer = await handler(apiEvent({ method, path }), lambdaContext);
  return { status: answer.statusCode, allow: answer.headers?.allow, json: JSON.parse(answer.body ?? '') };
}

test('the paths it knows are those that are deployed', async () => {
  const known = await routeKeys();
  expect(known.length).toBeGreaterThan(30);
  expect(known.toSorted()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).toSorted());
});

describe('a method that a path does not take is a 405 that names those it takes', () => {
  test.each([
    ['GET', '/v1/telegram/demo', 'POST'],
    ['GET', '/v1/sites/demo/bot', 'PUT'],
    ['POST', '/v1/sites/demo', 'GET, HEAD, PUT, PATCH, DELETE'],
    ['PUT', '/v1/sites/demo/events/order-status', 'POST'],
    ['POST', '/v1/sites/demo/events/abandoned-cart/anna', 'DELETE'],
    ['POST', '/v1/sites/demo/users/anna', 'GET, HEAD, PATCH, DELETE'],
    // A template may be called so: its paths are these, too.
    ['QUERY', '/v1/sites/demo/templates/preview', 'POST, GET, HEAD, PUT, PATCH, DELETE'],
    ['POST', '/v1/sites', 'GET, HEAD'],
    ['POST', '/v1/openapi.json', 'GET, HEAD'],
  ])('%s %s', async (method, path, allow) => {
    const answer = await call(method, path);
    expect(answer).toMatchObject({ status: 405, allow });
    expect(answer.json).toEqual({
      type: 'about:blank',
      status: 405,
      title: 'Method Not Allowed',
      code: 'method-not-allowed',
      detail: `This path is not for ${method}: it takes ${allow}.`,
    });
  });

  test.each([
    '1',
    'a b',
    '%2F',
    'ü',
    '{siteId}',
    '.',
    '..',
    'events',
    '__proto__',
    '👍',
    'x'.repeat(2_000),
    '\n',
  ])('whatever the parameters are: %j', async (value) => {
    for (const { method, path } of routes) {
      const { status, allow } = await call('TRACE', path.replace(/\{\w+\}/g, value));
      expect({ path, status }).toEqual({ path, status: 405 });
      expect(String(allow).split(', ')).toContain(method);
    }
  });
});

test.each([
  '/',
  '',
  '/v1',
  '/v1/sites/',
  '/v1/sites//bot',
  '/v1/sites/demo/',
  '/v1/sites/demo/events/something',
  '/v1/sites/demo/events/order-status/1',
  '/v1/telegram/',
  '/v1/openapi-json',
  '/V1/sites/demo',
  '/constructor',
])('%j is no path of this API: 404', async (path) => {
  for (const method of ['GET', 'POST']) {
    const { status, allow, json } = await call(method, path);
    expect({ status, allow }).toEqual({ status: 404, allow: undefined });
    expect(json.detail).toMatch(/^This API has no such path\./);
  }
});

test.each([
  ['/v1/sites/demo/events/OrderStatus', '/v1/sites/demo/events/order-status'],
  ['/v1/sites/demo/events/file_upload', '/v1/sites/demo/events/file-upload'],
  ['/v1/sites/demo/template', '/v1/sites/demo/templates'],
  ['/V1/sites/demo', '/v1/sites/demo'],
  ['/v1/sites/demo/user/anna', '/v1/sites/demo/users/anna'],
])('%s: is %s meant?', async (path, meant) => {
  expect((await call('POST', path)).json.detail).toContain(` Did you mean ${meant}? `);
});

test.each(['/v1/sites/demo/events/something', '/', `/${'a/'.repeat(4_000)}a`])(
  '%j: nothing is like it',
  async (path) => {
    expect((await call('POST', path)).json.detail).not.toContain('Did you mean');
  },
);
