import { conditionalUpdate, deleteItem, type Key, type Table } from '../aws/dynamodb.ts';
import { inParallel } from '../aws/parallel.ts';
import { forgetAbsent, removeFromChat } from './chats.ts';
import type { DeliveryKey } from './deliveries.ts';
import { dropLinkNotes, scheduleRecheck } from './directory.ts';
import { forgetHolder, idsOf, type OwnId } from './former-ids.ts';
import {
  findScheduled,
  itemsByUser,
  type ScheduledItem,
  scheduledNaming,
  scheduledOf,
} from './items-of-user.ts';
import { isLinkToken } from './links.ts';
import { removeRowsNaming } from './outgoing.ts';
import { withoutPerson } from './people-in-event.ts';
import { changedByOthers, MAX_ROUNDS } from './rounds.ts';
import { cartKey } from './schedule.ts';
import { forgetChoices, recordErasure } from './statements.ts';
import { erasedUser, newUser, optOutOf, type User, type UserKey } from './user.ts';
import { findHolderAt, findUserOrRenamed, putUser, updateUser } from './users.ts';
import { type WaitingMessage, waitingFor, withdrawWaiting } from './waiting.ts';

/** When an item is erased, as DynamoDB's own condition; empty: always. */
type Condition = Parameters<typeof deleteItem>[2];

/** How many items of each table were erased. */
export interface Erased {
  /** The person's own item: names, language, chat, choices. */
  users: number;
  /** Link tokens, their places at their chats, used logins. */
  links: number;
  /** Waiting carts and reminders, and which messages show orders. A reminder that has other recipients only loses this person; it is counted too. */
  scheduled: number;
  /** Messages that could not be sent yet. */
  waiting: number;
  /** What the shop's webhook was still to be told of the person. */
  outgoing: number;
  /** The records of what was sent, or why not. */
  deliveries: number;
}

/**
 * Erases everything stored about a person of a site, in every table. It can be repeated: after a crash it continues.
 * First nothing more is sent to them; their own item, which knows their chats and former ids, comes last. In its place
 * stays when they were erased: what is in a queue for them is dropped when its turn comes.
 *
 * @param isWanted asked of the user as they are now: where it says no, nothing is erased.
 * @param isSaid it is on record that the person is erased (statements.ts).
 * @throws ServiceUnreachableError
 */
export async function eraseUser(
  { siteId, userId }: UserKey,
  { isWanted = () => true, isSaid = false }: { isWanted?: (user: User) => boolean; isSaid?: boolean } = {},
): Promise<Erased> {
  const erased: Erased = { users: 0, links: 0, scheduled: 0, waiting: 0, outgoing: 0, deliveries: 0 };
  let key = { siteId, userId };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    // Somebody may erase them at the same time: each further write would have the other one begin anew, and never end.
    const silenced = (now: User): User =>
      now.optOuts.shop ? now : { ...now, optOuts: { ...now.optOuts, shop: { where: 'site' } } };
    const change = (now: User) => (isWanted(now) ? silenced(now) : now);
    const user = await updateUser(key, change, { isUnsaid: true });
    if (user && !isWanted(user)) return erased;
    const item = user ?? (await findUserOrRenamed(key));
    // The user has another id now: what is still under this one is on its way there.
    if (item?.renamed && !item.renamed.erased) return erased;
    const before = item ?? newUser(key);
    if (!isSaid) await recordErasure(before);
    const ids = await eraseEverythingOf(before, erased);
    const left = erasedUser(before);
    if (await putUser(left, item)) {
      // Where it is on record already, what was said since then is too.
      if (!isSaid) await forgetChoicesOf(ids, left);
      return { ...erased, users: erased.users + (user ? 1 : 0) };
    }
    // Changed in the meantime: by a further link, or by a renaming, which the next round follows.
    const present = await findUserOrRenamed(before);
    const holder = present?.renamed ? await findHolderAt(before, present.renamed.at, present) : present;
    key = { siteId, userId: holder?.userId ?? before.userId };
  }
  throw changedByOthers('A user');
}

