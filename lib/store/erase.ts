import { conditionalUpdate, deleteItem, type Key, type Table } from '../aws/dynamodb.ts';
import { inParallel } from '../aws/parallel.ts';
import { forgetAbsent, removeFromChat } from './chats.ts';
import type { DeliveryKey } from './deliveries.ts';
import { forgetHolder, idsOf } from './former-ids.ts';
import { itemsByUser, type ScheduledItem, scheduledNaming, scheduledOf } from './items-of-user.ts';
import { isLinkToken } from './links.ts';
import { withoutPerson } from './people-in-event.ts';
import { changedByOthers, MAX_ROUNDS } from './rounds.ts';
import { cartKey } from './schedule.ts';
import { newUser, optOutOf, type User, type UserKey } from './user.ts';
import { deleteUser, findHolderAt, findUserOrRenamed, updateUser } from './users.ts';

/** When an item is erased, as DynamoDB's own condition; empty: always. */
type Condition = Parameters<typeof deleteItem>[2];

/** How many items of each table were erased. */
export interface Erased {
  /** The person's own item: names, language, chat, choices. */
  users: number;
  /** Link tokens, their places at their chats, used logins. */
  links: number;
  /** Waiting carts and reminders. A reminder that has other recipients only loses this person; it is counted too. */
  scheduled: number;
  /** The records of what was sent, or why not. */
  deliveries: number;
}

/**
 * Erases everything stored about a person of a site, in every table. It can be repeated: after a crash it continues.
 * First nothing more is sent to them; their own item, which knows their chats and former ids, comes last.
 *
 * @param isWanted asked of the user as they are now: where it says no, nothing is erased.
 * @throws ServiceUnreachableError
 */
export async function eraseUser(
  { siteId, userId }: UserKey,
  isWanted: (user: User) => boolean = () => true,
): Promise<Erased> {
  const erased: Erased = { users: 0, links: 0, scheduled: 0, deliveries: 0 };
  let key = { siteId, userId };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const silenced = (now: User): User => ({ ...now, optOuts: { ...now.optOuts, shop: { where: 'site' } } });
    const user = await updateUser(key, (now) => (isWanted(now) ? silenced(now) : now));
    if (user && !isWanted(user)) return erased;
    // The user has another id now: what is still under this one is on its way there.
    if (!user && (await findUserOrRenamed(key))?.renamed) return erased;
    await eraseEverythingOf(user ?? newUser(key), erased);
    if (!user) return erased;
    if (await deleteUser(user)) return { ...erased, users: erased.users + 1 };
    // Changed in the meantime: by a further link, or by a renaming, which the next round follows.
    const present = await findUserOrRenamed(user);
    const holder = present?.renamed ? await findHolderAt(user, present.renamed.at, present) : user;
    key = { siteId, userId: holder?.userId ?? user.userId };
  }
  throw changedByOthers('A user');
}

/** Erases what is kept about a user but their own item, and adds up what it was. */
async function eraseEverythingOf(user: User, erased: Erased): Promise<void> {
  const ids = await idsOf(user);
  // While a renaming goes on, a chat may name the former id too.
  const { chatIds, links, scheduled, deliveries } = await eraseAround(ids);
  for (const { chatId } of user.chats) chatIds.add(chatId);
  for (const chatId of chatIds)
    for (const { siteId, userId } of ids) await removeFromChat({ siteId, chatId }, userId);
  for (const formerId of user.formerIds ?? []) await forgetHolder(user, formerId, ids);
  erased.links += links + user.chats.length;
  erased.scheduled += scheduled;
  erased.deliveries += deliveries;
}

/**
 * Erases what is kept about a user who has been away for long, unless they come back at this moment. The first write
 * decides: it is made only if nobody has changed the user since they were judged. What they link or are sent from then
 * on stays. It can be repeated: after a crash the next call goes on, and `forgetAbsent` finds the chats.
 *
 * @param remainderOf what stays of the user as they are now, such as an opt-out; it has no chats. `undefined`: the user
 * is needed, and nothing is erased.
 * @param now milliseconds since 1970.
 * @returns whether anything was erased.
 * @throws ServiceUnreachableError
 */
export async function eraseAbsent(
  { siteId, userId }: UserKey,
  remainderOf: (user: User) => User | undefined,
  now: number,
): Promise<boolean> {
  const key = { siteId, userId };
  let chats: User['chats'] = [];
  let isMeant = false;
  const remainder = await updateUser(key, (user) => {
    const left = remainderOf(user);
    isMeant = left !== undefined;
    chats = user.chats;
    return left ?? user;
  });
  if (!remainder || !isMeant) return false;
  const ids = await idsOf(remainder);
  const { chatIds } = await eraseAround(ids, new Date(now).toISOString());
  for (const { chatId } of chats) chatIds.add(chatId);
  for (const chatId of chatIds) await forgetAbsent({ siteId, chatId }, now);
  if (optOutOf(remainder)) return true;
  for (const formerId of remainder.formerIds ?? []) await forgetHolder(remainder, formerId, ids);
  // Not if the person has linked again in the meantime.
  await deleteUser(remainder);
  return true;
}

