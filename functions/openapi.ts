import { createHash } from 'node:crypto';
import { underConditions } from '../lib/http/entity-tag.ts';
import { lambdaHandler } from '../lib/http/lambda.ts';
import { endsWithSlash, noSuchPath } from '../lib/http/no-such-path.ts';
import { entityTag } from '../lib/http/problems.ts';
import type { HttpRequest } from '../lib/http/request.ts';
import type { Route } from '../lib/http/route.ts';

/**
 * The OpenAPI description of this API, open to everybody. It needs no site and so no AWS client: it does not use
 * `route()`, which would add one to its bundle.
 */
const description = {
  routeKey: 'GET /v1/openapi.json',
  method: 'GET',
  path: '/v1/openapi.json',
  caller: 'everybody',
  async respond(request: HttpRequest) {
    // Imported at the request: `npm run openapi`, which writes the file, imports this route before the file exists. The
    // tests compare them, so the served document is the current one.
    const { default: openapi } = await import('../docs/openapi.json', { with: { type: 'json' } });
    const body = JSON.stringify(openapi);
    const headers = {
      'content-type': 'application/json',
      'cache-control': 'public, max-age=300',
      etag: entityTag(versionOf(body)),
    };
    return underConditions(request, { statusCode: 200, headers, body });
  },
} as const satisfies Route;

/** Another for every other document: the first 48 bits of its SHA-256. */
function versionOf(document: string): number {
  return createHash('sha256').update(document).digest().readUIntBE(0, 6);
}

export const routes = [description] as const;

export const handler = lambdaHandler(async (request) => {
  if (endsWithSlash(request)) throw noSuchPath(request);
  return description.respond(request);
});
