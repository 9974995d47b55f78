import type { ItemKey } from '../aws/batch-get.ts';
import { getItem } from '../aws/dynamodb.ts';
import { SITE_ID } from '../domain/site-id.ts';

/*
 * Each site has a second, small item with its latest version and its credentials (site-credentials.ts). Before a send, the
 * version shows whether the cached site is still current. Reading the site itself would cost as much as all its templates,
 * and a partition of DynamoDB serves only 3,000 read units a second.
 */

/** No site id contains "#". */
const SUFFIX = '#version';

/** The small item of a site, as far as its version is concerned. */
export interface SiteVersion {
  siteId: string;
  /** Absent before the site's first change. */
  version?: number;
}

/** Whether a key of the table is a site's, and not that of another item about it. */
export function isSiteId(key: string): boolean {
  return SITE_ID.test(key);
}

/** The key of a site's small item. The item is made when it is first needed. */
export function siteVersionKey(siteId: string): ItemKey & { table: 'SITES_TABLE' } {
  return { table: 'SITES_TABLE', key: { siteId: `${siteId}${SUFFIX}` } };
}

/** The id of the site that a small item belongs to. */
export function siteOfVersion({ siteId }: SiteVersion): string {
  return siteId.slice(0, -SUFFIX.length);
}

/** Whether a site was changed after it was read. Before its first change it has no version. */
export function isOutdated(site: { version?: number | undefined }, latestVersion = 0): boolean {
  return latestVersion > (site.version ?? 0);
}

/** @returns `undefined` before the first change. @throws ServiceUnreachableError */
export async function readSiteVersion(siteId: string): Promise<number | undefined> {
  const { table, key } = siteVersionKey(siteId);
  return (await getItem<SiteVersion>(table, key))?.version;
}
