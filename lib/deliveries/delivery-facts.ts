import { settleAll } from '../aws/parallel.ts';
import { scheduledKey, userKey } from '../domain/ids.ts';
import { chatToken } from '../store/chats.ts';
import { type Facts, type FactsAndSites, readFacts, readFactsAndSites } from '../store/facts.ts';
import { cartKey } from '../store/schedule.ts';
import { findSite, isOfFormerSite } from '../store/sites.ts';
import { isAnyOutdated, keysOfSubjects } from '../store/subjects.ts';
import { leadsOf, linkIn, type User } from '../store/user.ts';
import { findHolderAt } from '../store/users.ts';
import { cardKeysOf, cardOf } from './card.ts';
import type { ForgottenReason } from './forgotten.ts';
import type { Notification } from './notification.ts';

/**
 * Reads all that has to be known before messages are sent, as of now: one request for a batch of ten, and one more for
 * each site that is not cached as it is now.
 *
 * @param options.withLanes also which messages of the sites wait.
 * @throws ServiceUnreachableError
 */
export async function readDeliveryFacts(
  notifications: Notification[],
  { withLanes = false }: { withLanes?: boolean } = {},
): Promise<DeliveryFacts> {
  const readAt = Date.now();
  const siteIds = [...new Set(notifications.map(({ siteId }) => siteId))];
  // Which bots send is looked up in the cached site: where it is outdated, the rate limiter reads the state itself.
  const cached = await settleAll(siteIds.map(findSite));
  const botIds = cached.flatMap((site) => site?.bot?.id ?? []);
  const chats = notifications.flatMap(({ siteId, chatId }) =>
    chatId === undefined ? [] : [{ siteId, chatId }],
  );
  const lanes = withLanes ? siteIds : [];
  const scheduled = notifications.flatMap((notification) => [
    ...keysOfSubjects(notification.siteId, notification.about),
    ...cardKeysOf(notification),
  ]);
  const wanted = { users: notifications, chats, deliveries: notifications, botIds, lanes, scheduled };
  const facts = await readFactsAndSites(siteIds, wanted);
  const { holders, erased } = await followRenamed(notifications, facts.users);
  await followCarts(notifications, holders, facts);
  return { ...facts, readAt, holders, erased };
}

/**
 * What was accepted for a user before they were renamed is sent to them all the same, also where somebody else has that
 * id now. Where that leads to nobody, they were erased.
 */
async function followRenamed(
  notifications: Notification[],
  users: Map<string, User>,
): Promise<Pick<DeliveryFacts, 'holders' | 'erased'>> {
  const erased = new Set<string>();
  const holders = notifications.map(async (notification) => {
    const user = users.get(userKey(notification));
    const { acceptedAt, deliveryId } = notification;
    if (!user || leadsOf(user).length === 0) return [deliveryId, user] as const;
    const holder = await findHolderAt(notification, acceptedAt, user);
    if (!holder) erased.add(deliveryId);
    return [deliveryId, holder] as const;
  });
  return { holders: new Map(await settleAll(holders)), erased };
}

/** The cart of a user who was renamed since is under the new id: what is known there counts for the message. */
async function followCarts(
  notifications: Notification[],
  holders: Map<string, User | undefined>,
  { scheduled }: Facts,
): Promise<void> {
  const moved = notifications.flatMap(({ siteId, userId, deliveryId, about = [] }) => {
    const holder = holders.get(deliveryId);
    if (!holder || holder.userId === userId || !about.some(({ kind }) => kind === 'cart')) return [];
    return [{ former: cartKey(siteId, userId), present: cartKey(siteId, holder.userId) }];
  });
  if (moved.length === 0) return;
  const facts = await readFacts({ scheduled: moved.map(({ present }) => present) });
  for (const { former, present } of moved) {
    const item = facts.scheduled.get(scheduledKey(present));
    if (item) scheduled.set(scheduledKey(former), item);
  }
}

/** What is known before messages are sent. */
export interface DeliveryFacts extends FactsAndSites {
  /** When the reading began; milliseconds since 1970. */
  readAt: number;
  /** The user of each message, by its `deliveryId`. */
  holders: Map<string, User | undefined>;
  /** The `deliveryId` of each message whose user is erased since it was accepted. */
  erased: Set<string>;
}

/**
 * Names the chat that a message is for: the messages to a chat keep their order, also those from before and after a group
 * became a supergroup. So a chat is named by the first id that it had.
 */
export function chatOf(notification: Notification, { holders }: DeliveryFacts): string {
  const user = holders.get(notification.deliveryId);
  const { chatId = user?.chats[0]?.chatId, userId } = notification;
  const formerChatIds = user && chatId !== undefined ? linkIn(user, chatId)?.formerChatIds : undefined;
  // Without a chat it is skipped, and needs no order.
  return String(formerChatIds?.[0] ?? chatId ?? userId);
}

/** Those facts that concern one message, and the message for its present user. */
export function factsOf(facts: DeliveryFacts, notification: Notification) {
  const { sites, holders, chats, deliveries, readAt } = facts;
  const { siteId, chatId, deliveryId } = notification;
  const user = holders.get(deliveryId);
  return {
    forgotten: whyForgotten(facts, notification),
    // A user who was renamed since is recorded under the new id.
    notification: { ...notification, userId: user?.userId ?? notification.userId },
    site: sites.get(siteId),
    user,
    usersOfChat: chatId === undefined ? 1 : (chats.get(chatToken({ siteId, chatId }))?.length ?? 1),
    earlier: deliveries.get(deliveryId),
    isSuperseded: isAnyOutdated(siteId, notification.about, facts),
    card: cardOf(notification, (key) => facts.scheduled.get(scheduledKey(key))),
    readAt,
  };
}

/** Why nothing may be kept of a message: whom it is for, or the site, is erased since it was accepted. */
export function whyForgotten(
  { sites, erased }: Pick<DeliveryFacts, 'sites' | 'erased'>,
  { siteId, deliveryId, acceptedAt }: Notification,
): ForgottenReason | undefined {
  if (erased.has(deliveryId)) return 'erased';
  const site = sites.get(siteId);
  return !site || isOfFormerSite(site, acceptedAt) ? 'site-gone' : undefined;
}
