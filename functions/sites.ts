import { SiteGoneError } from '../lib/domain/errors.ts';
import { jsonResponse, NO_CONTENT } from '../lib/http/request.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import { addKey, keyIdsOf, removeKey, unknownSite } from '../lib/sites/keys.ts';
import { putSite } from '../lib/sites/put-site.ts';
import { checkedSiteId, emptyBody, settingsBody, siteBody } from '../lib/sites/schemas.ts';
import { settingsChange } from '../lib/sites/settings.ts';
import { checkIfMatch, siteResponse } from '../lib/sites/view.ts';
import { readSite, updateSite } from '../lib/store/sites.ts';

const path = '/v1/sites/{siteId}';

/** The platform creates sites, switches their module and changes their keys; the merchant changes the settings. */
export const routes = [
  route({
    method: 'PUT',
    path,
    caller: 'platform',
    body: siteBody,
    ifMatch: true,
    async handle({ request, path, body }) {
      const { site, key } = await putSite(checkedSiteId(path.siteId), body, checkIfMatch(request));
      if (!key) return siteResponse(200, site);
      return siteResponse(201, site, { siteKey: key.siteKey, keyId: key.keyId });
    },
  }),
  route({
    method: 'GET',
    path: `${path}/keys`,
    caller: 'platform',
    async handle({ path }) {
      const siteId = checkedSiteId(path.siteId);
      const site = await readSite(siteId);
      if (!site) throw unknownSite(siteId);
      return jsonResponse(200, { keys: keyIdsOf(site).map((keyId) => ({ keyId })) });
    },
  }),
  route({
    method: 'POST',
    path: `${path}/keys`,
    caller: 'platform',
    body: emptyBody,
    bodyOptional: true,
    async handle({ path }) {
      const { siteKey, keyId } = await addKey(checkedSiteId(path.siteId));
      return jsonResponse(201, { siteKey, keyId });
    },
  }),
  route({
    method: 'DELETE',
    path: `${path}/keys/{keyId}`,
    caller: 'platform',
    async handle({ path }) {
      await removeKey(checkedSiteId(path.siteId), path.keyId);
      return NO_CONTENT;
    },
  }),
  route({
    method: 'GET',
    path,
    caller: 'site',
    freshSite: true,
    handle: async ({ site }) => siteResponse(200, site),
  }),
  route({
    method: 'PATCH',
    path,
    caller: 'site',
    freshSite: true,
    body: settingsBody,
    ifMatch: true,
    async handle({ request, site: { siteId }, body }) {
      const check = checkIfMatch(request);
      const site = await updateSite(siteId, (now) => {
        check(now);
        return settingsChange(now, body);
      });
      if (!site) throw new SiteGoneError();
      return siteResponse(200, site);
    },
  }),
] as const;

export const handler = httpHandler(routes);
