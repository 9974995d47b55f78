/** Host, Origin and what browsers say of a request's page: https://www.w3.org/TR/fetch-metadata/ */
import { createServer, request as httpRequest, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { refuseForeignCallers } from '../../local/foreign-callers.ts';
import { listen } from '../../local/ports.ts';

let server: Server;
let port: number;
/** What the server itself was asked, and the Origin that it saw. */
const asked: (string | undefined)[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.headers.origin);
    response.end('{}');
  });
  refuseForeignCallers(server, { mayBeVisited: ({ url }) => url?.endsWith('/page') === true });
  port = await listen(server, 0);
});
afterAll(() => void server.close());

interface Sent {
  headers: Record<string, string>;
  method?: string;
  path?: string;
}

const withPort = (text: string) => text.replace('PORT', String(port));

function send({ headers, method = 'GET', path = '/' }: Sent): Promise<{ status: number; body: string }> {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, withPort(value)]));
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { host: '127.0.0.1', port, method, path: withPort(path), headers: own },
      async (answer) => {
        const body = Buffer.concat(await Array.fromAsync(answer as AsyncIterable<Buffer>)).toString();
        resolve({ status: answer.statusCode ?? 0, body });
      },
    );
    sent.on('error', reject).end();
  });
}

const VISIT = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

test.each<[string, Sent]>([
  ['a program', { headers: {} }],
  ['localhost', { headers: { host: 'localhost:PORT' } }],
  ['localhost with a dot, in capitals', { headers: { host: 'LOCALHOST.:PORT' } }],
  ['the address of IPv6', { headers: { host: '[::1]:PORT' } }],
  ['another port, forwarded to this one', { headers: { host: '127.0.0.1:1' } }],
  ['its own page', { headers: { host: 'localhost:PORT', origin: 'http://localhost:PORT' }, method: 'POST' }],
  ['its own page, as browsers say it', { headers: { 'sec-fetch-site': 'same-origin' } }],
  [
    'its own page, as older browsers say it',
    { headers: { host: 'localhost:PORT', referer: 'http://localhost:PORT/page?a=1' } },
  ],
  ['a page with a typed address', { headers: { ...VISIT, 'sec-fetch-site': 'none' }, path: '/page' }],
  ['a page, by its own link', { headers: { ...VISIT, 'sec-fetch-site': 'same-origin' }, path: '/page' }],
  ['a link from elsewhere to a page', { headers: VISIT, path: '/page' }],
  [
    'the same of an older browser',
    { headers: { referer: 'https://oauth.telegram.org/auth' }, path: '/page' },
  ],
  ['a program that gives the whole address', { headers: {}, path: 'http://localhost:PORT/page' }],
])('%s is let in', async (_, sent) => {
  asked.length = 0;
  expect(await send(sent)).toEqual({ status: 200, body: '{}' });
  // A server that allows everything to the Origin that it sees, allows nothing.
  expect(asked).toEqual([undefined]);
});

test.each<[string, Sent, RegExp]>([
  [
    'another name',
    { headers: { host: 'evil.example:PORT' } },
    /call it 127\.0\.0\.1 or localhost, not evil\.example/,
  ],
  [
    'a name that begins alike',
    { headers: { host: 'localhost.evil.example' } },
    /not localhost\.evil\.example/,
  ],
  ['a name below localhost', { headers: { host: 'evil.localhost:PORT' } }, /not evil\.localhost/],
  ['another address of this machine', { headers: { host: '0.0.0.0:PORT' } }, /not 0\.0\.0\.0/],
  ['no name at all', { headers: { host: '@' } }, /not @/],
  [
    'a page elsewhere',
    { headers: { origin: 'https://evil.example' }, method: 'POST' },
    /https:\/\/evil\.example/,
  ],
  ['a page on another port', { headers: { origin: 'http://127.0.0.1:1' } }, /http:\/\/127\.0\.0\.1:1/],
  ['a page of the other name', { headers: { origin: 'http://localhost:PORT' } }, /http:\/\/localhost/],
  ['a page without an origin', { headers: { origin: 'null' }, method: 'POST' }, /from null/],
  ['the question of a browser', { headers: { origin: 'https://evil.example' }, method: 'OPTIONS' }, /evil/],
  ['a picture of a page elsewhere', { headers: { 'sec-fetch-site': 'cross-site' } }, /Pages of other sites/],
  [
    'a picture of another port',
    { headers: { 'sec-fetch-site': 'same-site' }, path: '/page' },
    /Pages of other sites/,
  ],
  ['a picture in an older browser', { headers: { referer: 'https://evil.example/' } }, /with a program/],
  ['the same from another port', { headers: { referer: 'http://127.0.0.1:1/' } }, /with a program/],
  [
    'a form in an older browser',
    { headers: { referer: 'https://evil.example/' }, path: '/page', method: 'POST' },
    /Pages of other sites/,
  ],
  ['a link from elsewhere to no page', { headers: VISIT, path: '/bot' }, /with a program, such as curl/],
  // Typed, or a bookmark: the page there may have led on to this server.
  [
    'what may be led on by another site',
    { headers: { ...VISIT, 'sec-fetch-site': 'none' }, path: '/bot' },
    /with a program, such as curl/,
  ],
  // https://wicg.github.io/nav-speculation/prefetch.html
  [
    'a page elsewhere that has it fetched in advance',
    {
      headers: {
        ...VISIT,
        'sec-fetch-site': 'none',
        'sec-purpose': 'prefetch;prerender',
        referer: 'https://evil.example/',
      },
      path: '/bot',
    },
    /with a program, such as curl/,
  ],
  [
    'a link in a message that its own page shows',
    { headers: { ...VISIT, 'sec-fetch-site': 'same-origin' }, path: '/bot' },
    /with a program, such as curl/,
  ],
  ['a form from elsewhere', { headers: VISIT, path: '/page', method: 'POST' }, /Pages of other sites/],
  [
    'a frame elsewhere',
    { headers: { ...VISIT, 'sec-fetch-dest': 'iframe' }, path: '/page' },
    /Pages of other sites/,
  ],
  // RFC 9112, 3.2.2: it stands in for `Host`.
  ['another name in the whole address', { headers: {}, path: 'http://evil.example/page' }, /evil\.example/],
  ['a whole address without a name', { headers: {}, path: 'http://' }, /call it 127\.0\.0\.1/],
  [
    'a body that waits for leave',
    { headers: { origin: 'null', expect: '100-continue' }, method: 'POST' },
    /null/,
  ],
])('%s is refused', async (_, sent, says) => {
  asked.length = 0;
  const { status, body } = await send(sent);
  expect(status).toBe(403);
  expect(JSON.parse(body)).toMatchObject({
    title: 'Forbidden',
    status: 403,
    detail: expect.stringMatching(says),
  });
  expect(asked).toEqual([]);
});
