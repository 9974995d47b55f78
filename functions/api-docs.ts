import { gunzipSync } from 'node:zlib';
import { underConditions } from '../lib/http/entity-tag.ts';
import { lambdaHandler } from '../lib/http/lambda.ts';
import { endsWithSlash, noSuchPath } from '../lib/http/no-such-path.ts';
import { entityTag } from '../lib/http/problems.ts';
import type { HttpRequest } from '../lib/http/request.ts';
import type { Route } from '../lib/http/route.ts';

/** The page as scripts/api-docs-page.ts makes it. */
export interface ApiDocsPage {
  /** The HTML, compressed, as base64. */
  gzip: string;
  /** Another for every other page, up to 13 digits. */
  version: number;
  /** SHA-256 of the script and of the style sheet in it, as base64: no others hold. */
  scriptHash: string;
  styleHash: string;
}

/** scripts/build.ts puts the page in the place of the variable. Tests that load the source see an empty one. */
const { gzip, version, scriptHash, styleHash }: ApiDocsPage = JSON.parse(
  process.env.API_DOCS_PAGE ??
    '{"gzip":"H4sIAAAAAAAAAwMAAAAAAAAAAAA=","version":0,"scriptHash":"","styleHash":""}',
);

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  // Asked for again each time, and then mostly answered 304.
  'cache-control': 'no-cache',
  vary: 'accept-encoding',
  'content-security-policy': [
    "default-src 'none'",
    `script-src 'sha256-${scriptHash}'`,
    `style-src 'sha256-${styleHash}'`,
    'img-src data:',
    // The document, and the requests that are tried out.
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The page on which the API can be read and tried out, open to everybody. Like `openapi.ts` it loads no AWS client. */
const page = {
  routeKey: 'GET /v1/docs',
  method: 'GET',
  path: '/v1/docs',
  caller: 'everybody',
  async respond(request: HttpRequest) {
    const takesGzip = acceptsGzip(request.headers['accept-encoding']);
    // Two forms are two representations, with a tag for each (RFC 9110, section 8.8.3.3).
    const headers = { ...HEADERS, etag: entityTag(10 * version + (takesGzip ? 1 : 0)) };
    return underConditions(
      request,
      takesGzip
        ? {
            statusCode: 200,
            headers: { ...headers, 'content-encoding': 'gzip' },
            body: gzip,
            isBase64Encoded: true,
          }
        : { statusCode: 200, headers, body: gunzipSync(Buffer.from(gzip, 'base64')).toString() },
    );
  },
} as const satisfies Route;

/** RFC 9110, section 12.5.3; of a weight only whether it is zero counts. */
function acceptsGzip(header = ''): boolean {
  return header.split(',').some((part) => /^\s*(?:x-)?gzip\s*(?:;(?!\s*q=0(?:\.0*)?\s*$)|$)/i.test(part));
}

export const routes = [page] as const;

export const handler = lambdaHandler(async (request) => {
  if (endsWithSlash(request)) throw noSuchPath(request);
  return page.respond(request);
});
