import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { activeSite, refuseInactive } from '../http/active-site.ts';
import { authenticateSite, checkSiteKey, type SiteRequest } from '../http/authenticate-site.ts';
import { jsonAnswer } from '../http/json-answer.ts';
import { type JsonRequest, jsonBody } from '../http/json-body.ts';
import { problemDetails } from '../http/problem-details.ts';
import { withCurrentSite } from './current-site.ts';
import type { EventReceipt, ReportEvent } from './report.ts';

export type HttpAdapter = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** `POST /v1/sites/{siteId}/events/{event}` in, 202 with every recipient out. */
export function httpAdapter(report: ReportEvent): HttpAdapter {
  return middy()
    .use(problemDetails())
    .use(authenticateSite())
    .use(activeSite())
    .use(jsonBody())
    .handler(async (request: SiteRequest & JsonRequest) =>
      jsonAnswer(202, await reportCurrent(report, request)),
    ) as unknown as HttpAdapter;
}

/** Where the site was changed since it was remembered, everything is decided anew: also whether the key still fits. */
function reportCurrent(report: ReportEvent, request: SiteRequest & JsonRequest): Promise<EventReceipt> {
  return withCurrentSite(async (noted) => {
    if (noted !== undefined) {
      await checkSiteKey(request, { isFresh: true, noted });
      await refuseInactive(request);
    }
    return report(request.json, request.site, 'http');
  });
}
