import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { conditionalUpdate, deleteItem, type Key, queryPage, type Table } from '../aws/dynamodb.ts';
import { userKey } from '../domain/ids.ts';
import type { DeliveryKey } from './deliveries.ts';
import { cartKey, type ScheduleKey } from './schedule.ts';
import type { UserKey } from './users.ts';

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
 * The user is erased first, so that nothing more is sent to them.
 *
 * @throws ServiceUnreachableError
 */
export async function eraseUser(user: UserKey): Promise<Erased> {
  const { siteId, userId } = user;
  const users = await remove('USERS_TABLE', { siteId, userId });
  const links = await eraseByUser<{ token: string }>('LINKS_TABLE', user, ({ token }) => ({ token }));
  const scheduled = await eraseScheduled(user);
  const deliveries = await eraseByUser<DeliveryKey>('DELIVERIES_TABLE', user, ({ deliveryId }) => ({
    siteId,
    deliveryId,
  }));
  return { users, links, scheduled, deliveries };
}

/** Removes the items that the table's index by user finds. */
async function eraseByUser<Stored>(
  table: Table,
  user: UserKey,
  keyOf: (item: Stored) => Key,
): Promise<number> {
  let count = 0;
  const query = {
    IndexName: 'by-user',
    KeyConditionExpression: 'siteUser = :siteUser',
    ExpressionAttributeValues: { ':siteUser': userKey(user) },
  };
  for await (const item of itemsOf<Stored>(table, query)) count += await remove(table, keyOf(item));
  return count;
}

/** The attributes that are read from an item of the schedule. */
interface ScheduledItem extends ScheduleKey {
  userId?: string;
  event?: string;
}

/**
 * The schedule has no index by user: waiting items are few, and an erasure is rare. All items of the site are read in
 * pages, and DynamoDB returns only those that name the person.
 */
async function eraseScheduled({ siteId, userId }: UserKey): Promise<number> {
  let count = await remove('SCHEDULE_TABLE', { ...cartKey(siteId, userId) });
  const query = {
    ConsistentRead: true,
    KeyConditionExpression: 'siteId = :siteId',
    FilterExpression: 'userId = :userId OR contains(#event, :quoted)',
    ExpressionAttributeNames: { '#event': 'event' },
    ExpressionAttributeValues: {
      ':siteId': siteId,
      ':userId': userId,
      // The event is stored as JSON: the id in it has quotation marks.
      ':quoted': JSON.stringify(userId),
    },
  };
  for await (const item of itemsOf<ScheduledItem>('SCHEDULE_TABLE', query)) {
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

async function* itemsOf<Stored>(
  table: Table,
  query: Omit<QueryCommandInput, 'TableName'>,
): AsyncGenerator<Stored> {
  let from: Record<string, unknown> | undefined;
  do {
    const page = await queryPage<Stored>(table, { ...query, ...(from && { ExclusiveStartKey: from }) });
    yield* page.items;
    from = page.next;
  } while (from);
}

/** @returns 1 if the item existed, else 0. */
async function remove(table: Table, key: Key): Promise<number> {
  return (await deleteItem(table, key)) ? 1 : 0;
}
