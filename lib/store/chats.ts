import { randomUUID } from 'node:crypto';
import { deleteItem, getItem, putItem, queryPage, type ScannedPage, scanPage } from '../aws/dynamodb.ts';
import { changedByOthers, MAX_ROUNDS } from './rounds.ts';
import { type StoredUser, siteChatOf, userFrom } from './stored-user.ts';
import { type ChatLink, hasChat, linkIn, type User, withLinkIn } from './user.ts';
import { findHolderAt, readUsers, updateUser } from './users.ts';

export interface ChatKey {
  siteId: string;
  chatId: number;
}

/**
 * Who may have a chat: an item of the links table for each chat. It may name a user too many, never one too few: it is
 * written before the user who gets the chat, and after the one who loses it. Whether a user has the chat, and what is
 * true of it, is in their own item.
 */
export interface ChatItem {
  token: string;
  userIds?: string[];
  /** Another one after each change. */
  revision?: string;
  /** Milliseconds since 1970; absent where the former release wrote the item. */
  changedAt?: number;
  /** In an item of the former release: the user of the chat, and those before them. */
  userId?: string;
  displaced?: string[];
}

/** A chat has at most so many users of a site. */
export const MAX_USERS_OF_CHAT = 20;

/** A chat as it was read: its item, and the ids of the users who may have it. */
export interface KnownChat {
  item: ChatItem | undefined;
  userIds: string[];
}

/**
 * Longer than any function runs, in milliseconds. Whoever links a user to a chat names them there first: a name that is
 * younger may belong to a link that is just being made.
 */
const SETTLED_AFTER = 120_000;

/** The keys of chats in the links table begin with it. */
const CHAT = 'chat#';

/** The key of a chat in the links table. */
export function chatToken({ siteId, chatId }: ChatKey): string {
  return `${CHAT}${siteId}#${chatId}`;
}

/** The users that an item names. */
export function userIdsIn({ userIds, userId, displaced = [] }: ChatItem): string[] {
  return userIds ?? [...new Set([userId, ...displaced])].filter((id) => id !== undefined);
}

/**
 * The users of a site who have this chat, as of now (consistent reads), in the order in which they got it.
 *
 * @throws ServiceUnreachableError
 */
export async function findUsersOfChat(chat: ChatKey): Promise<User[]> {
  const { userIds } = await findChat(chat);
  return usersWithChat(chat, userIds);
}

/** Those of these users who have the chat, by consistent reads. */
async function usersWithChat({ siteId, chatId }: ChatKey, userIds: string[]): Promise<User[]> {
  const users = await readUsers(userIds.map((userId) => ({ siteId, userId })));
  const named = users.filter((user) => user.renamed || hasChat(user, chatId));
  named.sort((one, other) => userIds.indexOf(one.userId) - userIds.indexOf(other.userId));
  return named.some(({ renamed }) => renamed) ? followedTo(named, chatId) : named;
}

/** The same with those who were renamed since the chat named them, under their present ids. */
async function followedTo(named: User[], chatId: number): Promise<User[]> {
  const users = new Map<string, User>();
  for (const user of named) {
    const present = user.renamed ? await findHolderAt(user, user.renamed.at, user) : user;
    if (present && hasChat(present, chatId)) users.set(present.userId, present);
  }
  return [...users.values()];
}

/**
 * The users whose first chat this is, by the index, which is late: also one whom the chat's item names no more, because
 * their erasure has died on the way.
 */
export async function findUsersByFirstChat({ siteId, chatId }: ChatKey): Promise<User[]> {
  const { items } = await queryPage<StoredUser>('USERS_TABLE', {
    IndexName: 'by-chat',
    KeyConditionExpression: 'siteChat = :siteChat',
    ExpressionAttributeValues: { ':siteChat': siteChatOf(siteId, chatId) },
  });
  return items.map(userFrom);
}

/** Changes the link of one user to a chat, if they still have it. @throws ServiceUnreachableError */
export function updateLink(
  known: User,
  chatId: number,
  change: (link: ChatLink) => ChatLink,
): Promise<User | undefined> {
  return updateUser(
    known,
    (user) => {
      const link = linkIn(user, chatId);
      const changed = link && change(link);
      return changed === link || !changed ? user : withLinkIn(user, link.chatId, changed);
    },
    { known },
  );
}

/**
 * Names a user at a chat that they are about to get.
 *
 * @param limit a user who is renamed, or whose group gets another id, has the chat already: they may exceed it.
 * @param known the chat as it was read: saves the first read.
 * @returns `false` where the chat has as many users as it may have.
 * @throws ServiceUnreachableError
 */
export function addToChat(
  chat: ChatKey,
  userId: string,
  limit = MAX_USERS_OF_CHAT,
  known?: KnownChat,
): Promise<boolean> {
  return changeUserIds(chat, (userIds) => withUser(chat, userIds, userId, limit), known);
}

