import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { placesOf } from './places.ts';
import { HttpProblem, type Problem, serviceUnavailable } from './problem.ts';

/** Middleware: whatever is thrown below becomes `application/problem+json` (RFC 9457). Goes first. */
export function problemDetails(): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  return {
    onError: function answerWithProblem(request) {
      const { error, event } = request;
      request.response = error instanceof HttpProblem ? refuse(error.problem, event) : fail(error, event);
    },
  };
}

type Refused = Pick<APIGatewayProxyEventV2, 'routeKey'>;

/** Answers a request that is the caller's to correct; logs and counts it. */
export function refuse(problem: Problem, request: Refused): APIGatewayProxyStructuredResultV2 {
  log.info('request refused', factsOf(problem, request));
  return counted(problem);
}

/** Answers a request that failed on our side. */
function fail(error: unknown, request: Refused): APIGatewayProxyStructuredResultV2 {
  if (error instanceof ServiceUnreachableError) {
    const { problem } = serviceUnavailable(error);
    const { service, cause } = error;
    log.error('service unreachable', { ...factsOf(problem, request), service, error: cause });
    return counted(problem);
  }
  if (isOutOfTime(error)) {
    const { problem } = serviceUnavailable(error);
    log.error('out of time', factsOf(problem, request));
    return counted(problem);
  }
  const problem: Problem = {
    status: 500,
    title: 'Internal Server Error',
    detail:
      'Something failed on our side and was logged. Send the same request again: nothing goes out twice.',
  };
  log.error('unexpected error', { ...factsOf(problem, request), error });
  return counted(problem);
}

/** What middy throws just before Lambda ends a function that has run for too long: something it stands on is slow. */
function isOutOfTime(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === 'TimeoutError' &&
    /@middy\/core/.test(JSON.stringify(error.cause))
  );
}

/** The route and not the path, which names users; of the body nothing but the places, since it names people. */
function factsOf({ status, errors }: Problem, { routeKey }: Refused): Record<string, unknown> {
  return { status, route: routeKey, places: errors && placesOf(errors) };
}

function counted(problem: Problem): APIGatewayProxyStructuredResultV2 {
  count('Refused', { status: String(problem.status) });
  return toResponse(problem);
}

/** The problem as API Gateway takes it (payload format 2.0). `about:blank` says: the status tells it all. */
export function toResponse({ headers, ...problem }: Problem): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({ type: 'about:blank', ...problem }),
  };
}
