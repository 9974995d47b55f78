import type { MiddlewareObj } from '@middy/core';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { type Problem, problemOf, serviceUnavailable } from './problems.ts';
import type { HttpRequest, HttpResponse } from './request.ts';
import { loggablePointers } from './validation.ts';

/**
 * Middleware: makes `application/problem+json` (RFC 9457) of every error thrown by the handler or a later middleware.
 * It must be the first.
 */
export function problemDetails(): MiddlewareObj<HttpRequest, HttpResponse> {
  return {
    onError: function answerWithProblem(request) {
      request.response = problemResponse(request.error, request.event);
    },
  };
}

/** The answer to an error. The error is logged and counted. */
function problemResponse(error: unknown, request: HttpRequest): HttpResponse {
  const problem = problemOf(error);
  if (error instanceof ServiceUnreachableError) {
    const { service, cause } = error;
    log.error('service unreachable', { ...fieldsOf(serviceUnavailable(), request), service, error: cause });
  } else if (problem) {
    log.info('request refused', fieldsOf(problem, request));
  }
  return counted(problem ?? unexpected(error, request));
}

function unexpected(error: unknown, request: HttpRequest): Problem {
  if (isOutOfTime(error)) {
    const problem = serviceUnavailable();
    log.error('out of time', fieldsOf(problem, request));
    return problem;
  }
  const problem = {
    status: 500,
    title: 'Internal Server Error',
    detail:
      'Something failed on our side and was logged. Send the same request again: nothing goes out twice.',
  };
  log.error('unexpected error', { ...fieldsOf(problem, request), error });
  return problem;
}

/** Whether middy has stopped the function shortly before Lambda's time-out: a service that it needs is slow. */
function isOutOfTime(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === 'TimeoutError' &&
    /@middy\/core/.test(JSON.stringify(error.cause))
  );
}

/** The route instead of the path, which holds user ids. Of the body only the places of errors, since it holds names. */
function fieldsOf({ status, errors }: Problem, { routeKey }: HttpRequest): Record<string, unknown> {
  return { status, route: routeKey, places: errors && loggablePointers(errors) };
}

function counted(problem: Problem): HttpResponse {
  count('Refused', { status: String(problem.status) });
  return toResponse(problem);
}

/** The problem in API Gateway's payload format 2.0. `about:blank` means that the status is the type of the problem. */
export function toResponse({ headers, ...problem }: Problem): HttpResponse {
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({ type: 'about:blank', ...problem }),
  };
}