/** Whether `addToChat` would name the user, without any change. @throws ServiceUnreachableError */
export async function hasRoomFor(chat: ChatKey, userId: string): Promise<boolean> {
  const { userIds } = await findChat(chat);
  return (await withUser(chat, userIds, userId, MAX_USERS_OF_CHAT)) !== undefined;
}

/** The users of a chat with one more; `undefined` where it has no room. */
async function withUser(
  chat: ChatKey,
  userIds: string[],
  userId: string,
  limit: number,
): Promise<string[] | undefined> {
  // Written again, as of now: nobody may forget the name until the link is made (`forgetAbsent`).
  if (userIds.includes(userId)) return [...userIds];
  if (userIds.length < limit) return [...userIds, userId];
  // Some of them may have left it while a function died.
  const present = (await findUsersOfChat(chat)).map((user) => user.userId);
  return present.length < limit ? [...present, userId] : undefined;
}

/** Forgets a user at a chat that they have lost. @throws ServiceUnreachableError */
export async function removeFromChat(chat: ChatKey, userId: string): Promise<void> {
  await changeUserIds(chat, async (userIds) => {
    return userIds.includes(userId) ? userIds.filter((other) => other !== userId) : userIds;
  });
}

/**
 * Forgets the users at a chat who do not have it: they were erased, or a function died between two steps. A name that is
 * younger than any running function stays for the next time.
 *
 * @returns how many users were forgotten.
 * @throws ServiceUnreachableError
 */
export async function forgetAbsent(chat: ChatKey, now: number): Promise<number> {
  const item = await findItem(chat);
  if (!item || (item.changedAt ?? 0) > now - SETTLED_AFTER) return 0;
  const named = userIdsIn(item);
  const present = (await usersWithChat(chat, named)).map(({ userId }) => userId);
  // If somebody is linking right now, they have changed the item since it was read, and it is not written.
  const isForgotten = present.length < named.length && (await writeItem(chat, present, item));
  return isForgotten ? named.length - present.length : 0;
}

/** The users whom a chat names. */
export interface NamedUsers extends ChatKey {
  userIds: string[];
}

/** A page of all chats of all sites. @param limit how many items are read; most may be others. */
export async function scanChats(
  limit: number,
  from?: Record<string, unknown>,
): Promise<ScannedPage<NamedUsers>> {
  const page = await scanPage<ChatItem>('LINKS_TABLE', {
    Limit: limit,
    FilterExpression: 'begins_with(#token, :chat)',
    ExpressionAttributeNames: { '#token': 'token' },
    ExpressionAttributeValues: { ':chat': CHAT },
    ...(from && { ExclusiveStartKey: from }),
  });
  return { ...page, items: page.items.map(namedUsers) };
}

function namedUsers(item: ChatItem): NamedUsers {
  const [, siteId = '', chatId] = item.token.split('#');
  return { siteId, chatId: Number(chatId), userIds: userIdsIn(item) };
}

/** @param change returns the same array where there is nothing to do, `undefined` where the change is impossible. */
async function changeUserIds(
  chat: ChatKey,
  change: (userIds: string[]) => Promise<string[] | undefined>,
  known?: KnownChat,
): Promise<boolean> {
  let current = known;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { item, userIds: before } = current ?? (await findChat(chat));
    const userIds = await change(before);
    if (!userIds) return false;
    if (userIds === before || (await writeItem(chat, userIds, item))) return true;
    current = undefined;
  }
  throw changedByOthers('A chat');
}

function findItem(chat: ChatKey): Promise<ChatItem | undefined> {
  return getItem('LINKS_TABLE', { token: chatToken(chat) });
}

async function findChat(chat: ChatKey): Promise<KnownChat> {
  return knownChat(chat, await findItem(chat));
}

/**
 * The users who may have a chat. One without an item may have a user of the former release's demo data or imports: the
 * index by chat knows them.
 *
 * @throws ServiceUnreachableError
 */
export async function knownChat(chat: ChatKey, item: ChatItem | undefined): Promise<KnownChat> {
  const userIds = item ? userIdsIn(item) : (await findUsersByFirstChat(chat)).map(({ userId }) => userId);
  return { item, userIds };
}

/** @returns whether it was written: not where others have changed the item since it was read. */
async function writeItem(chat: ChatKey, userIds: string[], before: ChatItem | undefined): Promise<boolean> {
  const key = { token: chatToken(chat) };
  const revision = before?.revision;
  const isUnchanged = {
    ConditionExpression: revision === undefined ? 'attribute_not_exists(revision)' : 'revision = :before',
    ...(revision !== undefined && { ExpressionAttributeValues: { ':before': revision } }),
  };
  if (userIds.length === 0 && !before) return true;
  if (userIds.length === 0) return deleteItem('LINKS_TABLE', key, isUnchanged);
  const changed = { revision: randomUUID(), changedAt: Date.now() };
  return putItem('LINKS_TABLE', { ...key, ...chat, userIds, ...changed }, isUnchanged);
}
