import { isDeepStrictEqual } from 'node:util';
import { isReachable } from '../deliveries/skip-reason.ts';
import type { SwitchableEvent } from '../domain/staff.ts';
import { log } from '../observability/logger.ts';
import { type ChatKey, updateLink } from '../store/chats.ts';
import { markReachable, markUnreachable } from '../store/reachability.ts';
import { findCurrentSite } from '../store/sites.ts';
import type { User } from '../store/user.ts';
import { updateUser } from '../store/users.ts';
import { resumedIn, stoppedIn } from './opt-outs.ts';

/** What Telegram answers to `sendMessage` in a chat that has blocked the bot; the reason is the same wherever it is set. */
const BLOCKED = 'Forbidden: bot was blocked by the user';

/**
 * The person wants nothing more in this chat, for none of its users: nothing is sent there any more, and what waits is
 * dropped. The other chats of these users go on.
 *
 * @param at when they said so: ISO 8601.
 * @returns the users afterwards.
 * @throws ServiceUnreachableError: a repeated call goes on.
 */
export async function stopChat({ siteId, chatId }: ChatKey, users: User[], at: string): Promise<User[]> {
  const after = await changeAll(users, (user) => stoppedIn(user, chatId, at));
  log.info('stopped', { siteId, accounts: users.length });
  return after;
}

/**
 * The person wants the messages of these users in this chat again.
 *
 * @param at when they said so: ISO 8601.
 * @param withShop also where the shop had opted the user out: the person has said yes to that.
 * @returns the users afterwards.
 * @throws ServiceUnreachableError: a repeated call goes on.
 */
export async function resumeChat(
  { siteId, chatId }: ChatKey,
  users: User[],
  at: string,
  { withShop }: { withShop: boolean },
): Promise<User[]> {
  const after = await changeAll(users, (user) => resumedIn(user, chatId, at, { withShop }));
  log.info('resumed', { siteId, accounts: users.length });
  return after;
}

/** @returns the users afterwards: those who are gone as they were. */
async function changeAll(users: User[], change: (user: User) => User): Promise<User[]> {
  const after: User[] = [];
  for (const user of users) after.push((await updateUser(user, change, { known: user })) ?? user);
  return after;
}

/**
 * Mutes or unmutes one event for this user. Of two changes at the same instant none is lost.
 *
 * @returns the user afterwards; unchanged where they are not known any more.
 * @throws ServiceUnreachableError
 */
export async function setMuted(user: User, event: SwitchableEvent, muted: boolean): Promise<User> {
  const change = (now: User) => {
    const { mutedEvents = [] } = now;
    if (mutedEvents.includes(event) === muted) return now;
    return {
      ...now,
      mutedEvents: muted ? [...mutedEvents, event] : mutedEvents.filter((other) => other !== event),
    };
  };
  return (await updateUser(user, change, { known: user })) ?? user;
}

/**
 * The person has chosen quiet hours of their own, or none; `undefined`: those of the site.
 *
 * @returns the user afterwards; unchanged where they are not known any more.
 * @throws ServiceUnreachableError
 */
export async function setQuietHours(user: User, quietHours: User['quietHours']): Promise<User> {
  const change = (now: User) =>
    isDeepStrictEqual(now.quietHours, quietHours) ? now : { ...now, quietHours };
  return (await updateUser(user, change, { known: user })) ?? user;
}

/**
 * The person wants no advertising any more.
 *
 * @param at ISO 8601 in UTC.
 * @returns the user afterwards; unchanged where they are not known any more.
 * @throws ServiceUnreachableError
 */
export async function withdrawMarketingConsent(user: User, at: string): Promise<User> {
  const change = (now: User) =>
    now.marketingConsent?.given ? { ...now, marketingConsent: { given: false, at, source: 'bot' } } : now;
  return (await updateUser(user, change, { known: user })) ?? user;
}

/**
 * The person has blocked this bot: it can't reach the chat until they unblock it. Of the bot that the site has now, where
 * that is another one, it says nothing.
 *
 * @param at when they did it, in milliseconds since 1970.
 * @throws ServiceUnreachableError
 */
export async function markBlocked(chat: ChatKey, bot: { id: string }, at: number): Promise<void> {
  const since = new Date(at).toISOString();
  await markUnreachable(chat, { reason: BLOCKED, since, botId: bot.id });
}

/** This bot can send to the chat again, unless the site has another one by now. @throws ServiceUnreachableError */
export async function markReturned(chat: ChatKey, bot: { id: string }): Promise<void> {
  const present = (await findCurrentSite(chat.siteId))?.bot;
  if (present?.id === bot.id) await markReachable(chat, bot.id);
}

/**
 * The person writes to this bot now: so it can reach the chat, whatever Telegram answered before. Takes over the present
 * name of their Telegram account, too.
 *
 * @throws ServiceUnreachableError
 */
export async function renewLinks(
  { chatId }: ChatKey,
  users: User[],
  { botId, username }: { botId: string; username: string | undefined },
): Promise<User[]> {
  const renewed: User[] = [];
  for (const user of users) {
    const change = updateLink(user, chatId, (link) =>
      link.username === username && isReachable(link, { id: botId })
        ? link
        : { ...link, username, botId, unreachable: undefined },
    );
    renewed.push((await change) ?? user);
  }
  return renewed;
}
