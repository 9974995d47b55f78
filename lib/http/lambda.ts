import middy, { type MiddlewareObj } from '@middy/core';
import { withTelemetry } from '../observability/telemetry.ts';
import { problemDetails } from './error-middleware.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from './request.ts';

/**
 * Makes a Lambda handler of a function that answers requests.
 *
 * @param errors answers the errors that `respond` throws; by default with `application/problem+json`.
 */
export function lambdaHandler(
  respond: (request: HttpRequest) => Promise<HttpResponse>,
  errors: MiddlewareObj<HttpRequest, HttpResponse> = problemDetails(),
): HttpHandler {
  const handler = middy<HttpRequest, HttpResponse>().use(errors).handler(respond);
  return withTelemetry(async (request: HttpRequest, context) => handler(request, context));
}
