import type { ItemKey } from '../aws/batch-get.ts';
import { conditionalUpdate, getItem } from '../aws/dynamodb.ts';

/*
 * Each site that was ever changed has a second, small item that holds only its latest version. Before a send, this item
 * shows whether the cached site is still current. Reading the site itself would cost as much as all its templates, and
 * a partition of DynamoDB serves only 3,000 read units a second.
 */

/** No site id contains "#". */
const SUFFIX = '#version';

/** The version item of a site. */
export interface SiteVersion {
  siteId: string;
  version: number;
}

/** Whether a key of the table is a site's, and not that of a small item: those have a "#". */
export function isSiteId(key: string): boolean {
  return !key.includes('#');
}

/** The key of a site's version item. The item does not exist before the site's first change. */
export function siteVersionKey(siteId: string): ItemKey & { table: 'SITES_TABLE' } {
  return { table: 'SITES_TABLE', key: { siteId: `${siteId}${SUFFIX}` } };
}

/** The id of the site that a version item belongs to. */
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

/** Records the latest version of a site, unless a later one is recorded. @throws ServiceUnreachableError */
export async function recordSiteVersion(siteId: string, version: number): Promise<void> {
  const { table, key } = siteVersionKey(siteId);
  const isEarlier = 'attribute_not_exists(#version) OR #version < :version';
  await conditionalUpdate(table, key, {
    UpdateExpression: 'SET #version = :version',
    ConditionExpression: isEarlier,
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':version': version },
  });
}
