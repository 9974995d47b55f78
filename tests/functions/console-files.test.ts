/** The console as it is served: forms, caching, and what a browser is told it may do. */
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ConsoleFile } from '../../functions/console.ts';
import type { HttpResponse } from '../../lib/http/request.ts';
import { lambdaContext } from '../support/api-events.ts';
import { type App, startApp } from '../support/app.ts';

const PAGE = '<!doctype html><title>Console</title><p>Più in là</p>';
const SCRIPT = 'document.title = "àèì";';

const file = (type: string, content: string): ConsoleFile => ({
  type,
  brotli: brotliCompressSync(content).toString('base64'),
  gzip: gzipSync(content).toString('base64'),
});

let app: App;
beforeAll(async () => {
  process.env.CONSOLE_FILES = JSON.stringify({
    page: file('text/html; charset=utf-8', PAGE),
    assets: { 'main-A1.js': file('text/javascript; charset=utf-8', SCRIPT) },
  });
  process.env.CONSOLE_FRAME_ANCESTORS = '';
  app = await startApp();
});
afterAll(() => app.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  app.call('GET', path, { key: null, headers });

test('/console leads to /console/, for good', async () => {
  const { status, headers } = await get('/console');
  expect([status, headers]).toEqual([308, { location: '/console/' }]);
});

test('API Gateway may find either route for /console/: the page comes', async () => {
  const event = app.eventFor('GET', '/console', { key: null });
  const slashed = { ...event, rawPath: '/console/' };
  const greedy = { ...slashed, routeKey: 'GET /console/{file+}' };
  const pages = [slashed, greedy, { ...greedy, pathParameters: { file: '' } }];
  for (const each of pages) {
    const { statusCode, body = '' } = (await app.invoke('console', each, lambdaContext)) as HttpResponse;
    expect([statusCode, Buffer.from(body, 'base64').toString()]).toEqual([200, PAGE]);
  }
});

describe.each([
  ['/console/', PAGE, 'text/html; charset=utf-8'],
  ['/console/main-A1.js', SCRIPT, 'text/javascript; charset=utf-8'],
])('%s', (path, content, type) => {
  const decoded = { br: brotliDecompressSync, gzip: gunzipSync, undefined: (bytes: Buffer) => bytes };

  // RFC 9110, section 12.5.3.
  test.each([
    ['br, gzip', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['GZIP;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.000, gzip;q=0', undefined],
    ['*', 'br'],
    ['*;q=0', undefined],
    ['br;q=0, *', 'gzip'],
    ['identity', undefined],
    ['deflate', undefined],
    ['', undefined],
  ])('to who takes "%s"', async (accepted, coding) => {
    const { status, headers, text } = await get(path, { 'accept-encoding': accepted });
    expect([status, headers['content-type'], headers['content-encoding']]).toEqual([200, type, coding]);
    expect(headers.vary).toBe('accept-encoding');
    const bytes = Buffer.from(text, 'base64');
    expect(decoded[coding as keyof typeof decoded](bytes).toString()).toBe(content);
  });

  test('is of the type that it says, and for this origin', async () => {
    expect((await get(path)).headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
  });
});

test('the page is asked for each time, and mostly answered 304', async () => {
  const forms = ['br', 'gzip', 'identity'].map((coding) => ({ 'accept-encoding': coding }));
  const tags = new Set<string>();
  for (const form of forms) {
    const { headers } = await get('/console/', form);
    expect(headers['cache-control']).toBe('no-cache');
    const etag = String(headers.etag);
    tags.add(etag);
    expect((await get('/console/', { ...form, 'if-none-match': etag })).status).toBe(304);
  }
  expect(tags.size).toBe(3);
});

test('a file is kept for ever: its name changes with what is in it', async () => {
  const { headers } = await get('/console/main-A1.js');
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

test('the page runs its own files alone, asks this host alone, and is shown in no page of others', async () => {
  const { headers } = await get('/console/');
  const policy = String(headers['content-security-policy']).split('; ');
  expect(policy.sort()).toEqual([
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "img-src 'self' data: blob:",
    "script-src 'self'",
    "style-src 'self'",
  ]);
  expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  expect(headers['permissions-policy']).toMatch(/camera=\(\)/);
});

test.each([
  '/console/main-B2.js',
  '/console/main-A1.js/',
  '/console/a/main-A1.js',
  '/console/..%2Fmain-A1.js',
  '/console/constructor',
  '/console/__proto__',
  '/console//',
])('%s is no file of it', async (path) => {
  const { status, json, headers } = await get(path);
  expect([status, json.code, headers['cache-control']]).toEqual([404, 'no-such-path', undefined]);
});
