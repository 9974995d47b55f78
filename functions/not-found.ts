import { toResponse } from '../lib/http/problem-details.ts';

/** Answers every method and path that this API does not have in the API's own way: `application/problem+json`. */
export const handler = async () =>
  toResponse({
    status: 404,
    title: 'Not Found',
    detail: 'This API has no such method and path. Events go to POST /v1/sites/{siteId}/events/{event}.',
  });
