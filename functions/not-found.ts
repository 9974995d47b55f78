import { lambdaHandler } from '../lib/http/lambda.ts';
import { HOW_TO_WRITE_IDS } from '../lib/http/path-ids.ts';
import { HttpProblem } from '../lib/http/problems.ts';
import type { HttpRequest } from '../lib/http/request.ts';

/** Every route key of this API: scripts/build.ts copies them from serverless.yml into the bundle. */
const ROUTE_KEYS = (process.env.ROUTE_KEYS ?? '').split(',');

/** Answers requests for methods and paths that this API does not have, with `application/problem+json`. */
export const handler = lambdaHandler(async (request) => {
  throw refusalOf(request);
});

function refusalOf({ rawPath, requestContext }: HttpRequest): HttpProblem {
  const methods = methodsOf(rawPath);
  if (methods.length === 0) {
    return new HttpProblem({
      status: 404,
      title: 'Not Found',
      detail: `This API has no such path. Events go to POST /v1/sites/{siteId}/events/{event}; GET /v1/openapi.json tells all that there is. ${HOW_TO_WRITE_IDS}`,
    });
  }
  const allow = methods.join(', ');
  return new HttpProblem({
    status: 405,
    title: 'Method Not Allowed',
    detail: `This path is not for ${requestContext.http.method}: it takes ${allow}.`,
    // RFC 9110, 15.5.6.
    headers: { allow },
  });
}

/** The methods of a path, with parameters matching any value; empty if there is no such path. */
function methodsOf(path: string): string[] {
  return ROUTE_KEYS.flatMap((key) => {
    const [method = '', pattern = ''] = key.split(' ');
    return matches(pattern, path) ? method : [];
  });
}

function matches(pattern: string, path: string): boolean {
  const parts = pattern.split('/');
  const given = path.split('/');
  const isAlike = (part: string, index: number) =>
    part.startsWith('{') ? given[index] !== '' : given[index] === part;
  return given.length === parts.length && parts.every(isAlike);
}