/** Erases what is kept about a user but their own item, and adds up what it was. @returns their ids. */
async function eraseEverythingOf(user: User, erased: Erased): Promise<OwnId[]> {
  const ids = await idsOf(user);
  // While a renaming goes on, a chat may name the former id too.
  const { chatIds, links, scheduled, waiting, outgoing, deliveries } = await eraseAround(ids);
  for (const { chatId } of user.chats) chatIds.add(chatId);
  for (const chatId of chatIds)
    for (const { siteId, userId } of ids) await removeFromChat({ siteId, chatId }, userId);
  for (const formerId of user.formerIds ?? []) await forgetHolder(user, formerId, ids);
  erased.links += links + user.chats.length;
  erased.scheduled += scheduled;
  erased.waiting += waiting;
  erased.outgoing += outgoing;
  erased.deliveries += deliveries;
  return ids;
}

/** So long after an erasure a function may still record what it had begun before, in milliseconds. */
const LATE = 15 * 60_000;

/**
 * Erases what was recorded about an erased user while they were erased, or right after that: by a function that had read
 * them before.
 *
 * @param user what is left of them.
 * @throws ServiceUnreachableError
 */
export async function eraseLate({ siteId, userId, renamed }: User): Promise<void> {
  if (!renamed?.erased) return;
  const key = { siteId, userId };
  const until = new Date(Date.parse(renamed.at) + LATE).toISOString();
  await eraseWaiting([key], until);
  await eraseByUser('DELIVERIES_TABLE', key, deliveryKey, isOlder('recordedAt', until));
  for await (const item of scheduledNaming(key))
    if (item.sentAt !== undefined && item.sentAt < until)
      await remove('SCHEDULE_TABLE', { siteId, key: item.key });
  await forgetChoices(key, renamed.at);
}

/**
 * Erases what restored tables have of a user who was erased since, as far as it is older than that: somebody else may have
 * the id by now.
 *
 * @param before when they were erased, ISO 8601.
 * @param tables the restored tables.
 * @throws ServiceUnreachableError
 */
export async function eraseRestored(key: UserKey, before: string, tables: Table[]): Promise<void> {
  if (tables.includes('WAITING_TABLE')) await eraseWaiting([key], before);
  if (tables.includes('LINKS_TABLE'))
    await eraseByUser('LINKS_TABLE', key, tokenKey, isOlder('createdAt', before));
  if (tables.includes('SCHEDULE_TABLE')) await eraseScheduled(key, before);
  if (tables.includes('DELIVERIES_TABLE'))
    await eraseByUser('DELIVERIES_TABLE', key, deliveryKey, isOlder('recordedAt', before));
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
  const left = erasedUser(remainder);
  if (await putUser(left, remainder)) await forgetChoicesOf(ids, left);
  return true;
}

async function forgetChoicesOf(ids: OwnId[], { renamed }: User): Promise<void> {
  for (const id of ids) await forgetChoices(id, renamed?.at ?? '');
}

/** What was erased around a user, and the chats to which their log had messages. */
type ErasedAround = Omit<Erased, 'users'> & { chatIds: Set<number> };

/** Erases everything about these users but their own items. @param before only what is older, ISO 8601. */
async function eraseAround(ids: OwnId[], before?: string): Promise<ErasedAround> {
  const counts = { links: 0, scheduled: 0, waiting: 0, outgoing: 0, deliveries: 0 };
  const erased: ErasedAround = { ...counts, chatIds: new Set() };
  // First what would be sent.
  erased.waiting = await eraseWaiting(ids, before);
  for (const id of ids) erased.outgoing += await removeRowsNaming(id, before);
  const keyAndChat = (delivery: DeliveryKey & { chatId?: number }) => {
    // Where the user's own item is gone, only the log still knows their chats.
    if (delivery.chatId !== undefined) erased.chatIds.add(delivery.chatId);
    return deliveryKey(delivery);
  };
  for (const id of ids) {
    erased.links += await eraseByUser('LINKS_TABLE', id, tokenKey, isOlder('createdAt', before));
    await dropLinkNotes(id, { before });
    erased.scheduled += await eraseScheduled(id, before);
    const isOld = isOlder('recordedAt', before);
    erased.deliveries += await eraseByUser('DELIVERIES_TABLE', id, keyAndChat, isOld);
  }
  return erased;
}

