import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { EVENT_NAMES } from '../lib/events/names.ts';
import type { Problem } from '../lib/http/problem.ts';
import { refuse } from '../lib/http/problem-details.ts';
import { watched } from '../lib/watching/invocation.ts';

const EVENT_PATH = new RegExp(`^/v1/sites/[^/]+/events/(?:${EVENT_NAMES.join('|')})$`);

/** Answers every method and path that this API does not have in the API's own way: `application/problem+json`. */
export const handler = watched(async (request: APIGatewayProxyEventV2, _context: Context) =>
  refuse(problemOf(request), request),
);

function problemOf({ rawPath, requestContext }: APIGatewayProxyEventV2): Problem {
  if (EVENT_PATH.test(rawPath) && requestContext.http.method !== 'POST') {
    return {
      status: 405,
      title: 'Method Not Allowed',
      detail: 'Events are reported with POST.',
      headers: { allow: 'POST' },
    };
  }
  return {
    status: 404,
    title: 'Not Found',
    detail: 'This API has no such path. Events go to POST /v1/sites/{siteId}/events/{event}.',
  };
}
