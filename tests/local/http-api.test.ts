/** The local run decodes paths as an HTTP API of AWS does. */
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { actAsHttpApiOn, decodedOnce } from '../../local/http-api.ts';

/** What the handler of a path finds in it: the segments, decoded by hapi. */
const segmentsOf = (address: string) =>
  decodedOnce(address).split('?')[0]?.split('/').map(decodeURIComponent);

test.each([
  ['a plain path', '/v1/users/anna', ['', 'v1', 'users', 'anna']],
  ['percent-encoded characters', '/users/Caff%C3%A8%20Rossi', ['', 'users', 'Caffè Rossi']],
  ['characters that need no encoding, encoded', '/%75sers/%41', ['', 'users', 'A']],
  ['%2F: another segment', '/users/CLI%2F001', ['', 'users', 'CLI', '001']],
  ['%2f: another segment', '/users/CLI%2f001', ['', 'users', 'CLI', '001']],
  ['%3F: the end of the path', '/users/A%3Fb/link', ['', 'users', 'A']],
  ['%23: a character like others', '/users/A%23b', ['', 'users', 'A#b']],
  ['%252F: decoded once', '/users/CLI%252F001', ['', 'users', 'CLI%2F001']],
  ['%2541: decoded once', '/users/%2541', ['', 'users', '%41']],
  ['a plus sign', '/users/a+b', ['', 'users', 'a+b']],
  ['a tilde, encoded', '/users/%7EQ0xJLzAwMQ', ['', 'users', '~Q0xJLzAwMQ']],
])('%s', (_what, address, segments) => {
  expect(segmentsOf(address)).toEqual(segments);
});

test('a slash at the end stays where hapi takes one away', () => {
  expect(decodedOnce('/users/A%2F')).toBe('/users/A//');
  expect(decodedOnce('/users/A/?a=1')).toBe('/users/A//?a=1');
  expect(decodedOnce('/')).toBe('/');
});

test('the query stays as it is', () => {
  expect(decodedOnce('/users/a%20b?x=%2F%3F&y=%')).toBe('/users/a%20b?x=%2F%3F&y=%');
  expect(decodedOnce('/users/A%3Fb?x=1')).toBe('/users/A?x=1');
});

test.each(['/users/%zz', '/users/%', '/users/%ff', '*', 'http://other.example/a%2Fb', ''])(
  '%j stays as it is',
  (address) => expect(decodedOnce(address)).toBe(address),
);

test('only the server on that port gets such paths, before it looks at them', async () => {
  const servers = await Promise.all([served(), served()]);
  const [one, other] = servers.map(({ port }) => port);
  actAsHttpApiOn(one ?? 0);
  expect(await answerOf(one, '/a%2Fb')).toBe('/a/b');
  expect(await answerOf(other, '/a%2Fb')).toBe('/a%2Fb');
  for (const { server } of servers) server.close();
});

describe('header fields, as an HTTP API hands them on', () => {
  const seen = async (headers: string[]) => {
    const { server, port } = await served(({ rawHeaders, headers: read }) =>
      JSON.stringify([rawHeaders, read]),
    );
    actAsHttpApiOn(port);
    const [raw, read] = JSON.parse(await answerOf(port, '/', headers));
    server.close();
    const pairs: [string, string][] = [];
    for (let index = 0; index < raw.length; index += 2) pairs.push([raw[index], raw[index + 1]]);
    return { pairs, read };
  };

  test('a field that is there twice has both values', async () => {
    const { pairs } = await seen(['Authorization', 'Bearer one', 'X-A', '1', 'authorization', 'Bearer two']);
    expect(pairs).toEqual(
      expect.arrayContaining([
        ['authorization', 'Bearer one,Bearer two'],
        ['x-a', '1'],
      ]),
    );
    expect(pairs.filter(([name]) => name.toLowerCase() === 'authorization')).toHaveLength(1);
  });

  test.each([
    ['garbage', false],
    [';;;', false],
    ['application/json, text/plain', false],
    ['multipart/form-data', false],
    ['multipart/mixed; x=1', false],
    ['multipart/form-data; boundary=x', true],
    ['a/b; charset=x; charset=y', false],
    // serverless-offline would parse it, and hand on `false` itself: a function gets text.
    ['application/json; charset=iso-8859-1', false],
    ['application/json', false],
  ])('Content-Type: %s stops no request', async (type, isKept) => {
    const { pairs, read } = await seen(['Content-Type', type]);
    expect(pairs).toContainEqual(['content-type', type]);
    expect(read['content-type']).toBe(isKept ? type : 'application/octet-stream');
  });
});

/** A server that answers with the address of the request, or something else of it. */
async function served(answer: (request: IncomingMessage) => string = ({ url = '' }) => url) {
  const server = createServer((request, response) => response.end(answer(request)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

function answerOf(port: number | undefined, path: string, headers: string[] = []): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      agent: false,
      ...(headers.length > 0 && { headers: ['Host', '127.0.0.1', ...headers] }),
    };
    const asked = httpRequest(options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve(text));
    });
    asked.on('error', reject).end();
  });
}
