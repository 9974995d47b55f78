import { lambdaHandler } from '../lib/http/lambda.ts';
import { noSuchPath } from '../lib/http/no-such-path.ts';
import { HttpProblem } from '../lib/http/problems.ts';
import { type HttpRequest, isHead } from '../lib/http/request.ts';

/** Every route key of this API: scripts/build.ts copies them from serverless.yml into the bundle. */
const ROUTE_KEYS = (process.env.ROUTE_KEYS ?? '').split(',');

/** Answers requests for methods and paths that this API does not have, with `application/problem+json`. */
export const handler = lambdaHandler(async (request) => {
  throw refusalOf(request);
});

function refusalOf(request: HttpRequest): Error {
  const methods = methodsOf(request.rawPath);
  if (methods.length === 0) return noSuchPath(request);
  const { method } = request.requestContext.http;
  const allow = methods.join(', ');
  return new HttpProblem({
    status: 405,
    title: 'Method Not Allowed',
    // The answer to HEAD is that to GET (RFC 9110, 9.3.2).
    detail: `This path is not for ${isHead(request) ? 'GET' : method}: it takes ${allow}.`,
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
