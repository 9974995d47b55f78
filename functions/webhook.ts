import { conditionsOf } from '../lib/http/entity-tag.ts';
import { entityTag } from '../lib/http/problems.ts';
import { type HttpResponse, jsonResponse, NO_CONTENT } from '../lib/http/request.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import { emptyBody } from '../lib/sites/schemas.ts';
import { webhookBody } from '../lib/webhooks/schemas.ts';
import {
  removeWebhook,
  type ShownWebhook,
  saveWebhook,
  showWebhook,
  testWebhook,
} from '../lib/webhooks/webhook.ts';

const path = '/v1/sites/{siteId}/webhook';

/** A call to a server that may be slow. */
const cost = 20;

/** Where the shop's own system is told what happens. */
export const routes = [
  route({
    method: 'GET',
    path,
    caller: 'site',
    freshSite: true,
    handle: async ({ site }) => shownResponse(200, await showWebhook(site)),
  }),
  route({
    method: 'PUT',
    path,
    caller: 'site',
    freshSite: true,
    body: webhookBody,
    ifMatch: true,
    async handle({ request, site, body, by }) {
      const { isNew, secret, ...shown } = await saveWebhook(site.siteId, body, {
        by,
        ...conditionsOf(request),
      });
      return shownResponse(isNew ? 201 : 200, shown, secret !== undefined ? { secret } : {});
    },
  }),
  route({
    method: 'DELETE',
    path,
    caller: 'site',
    freshSite: true,
    ifMatch: true,
    async handle({ request, site, by }) {
      await removeWebhook(site.siteId, { by, ...conditionsOf(request) });
      return NO_CONTENT;
    },
  }),
  route({
    method: 'POST',
    path: `${path}/test`,
    caller: 'site',
    freshSite: true,
    cost,
    body: emptyBody,
    bodyOptional: true,
    handle: async ({ site }) => jsonResponse(200, await testWebhook(site)),
  }),
] as const;

function shownResponse(
  statusCode: number,
  { webhook, version }: ShownWebhook,
  more: object = {},
): HttpResponse {
  return jsonResponse(statusCode, { ...webhook, ...more }, { etag: entityTag(version) });
}

export const handler = httpHandler(routes);
