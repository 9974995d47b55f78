import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ServiceUnreachableError } from '../errors.ts';
import { log } from '../log.ts';
import { HttpProblem, type Problem, serviceUnavailable } from './problem.ts';

/** Middleware: whatever is thrown below becomes `application/problem+json` (RFC 9457). Goes first. */
export function problemDetails(): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  return {
    onError: function answerWithProblem(request) {
      const problem = toProblem(request.error);
      if (request.error instanceof HttpProblem) logRefusal(problem, request.event);
      request.response = toResponse(problem);
    },
  };
}

/** The path tells site and event; of the body nothing is written, since it names people. */
function logRefusal({ status, errors }: Problem, { rawPath, requestContext }: APIGatewayProxyEventV2): void {
  const places = errors?.map(({ pointer }) => pointer);
  log.info('request refused', { status, method: requestContext?.http.method, path: rawPath, places });
}

function toProblem(error: unknown): Problem {
  if (error instanceof HttpProblem) return error.problem;
  if (error instanceof ServiceUnreachableError) {
    log.error('service unreachable', { service: error.service, error: error.cause });
    return serviceUnavailable(error).problem;
  }
  log.error('unexpected error', { error });
  return {
    status: 500,
    title: 'Internal Server Error',
    detail:
      'Something failed on our side and was logged. Send the same request again: nothing goes out twice.',
  };
}

/** The problem as API Gateway takes it (payload format 2.0). `about:blank` says: the status tells it all. */
export function toResponse({ headers, ...problem }: Problem): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({ type: 'about:blank', ...problem }),
  };
}
