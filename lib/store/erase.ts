import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { conditionalUpdate, deleteItem, type Key, queryPage, type Table } from '../aws/dynamodb.ts';
import { userKey } from '../domain/ids.ts';
import type { DeliveryKey } from './deliveries.ts';
import { cartKey, type ScheduleKey } from './schedule.ts';
import type { UserKey } from './users.ts';

/** How many items of each table are gone. */
export interface Erased {
  /** The person themselves: names, language, chat, choices. */
  users: number;
  /** Link tokens, which chat is theirs, logins that were used. */
  links: number;
  /** What waited for its time: carts and reminders. One that is for others too loses this person, and counts. */
  scheduled: number;
  /** What was sent, or why not. */
  deliveries: number;
}

/**
 * Erases all that is held about a person of a site, in every table. May be repeated: after a crash it goes on. First
 * the user, so that nothing more is sent to them, then the rest.
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

/** Removes whatever the index by user finds in a table. */
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

/** What is read of an item of the schedule. */
interface ScheduledItem extends ScheduleKey {
  userId?: string;
  event?: string;
}

/**
 * The schedule has no index by user: waiting items are few, and an erasure is rare. A site's items are read page by
 * page, and DynamoDB gives out only those that name the person.
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
      // The event is kept as JSON: so an id stands in it.
      ':quoted': JSON.stringify(userId),
    },
  };
  for await (const item of itemsOf<ScheduledItem>('SCHEDULE_TABLE', query)) {
    if (item.userId === userId) count += await remove('SCHEDULE_TABLE', { siteId, key: item.key });
    else if (await eraseFromEvent(item, userId)) count += 1;
  }
  return count;
}

/** Takes a person out of an event that waits; with nobody left to get it, the event goes as well. */
async function eraseFromEvent({ siteId, key, event = '' }: ScheduledItem, userId: string): Promise<boolean> {
  const without = withoutPerson(event, userId);
  if (without === event) return false;
  if (without === undefined) return (await remove('SCHEDULE_TABLE', { siteId, key })) > 0;
  const changed = await conditionalUpdate(
    'SCHEDULE_TABLE',
    { siteId, key },
    {
      UpdateExpression: 'SET #event = :without',
      // Changed meanwhile: whoever reports an event after the erasure has reasons of their own.
      ConditionExpression: '#event = :before',
      ExpressionAttributeNames: { '#event': 'event' },
      ExpressionAttributeValues: { ':without': without, ':before': event },
    },
  );
  return changed !== undefined;
}

/** The event without a person; the same text where it does not name them, `undefined` where nobody is left. */
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

/** @returns 1 where there was such an item, else 0. */
async function remove(table: Table, key: Key): Promise<number> {
  return (await deleteItem(table, key)) ? 1 : 0;
}
