import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import {
  type ConsoleRole,
  endedCookie,
  isOfConsole,
  requireOwnPage,
  sentSession,
  sessionCookie,
} from '../lib/http/console-session.ts';
import { preferredCoding } from '../lib/http/content-coding.ts';
import { underConditions } from '../lib/http/entity-tag.ts';
import { endsWithSlash, noSuchPath } from '../lib/http/no-such-path.ts';
import { entityTag, foreignOrigin } from '../lib/http/problems.ts';
import {
  type HttpRequest,
  type HttpResponse,
  jsonResponse,
  NO_CONTENT,
  NO_STORE,
} from '../lib/http/request.ts';
import { httpHandler, type Route, route } from '../lib/http/route.ts';
import { endSession, type OpenSession, openSession, signIn, signInBody } from '../lib/sites/sign-in.ts';

/** A file of the console, compressed twice. */
export interface ConsoleFile {
  /** Its media type. */
  type: string;
  /** Compressed, as base64. */
  brotli: string;
  gzip: string;
}

/** The console as scripts/console-files.ts builds it. */
export interface ConsoleFiles {
  page: ConsoleFile;
  /** By name: `main-3FA5B2C1.js`. They can be kept for ever. */
  assets: Record<string, ConsoleFile>;
}

/** scripts/build.ts puts the files in the place of the variable. Tests that load the source set what they need. */
const { page, assets }: ConsoleFiles = JSON.parse(
  process.env.CONSOLE_FILES ??
    '{"page":{"type":"text/html","brotli":"Ow==","gzip":"H4sIAAAAAAAAAwMAAAAAAAAAAAA="},"assets":{}}',
);

/** As other versions here: a number, of at most 13 digits. */
const PAGE_VERSION = Number(
  BigInt(`0x${createHash('sha256').update(page.gzip).digest('hex').slice(0, 16)}`) % 10n ** 13n,
);
/** Each form of the page is a representation of its own, with a tag (RFC 9110, section 8.8.3.3): its last digit. */
const FORMS = ['identity', 'gzip', 'br'];

const COMMON_HEADERS = {
  vary: 'accept-encoding',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const PAGE_HEADERS = {
  // Asked for again each time, and then mostly answered 304.
  'cache-control': 'no-cache',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    // Nobody may show the console inside a page, unless the deployment allows it: clicks could be led astray.
    `frame-ancestors ${process.env.CONSOLE_FRAME_ANCESTORS || "'none'"}`,
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** A file in the form that the caller takes. */
function contentOf({ type, brotli, gzip }: ConsoleFile, coding: 'br' | 'gzip' | undefined) {
  const plain = () => gunzipSync(Buffer.from(gzip, 'base64')).toString('base64');
  return {
    headers: { ...COMMON_HEADERS, 'content-type': type, ...(coding && { 'content-encoding': coding }) },
    body: coding === 'br' ? brotli : coding === 'gzip' ? gzip : plain(),
    isBase64Encoded: true,
  };
}

function codingFor({ headers }: HttpRequest) {
  return preferredCoding(headers['accept-encoding'], ['br', 'gzip']);
}

function pageFor(request: HttpRequest): HttpResponse {
  const coding = codingFor(request);
  const { headers, ...content } = contentOf(page, coding);
  const etag = entityTag(10 * PAGE_VERSION + FORMS.indexOf(coding ?? 'identity'));
  return underConditions(request, {
    statusCode: 200,
    headers: { ...headers, ...PAGE_HEADERS, etag },
    ...content,
  });
}

/** @throws NotFoundError */
function assetFor(request: HttpRequest, name: string): HttpResponse {
  const asset = Object.hasOwn(assets, name) ? assets[name] : undefined;
  if (!asset) throw noSuchPath(request);
  const { headers, ...content } = contentOf(asset, codingFor(request));
  return underConditions(request, {
    statusCode: 200,
    headers: { ...headers, 'cache-control': 'public, max-age=31536000, immutable' },
    ...content,
  });
}

/**
 * The page is at `/console/`, and API Gateway takes no route that ends with a slash: it may find this one for it, or the next.
 */
const entrance = {
  routeKey: 'GET /console',
  method: 'GET',
  path: '/console',
  caller: 'everybody',
  takesSlash: true,
  async respond(request: HttpRequest) {
    if (request.rawPath.endsWith('/')) return pageFor(request);
    // So that the names in the page lead to its files. What stands behind a "#" stays in the browser's address.
    return { statusCode: 308, headers: { location: '/console/' } };
  },
} as const satisfies Route;

const files = {
  routeKey: 'GET /console/{file+}',
  method: 'GET',
  path: '/console/{file}',
  caller: 'everybody',
  takesSlash: true,
  async respond(request: HttpRequest) {
    const name = request.pathParameters?.file ?? '';
    if (name === '') return pageFor(request);
    if (endsWithSlash(request)) throw noSuchPath(request);
    return assetFor(request, name);
  },
} as const satisfies Route;

const path = '/console/session';
const ROLES = ['site', 'platform'] as const satisfies ConsoleRole[];

export const routes = [
  entrance,
  files,
  route({
    method: 'GET',
    path,
    caller: 'everybody',
    // What it answers is nothing for other pages, but changes nothing either: no header is asked for.
    async handle({ request }) {
      const [site, platform] = await Promise.all(
        ROLES.map((role) => openSession(sentSession(request, role))),
      );
      return jsonResponse(200, { site: viewOf(site), platform: viewOf(platform) }, NO_STORE);
    },
  }),
  route({
    method: 'POST',
    path,
    caller: 'everybody',
    body: signInBody,
    exists: () => true,
    async handle({ request, body }) {
      requireConsole(request);
      const { role, secret, ...session } = await signIn(body, {
        from: request.requestContext.http.sourceIp,
        former: (role) => sentSession(request, role),
      });
      return {
        ...jsonResponse(200, { role, ...viewOf(session) }, NO_STORE),
        cookies: [sessionCookie(role, { secret })],
      };
    },
  }),
  route({
    method: 'DELETE',
    path,
    caller: 'everybody',
    query: z.strictObject({ role: z.optional(z.enum(ROLES)) }),
    exists: () => true,
    async handle({ request, query }) {
      requireConsole(request);
      const roles = query.role === undefined ? ROLES : [query.role];
      for (const role of roles) await endSession(sentSession(request, role));
      return { ...NO_CONTENT, cookies: roles.map(endedCookie) };
    },
  }),
] as const;

/** A page of another site must not sign anybody in or out either. @throws HttpProblem 403 */
function requireConsole(request: HttpRequest): void {
  if (!isOfConsole(request)) throw foreignOrigin();
  requireOwnPage(request);
}

function viewOf(session: Pick<OpenSession, 'siteId' | 'until'> | undefined) {
  if (!session) return null;
  const { siteId, until } = session;
  return { ...(siteId !== undefined && { siteId }), expiresAt: new Date(until).toISOString() };
}

export const handler = httpHandler(routes);
