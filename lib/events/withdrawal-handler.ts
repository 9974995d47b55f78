import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { activeSite } from '../http/active-site.ts';
import { authenticateSite, type SiteRequest } from '../http/authenticate-site.ts';
import { problemDetails } from '../http/problem-details.ts';
import { log } from '../observability/logger.ts';
import type { HttpAdapter } from './http-adapter.ts';

/** No id is longer (see `id` in schemas.ts): nothing waits under such a one. */
const MAX_ID_LENGTH = 128;

/**
 * The Lambda handler of `DELETE /v1/sites/{siteId}/events/{event}/{id}`: takes back what waits for its time. 204, also
 * when nothing waits: afterwards it is as the caller wants it.
 *
 * @param parameter the name of the id in the path.
 */
export function withdrawalHandler(
  parameter: string,
  withdraw: (siteId: string, id: string) => Promise<void>,
): HttpAdapter {
  async function withdrawEvent({
    site,
    pathParameters,
  }: SiteRequest): Promise<APIGatewayProxyStructuredResultV2> {
    const id = pathParameters?.[parameter] ?? '';
    if (id !== '' && id.length <= MAX_ID_LENGTH) await withdraw(site.siteId, id);
    log.info('event withdrawn');
    return { statusCode: 204 };
  }

  return middy()
    .use(problemDetails())
    .use(authenticateSite())
    .use(activeSite())
    .handler(withdrawEvent) as unknown as HttpAdapter;
}
