import type { EventName } from '../domain/events.ts';
import { log } from '../observability/logger.ts';
import { findChatOwner } from '../store/links.ts';
import {
  changeMutedEvents,
  findUser,
  findUserIdsByChat,
  markReachable,
  markUnreachable,
  setOptedIn,
  setOptedOut,
  type User,
} from '../store/users.ts';

/** Telegram's own words for a chat that has blocked the bot: what `deliver` would be told, too. */
const BLOCKED = 'Forbidden: bot was blocked by the user';

/**
 * The user of a site whose notifications go to this chat, as of now (consistent reads).
 *
 * @throws ServiceUnreachableError
 */
export async function findUserByChat(siteId: string, chatId: number): Promise<User | undefined> {
  const owner = await findChatOwner(siteId, chatId);
  // Whoever is being displaced keeps the chat until they have lost it.
  const candidates = owner
    ? [owner.userId, ...owner.displaced]
    : // Linked by another hand than ours, such as demo data or an import.
      await findUserIdsByChat(siteId, chatId);
  for (const userId of candidates) {
    const user = await findUser(siteId, userId);
    if (user?.chatId === chatId) return user;
  }
  return undefined;
}

/**
 * Nothing more is sent to this user; what waits in the queue is dropped when its turn comes. Where the site has opted
 * them out, it stays the site's doing.
 *
 * @throws ServiceUnreachableError
 */
export async function optOut(user: User, by: 'user' | 'site'): Promise<void> {
  await setOptedOut(user, by, new Date().toISOString());
  log.info('opted out', { siteId: user.siteId, by });
}

/**
 * Notifications go out to this user again, whoever had opted them out: the caller has asked "yes, again".
 *
 * @returns whether the user is in again; `false` where they are not known any more.
 * @throws ServiceUnreachableError
 */
export async function optIn(user: User, by: 'user' | 'site'): Promise<boolean> {
  const isIn = await setOptedIn(user);
  if (isIn) log.info('opted in', { siteId: user.siteId, by });
  return isIn;
}

/**
 * Switches one kind of event off or on for this user. Two switches at the same instant both hold.
 *
 * @returns the user afterwards; as they were where they are not known any more.
 * @throws ServiceUnreachableError
 */
export async function setMuted(user: User, event: EventName, muted: boolean): Promise<User> {
  const changed = await changeMutedEvents(user, (events) => {
    const others = events.filter((other) => other !== event);
    return muted ? [...others, event] : others;
  });
  return changed ?? user;
}

/** The user has blocked the bot: nothing reaches their chat until they return. @throws ServiceUnreachableError */
export async function markBlocked(user: User): Promise<void> {
  await markUnreachable(user, BLOCKED);
}

/** The chat can be written to again, by this bot, whatever was wrong with it. @throws ServiceUnreachableError */
export async function markReturned(user: User, bot: { id: string }): Promise<void> {
  await markReachable(user, bot.id);
}
