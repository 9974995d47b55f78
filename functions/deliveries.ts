import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { deliveryView } from '../lib/deliveries/delivery-view.ts';
import { DELIVERY_ID, readLogQuery, toCursor } from '../lib/deliveries/log-query.ts';
import { authenticateSite, type SiteRequest } from '../lib/http/authenticate-site.ts';
import { jsonAnswer } from '../lib/http/json-answer.ts';
import { notFound } from '../lib/http/problem.ts';
import { type HttpHandler, routes } from '../lib/http/routes.ts';
import { findDelivery, findInLog } from '../lib/store/delivery-log.ts';

type Answer = APIGatewayProxyStructuredResultV2;

/** A page of what was sent, or why not, newest first. */
async function listDeliveries({ site, queryStringParameters }: SiteRequest): Promise<Answer> {
  const { deliveries, next } = await findInLog(readLogQuery(site.siteId, queryStringParameters));
  return jsonAnswer(200, {
    deliveries: deliveries.map(deliveryView),
    ...(next && { cursor: toCursor(next) }),
  });
}

async function getDelivery({ site, pathParameters }: SiteRequest): Promise<Answer> {
  const deliveryId = pathParameters?.deliveryId ?? '';
  const delivery = DELIVERY_ID.test(deliveryId) ? await findDelivery(site.siteId, deliveryId) : undefined;
  if (delivery) return jsonAnswer(200, deliveryView(delivery));
  throw notFound(
    'The log has no such delivery: it has not been tried yet, was of more than 90 days ago, or never was.',
  );
}

const site = () => middy().use(authenticateSite());

export const handler = routes([
  {
    method: 'GET',
    path: '/v1/sites/{siteId}/deliveries',
    handler: site().handler(listDeliveries) as unknown as HttpHandler,
  },
  {
    method: 'GET',
    path: '/v1/sites/{siteId}/deliveries/{deliveryId}',
    handler: site().handler(getDelivery) as unknown as HttpHandler,
  },
]);
