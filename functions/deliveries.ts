import { deliveryView } from '../lib/deliveries/delivery-view.ts';
import {
  DELIVERY_ID,
  logParameters,
  logQueryOf,
  scheduledQueryOf,
  toCursor,
  toScheduledCursor,
  unknownDelivery,
} from '../lib/deliveries/log-parameters.ts';
import { jsonResponse } from '../lib/http/request.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import { findScheduledInLog } from '../lib/schedule/scheduled-log.ts';
import { findDelivery, findInLog } from '../lib/store/deliveries.ts';

const path = '/v1/sites/{siteId}/deliveries';

/** The log: what was sent, or why not, newest first. */
export const routes = [
  route({
    method: 'GET',
    path,
    caller: 'site',
    query: logParameters,
    async handle({ site, query }) {
      const { siteId } = site;
      const { status } = query;
      if (status === 'scheduled') {
        const { siteId: _, ...wanted } = scheduledQueryOf(siteId, query);
        const { deliveries, next } = await findScheduledInLog({ site, ...wanted });
        return jsonResponse(200, { deliveries, ...(next && { cursor: toScheduledCursor(next) }) });
      }
      const { deliveries, next } = await findInLog(logQueryOf(siteId, { ...query, status }));
      return jsonResponse(200, {
        deliveries: deliveries.map(deliveryView),
        ...(next && { cursor: toCursor(next) }),
      });
    },
  }),
  route({
    method: 'GET',
    path: `${path}/{deliveryId}`,
    caller: 'site',
    async handle({ site, path: { deliveryId } }) {
      const delivery = DELIVERY_ID.test(deliveryId) ? await findDelivery(site.siteId, deliveryId) : undefined;
      if (!delivery) throw unknownDelivery();
      return jsonResponse(200, deliveryView(delivery));
    },
  }),
] as const;

export const handler = httpHandler(routes);
