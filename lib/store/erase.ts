import { conditionalUpdate, deleteItem, type Key, type Table } from '../aws/dynamodb.ts';
import { removeFromChat } from './chats.ts';
import type { DeliveryKey } from './deliveries.ts';
import { itemsByUser, type ScheduledItem, scheduledNaming } from './items-of-user.ts';
import { isLinkToken } from './links.ts';
import { cartKey } from './schedule.ts';
import type { User, UserKey } from './user.ts';
import { updateUser } from './users.ts';

/** How many items of each table were erased. */
export interface Erased {
  /** The person's own item: names, language, chat, choices. */
  users: number;
  /** Link tokens, the owner records of their chats, used logins. */
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
  key: UserKey,
  isWanted: (user: User) => boolean = () => true,
): Promise<Erased> {
  const { siteId } = key;
  const silenced = (now: User): User => ({ ...now, optOuts: { ...now.optOuts, shop: { where: 'site' } } });
  const user = await updateUser(key, (now) => (isWanted(now) ? silenced(now) : now));
  if (user && !isWanted(user)) return { users: 0, links: 0, scheduled: 0, deliveries: 0 };
  for (const { chatId } of user?.chats ?? []) await removeFromChat({ siteId, chatId }, key.userId);
  const erased: Erased = { users: 0, links: user?.chats.length ?? 0, scheduled: 0, deliveries: 0 };
  for (const userId of [key.userId, ...(user?.formerIds ?? [])]) {
    const person = { siteId, userId };
    erased.links += await eraseByUser<{ token: string }>('LINKS_TABLE', person, ({ token }) => ({ token }));
    erased.scheduled += await eraseScheduled(person);
    const deliveryKey = ({ deliveryId }: DeliveryKey) => ({ siteId, deliveryId });
    erased.deliveries += await eraseByUser<DeliveryKey>('DELIVERIES_TABLE', person, deliveryKey);
  }
  for (const userId of user?.formerIds ?? []) await remove('USERS_TABLE', { siteId, userId });
  // The item of a former id, which leads to a renamed user, stays until that user is erased.
  if (user) erased.users = await remove('USERS_TABLE', { siteId, userId: key.userId });
  return erased;
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

/** Removes the items that the table's index by user finds. */
async function eraseByUser<Stored>(
  table: Table,
  user: UserKey,
  keyOf: (item: Stored) => Key,
): Promise<number> {
  let count = 0;
  for await (const item of itemsByUser<Stored>(table, user)) count += await remove(table, keyOf(item));
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

/** The event without a person: the same text if it does not name them, `undefined` if no recipient is left. */
function withoutPerson(json: string, userId: string): string | undefined {
  const event = JSON.parse(json) as {
    recipients?: { id: string }[];
    creator?: { id: string };
    user?: { id: string };
  };
  const { recipients = [], creator, user } = event;
  const isOther = (person: { id: string }) => person.id !== userId;
  const others = recipients.filter(isOther);
  const isRecipient = others.length < recipients.length;
  const isCreator = creator !== undefined && !isOther(creator);
  if (user && !isOther(user)) return undefined;
  if (!isRecipient && !isCreator) return json;
  if (others.length === 0) return undefined;
  return JSON.stringify({ ...event, recipients: others, creator: isCreator ? undefined : creator });
}

/** @returns 1 if the item existed, else 0. */
async function remove(table: Table, key: Key): Promise<number> {
  return (await deleteItem(table, key)) ? 1 : 0;
}
