/** Bodies that can't be read: refused whole, kindly, and with nothing queued. */
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { EVENTS, payload } from '../support/payloads.ts';

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(() => app.takeQueued());

const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');

/** What a person who corrects it wants to know. */
const NEXT = ' Nothing was done: correct the body and send it again.';

describe('400, not JSON', () => {
  test.each([
    ['', 'The body is empty; this path takes a JSON object with "eventId", "order", "holder".'],
    [undefined, 'The body is empty; this path takes a JSON object with "eventId", "order", "holder".'],
    [' ', 'The body is not JSON: it ends too early.'],
    ['{', 'The body is not JSON: it ends too early.'],
    ['{"eventId":', 'The body is not JSON: it ends too early.'],
    ['{"eventId":"a', 'The body is not JSON: it ends too early.'],
    ['nul', 'The body is not JSON: it ends too early.'],
    ['{"eventId":1', 'The body is not JSON: it ends too early.'],
    ['{"files":[1,2', 'The body is not JSON: it ends too early.'],
    ['{"eventId"', 'The body is not JSON: it ends too early.'],
    ['not JSON', 'The body is not JSON: unexpected character "o".'],
    ['{"eventId": it}', 'The body is not JSON: unexpected character "i".'],
    ['[1,]', 'The body is not JSON: unexpected character "]".'],
    ['{"eventId":"1",}', 'The body is not JSON: unexpected character at position 15 (line 1 column 16).'],
    ["{'eventId':'1'}", 'The body is not JSON: unexpected character at position 1 (line 1 column 2).'],
    ['{}\n\n  {}', 'The body is not JSON: unexpected character at position 6 (line 3 column 3).'],
    ['{"eventId":"\u0007"}', 'The body is not JSON: unexpected character at position 12 (line 1 column 13).'],
    ['eventId=1&language=it', 'The body is not JSON: unexpected character "e".'],
    ['<event/>', 'The body is not JSON: unexpected character "<".'],
    [
      '[object Object]',
      'The body is not JSON: it looks like a value that was not serialized before it was sent.',
    ],
    ['undefined', 'The body is not JSON: it looks like a value that was not serialized before it was sent.'],
  ])('%j', async (body, detail) => {
    const answer = await app.report('order-status', body);

    expect(answer.status).toBe(400);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json' });
    expect(answer.json).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code: detail.startsWith('The body is empty') ? 'body-missing' : 'not-json',
      detail: detail + NEXT,
    });
  });

  test.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['a surrogate in UTF-8', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a character that is cut off', [0x22, 0xe2, 0x82, 0x22]],
    ['UTF-16', [...Buffer.from('\ufeff{"eventId":"1"}', 'utf16le')]],
    ['Latin-1', [...Buffer.from('"perché"', 'latin1')]],
  ])('%s is not UTF-8', async (_what, bytes) => {
    const body = base64(Uint8Array.from(bytes));

    const answer = await app.report('order-status', body, { isBase64Encoded: true });

    expect(answer.status).toBe(400);
    expect(answer.json.detail).toBe(
      'The body is not in UTF-8, so it can not be read as JSON. Send the body in UTF-8 (RFC 8259, section 8.1), not in ISO-8859-1, Windows-1252 or UTF-16.',
    );
  });

  test('does not repeat the body, which may hold personal data', async () => {
    const answer = await app.report('order-status', '{"holder": {"firstName": "Annamaria", lastName: 1}}');
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain('Annamaria');
  });
});

describe('400, not an object', () => {
  test.each(EVENTS)('%s', async (event) => {
    const kinds = { '[]': 'an array', '"text"': 'a string', null: 'null', '7': 'a number', true: 'true' };
    for (const [body, kind] of Object.entries(kinds)) {
      const answer = await app.report(event, body);
      expect(answer.status).toBe(400);
      expect(answer.json).toEqual({
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        code: 'invalid-body',
        detail:
          'Nothing was sent: 1 place is wrong in the body. Correct what "errors" names and send the request again.',
        errors: [{ pointer: '', code: 'wrong-type', detail: `Must be an object, not ${kind}.` }],
      });
    }
  });
});

describe('how a body may come', () => {
  test.each(EVENTS)('%s in base64, as API Gateway hands on what it takes for binary', async (event) => {
    const body = base64(JSON.stringify(payload(event, { eventId: 'base64' })));
    expect((await app.report(event, body, { isBase64Encoded: true })).status).toBe(202);
  });

  test('with a byte order mark', async () => {
    const body = `\ufeff${JSON.stringify(payload('order-status', { eventId: 'mark' }))}`;
    expect((await app.report('order-status', body)).status).toBe(202);
  });

  test('with white space and line feeds', async () => {
    const body = `\r\n\t ${JSON.stringify(payload('order-status', { eventId: 'white' }), null, 4)}\n\n`;
    expect((await app.report('order-status', body)).status).toBe(202);
  });

  test('with the same property twice: the last one counts', async () => {
    const json = JSON.stringify(payload('order-status', { eventId: 'last' }));
    const answer = await app.report('order-status', json.replace('{', '{"eventId":"first",'));
    expect(answer.json.eventId).toBe('last');
  });
});

