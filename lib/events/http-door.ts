import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { activeSite, refuseInactive } from '../http/active-site.ts';
import { authenticateSite, checkSiteKey, type SiteRequest } from '../http/authenticate-site.ts';
import { jsonAnswer } from '../http/json-answer.ts';
import { type JsonRequest, jsonBody } from '../http/json-body.ts';
import { problemDetails } from '../http/problem-details.ts';
import { StaleSiteError } from '../store/sites.ts';
import type { Receipt, ReportEvent } from './report.ts';

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
    .handler(async (request: SiteRequest & JsonRequest) =>
      jsonAnswer(202, await reportOnce(report, request)),
    ) as unknown as HttpDoor;
}

/** Where the site was changed since it was remembered, everything is decided anew: also whether the key still fits. */
async function reportOnce(report: ReportEvent, request: SiteRequest & JsonRequest): Promise<Receipt> {
  try {
    return await report(request.json, request.site, 'http');
  } catch (error) {
    if (!(error instanceof StaleSiteError)) throw error;
  }
  await checkSiteKey(request, { isFresh: true });
  await refuseInactive(request);
  return report(request.json, request.site, 'http');
}
