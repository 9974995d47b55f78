import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ItemKey } from '../aws/batch-get.ts';
import { callDynamoDb, conditionalWrite, database } from '../aws/dynamodb.ts';
import { environment } from '../aws/environment.ts';

/*
 * Beside each site that was ever changed lies a small item with its version alone. Whoever is about to send looks there
 * whether the site is still as it is remembered: a read of the site itself would cost as much as all its templates, and
 * a partition of DynamoDB gives out 3,000 units a second.
 */

/** Stands in no site id. */
const SUFFIX = '#version';

/** Whether an item of the table is a site, and not such a version. */
export function isSiteId(key: string): boolean {
  return !key.endsWith(SUFFIX);
}

/** What to read, beside other things, to learn the version of a site. Nothing is there before its first change. */
export function siteVersionKey(siteId: string): ItemKey {
  return { table: environment('SITES_TABLE'), key: { siteId: `${siteId}${SUFFIX}` } };
}

/** The site of which such an item tells the version. */
export function siteOfVersion(item: Record<string, unknown>): string {
  return String(item.siteId).slice(0, -SUFFIX.length);
}

/** Whether a site was changed since it was read. Before its first change it has no version. */
export function isNewer(noted: number, site: { version?: number | undefined } | undefined): boolean {
  return noted > (site?.version ?? 0);
}

/** The version in such an item; 0 before the first change. */
export function versionIn(item: Record<string, unknown> | undefined): number {
  return Number(item?.version ?? 0);
}

/** @throws ServiceUnreachableError */
export async function readSiteVersion(siteId: string): Promise<number> {
  const { table, key } = siteVersionKey(siteId);
  const request = new GetCommand({ TableName: table, Key: key, ConsistentRead: true });
  return versionIn((await callDynamoDb(() => database.send(request))).Item);
}

/** Notes that a site has this version by now, unless a later one is noted. @throws ServiceUnreachableError */
export async function recordSiteVersion(siteId: string, version: number): Promise<void> {
  const { table, key } = siteVersionKey(siteId);
  const isEarlier = 'attribute_not_exists(#version) OR #version < :version';
  const request = new UpdateCommand({
    TableName: table,
    Key: key,
    UpdateExpression: 'SET #version = :version',
    ConditionExpression: isEarlier,
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':version': version },
  });
  await conditionalWrite(() => database.send(request));
}
