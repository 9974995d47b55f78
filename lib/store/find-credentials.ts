import { log } from '../observability/logger.ts';
import {
  copyCredentials,
  credentialsOf,
  currentCopy,
  readSmallItem,
  rememberCredentials,
  rememberedCredentials,
  type SiteCredentials,
} from './site-credentials.ts';
import { readSite } from './sites.ts';

/** Whether a caller has sent what belongs to these hashes. For a site that does not exist it takes as long. */
export type Fits = (credentials: SiteCredentials | undefined) => boolean;

export interface HowToFind {
  /** What was read before this time says nothing of the caller, whose credential is newer; milliseconds since 1970. */
  since?: number | undefined;
  /** Whether a copy can say anything of the caller. */
  isTrusted?: ((copy: SiteCredentials) => boolean) | undefined;
}

/**
 * Whether a caller may be let in, by the site's small item. Whoever is let in has to be checked with the site too.
 *
 * An unknown site and a wrong key cost the same: two small reads, one after the other, and then nothing for two seconds.
 * The first read may be a little behind, at half the cost. So the second one confirms that a key is wrong.
 *
 * @throws ServiceUnreachableError
 */
export async function mayCall(
  siteId: string,
  fits: Fits,
  { since = 0, isTrusted }: HowToFind = {},
): Promise<boolean> {
  const known = rememberedCredentials(siteId);
  if (known && known.at >= since) return fits(known.credentials);
  const first = await lookUp(siteId, { consistent: false, isTrusted });
  if (fits(first.credentials)) return true;
  const confirmed = first.isCopy ? await lookUp(siteId, { consistent: true, isTrusted }) : first;
  if (fits(confirmed.credentials)) return true;
  rememberCredentials(siteId, confirmed.credentials);
  return false;
}

/** The small item let a caller in whom the site refuses: where the item is wrong, it is made again. */
export async function correctCopy(siteId: string, fits: Fits): Promise<void> {
  const isTrusted = (copy: SiteCredentials) => !fits(copy);
  rememberCredentials(siteId, (await lookUp(siteId, { consistent: true, isTrusted })).credentials);
}

interface Found {
  /** `undefined`: there is no such site. */
  credentials: SiteCredentials | undefined;
  /** Whether it is from the small item, and not from the site itself. */
  isCopy: boolean;
}

async function lookUp(
  siteId: string,
  { consistent, isTrusted = () => true }: { consistent: boolean; isTrusted?: HowToFind['isTrusted'] },
): Promise<Found> {
  const item = await readSmallItem(siteId, consistent);
  const copy = currentCopy(item);
  if (copy && isTrusted(copy)) return { credentials: copy, isCopy: true };
  const site = await readSite(siteId);
  if (!site) return { credentials: undefined, isCopy: false };
  // Where the copy can't be written, the caller is answered all the same: the next one makes it.
  await copyCredentials(site, item?.version).catch((error) =>
    log.warn('credentials of a site not copied', { siteId, error }),
  );
  return { credentials: credentialsOf(site), isCopy: false };
}
