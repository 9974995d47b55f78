import { addToChat, type ChatKey, findUsersOfChat, removeFromChat, updateLink } from './chats.ts';
import { type ChatLink, linkIn, type Unreachable, type User, withLinkIn } from './user.ts';
import { updateUser } from './users.ts';

/** A link that was made more than this after a block, in milliseconds, is newer: Telegram's times are whole seconds. */
const ACCURACY = 1_000;

/**
 * Records for all users of a chat that a bot can't reach it. A link that was made anew since the message was begun, or
 * since the block, stays as it is: by making it the person has come back. So does a link to another bot: an answer that
 * comes late says nothing about the bot that the site has by now.
 *
 * @param through the user to whom the message was sent, as they were read then.
 * @returns that user as they are now, if the chat is marked for them.
 * @throws ServiceUnreachableError: a repeated call goes on.
 */
export async function markUnreachable(
  chat: ChatKey,
  unreachable: Unreachable & { botId: string },
  through?: User,
): Promise<User | undefined> {
  const users = await findUsersOfChat(chat);
  const present = users.find(({ userId }) => userId === through?.userId);
  const claimOf = (user: User) => linkIn(user, chat.chatId)?.claim;
  if (through && present && claimOf(present) !== claimOf(through)) return undefined;
  let marked: User | undefined;
  for (const user of users) {
    const changed = await updateLink(user, chat.chatId, (link) => withUnreachable(link, unreachable));
    const link = changed && linkIn(changed, chat.chatId);
    if (user === present && link && unreachableBot(link) === unreachable.botId) marked = changed;
  }
  return marked;
}

function withUnreachable(link: ChatLink, unreachable: Unreachable & { botId: string }): ChatLink {
  const isOfAnother = link.botId !== undefined && link.botId !== unreachable.botId;
  // A claim begins with its time; the link keeps the one of its first claim.
  const madeAt = link.claim?.split('#')[0] ?? link.linkedAt ?? '';
  const isNewer = Date.parse(madeAt) > Date.parse(unreachable.since) + ACCURACY;
  const isKnown = link.unreachable && (unreachableBot(link) ?? unreachable.botId) === unreachable.botId;
  return isOfAnother || isNewer || isKnown ? link : { ...link, unreachable };
}

/** The bot that can't write to the chat; `undefined` where none is known, or where it is not known which. */
export function unreachableBot({ botId, unreachable }: ChatLink): string | undefined {
  return unreachable && (unreachable.botId ?? botId);
}

/** Records for all users of a chat that this bot can write to it. @throws ServiceUnreachableError */
export async function markReachable(chat: ChatKey, botId: string): Promise<void> {
  for (const user of await findUsersOfChat(chat))
    await updateLink(user, chat.chatId, (link) => {
      const isKnown = !link.unreachable && (link.botId ?? botId) === botId;
      return isKnown ? link : { ...link, botId, unreachable: undefined };
    });
}

/**
 * Gives all users of a group that became a supergroup its new id. What is queued for the former id finds it.
 *
 * @throws ServiceUnreachableError: a repeated call goes on.
 */
export async function moveChat(chat: ChatKey, chatId: number): Promise<void> {
  for (const user of await findUsersOfChat(chat)) {
    await addToChat({ ...chat, chatId }, user.userId, Number.POSITIVE_INFINITY);
    await updateUser(user, (now) => moved(now, chat.chatId, chatId), { known: user, isUnsaid: true });
    await removeFromChat(chat, user.userId);
  }
}

function moved(user: User, from: number, to: number): User {
  const link = user.chats.find(({ chatId }) => chatId === from);
  if (!link) return user;
  const formerChatIds = [...(link.formerChatIds ?? []), from];
  // A user who has the new chat already keeps that link, and loses this one.
  if (!linkIn(user, to)) return withLinkIn(user, from, { chatId: to, formerChatIds });
  return { ...user, chats: user.chats.filter((other) => other !== link) };
}
