import { wakeDrain } from '../lib/deliveries/tickets.ts';
import { conditionsOf, requireReadable } from '../lib/http/entity-tag.ts';
import { jsonResponse, NO_CONTENT, originOf } from '../lib/http/request.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import { inThat, languageOf } from '../lib/http/spoken.ts';
import { setBotPhoto } from '../lib/sites/bot-photo.ts';
import { eraseSite } from '../lib/sites/erase-site.ts';
import { ownAddresses } from '../lib/sites/own-addresses.ts';
import { saveBot } from '../lib/sites/save-bot.ts';
import { botBody, checkedSiteId, emptyBody, photoBody } from '../lib/sites/schemas.ts';
import { testBot, testIn } from '../lib/sites/test-bot.ts';
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
    async handle({ request, site, body, by }) {
      const saved = await saveBot(site, body, {
        by,
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
    async handle({ request, site }) {
      const language = languageOf(request);
      const test = await testBot(site, ownAddresses(originOf(request)));
      return jsonResponse(200, testIn(language, test), inThat(language));
    },
  }),
  route({
    method: 'PUT',
    path: `${path}/photo`,
    caller: 'site',
    freshSite: true,
    cost,
    body: photoBody,
    async handle({ site, body }) {
      await setBotPhoto(site, body.jpeg);
      return siteResponse(200, site);
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/sites/{siteId}',
    caller: 'platform',
    ifMatch: true,
    async handle({ request, path, by }) {
      // Also where nothing is there any more: then no condition is looked at.
      requireReadable(conditionsOf(request));
      const own = ownAddresses(originOf(request));
      await eraseSite(checkedSiteId(path.siteId), own, { by, check: checkConditions(request) });
      return NO_CONTENT;
    },
  }),
] as const;

export const handler = httpHandler(routes);