describe('413', () => {
  const ofSize = (bytes: number) => JSON.stringify(payload('order-status')).padEnd(bytes, ' ');

  test('exactly 262,144 bytes are read', async () => {
    expect((await app.report('order-status', ofSize(262_144))).status).toBe(202);
  });

  test('one byte more is refused', async () => {
    const answer = await app.report('order-status', ofSize(262_145));

    expect(answer.status).toBe(413);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json' });
    expect(answer.json).toEqual({
      type: 'about:blank',
      title: 'Content Too Large',
      status: 413,
      code: 'body-too-large',
      detail: 'The body is over 256 KB (262144 bytes), the limit of this API.',
    });
  });

  test('bytes are counted as they were sent, not characters and not base64', async () => {
    const euros = JSON.stringify({ eventId: '€'.repeat(87_400) });
    expect(euros.length).toBeLessThan(262_144);
    expect((await app.report('order-status', euros)).status).toBe(413);

    const encoded = { isBase64Encoded: true };
    expect((await app.report('order-status', base64(ofSize(262_144)), encoded)).status).toBe(202);
    expect((await app.report('order-status', base64(ofSize(262_145)), encoded)).status).toBe(413);
  });

  test('a body that is too large need not be JSON', async () => {
    expect((await app.report('order-status', '['.repeat(300_000))).status).toBe(413);
  });
});

describe('415, a compressed body', () => {
  const json = () => JSON.stringify(payload('order-status', { eventId: 'compressed' }));
  const asText = (bytes: Buffer) => bytes.toString('utf8');

  // On AWS a body with `application/json` comes as text, in which what is no UTF-8 is lost; others come in base64.
  test.each<[string, () => [string | undefined, string, boolean?]]>([
    ['gzip, as AWS hands on application/json', () => ['gzip', asText(gzipSync(json()))]],
    ['gzip, in base64', () => ['gzip', base64(gzipSync(json())), true]],
    ['gzip that is not said, as text', () => [undefined, asText(gzipSync(json()))]],
    ['gzip that is not said, in base64', () => [undefined, base64(gzipSync(json())), true]],
    ['x-gzip', () => ['X-GZIP', asText(gzipSync(json()))]],
    ['zlib that is not said, as text', () => [undefined, asText(deflateSync(json()))]],
    ['zlib that is not said, in base64', () => [undefined, base64(deflateSync(json())), true]],
    ['zlib of each level', () => [undefined, base64(deflateSync(json(), { level: 1 })), true]],
    ['zlib at its best', () => [undefined, asText(deflateSync(json(), { level: 9 }))]],
    ['Zstandard that is not said, as text', () => [undefined, asText(zstdCompressSync(json()))]],
    ['Zstandard that is not said, in base64', () => [undefined, base64(zstdCompressSync(json())), true]],
    ['a character set where a coding belongs', () => ['utf-8', json()]],
    ['deflate', () => ['deflate', asText(deflateSync(json()))]],
    ['brotli', () => ['br', asText(brotliCompressSync(json()))]],
    ['two codings', () => ['identity, gzip', asText(gzipSync(json()))]],
    ['a coding that nobody knows', () => ['rot13', json()]],
  ])('%s', async (_what, make) => {
    const [coding, body, isBase64Encoded = false] = make();
    const headers: Record<string, string> = coding === undefined ? {} : { 'content-encoding': coding };
    for (const event of EVENTS) {
      const {
        status,
        headers: answered,
        json: problem,
      } = await app.report(event, body, { headers, isBase64Encoded });
      expect({ status, answered }).toMatchObject({
        status: 415,
        answered: { 'content-type': 'application/problem+json', 'accept-encoding': 'identity' },
      });
      expect(problem.detail).toMatch(
        /^The body is compressed, or "Content-Encoding" says that it is encoded\..*send it again as it is/,
      );
    }
    expect(await app.takeQueued()).toEqual([]);
  });

  test.each(['identity', 'Identity', '', ' '])('Content-Encoding %j is none', async (coding) => {
    const body = JSON.stringify(payload('order-status', { eventId: `plain-${coding}` }));
    expect((await app.report('order-status', body, { headers: { 'content-encoding': coding } })).status).toBe(
      202,
    );
  });

  test('only after the key', async () => {
    const options = { key: null, headers: { 'content-encoding': 'gzip' } };
    expect((await app.report('order-status', json(), options)).status).toBe(401);
  });

  test('of any other route with a body', async () => {
    const headers = { 'content-encoding': 'gzip' };
    for (const [method, path] of [
      ['PATCH', '/v1/sites/demo'],
      ['POST', '/v1/sites/demo/users/import'],
      ['PUT', '/v1/sites/demo/templates/default-welcome'],
      ['PATCH', '/v1/sites/demo/users/anna'],
    ] as const)
      expect((await app.call(method, path, { headers, body: '{}' })).status).toBe(415);
  });
});

describe('deep nesting', () => {
  const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

  test.each([
    ['arrays', deep('[', ']', 131_000), ''],
    ['arrays in a property', `{"eventId":${deep('[', ']', 130_000)}}`, '/eventId'],
    ['objects in a property', `{"holder":${deep('{"a":', '}', 43_000).replace(':}', ':1}')}}`, '/holder/a'],
    ['arrays in an unknown property', `{"x":${deep('[', ']', 130_000)}}`, '/x'],
  ])('%s are refused like any other mistake', async (_what, body, pointer) => {
    const answer = await app.report('order-status', body);

    expect(answer.status).toBe(400);
    expect(answer.json.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  test('and not closed, it ends too early', async () => {
    const answer = await app.report('order-status', '['.repeat(200_000));
    expect(answer.status).toBe(400);
    expect(answer.json.detail).toBe(`The body is not JSON: it ends too early.${NEXT}`);
  });
});
