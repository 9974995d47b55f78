import type { ItemKey } from '../aws/batch-get.ts';
import { conditionalUpdate, getItem } from '../aws/dynamodb.ts';

/*
 * Beside each site that was ever changed lies a small item with its latest version alone. Whoever is about to send looks
 * there whether the site is still as it is cached: a read of the site itself would cost as much as all its templates,
 * and a partition of DynamoDB gives out 3,000 units a second.
 */

/** Stands in no site id. */
const SUFFIX = '#version';

/** Such an item. */
export interface SiteVersion {
  siteId: string;
  version: number;
}

/** Whether an item of the table is a site, and not such a version. */
export function isSiteId(key: string): boolean {
  return !key.endsWith(SUFFIX);
}

/** What to read, beside other things, to learn the version of a site. Nothing is there before its first change. */
export function siteVersionKey(siteId: string): ItemKey & { table: 'SITES_TABLE' } {
  return { table: 'SITES_TABLE', key: { siteId: `${siteId}${SUFFIX}` } };
}

/** The site of which such an item tells the version. */
export function siteOfVersion({ siteId }: SiteVersion): string {
  return siteId.slice(0, -SUFFIX.length);
}

/** Whether a site was changed since it was read. Before its first change it has no version. */
export function isOutdated(site: { version?: number | undefined }, latestVersion = 0): boolean {
  return latestVersion > (site.version ?? 0);
}

/** @returns `undefined` before the first change. @throws ServiceUnreachableError */
export async function readSiteVersion(siteId: string): Promise<number | undefined> {
  const { table, key } = siteVersionKey(siteId);
  return (await getItem<SiteVersion>(table, key))?.version;
}

/** Writes that a site has this version by now, unless a later one is written. @throws ServiceUnreachableError */
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
