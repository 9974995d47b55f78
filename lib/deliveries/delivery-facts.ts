import { settleAll } from '../aws/parallel.ts';
import { userKey } from '../domain/ids.ts';
import { chatToken } from '../store/chats.ts';
import { type FactsAndSites, readFactsAndSites } from '../store/facts.ts';
import { findSite } from '../store/sites.ts';
import { leadsOf, type User } from '../store/user.ts';
import { findHolderAt } from '../store/users.ts';
import type { Notification } from './notification.ts';

/**
 * Reads all that has to be known before messages are sent, as of now: one request for a batch of ten, and one more for
 * each site that is not cached as it is now.
 *
 * @throws ServiceUnreachableError
 */
export async function readDeliveryFacts(notifications: Notification[]): Promise<DeliveryFacts> {
  const siteIds = [...new Set(notifications.map(({ siteId }) => siteId))];
  // Which bots send is looked up in the cached site: where it is outdated, the rate limiter reads the state itself.
  const cached = await settleAll(siteIds.map(findSite));
  const botIds = cached.flatMap((site) => site?.bot?.id ?? []);
  const chats = notifications.flatMap(({ siteId, chatId }) =>
    chatId === undefined ? [] : [{ siteId, chatId }],
  );
  const wanted = { users: notifications, chats, deliveries: notifications, botIds };
  const facts = await readFactsAndSites(siteIds, wanted);
  return { ...facts, holders: await followRenamed(notifications, facts.users) };
}

/**
 * What was accepted for a user before they were renamed is sent to them all the same, also where somebody else has that
 * id now.
 */
async function followRenamed(
  notifications: Notification[],
  users: Map<string, User>,
): Promise<Map<string, User | undefined>> {
  const holders = new Map<string, User | undefined>();
  for (const notification of notifications) {
    const user = users.get(userKey(notification));
    const hasLeads = user !== undefined && leadsOf(user).length > 0;
    const { acceptedAt, deliveryId } = notification;
    holders.set(deliveryId, hasLeads ? await findHolderAt(notification, acceptedAt, user) : user);
  }
  return holders;
}

/** What is known before messages are sent. */
export interface DeliveryFacts extends FactsAndSites {
  /** The user of each message, by its `deliveryId`. */
  holders: Map<string, User | undefined>;
}

/** Those facts that concern one message. */
export function factsOf({ sites, holders, chats, deliveries }: DeliveryFacts, notification: Notification) {
  const { siteId, chatId, deliveryId } = notification;
  return {
    site: sites.get(siteId),
    user: holders.get(deliveryId),
    usersOfChat: chatId === undefined ? 1 : (chats.get(chatToken({ siteId, chatId }))?.length ?? 1),
    earlier: deliveries.get(deliveryId),
  };
}
