import { userKey } from '../domain/ids.ts';
import { findKnownBefore, type KnownBefore } from '../store/deliveries.ts';
import { isNewer } from '../store/site-versions.ts';
import { findSite, readSite, type Site } from '../store/sites.ts';
import type { Notification } from './notification.ts';

/** All that has to be known before messages are sent, as of now. */
export interface Known extends Omit<KnownBefore, 'siteVersions'> {
  /** By id. */
  sites: Map<string, Site | undefined>;
}

/**
 * Reads it: one request for a batch of ten, and one more for each site that is not remembered as it is now.
 *
 * @throws ServiceUnreachableError
 */
export async function findKnown(notifications: Notification[]): Promise<Known> {
  const siteIds = [...new Set(notifications.map(({ siteId }) => siteId))];
  const sites = await sitesBy(siteIds, findSite);
  const botIds = new Set([...sites.values()].flatMap((site) => site?.bot?.id ?? []));
  const { siteVersions, ...known } = await findKnownBefore(notifications, [...botIds], siteIds);
  const noted = (siteId: string) => siteVersions.get(siteId) ?? 0;
  const changed = siteIds.filter((siteId) => isNewer(noted(siteId), sites.get(siteId)));
  const current = await sitesBy(changed, (siteId) => readSite(siteId, noted(siteId)));
  return { ...known, sites: new Map([...sites, ...current]) };
}

async function sitesBy(
  siteIds: string[],
  read: (siteId: string) => Promise<Site | undefined>,
): Promise<Map<string, Site | undefined>> {
  return new Map(await Promise.all(siteIds.map(async (siteId) => [siteId, await read(siteId)] as const)));
}

/** What of it concerns one message. */
export function knownOf(known: Known, notification: Notification) {
  return {
    site: known.sites.get(notification.siteId),
    user: known.users.get(userKey(notification)),
    earlier: known.deliveries.get(notification.deliveryId),
  };
}
