/** The local run decodes paths as an HTTP API of AWS does. */
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
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

/** A server that answers with the address of the request. */
async function served() {
  const server = createServer(({ url }, response) => response.end(url));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

function answerOf(port: number | undefined, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, agent: false };
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
