import { wakeDrain } from '../lib/deliveries/tickets.ts';
import { jsonResponse, NO_CONTENT, originOf } from '../lib/http/request.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import { eraseSite } from '../lib/sites/erase-site.ts';
import { ownAddresses } from '../lib/sites/own-addresses.ts';
import { saveBot } from '../lib/sites/save-bot.ts';
import { botBody, checkedSiteId, emptyBody } from '../lib/sites/schemas.ts';
import { testBot } from '../lib/sites/test-bot.ts';
import { checkBotConditions, checkConditions, siteResponse } from '../lib/sites/view.ts';

const path = '/v1/sites/{siteId}/bot';

/** A dozen calls to Telegram. */
const cost = 20;

/**
 * The bot of a site, and the end of a site, which leaves its bot. They have a function of their own: no other of the
 * merchant's functions may decrypt bot tokens.
 */
export const routes = [
  route({
    method: 'PUT',
    path,
    caller: 'site',
    freshSite: true,
    cost,
    body: botBody,
    ifMatch: true,
    async handle({ request, site, body }) {
      const saved = await saveBot(site, body, {
        own: ownAddresses(originOf(request)),
        check: checkBotConditions(request),
      });
      await wakeDrain(site.siteId);
      return siteResponse(200, saved);
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
    handle: async ({ request, site }) =>
      jsonResponse(200, await testBot(site, ownAddresses(originOf(request)))),
  }),
  route({
    method: 'DELETE',
    path: '/v1/sites/{siteId}',
    caller: 'platform',
    ifMatch: true,
    async handle({ request, path }) {
      const own = ownAddresses(originOf(request));
      await eraseSite(checkedSiteId(path.siteId), own, checkConditions(request));
      return NO_CONTENT;
    },
  }),
] as const;

export const handler = httpHandler(routes);
