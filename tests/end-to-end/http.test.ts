/** The API over real HTTP: whatever is wrong with a request is answered in the API's own way, and never as a 500. */
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plainRequest } from '../../fuzz/over-http.ts';
import { type LocalRun, sample, startRun } from '../support/local-run.ts';

let run: LocalRun;
let valid: Record<string, unknown>;
beforeAll(async () => {
  run = await startRun();
  valid = await sample('order-status');
});
afterAll(() => run?.stop());

const PATH = '/v1/sites/demo/events/order-status';
const KEY = { authorization: 'Bearer pwtg_demo' };
const JSON_TYPE = { 'content-type': 'application/json' };

type Parts = { method?: string; headers?: Record<string, string | string[]>; body?: string | Buffer };

/** Without the help of `fetch`, which mends paths and refuses what is not allowed. */
function ask(path: string, { method = 'POST', headers = { ...KEY, ...JSON_TYPE }, body }: Parts = {}) {
  return new Promise<{ status: number; type: string; headers: NodeJS.Dict<string | string[]>; text: string }>(
    (resolve, reject) => {
      const { PORT: port } = run.process.ports;
      const outgoing = httpRequest({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () => {
          const type = answer.headers['content-type'] ?? '';
          resolve({ status: answer.statusCode ?? 0, type, headers: answer.headers, text });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    },
  );
}

test('an event is accepted as JSON', async () => {
  const answer = await ask(PATH, { body: JSON.stringify(valid) });
  expect(answer).toMatchObject({ status: 202, type: expect.stringMatching(/^application\/json/) });
});

describe('a problem', () => {
  const tooLong = JSON.stringify({ text: 'a'.repeat(256 * 1024) });

  test.each<[string, number, string, Parts]>([
    ['a wrong key', 401, PATH, { headers: { ...JSON_TYPE, authorization: 'Bearer pwtg_wrong' }, body: '{}' }],
    ['no key', 401, PATH, { headers: JSON_TYPE, body: '{}' }],
    ['an unknown site', 401, '/v1/sites/nobody/events/order-status', { body: '{}' }],
    ['malformed JSON', 400, PATH, { body: '{"eventId": ' }],
    ['JSON of another type', 400, PATH, { body: '[]' }],
    ['no body', 400, PATH, {}],
    ['an empty object', 400, PATH, { body: '{}' }],
    ['more than 256 KB', 413, PATH, { body: tooLong }],
    ['an unknown event', 404, '/v1/sites/demo/events/something', { body: '{}' }],
    ['an unknown path', 404, '/nowhere', { method: 'GET' }],
    ['the root', 404, '/', { method: 'GET' }],
    ['a wrong method', 405, PATH, { method: 'GET' }],
    ['another wrong method', 405, PATH, { method: 'DELETE' }],
    ['a wrong method elsewhere', 405, '/v1/telegram/demo', { method: 'GET' }],
  ])('%s is answered with %i', async (_, status, path, parts) => {
    const answer = await ask(path, parts);
    expect(answer.status).toBe(status);
    expect(answer.type).toMatch(/^application\/problem\+json/);
    const problem = JSON.parse(answer.text);
    expect(problem).toMatchObject({ type: expect.any(String), title: expect.any(String), status });
    expect(problem.detail.length).toBeGreaterThan(20);
  });

  test('names every wrong place', async () => {
    const order = { ...(valid.order as object), itemCount: -1 };
    const answer = await ask(PATH, { body: JSON.stringify({ ...valid, order, surprise: true }) });
    expect(answer.status).toBe(400);
    const pointers = JSON.parse(answer.text).errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers.sort()).toEqual(['/order/itemCount', '/surprise']);
  });

  test('an unknown site and a wrong key look the same', async () => {
    const wrongKey = await ask(PATH, { headers: { authorization: 'Bearer x' }, body: '{}' });
    const noSite = await ask('/v1/sites/nobody/events/order-status', { body: '{}' });
    expect(noSite.text).toBe(wrongKey.text);
    expect(wrongKey.headers['www-authenticate']).toBe('Bearer');
  });
});

describe('nothing makes a 500:', () => {
  const json = () => JSON.stringify(valid);
  const odd: [string, () => [string, Parts]][] = [
    ['a wrong percent-encoding', () => ['/v1/sites/%E0%A4%A/events/order-status', { body: json() }]],
    ['an encoded slash', () => ['/v1/sites/demo%2Fx/events/order-status', { body: json() }]],
    ['doubled slashes', () => ['//v1//sites/demo/events/order-status', { body: json() }]],
    ['a query', () => [`${PATH}?a=1&a=2&%zz`, { body: json() }]],
    ['a long path', () => [`/${'a'.repeat(7_000)}`, { body: json() }]],
    ['HEAD', () => [PATH, { method: 'HEAD' }]],
    ['OPTIONS', () => [PATH, { method: 'OPTIONS' }]],
    ['a byte order mark', () => [PATH, { body: `\ufeff${json()}` }]],
    ['bytes that are no text', () => [PATH, { body: Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]) }]],
    ['binary content', () => [PATH, { headers: { ...KEY, 'content-type': 'image/png' }, body: json() }]],
    [
      'a form',
      () => [PATH, { headers: { ...KEY, 'content-type': 'multipart/form-data; boundary=x' }, body: json() }],
    ],
    ['an odd content type', () => [PATH, { headers: { ...KEY, 'content-type': ';;;' }, body: json() }]],
    ['no content type', () => [PATH, { headers: KEY, body: json() }]],
    ['a false encoding', () => [PATH, { headers: { ...KEY, 'content-encoding': 'gzip' }, body: json() }]],
    ['deep nesting', () => [PATH, { body: '['.repeat(100_000) }]],
    ['a foreign prototype', () => [PATH, { body: '{"__proto__":{"eventId":"x"},"constructor":1}' }]],
    ['null', () => [PATH, { body: 'null' }]],
    ['lone surrogates', () => [PATH, { body: json().replace('Confermato', '\\ud800') }]],
    ['a NUL character', () => [PATH, { body: json().replace('Confermato', 'Con\\u0000fermato') }]],
  ];
  test.each(odd)('%s', async (_, make) => {
    const answer = await ask(...make());
    expect(answer.status).toBeGreaterThanOrEqual(200);
    expect(answer.status).toBeLessThan(500);
  });
});

