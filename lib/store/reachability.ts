import { addToChat, type ChatKey, findUsersOfChat, removeFromChat, updateLink } from './chats.ts';
import { type ChatLink, linkIn, type User, withLinkIn } from './user.ts';
import { updateUser } from './users.ts';

/**
 * Records for all users of a chat that Telegram can't reach it. A link that was made anew since the message was begun
 * stays as it is: by making it the person has come back.
 *
 * @param through the user to whom the message was sent, as they were read then.
 * @throws ServiceUnreachableError: a repeated call goes on.
 */
export async function markUnreachable(
  chat: ChatKey,
  unreachable: NonNullable<ChatLink['unreachable']>,
  through?: User,
): Promise<void> {
  const users = await findUsersOfChat(chat);
  const present = users.find(({ userId }) => userId === through?.userId);
  const claimOf = (user: User) => linkIn(user, chat.chatId)?.claim;
  if (through && present && claimOf(present) !== claimOf(through)) return;
  for (const user of users)
    await updateLink(user, chat.chatId, (link) => (link.unreachable ? link : { ...link, unreachable }));
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
