import middy from '@middy/core';
import httpRouter, { type Method } from '@middy/http-router';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { withTelemetry } from '../observability/telemetry.ts';
import { notFound } from './problem.ts';
import { problemDetails } from './problem-details.ts';

export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** A method and path as `serverless.yml` names them, and what answers there. */
export interface Route {
  method: Method;
  path: string;
  handler: HttpHandler;
}

/** One Lambda for several routes. What any of them throws becomes `application/problem+json`. */
export function routes(list: Route[]): HttpHandler {
  const notFoundResponse = ({ method, path }: { method: string; path: string }) => {
    throw notFound(`This API has no ${method} ${path}.`);
  };
  const handler = middy()
    .use(problemDetails())
    .handler(
      httpRouter<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({
        routes: list,
        notFoundResponse,
      }),
    ) as unknown as HttpHandler;
  return withTelemetry(handler);
}
