import * as z from 'zod/mini';
import { noSuchPath } from '../lib/http/no-such-path.ts';
import {
  foreignOrigin,
  invalidParameters,
  tooManyAttempts,
  unauthorized,
  wrongConsoleLink,
  wrongPlatformKey,
} from '../lib/http/problems.ts';
import { page } from '../lib/openapi/browser.ts';
import { named } from '../lib/openapi/components.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { CACHE_TAG, instant, text } from '../lib/openapi/schemas.ts';
import { signInBody } from '../lib/sites/sign-in.ts';
import { routes } from './console.ts';

named('SignIn', signInBody, {
  description: 'What signs in to the console: a link, a key of a site, or the key of the platform',
  properties: {
    token: 'What stands behind `#token=` in a link',
    siteId: 'The shop that the key is of; absent: it is the key of the platform',
    key: 'A key of the site, or that of the platform',
  },
});
const sessionsAnswer = named(
  'Sessions',
  z.object({
    site: z.nullable(z.object({ siteId: text, expiresAt: instant })),
    platform: z.nullable(z.object({ expiresAt: instant })),
  }),
  {
    description: 'Who is signed in to the console in this browser',
    properties: {
      site: 'The console of a site; `null`: nobody',
      platform: 'That of the platform; `null`: nobody',
    },
  },
);
const sessionAnswer = named(
  'Session',
  z.object({ role: z.enum(['site', 'platform']), siteId: z.optional(text), expiresAt: instant }),
  {
    description: 'A session of the console; the secret of it is in the cookie alone',
    properties: {
      role: 'Whose console it opens',
      siteId: 'The shop; absent for the platform',
      expiresAt: 'Until when it lasts; it ends before that where its key is removed',
    },
  },
);

const tag = 'Browser and Telegram';
const expiresAt = '2026-11-22T23:30:00.000Z';

export const docs = operationsOf(routes, {
  'GET /console': {
    id: 'openConsole',
    tag,
    summary: "The merchants' web console",
    description: 'The page is at `/console/`, the only path with a slash at its end.',
    answers: [
      { ...page(200, 'The page, at `/console/`'), headers: CACHE_TAG },
      {
        status: 308,
        description: 'On to the page',
        headers: {
          Location: {
            description: 'Where to',
            example: '/console/',
            schema: { type: 'string', format: 'uri-reference' },
          },
        },
      },
    ],
  },
  'GET /console/{file+}': {
    id: 'getConsoleFile',
    tag,
    summary: 'A file of the console',
    answers: [
      {
        status: 200,
        description: 'The file, to be kept for ever',
        schema: text,
        example: '…',
        type: 'text/javascript',
      },
    ],
    problems: [noSuchPath({ rawPath: '/console/main-3FA5B2C1.js' })],
  },
  'GET /console/session': {
    id: 'getConsoleSession',
    tag,
    summary: 'Who is signed in to the console in this browser',
    answers: [
      {
        status: 200,
        description: 'The sessions of the cookies that came with the request',
        schema: sessionsAnswer,
        example: { site: { siteId: 'demo', expiresAt }, platform: null },
      },
    ],
  },
  'POST /console/session': {
    id: 'signIn',
    tag,
    summary: 'Sign in to the console',
    description:
      'Only for the page of the console, on the same origin: with `X-Console: 1`. The session is in a cookie that no script can read. It lasts eight hours, or until the key that has opened it is removed.',
    examples: {
      link: { token: 'demo.mbq5zk3k_4vQyB2m8sX1uJ0tFhK7dRcEwLpA9gNzOiYbVxTjQe5s' },
      site: { siteId: 'demo', key: 'pwtg_3mYk2m1nJ0wq8m0C6b1p5C1bqLr2xKp3zq4YwE7Jt9s' },
      platform: { key: '4hGf0s2' },
    },
    wrong: [{ pointer: '', detail: 'Must have "token" alone, or "key", with "siteId" for a key of a site.' }],
    answers: [
      {
        status: 200,
        description: 'Signed in',
        schema: sessionAnswer,
        example: { role: 'site', siteId: 'demo', expiresAt },
        headers: {
          'Set-Cookie': {
            description: 'The session; always a new one',
            example: '__Host-console-site=…; Path=/; Max-Age=28800; HttpOnly; Secure; SameSite=Lax',
          },
        },
      },
    ],
    problems: [wrongConsoleLink(), unauthorized(), wrongPlatformKey(), foreignOrigin(), tooManyAttempts(6)],
  },
  'DELETE /console/session': {
    id: 'signOut',
    tag,
    summary: 'Sign out of the console',
    description: 'Only for the page of the console, as above. It is done also where nobody was signed in.',
    parameters: { role: { description: 'Only this session; absent: both', example: 'site' } },
    answers: [{ status: 204, description: 'The session is ended, and the cookie removed' }],
    problems: [
      invalidParameters([{ pointer: '/role', detail: 'Must be "site" or "platform".' }]),
      foreignOrigin(),
    ],
  },
});
