import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { activeSite } from '../http/active-site.ts';
import { authenticateSite, type SiteRequest } from '../http/authenticate-site.ts';
import { jsonAnswer } from '../http/json-answer.ts';
import { type JsonRequest, jsonBody } from '../http/json-body.ts';
import { problemDetails } from '../http/problem-details.ts';
import type { ReportEvent } from './report.ts';

export type HttpDoor = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** `POST /v1/sites/{siteId}/events/{event}` in, 202 with every recipient out. */
export function httpDoor(report: ReportEvent): HttpDoor {
  return middy()
    .use(problemDetails())
    .use(authenticateSite())
    .use(activeSite())
    .use(jsonBody())
    .handler(async ({ site, json }: SiteRequest & JsonRequest) =>
      jsonAnswer(202, await report(json, site, 'http')),
    ) as unknown as HttpDoor;
}