describe('user ids with "/", "%2F", "?", "#", "%" in the local run, which decodes paths as AWS does', () => {
  const USERS = '/v1/sites/demo/users';
  const at = async (written: string, parts: Parts = { method: 'GET' }) => {
    const { status, text } = await ask(`${USERS}/${written}`, parts);
    return { status, ...(text !== '' && JSON.parse(text)) };
  };
  const optOut = { method: 'PATCH', body: JSON.stringify({ optedOut: true, by: 'person' }) };

  test.each([
    ['CLI/001', '~Q0xJLzAwMQ'],
    ['CLI%2F001', '~Q0xJJTJGMDAx'],
    ['CLI%2F001', 'CLI%252F001'],
    ['A?b', '~QT9i'],
    ['A#b', '~QSNi'],
    ['A#b', 'A%23b'],
    ['%41', '~JTQx'],
    ['%41', '%2541'],
    ['A', '%41'],
    ['~QQ', '~flFR'],
    ['A', '~QQ'],
    ['A/', '~QS8'],
    ['..', '~Li4'],
    ['Caffè Rossi', 'Caff%C3%A8%20Rossi'],
    ['a+b', 'a+b'],
    ['🛒', '%F0%9F%9B%92'],
  ])('%s is reached as %s', async (id, written) => {
    expect(await at(written, optOut)).toMatchObject({ status: 200, userId: id, optedOut: true });
    expect(await at(written)).toMatchObject({ status: 200, userId: id });
  });

  test('%2F matches no route, and a ? ends the path', async () => {
    const slash = await at('CLI%2F001');
    expect(slash).toMatchObject({ status: 404, detail: expect.stringContaining('CLI/001 is ~Q0xJLzAwMQ') });
    expect(await at('A%2F')).toMatchObject({ status: 404, title: 'Not Found' });
    expect((await at('A%2F')).detail).toMatch(/^This API has no such path/);
    expect(await at('anna%3Fb')).toMatchObject({ status: 200, userId: 'anna' });
  });

  test.each(['~QR', '~_w', '~', '~Q0xJLzAwMQ=='])('%s names nobody', async (written) => {
    expect(await at(written)).toMatchObject({
      status: 400,
      detail: expect.stringContaining('CLI/001 is ~Q0xJLzAwMQ'),
    });
  });
});

