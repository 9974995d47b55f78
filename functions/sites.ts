import { SiteGoneError } from '../lib/domain/errors.ts';
import { jsonResponse, NO_CONTENT } from '../lib/http/request.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import { readFields } from '../lib/http/validation.ts';
import { missingSite } from '../lib/sites/former-site.ts';
import { addKey, keyIdsOf, knownSite, removeKey } from '../lib/sites/keys.ts';
import { changeSite, putSite } from '../lib/sites/put-site.ts';
import {
  checkedModuleBody,
  checkedSettingsBody,
  checkedSiteId,
  emptyBody,
  patchBody,
  siteBody,
} from '../lib/sites/schemas.ts';
import { settingsChange } from '../lib/sites/settings.ts';
import { type CheckSite, checkConditions, siteResponse } from '../lib/sites/view.ts';
import { type Site, updateSite } from '../lib/store/sites.ts';

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
      const { site, key, reminders } = await putSite(
        checkedSiteId(path.siteId),
        body,
        checkConditions(request),
      );
      if (!key) return siteResponse(200, site, { ...(reminders && { reminders }) });
      return siteResponse(201, site, { siteKey: key.siteKey, keyId: key.keyId });
    },
  }),
  route({
    method: 'GET',
    path: `${path}/keys`,
    caller: 'platform',
    async handle({ path }) {
      const site = await knownSite(checkedSiteId(path.siteId));
      return jsonResponse(200, { keys: keyIdsOf(site).map((keyId) => ({ keyId })) });
    },
  }),
  route({
    method: 'POST',
    path: `${path}/keys`,
    caller: 'platform',
    body: emptyBody,
    bodyOptional: true,
    exists: async ({ path }) => (await knownSite(checkedSiteId(path.siteId))) !== undefined,
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
    caller: 'site-or-platform',
    freshSite: true,
    handle: async ({ site, path }) =>
      siteResponse(200, site ?? (await knownSite(checkedSiteId(path.siteId)))),
  }),
  route({
    method: 'PATCH',
    path,
    caller: 'site-or-platform',
    freshSite: true,
    uncheckedBody: patchBody,
    ifMatch: true,
    async handle({ request, site, path, body }) {
      const check = checkConditions(request);
      const changed = site
        ? await patchSettings(site.siteId, body, check)
        : await patchModule(checkedSiteId(path.siteId), body, check);
      return siteResponse(200, changed);
    },
  }),
] as const;

/** With a site key: the merchant's settings. */
async function patchSettings(siteId: string, body: unknown, check: CheckSite): Promise<Site> {
  const patch = readFields(checkedSettingsBody, body, undefined, 'refused');
  const site = await updateSite(siteId, (now) => {
    check(now);
    return settingsChange(now, patch);
  });
  if (!site) throw new SiteGoneError();
  return site;
}

/** With the platform's key: the module alone. */
async function patchModule(siteId: string, body: unknown, check: CheckSite): Promise<Site> {
  const { moduleActive } = readFields(checkedModuleBody, body, undefined, 'refused');
  const changed = await changeSite(siteId, ({ name, url }) => ({ name, url, moduleActive }), check);
  if (!changed) throw await missingSite(siteId);
  return changed.site;
}

export const handler = httpHandler(routes);
