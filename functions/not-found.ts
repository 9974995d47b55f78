import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { EVENT_NAMES } from '../lib/events/names.ts';
import { toResponse } from '../lib/http/problem-details.ts';

const EVENT_PATH = new RegExp(`^/v1/sites/[^/]+/events/(?:${EVENT_NAMES.join('|')})$`);

/** Answers every method and path that this API does not have in the API's own way: `application/problem+json`. */
export const handler = async ({ rawPath, requestContext }: APIGatewayProxyEventV2) => {
  if (EVENT_PATH.test(rawPath) && requestContext.http.method !== 'POST') {
    return toResponse({
      status: 405,
      title: 'Method Not Allowed',
      detail: 'Events are reported with POST.',
      headers: { allow: 'POST' },
    });
  }
  return toResponse({
    status: 404,
    title: 'Not Found',
    detail: 'This API has no such path. Events go to POST /v1/sites/{siteId}/events/{event}.',
  });
};
