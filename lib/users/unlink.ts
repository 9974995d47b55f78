import { log } from '../observability/logger.ts';
import { type ChatKey, removeFromChat } from '../store/chats.ts';
import { eraseTokensOf, eraseUser } from '../store/erase.ts';
import {
  type ChatLink,
  optOutsWithoutChats,
  type UnlinkReason,
  type User,
  type UserKey,
} from '../store/user.ts';
import { updateUser } from '../store/users.ts';
import { withEndedClaims } from './ended-claims.ts';
import { withEndedStops } from './opt-outs.ts';

/**
 * Ends links of a user. Everything else stays: names, switches, opt-out, log.
 *
 * @param isEnded which of their links.
 * @returns the user afterwards; `undefined` where they do not exist.
 * @throws ServiceUnreachableError: a repeated call goes on.
 */
export async function unlink(
  key: UserKey,
  isEnded: (link: ChatLink) => boolean,
  reason: UnlinkReason,
): Promise<User | undefined> {
  let ended: ChatLink[] = [];
  const user = await updateUser(key, (before) => {
    ended = before.chats.filter(isEnded);
    return ended.length > 0 ? withoutLinks(before, ended, reason) : before;
  });
  for (const { chatId } of ended) await removeFromChat({ siteId: key.siteId, chatId }, key.userId);
  if (ended.length > 0) log.info('unlinked', { siteId: key.siteId, reason, chats: ended.length });
  return user;
}

/** The user without links that have ended. */
export function withoutLinks(user: User, ended: ChatLink[], reason: UnlinkReason): User {
  const claims = ended.map(({ claim }) => claim);
  const chats = user.chats.filter((link) => !ended.includes(link));
  const unlinked = { reason, since: new Date(Date.now()).toISOString() };
  const isLast = chats.length === 0;
  return {
    ...withEndedStops(withEndedClaims(user, claims), ended),
    chats,
    ...(isLast && { unlinked, optOuts: optOutsWithoutChats(user) }),
  };
}

/**
 * What the site asks for: ends one link of a user, or all of them with the links that nobody has used yet.
 *
 * @returns whether the user exists, or had such a link.
 * @throws ServiceUnreachableError: a repeated call goes on.
 */
export async function endLinks(key: UserKey, chatId: number | undefined): Promise<boolean> {
  // First the tokens: one that a chat has redeemed, or that is still open, can't link again then.
  const tokens = await eraseTokensOf(key, chatId);
  const user = await unlink(key, (link) => chatId === undefined || link.chatId === chatId, 'site');
  // An earlier call may have died before this.
  if (user && chatId !== undefined) await removeFromChat({ siteId: key.siteId, chatId }, key.userId);
  return user !== undefined || tokens > 0;
}

/**
 * What a person asks for in a chat: ends the link, and erases what is kept about the person there. Where the user has
 * other chats, they stay as they are; where this was the last one, all that is kept about the user is erased.
 *
 * @returns whether all was erased.
 * @throws ServiceUnreachableError: a repeated call goes on.
 */
export async function forget(key: UserKey, { chatId }: ChatKey): Promise<boolean> {
  const hasOtherChats = ({ chats }: User) => chats.some((link) => link.chatId !== chatId);
  await eraseTokensOf(key, chatId);
  await eraseUser(key, { isWanted: (user) => !hasOtherChats(user) });
  return (await unlink(key, (link) => link.chatId === chatId, 'person')) === undefined;
}
