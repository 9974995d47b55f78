import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { methodsOf } from '../lib/http/paths.ts';
import type { Problem } from '../lib/http/problem.ts';
import { refuse } from '../lib/http/problem-details.ts';
import { withTelemetry } from '../lib/observability/telemetry.ts';

/** Answers every method and path that this API does not have in the API's own way: `application/problem+json`. */
export const handler = withTelemetry(async (request: APIGatewayProxyEventV2, _context: Context) =>
  refuse(problemOf(request), request),
);

function problemOf({ rawPath, requestContext }: APIGatewayProxyEventV2): Problem {
  const methods = methodsOf(rawPath);
  if (methods.length === 0) {
    return {
      status: 404,
      title: 'Not Found',
      detail:
        'This API has no such path. Events go to POST /v1/sites/{siteId}/events/{event}; GET /v1/openapi.json tells all that there is.',
    };
  }
  return {
    status: 405,
    title: 'Method Not Allowed',
    detail: `This path is not for ${requestContext.http.method}: it takes ${methods.join(', ')}.`,
    // RFC 9110, 15.5.6.
    headers: { allow: methods.join(', ') },
  };
}
