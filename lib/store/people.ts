import { batchGet } from '../aws/batch-get.ts';
import { inParallel } from '../aws/parallel.ts';
import { type ChatItem, chatToken, type KnownChat, knownChat } from './chats.ts';
import { type StoredUser, userFrom } from './stored-user.ts';
import type { User } from './user.ts';
import { readUsers } from './users.ts';

/** How many chats without an item are looked up at the same time. */
const PARALLEL_READS = 25;

/** Users and chats of a site as they were read together, for a change of many of them. */
export interface People {
  /** By user id: the wanted ones, and all who may have one of the chats. With the items that lead to renamed users. */
  users: Map<string, User>;
  /** By the number of the chat. */
  chats: Map<number, KnownChat>;
}

/**
 * Reads many users and chats: one request for every 100 items, and one for each chat that has no item yet.
 *
 * @throws ServiceUnreachableError
 */
export async function readPeople(siteId: string, userIds: string[], chatIds: number[]): Promise<People> {
  const wantedUsers = new Set(userIds);
  const wantedChats = new Set(chatIds);
  const { USERS_TABLE: stored = [], LINKS_TABLE: items = [] } = await batchGet<StoredPeople>([
    ...[...wantedUsers].map((userId) => ({ table: 'USERS_TABLE' as const, key: { siteId, userId } })),
    ...[...wantedChats].map((chatId) => ({
      table: 'LINKS_TABLE' as const,
      key: { token: chatToken({ siteId, chatId }) },
    })),
  ]);
  const users = new Map(stored.map((user) => [user.userId, userFrom(user)]));
  const chats = await knownChats(siteId, wantedChats, items);
  const others = new Set([...chats.values()].flatMap((chat) => chat.userIds)).difference(wantedUsers);
  const more = await readUsers([...others].map((userId) => ({ siteId, userId })));
  for (const user of more) users.set(user.userId, user);
  return { users, chats };
}

interface StoredPeople {
  USERS_TABLE: StoredUser;
  LINKS_TABLE: ChatItem;
}

async function knownChats(siteId: string, chatIds: Set<number>, items: ChatItem[]): Promise<People['chats']> {
  const itemOf = new Map(items.map((item) => [item.token, item]));
  const chats: People['chats'] = new Map();
  await inParallel([...chatIds], PARALLEL_READS, async (chatId) => {
    const chat = { siteId, chatId };
    chats.set(chatId, await knownChat(chat, itemOf.get(chatToken(chat))));
  });
  return chats;
}
