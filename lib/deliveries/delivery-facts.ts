import { settleAll } from '../aws/parallel.ts';
import { userKey } from '../domain/ids.ts';
import { chatToken } from '../store/chats.ts';
import { type FactsAndSites, readFacts, readFactsAndSites } from '../store/facts.ts';
import { findSite } from '../store/sites.ts';
import type { User } from '../store/user.ts';
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
  const chats = notifications.flatMap(({ siteId, chatId }) =>
    chatId === undefined ? [] : [{ siteId, chatId }],
  );
  const wanted = { users: notifications, chats, deliveries: notifications, botIds };
  const facts = await readFactsAndSites(siteIds, wanted);
  return { ...facts, users: await followRenamed(notifications, facts.users) };
}

/** What was accepted for a user before they were renamed is sent to them all the same. */
async function followRenamed(
  notifications: Notification[],
  users: Map<string, User>,
): Promise<Map<string, User>> {
  const followed = new Map(users);
  for (const notification of notifications) {
    let user = followed.get(userKey(notification));
    while (user?.renamed && notification.acceptedAt <= user.renamed.at) {
      const key = { siteId: user.siteId, userId: user.renamed.to };
      user = (await readFacts({ users: [key] })).users.get(userKey(key));
    }
    if (user) followed.set(userKey(notification), user);
  }
  return followed;
}

/** Those facts that concern one message. */
export function factsOf({ sites, users, chats, deliveries }: FactsAndSites, notification: Notification) {
  const { siteId, chatId, deliveryId } = notification;
  return {
    site: sites.get(siteId),
    user: users.get(userKey(notification)),
    usersOfChat: chatId === undefined ? 1 : (chats.get(chatToken({ siteId, chatId }))?.length ?? 1),
    earlier: deliveries.get(deliveryId),
  };
}
