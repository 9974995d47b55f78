import { deliveryView } from '../lib/deliveries/delivery-view.ts';
import { logLines } from '../lib/deliveries/log-lines.ts';
import {
  DELIVERY_ID,
  logParameters,
  scheduledParameters,
  statisticsParameters,
  unknownDelivery,
} from '../lib/deliveries/log-parameters.ts';
import { statisticsOf } from '../lib/deliveries/statistics.ts';
import { preferredType } from '../lib/http/negotiate.ts';
import { jsonResponse } from '../lib/http/request.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import { logFileResponse, logPage } from '../lib/schedule/log-page.ts';
import { scheduledList } from '../lib/schedule/scheduled-list.ts';
import { findDelivery } from '../lib/store/deliveries.ts';
import type { Site } from '../lib/store/sites.ts';
import { templatesOf } from '../lib/templates/audiences.ts';

const path = '/v1/sites/{siteId}/deliveries';

/** The log: what was sent, or why not, newest first; what is still to come; how much it was, by day. */
export const routes = [
  route({
    method: 'GET',
    path,
    caller: 'site',
    query: logParameters,
    async handle({ request, site, query }) {
      const isFile = preferredType(request, ['application/json', 'text/csv']) === 'text/csv';
      const page = await logPage(withTemplates(site), query, { isFile });
      const response = isFile ? logFileResponse(request, site, page) : jsonResponse(200, page);
      // Caches must not answer one with what was made for another.
      return { ...response, headers: { ...response.headers, vary: 'Accept, Accept-Language' } };
    },
  }),
  route({
    method: 'GET',
    path: `${path}/{deliveryId}`,
    caller: 'site',
    async handle({ site, path: { deliveryId } }) {
      const delivery = DELIVERY_ID.test(deliveryId) ? await findDelivery(site.siteId, deliveryId) : undefined;
      const [line] = delivery ? await logLines([deliveryView(delivery)], withTemplates(site)) : [];
      if (!line) throw unknownDelivery();
      return jsonResponse(200, line);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/sites/{siteId}/scheduled',
    caller: 'site',
    query: scheduledParameters,
    async handle({ site, query }) {
      return jsonResponse(200, await scheduledList(withTemplates(site), query));
    },
  }),
  route({
    method: 'GET',
    path: '/v1/sites/{siteId}/statistics',
    caller: 'site',
    query: statisticsParameters,
    async handle({ site, query }) {
      return jsonResponse(200, await statisticsOf(site, query));
    },
  }),
] as const;

/** With every template that sends, so that each has its name. */
function withTemplates(site: Site): Site {
  return { ...site, templates: templatesOf(site) };
}

export const handler = httpHandler(routes);
