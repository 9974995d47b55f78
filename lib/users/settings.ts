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

/** What Telegram answers to `sendMessage` in a chat that has blocked the bot; the reason is the same wherever it is set. */
const BLOCKED = 'Forbidden: bot was blocked by the user';

/**
 * The user of a site whose notifications go to this chat, as of now (consistent reads).
 *
 * @throws ServiceUnreachableError
 */
export async function findUserByChat(siteId: string, chatId: number): Promise<User | undefined> {
  const owner = await findChatOwner(siteId, chatId);
  // A user who is about to be displaced keeps the chat until their record is written.
  const candidates = owner
    ? [owner.userId, ...owner.displaced]
    : // A link that was not made here (demo data, an import) has no owner record.
      await findUserIdsByChat(siteId, chatId);
  for (const userId of candidates) {
    const user = await findUser(siteId, userId);
    if (user?.chatId === chatId) return user;
  }
  return undefined;
}

/**
 * Opts a user out: nothing more is sent to them, and what is in the queue for them is dropped. Where the site has opted
 * them out before, `optedOutBy` stays `site`.
 *
 * @throws ServiceUnreachableError
 */
export async function optOut(user: User, by: 'user' | 'site'): Promise<void> {
  await setOptedOut(user, by, new Date().toISOString());
  log.info('opted out', { siteId: user.siteId, by });
}

/**
 * Opts a user in again, also where the site had opted them out: the person has confirmed it.
 *
 * @returns `false` where the user is not known any more.
 * @throws ServiceUnreachableError
 */
export async function optIn(user: User, by: 'user' | 'site'): Promise<boolean> {
  const isIn = await setOptedIn(user);
  if (isIn) log.info('opted in', { siteId: user.siteId, by });
  return isIn;
}

/**
 * Mutes or unmutes one event for this user. Of two changes at the same instant none is lost.
 *
 * @returns the user afterwards; unchanged where they are not known any more.
 * @throws ServiceUnreachableError
 */
export async function setMuted(user: User, event: EventName, muted: boolean): Promise<User> {
  const changed = await changeMutedEvents(user, (events) => {
    const others = events.filter((other) => other !== event);
    return muted ? [...others, event] : others;
  });
  return changed ?? user;
}

/** The user has blocked the bot: the chat is unreachable until they unblock it. @throws ServiceUnreachableError */
export async function markBlocked(user: User): Promise<void> {
  await markUnreachable(user, BLOCKED);
}

/** This bot can send to the user's chat again. @throws ServiceUnreachableError */
export async function markReturned(user: User, bot: { id: string }): Promise<void> {
  await markReachable(user, bot.id);
}
