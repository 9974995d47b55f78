import { settleAll } from '../aws/parallel.ts';
import { userKey } from '../domain/ids.ts';
import { type FactsAndSites, readFactsAndSites } from '../store/facts.ts';
import { findSite } from '../store/sites.ts';
import type { Notification } from './notification.ts';

/**
 * Reads all that has to be known before messages are sent, as of now: one request for a batch of ten, and one more for
 * each site that is not cached as it is now.
 *
 * @throws ServiceUnreachableError
 */
export async function readDeliveryFacts(notifications: Notification[]): Promise<FactsAndSites> {
  const siteIds = [...new Set(notifications.map(({ siteId }) => siteId))];
  // Which bots send is looked up in the cached site: where it is outdated, the rate limiter reads the state itself.
  const cached = await settleAll(siteIds.map(findSite));
  const botIds = cached.flatMap((site) => site?.bot?.id ?? []);
  return readFactsAndSites(siteIds, { users: notifications, deliveries: notifications, botIds });
}

/** Those facts that concern one message. */
export function factsOf({ sites, users, deliveries }: FactsAndSites, notification: Notification) {
  return {
    site: sites.get(notification.siteId),
    user: users.get(userKey(notification)),
    earlier: deliveries.get(notification.deliveryId),
  };
}