/** What was erased around a user, and the chats to which their log had messages. */
type ErasedAround = Omit<Erased, 'users'> & { chatIds: Set<number> };

/** Erases everything about these users but their own items. @param before only what is older, ISO 8601. */
async function eraseAround(ids: UserKey[], before?: string): Promise<ErasedAround> {
  const erased: ErasedAround = { links: 0, scheduled: 0, deliveries: 0, chatIds: new Set() };
  const tokenKey = ({ token }: { token: string }) => ({ token });
  const deliveryKey = ({ siteId, deliveryId, chatId }: DeliveryKey & { chatId?: number }) => {
    // Where the user's own item is gone, only the log still knows their chats.
    if (chatId !== undefined) erased.chatIds.add(chatId);
    return { siteId, deliveryId };
  };
  for (const id of ids) {
    erased.links += await eraseByUser('LINKS_TABLE', id, tokenKey, isOlder('createdAt', before));
    erased.scheduled += await eraseScheduled(id);
    const isOld = isOlder('recordedAt', before);
    erased.deliveries += await eraseByUser('DELIVERIES_TABLE', id, deliveryKey, isOld);
  }
  return erased;
}

function isOlder(attribute: string, before: string | undefined): Condition {
  if (before === undefined) return {};
  return {
    ConditionExpression: 'attribute_not_exists(#at) OR #at < :before',
    ExpressionAttributeNames: { '#at': attribute },
    ExpressionAttributeValues: { ':before': before },
  };
}

/** Erases all that is scheduled of a site that is gone. @throws ServiceUnreachableError */
export async function eraseScheduleOf(siteId: string): Promise<void> {
  for await (const { key } of scheduledOf(siteId)) await remove('SCHEDULE_TABLE', { siteId, key });
}

/**
 * Erases the link tokens of a user.
 *
 * @param chatId only those that this chat has redeemed; absent: all of them, also those that nobody has used yet.
 * @throws ServiceUnreachableError
 */
export async function eraseTokensOf(user: UserKey, chatId?: number): Promise<void> {
  const isOfChat = {
    ConditionExpression: 'redeemedBy = :chatId',
    ExpressionAttributeValues: { ':chatId': chatId },
  };
  for await (const { token } of itemsByUser<{ token: string }>('LINKS_TABLE', user)) {
    if (isLinkToken(token)) await deleteItem('LINKS_TABLE', { token }, chatId === undefined ? {} : isOfChat);
  }
}

/** How many items are erased at the same time: a log may have thousands. */
const PARALLEL = 25;

/** Removes the items that the table's index by user finds. */
async function eraseByUser<Stored>(
  table: Table,
  user: UserKey,
  keyOf: (item: Stored) => Key,
  condition: Condition,
): Promise<number> {
  const items: Stored[] = [];
  for await (const item of itemsByUser<Stored>(table, user)) items.push(item);
  let count = 0;
  await inParallel(items, PARALLEL, async (item) => {
    if (await deleteItem(table, keyOf(item), condition)) count += 1;
  });
  return count;
}

async function eraseScheduled(user: UserKey): Promise<number> {
  const { siteId, userId } = user;
  let count = await remove('SCHEDULE_TABLE', { ...cartKey(siteId, userId) });
  for await (const item of scheduledNaming(user)) {
    if (item.userId === userId) count += await remove('SCHEDULE_TABLE', { siteId, key: item.key });
    else if (await eraseFromEvent(item, userId)) count += 1;
  }
  return count;
}

/** Removes a person from a waiting event. If no recipient is left, the event is removed too. */
async function eraseFromEvent({ siteId, key, event = '' }: ScheduledItem, userId: string): Promise<boolean> {
  const without = withoutPerson(event, userId);
  if (without === event) return false;
  if (without === undefined) return (await remove('SCHEDULE_TABLE', { siteId, key })) > 0;
  const changed = await conditionalUpdate(
    'SCHEDULE_TABLE',
    { siteId, key },
    {
      UpdateExpression: 'SET #event = :without',
      // If the item was changed in between, it stays: an event that is reported after the erasure is not part of it.
      ConditionExpression: '#event = :before',
      ExpressionAttributeNames: { '#event': 'event' },
      ExpressionAttributeValues: { ':without': without, ':before': event },
    },
  );
  return changed !== undefined;
}

/** @returns 1 if the item existed, else 0. */
async function remove(table: Table, key: Key): Promise<number> {
  return (await deleteItem(table, key)) ? 1 : 0;
}
