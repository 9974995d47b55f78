import { nearest } from '../lib/domain/did-you-mean.ts';
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
  if (methods.length === 0) return noSuchPath(request, meantBy(request.rawPath));
  // The answer to HEAD is that to GET (RFC 9110, 9.3.2).
  const asked = isHead(request) ? 'GET' : request.requestContext.http.method;
  const allow = methods.join(', ');
  return new HttpProblem({
    status: 405,
    code: 'method-not-allowed',
    detail: {
      en: `This path is not for ${asked}: it takes ${allow}.`,
      it: `Questo indirizzo non è per ${asked}: accetta ${allow}.`,
    },
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

const LONGEST = Math.max(...ROUTE_KEYS.map((key) => key.split('/').length));

/** The path that was probably meant, where one name in it is written wrong: `OrderStatus`, `template`. */
function meantBy(path: string): string | undefined {
  const given = path.split('/');
  if (given.length > LONGEST) return undefined;
  for (const [index, name] of given.entries()) {
    const candidates = ROUTE_KEYS.flatMap((key) => {
      const pattern = key.slice(key.indexOf(' ') + 1);
      const known = pattern.split('/')[index] ?? '';
      const isName = known !== '' && !known.startsWith('{');
      return isName && matches(pattern, given.with(index, known).join('/')) ? known : [];
    });
    const meant = name === '' ? undefined : nearest(name, candidates, 3);
    if (meant !== undefined) return given.with(index, meant).join('/');
  }
  return undefined;
}

function matches(pattern: string, path: string): boolean {
  const parts = pattern.split('/');
  const given = path.split('/');
  const isAlike = (part: string, index: number) =>
    part.startsWith('{') ? given[index] !== '' : given[index] === part;
  return given.length === parts.length && parts.every(isAlike);
}
