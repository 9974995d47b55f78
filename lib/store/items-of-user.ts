import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { queryPage, type Table } from '../aws/dynamodb.ts';
import { userKey } from '../domain/ids.ts';
import { CARD_PREFIX } from './cards.ts';
import type { ScheduleKey } from './schedule.ts';
import type { UserKey } from './user.ts';

/** The items about a person that the table's index by user finds. The index may lag behind the table. */
export function itemsByUser<Stored>(table: Table, user: UserKey): AsyncGenerator<Stored> {
  return itemsOf<Stored>(table, {
    IndexName: 'by-user',
    KeyConditionExpression: 'siteUser = :siteUser',
    ExpressionAttributeValues: { ':siteUser': userKey(user) },
  });
}

/** The attributes that are read from an item of the schedule. */
export interface ScheduledItem extends ScheduleKey {
  userId?: string;
  eventId?: string;
  occurredAt?: string;
  /** Of the message of an order: when it was sent, ISO 8601. */
  sentAt?: string;
  event?: string;
  /** Only of a digest. */
  folder?: string;
  notices?: Record<string, string>;
  /** When it is due, ISO 8601; absent where it does not wait (any more). */
  dueAt?: string;
}

/**
 * The keys of items that may name people: digests and right after them carts, reminders, and the messages of orders. What else
 * is remembered of orders names nobody.
 */
const NAMING = [
  ['bundle#', 'cart.'],
  ['reminder#', 'reminder$'],
  [CARD_PREFIX, 'order-card$'],
] as const;

/**
 * The scheduled items of a site that name a person. The schedule has no index by user: waiting items are few, and the
 * callers are rare. All items of the site are read in pages, and DynamoDB returns only those that name the person.
 */
export async function* scheduledNaming({ siteId, userId }: UserKey): AsyncGenerator<ScheduledItem> {
  for (const [first, end] of NAMING)
    yield* itemsOf<ScheduledItem>('SCHEDULE_TABLE', {
      ConsistentRead: true,
      KeyConditionExpression: 'siteId = :siteId AND #key BETWEEN :first AND :end',
      FilterExpression: 'userId = :userId OR contains(#event, :quoted)',
      ExpressionAttributeNames: { '#event': 'event', '#key': 'key' },
      ExpressionAttributeValues: {
        ':siteId': siteId,
        ...{ ':first': first, ':end': end },
        ':userId': userId,
        // The event is stored as JSON: the id in it has quotation marks.
        ':quoted': JSON.stringify(userId),
      },
    });
}

/** A scheduled item as it is now. Whoever looks for those of a person may query the table, and needs no other permission. */
export async function findScheduled({ siteId, key }: ScheduleKey): Promise<ScheduledItem | undefined> {
  const { items } = await queryPage<ScheduledItem>('SCHEDULE_TABLE', {
    ConsistentRead: true,
    KeyConditionExpression: 'siteId = :siteId AND #key = :key',
    ExpressionAttributeNames: { '#key': 'key' },
    ExpressionAttributeValues: { ':siteId': siteId, ':key': key },
  });
  return items[0];
}

/** The keys of all that is scheduled of a site, waiting or not. */
export function scheduledOf(siteId: string): AsyncGenerator<ScheduleKey> {
  return itemsOf<ScheduleKey>('SCHEDULE_TABLE', {
    ConsistentRead: true,
    KeyConditionExpression: 'siteId = :siteId',
    ProjectionExpression: 'siteId, #key',
    ExpressionAttributeNames: { '#key': 'key' },
    ExpressionAttributeValues: { ':siteId': siteId },
  });
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
