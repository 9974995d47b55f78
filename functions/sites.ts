import { tellStaffNews } from '../lib/deliveries/tell-staff.ts';
import type { Actor } from '../lib/domain/actor.ts';
import { SiteGoneError } from '../lib/domain/errors.ts';
import { jsonResponse, NO_CONTENT, NO_STORE } from '../lib/http/request.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import { inThat, languageOf, warned } from '../lib/http/spoken.ts';
import { readFields } from '../lib/http/validation.ts';
import { auditForPlatform, auditOfSite, auditParameters } from '../lib/sites/audit.ts';
import { createConsoleLink } from '../lib/sites/console-links.ts';
import { listSites, siteParameters } from '../lib/sites/directory.ts';
import { missingSite } from '../lib/sites/former-site.ts';
import { addKey, knownSite, namedKeysOf, removeKey } from '../lib/sites/keys.ts';
import { changeSite, putSite } from '../lib/sites/put-site.ts';
import {
  checkedModuleBody,
  checkedSettingsBody,
  checkedSiteId,
  keyBody,
  patchBody,
  siteBody,
} from '../lib/sites/schemas.ts';
import { settingsChange } from '../lib/sites/settings.ts';
import { staffWarnings } from '../lib/sites/staff-warnings.ts';
import { type CheckSite, checkConditions, siteResponse } from '../lib/sites/view.ts';
import { type Site, updateSite } from '../lib/store/sites.ts';
import { hasStaffNews } from '../lib/store/staff-news.ts';

const path = '/v1/sites/{siteId}';

/** The platform creates sites, switches their module and changes their keys; the merchant changes the settings. */
export const routes = [
  route({
    method: 'PUT',
    path,
    caller: 'platform',
    body: siteBody,
    ifMatch: true,
    async handle({ request, path, body, by }) {
      const { site, key, reminders } = await putSite(checkedSiteId(path.siteId), body, {
        by,
        check: checkConditions(request),
      });
      if (hasStaffNews(site)) await tellStaffNews(site.siteId);
      if (key) return siteResponse(201, site, { siteKey: key.siteKey, keyId: key.keyId });
      if (!reminders) return siteResponse(200, site);
      const language = languageOf(request);
      const spoken = reminders.map((reminder) => reminder[language]);
      return siteResponse(200, site, { reminders: spoken }, inThat(language));
    },
  }),
  route({
    method: 'GET',
    path: '/v1/sites',
    caller: 'platform',
    query: siteParameters,
    handle: async ({ query }) => jsonResponse(200, await listSites(query)),
  }),
  route({
    method: 'GET',
    path: `${path}/audit`,
    caller: 'site-or-platform',
    freshSite: true,
    query: auditParameters,
    handle: async ({ site, path, query }) =>
      jsonResponse(
        200,
        site ? await auditOfSite(site, query) : await auditForPlatform(checkedSiteId(path.siteId), query),
      ),
  }),
  route({
    method: 'GET',
    path: `${path}/keys`,
    caller: 'platform',
    async handle({ path }) {
      const site = await knownSite(checkedSiteId(path.siteId));
      return jsonResponse(200, { keys: namedKeysOf(site) });
    },
  }),
  route({
    method: 'POST',
    path: `${path}/keys`,
    caller: 'platform',
    body: keyBody,
    bodyOptional: true,
    exists: async ({ path }) => (await knownSite(checkedSiteId(path.siteId))) !== undefined,
    async handle({ path, body, by }) {
      const { siteKey, keyId } = await addKey(checkedSiteId(path.siteId), { by, name: body.name });
      return jsonResponse(201, { siteKey, keyId });
    },
  }),
  route({
    method: 'DELETE',
    path: `${path}/keys/{keyId}`,
    caller: 'platform',
    async handle({ path, by }) {
      await removeKey(checkedSiteId(path.siteId), path.keyId, by);
      return NO_CONTENT;
    },
  }),
  route({
    method: 'POST',
    path: `${path}/console-links`,
    caller: 'platform',
    handle: async ({ path, by }) =>
      jsonResponse(201, await createConsoleLink(checkedSiteId(path.siteId), by), NO_STORE),
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
    async handle({ request, site, path, body, by }) {
      const how = { by, check: checkConditions(request) };
      const changed = site
        ? await patchSettings(site.siteId, body, how)
        : await patchModule(checkedSiteId(path.siteId), body, how);
      if (hasStaffNews(changed)) await tellStaffNews(changed.siteId);
      const warnings = site && changesStaff(body) ? await staffWarnings(changed) : [];
      if (warnings.length === 0) return siteResponse(200, changed);
      const language = languageOf(request);
      return siteResponse(200, changed, warned(warnings, language), inThat(language));
    },
  }),
] as const;

function changesStaff(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'staff' in body;
}

type Changing = { by: Actor; check: CheckSite };

/** With a site key: the merchant's settings. */
async function patchSettings(siteId: string, body: unknown, { by, check }: Changing): Promise<Site> {
  const patch = readFields(checkedSettingsBody, body, undefined, 'refused');
  const site = await updateSite(
    siteId,
    (now) => {
      check(now);
      return settingsChange(now, patch);
    },
    by,
  );
  if (!site) throw new SiteGoneError();
  return site;
}

/** With the platform's key: the module alone. */
async function patchModule(siteId: string, body: unknown, how: Changing): Promise<Site> {
  const { moduleActive } = readFields(checkedModuleBody, body, undefined, 'refused');
  const changed = await changeSite(siteId, ({ name, url }) => ({ name, url, moduleActive }), how);
  if (!changed) throw await missingSite(siteId);
  return changed.site;
}

export const handler = httpHandler(routes);
