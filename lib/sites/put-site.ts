import type { Actor } from '../domain/actor.ts';
import { UnreadableInputError } from '../domain/errors.ts';
import type { Sentence } from '../domain/sentence.ts';
import { DEFAULT_TONE } from '../domain/tone.ts';
import { log } from '../observability/logger.ts';
import { createSite, type Site, updateSite } from '../store/sites.ts';
import { defaultSharedButtons } from '../templates/shared-buttons.ts';
import { defaultTemplates } from '../templates/template-kinds.ts';
import { formerErasure } from './former-site.ts';
import { newSiteKey, type SiteKey } from './keys.ts';
import { botFatherReminders, formerUrlsAfter, isMove } from './move.ts';
import { requirePublic } from './public-address.ts';
import type { SitePut } from './schemas.ts';
import type { CheckSite } from './view.ts';

export interface ChangingSite {
  by: Actor;
  check?: CheckSite;
}

/** A site after a change by the platform. */
export interface ChangedSite {
  site: Site;
  /** If this change gave it another host, scheme or port: what has to be changed at @BotFather. */
  reminders?: Sentence[];
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
  { by, check = () => undefined }: ChangingSite,
): Promise<ChangedSite & { key?: SiteKey }> {
  const changed = await changeSite(siteId, () => given, { by, check });
  if (changed) return changed;
  check(undefined);
  if (siteId === RESERVED) throw reservedId();
  requirePublic({ url: given.url });
  const formerErasedAt = await formerErasure(siteId);
  const key = newSiteKey();
  const site = {
    ...newSite(siteId, given, key.hash, new Date(Date.now()).toISOString()),
    ...(formerErasedAt !== undefined && { formerErasedAt }),
  };
  // Another request has created it at the same instant: this one only changes it.
  if (!(await createSite(site, by))) return putSite(siteId, given, { by, check });
  log.info('site created', { siteId, moduleActive: given.moduleActive });
  return { site, key };
}

/** The webhook of a site is at its id, and that of the manager bot is there. */
const RESERVED = 'manager';

function reservedId(): UnreadableInputError {
  const text = {
    en: `"${RESERVED}" can't be the id of a site, because the manager bot has its address. Choose another one.`,
    it: `"${RESERVED}" non può essere l'id di un sito, perché il suo indirizzo è del bot gestore. Sceglierne un altro.`,
  };
  return new UnreadableInputError(text, 'invalid-path-id');
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
  { by, check = () => undefined }: ChangingSite,
): Promise<ChangedSite | undefined> {
  let moved: Site | undefined;
  const site = await updateSite(
    siteId,
    (now) => {
      check(now);
      const put = given(now);
      requirePublic({ url: put.url }, now);
      if (!isMove(now, put.url)) return put;
      // In a later round the site may have moved already, by a write whose answer was lost.
      moved ??= now;
      return { ...put, formerUrls: formerUrlsAfter(now, put.url, Date.now()) };
    },
    by,
  );
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
    ...defaultSharedButtons(DEFAULT_TONE),
    keyHashes: [keyHash],
    templates: defaultTemplates().map((template) => ({ ...template, createdAt: now })),
    createdAt: now,
  };
}
