import { resend } from '../lib/deliveries/resend.ts';
import { jsonResponse } from '../lib/http/request.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import { emptyBody } from '../lib/sites/schemas.ts';

/** Sends a message of the log once more. */
export const routes = [
  route({
    method: 'POST',
    path: '/v1/sites/{siteId}/deliveries/{deliveryId}/resend',
    caller: 'site',
    activeOnly: true,
    body: emptyBody,
    bodyOptional: true,
    async handle({ site, path: { deliveryId } }) {
      return jsonResponse(202, await resend(site, deliveryId));
    },
  }),
] as const;

export const handler = httpHandler(routes);
