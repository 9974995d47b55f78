import { DEFAULT_TONE } from '../domain/tone.ts';
import { log } from '../observability/logger.ts';
import { createSite, type Site, updateSite } from '../store/sites.ts';
import { defaultTemplates } from '../templates/template-kinds.ts';
import { formerErasure } from './former-site.ts';
import { newSiteKey, type SiteKey } from './keys.ts';
import { botFatherReminders, formerUrlsAfter, isMove } from './move.ts';
import { requirePublic } from './public-address.ts';
import type { SitePut } from './schemas.ts';
import type { CheckSite } from './view.ts';

/** A site after a change by the platform. */
export interface ChangedSite {
  site: Site;
  /** If this change gave it another host, scheme or port: what has to be changed at @BotFather. */
  reminders?: string[];
}

/**
 * Creates a site, or changes the platform's part of it: the merchant's settings stay.
 *
 * @returns the site, and its first key where it is new.
 * @throws InvalidInputError if customers could not open its address.
 * @throws ConflictError while what belonged to a deleted site of this id is being erased.
 */
export async function putSite(
  siteId: string,
  given: SitePut,
  check: CheckSite = () => undefined,
): Promise<ChangedSite & { key?: SiteKey }> {
  const changed = await changeSite(siteId, () => given, check);
  if (changed) return changed;
  check(undefined);
  requirePublic({ url: given.url });
  const formerErasedAt = await formerErasure(siteId);
  const key = newSiteKey();
  const site = {
    ...newSite(siteId, given, key.hash, new Date(Date.now()).toISOString()),
    ...(formerErasedAt !== undefined && { formerErasedAt }),
  };
  // Another request has created it at the same instant: this one only changes it.
  if (!(await createSite(site))) return putSite(siteId, given, check);
  log.info('site created', { siteId, moduleActive: given.moduleActive });
  return { site, key };
}

/**
 * Changes the platform's part of a site.
 *
 * @param given returns its new values; it may run several times.
 * @returns `undefined` if there is no such site.
 * @throws InvalidInputError if customers could not open its new address.
 */
export async function changeSite(
  siteId: string,
  given: (site: Site) => SitePut,
  check: CheckSite = () => undefined,
): Promise<ChangedSite | undefined> {
  let moved: Site | undefined;
  const site = await updateSite(siteId, (now) => {
    check(now);
    const put = given(now);
    requirePublic({ url: put.url }, now);
    if (!isMove(now, put.url)) return put;
    // In a later round the site may have moved already, by a write whose answer was lost.
    moved ??= now;
    return { ...put, formerUrls: formerUrlsAfter(now, put.url, Date.now()) };
  });
  if (!site) return undefined;
  log.info('site changed', { siteId, moduleActive: site.moduleActive, isMoved: moved !== undefined });
  return { site, ...(moved && { reminders: botFatherReminders(moved, site) }) };
}

/**
 * A new site: settings for an Italian shop, switched on, with a template for every event. It has no bot until the
 * merchant saves one.
 *
 * @param now ISO 8601: carts that were abandoned before get no message.
 */
function newSite(siteId: string, given: SitePut, keyHash: string, now: string): Site {
  return {
    siteId,
    ...given,
    active: true,
    languages: ['it', 'en'],
    defaultLanguage: 'it',
    timeZone: 'Europe/Rome',
    abandonedCartHours: 3,
    telegramGroups: [],
    docuvision: false,
    tone: DEFAULT_TONE,
    keyHashes: [keyHash],
    templates: defaultTemplates().map((template) => ({ ...template, createdAt: now })),
  };
}