function tokenKey({ token }: { token: string }): Key {
  return { token };
}

function deliveryKey({ siteId, deliveryId }: DeliveryKey): Key {
  return { siteId, deliveryId };
}

/** Removes the messages to these ids that wait for their bot, but not those for others who had an id before. */
async function eraseWaiting(ids: OwnId[], before = ''): Promise<number> {
  const [{ siteId } = { siteId: '' }] = ids;
  const own = new Map(ids.map(({ userId, since = '' }) => [userId, since]));
  const isMeant = ({ body }: WaitingMessage) => {
    const { userId, acceptedAt } = JSON.parse(body) as { userId: string; acceptedAt: string };
    const since = own.get(userId);
    return since !== undefined && acceptedAt > since && (before === '' || acceptedAt < before);
  };
  const messages: WaitingMessage[] = [];
  for await (const message of waitingFor(siteId, [...own.keys()]))
    if (isMeant(message)) messages.push(message);
  return withdrawWaiting(siteId, messages);
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
 * @returns how many there were.
 * @throws ServiceUnreachableError
 */
export async function eraseTokensOf(user: UserKey, chatId?: number): Promise<number> {
  const isOfChat = {
    ConditionExpression: 'redeemedBy = :chatId',
    ExpressionAttributeValues: { ':chatId': chatId },
  };
  let count = 0;
  for await (const { token } of itemsByUser<{ token: string }>('LINKS_TABLE', user)) {
    if (!isLinkToken(token)) continue;
    if (await deleteItem('LINKS_TABLE', { token }, chatId === undefined ? {} : isOfChat)) count += 1;
  }
  // Whoever waits for somebody to use such a link has to know that nobody can.
  if (chatId === undefined) await scheduleRecheck(user);
  return count;
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

async function eraseScheduled(user: UserKey, before: string | undefined): Promise<number> {
  const { siteId, userId } = user;
  const cart = { ...cartKey(siteId, userId) };
  let count = (await deleteItem('SCHEDULE_TABLE', cart, isOlder('occurredAt', before))) ? 1 : 0;
  for await (const item of scheduledNaming(user)) {
    if (before !== undefined && (item.occurredAt ?? item.sentAt ?? '') >= before) continue;
    if (item.userId === userId) count += await remove('SCHEDULE_TABLE', { siteId, key: item.key });
    else if (await eraseFromEvent(item, userId)) count += 1;
  }
  return count;
}

/** Removes a person from a waiting event. If no recipient is left, the event is removed too. */
async function eraseFromEvent(item: ScheduledItem, userId: string): Promise<boolean> {
  const { siteId, key, eventId } = item;
  let event = item.event;
  for (let round = 0; event !== undefined && round < MAX_ROUNDS; round++) {
    const without = withoutPerson(event, userId);
    if (without === event) return false;
    const isUnchanged = {
      ConditionExpression: '#event = :before',
      ExpressionAttributeNames: { '#event': 'event' },
      ExpressionAttributeValues: { ':before': event },
    };
    if (without === undefined) {
      if (await deleteItem('SCHEDULE_TABLE', { siteId, key }, isUnchanged)) return true;
    } else if (await replaceEvent({ siteId, key }, without, isUnchanged)) {
      return true;
    }
    // Somebody else of the same event is being erased or renamed. One that was reported since is not part of the erasure.
    const present = await findScheduled({ siteId, key });
    event = present?.eventId === eventId ? present?.event : undefined;
  }
  return false;
}

async function replaceEvent(
  key: { siteId: string; key: string },
  event: string,
  { ExpressionAttributeValues, ...condition }: { ExpressionAttributeValues: object },
): Promise<boolean> {
  const changed = await conditionalUpdate('SCHEDULE_TABLE', key, {
    ...condition,
    UpdateExpression: 'SET #event = :without',
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ':without': event },
    ReturnValues: 'NONE',
  });
  return changed !== undefined;
}

/** @returns 1 if the item existed, else 0. */
async function remove(table: Table, key: Key): Promise<number> {
  return (await deleteItem(table, key)) ? 1 : 0;
}
