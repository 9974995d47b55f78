import { log } from '../observability/logger.ts';
import { createSite, type Site, updateSite } from '../store/sites.ts';
import { newSiteKey, type SiteKey } from './keys.ts';
import { newSite } from './new-site.ts';
import type { SitePut } from './schemas.ts';
import type { CheckSite } from './site-request.ts';

/**
 * Creates a site, or changes what the platform says of it; all that the merchant has set stays.
 *
 * @returns the site, and its first key where it is new.
 */
export async function putSite(
  siteId: string,
  given: SitePut,
  check: CheckSite = () => undefined,
): Promise<{ site: Site; key?: SiteKey }> {
  const changed = await updateSite(siteId, (site) => {
    check(site);
    return given;
  });
  if (changed) {
    log.info('site changed', { siteId, moduleActive: given.moduleActive });
    return { site: changed };
  }
  check(undefined);
  const key = newSiteKey();
  const site = newSite(siteId, given, key.hash, new Date().toISOString());
  // Created by somebody else at the same instant: theirs has the first key, ours is a change.
  if (!(await createSite(site))) return putSite(siteId, given, check);
  log.info('site created', { siteId, moduleActive: given.moduleActive });
  return { site, key };
}
