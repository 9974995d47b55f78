import type { MiddlewareObj } from '@middy/core';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { inLanguage, type SentenceLanguage } from '../domain/sentence.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { internalError, type Problem, problemOf, serviceUnavailable, TITLES } from './problems.ts';
import type { HttpRequest, HttpResponse } from './request.ts';
import { inThat, languageOf, placesIn } from './spoken.ts';
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
  return counted(problem ?? unexpected(error, request), languageOf(request));
}

function unexpected(error: unknown, request: HttpRequest): Problem {
  if (isOutOfTime(error)) {
    const problem = serviceUnavailable();
    log.error('out of time', fieldsOf(problem, request));
    return problem;
  }
  const problem = internalError();
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

function counted(problem: Problem, language: SentenceLanguage): HttpResponse {
  count('Refused', { status: String(problem.status) });
  return toResponse(problem, language);
}

/** The problem in API Gateway's payload format 2.0. `about:blank` means that the status is the type of the problem. */
export function toResponse(
  { status, code, detail, errors, headers }: Problem,
  language: SentenceLanguage = 'en',
): HttpResponse {
  const body = {
    type: 'about:blank',
    status,
    title: TITLES[status][language],
    code,
    detail: inLanguage(detail, language),
    ...(errors && { errors: placesIn(language, errors) }),
  };
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json', ...headers, ...inThat(language, headers?.vary) },
    body: JSON.stringify(body),
  };
}