describe('HEAD and GET', () => {
  const PLATFORM = { authorization: 'Bearer platform-demo' };

  /** The status, and the headers without the time. */
  const headOf = async (method: string, path: string, headers: Record<string, string>) => {
    const { status, headers: answered, text } = await ask(path, { method, headers });
    const { date: _date, ...others } = answered;
    return { status, headers: others, text };
  };

  test.each<[string, number, Record<string, string>]>([
    ['/v1/openapi.json', 200, {}],
    ['/v1/sites/demo', 200, KEY],
    ['/v1/sites/demo', 200, PLATFORM],
    ['/v1/sites/demo', 200, { ...KEY, range: 'bytes=0-3' }],
    ['/v1/sites/demo/keys', 200, PLATFORM],
    ['/v1/sites/demo/templates', 200, KEY],
    ['/v1/sites/demo/templates/default-order-status', 200, KEY],
    ['/v1/sites/demo/deliveries', 200, KEY],
    ['/v1/sites/demo/users/anna', 200, KEY],
    ['/v1/sites/demo/users/nobody', 404, KEY],
    ['/v1/sites/demo/users/anna', 401, {}],
    ['/v1/sites/demo/telegram/callbacklogin', 400, {}],
    ['/v1/sites/demo/telegram/login', 404, {}],
    ['/v1/sites/demo/telegram/login/callback', 404, {}],
    ['/v1/sites/demo/bot', 405, KEY],
    ['/nowhere', 404, {}],
  ])('%s: %i, with the same headers, and HEAD without content', async (path, status, headers) => {
    const got = await headOf('GET', path, headers);
    expect(got.status).toBe(status);
    expect(await headOf('HEAD', path, headers)).toEqual({ ...got, text: '' });
  });

  test.each([
    ['GET', '/v1/openapi.json/'],
    ['HEAD', '/v1/openapi.json/'],
    ['GET', '/v1/sites/demo/'],
    ['GET', '/v1/sites/demo/?x=1'],
    ['DELETE', '/v1/sites/demo/users/anna/'],
    ['POST', '/v1/sites/demo/events/order-status/'],
  ])('%s %s, with a slash at its end: 404', async (method, path) => {
    const { status, text } = await ask(path, { method, headers: KEY });
    expect(status).toBe(404);
    if (method !== 'HEAD') expect(JSON.parse(text).detail).toContain('Leave out the slash at its end');
  });
});

test.each([
  'garbage',
  ';;;',
  'application/json, text/plain',
  'multipart/form-data',
  'multipart/mixed',
  'a/b; c="',
])('an event is accepted whatever the Content-Type says: %s', async (type) => {
  const body = JSON.stringify({ ...valid, eventId: `type ${type}` });
  const { status } = await ask(PATH, { headers: { ...KEY, 'content-type': type }, body });
  expect(status).toBe(202);
});

test('two keys in two Authorization fields: 401, as where API Gateway joins them', async () => {
  const headers = { ...JSON_TYPE, authorization: ['Bearer pwtg_wrong', 'Bearer pwtg_demo'] };
  expect((await ask(PATH, { headers, body: JSON.stringify(valid) })).status).toBe(401);
});

test.each(['application/json', 'application/octet-stream'])(
  'a gzip body of %s: 415 with the encoding that is taken',
  async (type) => {
    const headers = { ...KEY, 'content-type': type, 'content-encoding': 'gzip' };
    const { status, headers: answered } = await ask(PATH, { headers, body: gzipSync(JSON.stringify(valid)) });
    expect(status).toBe(415);
    expect(answered['accept-encoding']).toBe('identity');
  },
);

/**
 * What the local HTTP server (Node's, and that of serverless-offline) refuses by itself: nothing of it reaches us, and
 * API Gateway, which stands in its place, has answers of its own.
 */
function isTheServersOwn({ type, text }: { type: string; text: string }): boolean {
  const isHead = text === '' && !type.startsWith('application/problem+json');
  return isHead || /^\{"statusCode":400,"error":"Bad Request","message":"[\w -]+"\}$/.test(text);
}

test('no method, path, query or header makes a 500, and every refusal of ours is a problem with a sentence', async () => {
  let ours = 0;
  const stands = async ({ path, ...parts }: { path: string } & Parts) => {
    const answer = await ask(path, parts);
    expect(answer.status).toBeLessThan(500);
    if (answer.status < 400 || isTheServersOwn(answer)) return;
    ours += 1;
    expect(answer.type).toMatch(/^application\/problem\+json/);
    // An answer to HEAD has no body.
    if (parts.method !== 'HEAD') expect(JSON.parse(answer.text).detail).toMatch(/^[A-Z"][\s\S]*\.$/);
  };
  await fc.assert(fc.asyncProperty(plainRequest, stands), { numRuns: 300, seed: 1 });
  expect(ours).toBeGreaterThan(100);
});
