import { conditionalUpdate, deleteItem, getItem, putItem } from '../aws/dynamodb.ts';
import { inParallel } from '../aws/parallel.ts';
import { userKey } from '../domain/ids.ts';
import { dropLinkNotes } from './directory.ts';
import { itemsByUser, type ScheduledItem, scheduledNaming } from './items-of-user.ts';
import { renamedIn } from './people-in-event.ts';
import { cartKey, isWaiting, type ScheduleItem, shardOf } from './schedule.ts';
import type { UserKey } from './user.ts';

/** How many writes are made at the same time. */
const PARALLEL_WRITES = 25;

/**
 * Gives everything that is kept about a user beside their own item to another id: link tokens, the log, what is
 * scheduled. A repeated call goes on where an earlier one has ended.
 *
 * @throws ServiceUnreachableError
 */
export async function moveItemsOfUser(from: UserKey, to: string): Promise<void> {
  await moveByUser('LINKS_TABLE', from, to, ({ token }: { token: string }) => ({ token }));
  await dropLinkNotes(from, { to });
  await moveByUser('DELIVERIES_TABLE', from, to, ({ deliveryId }: { deliveryId: string }) => ({
    siteId: from.siteId,
    deliveryId,
  }));
  await moveCart(from, to);
  for await (const item of scheduledNaming(from)) await moveScheduled(item, from, to);
}

async function moveByUser<Stored>(
  table: 'LINKS_TABLE' | 'DELIVERIES_TABLE',
  from: UserKey,
  to: string,
  keyOf: (item: Stored) => Record<string, string>,
): Promise<void> {
  const items: Stored[] = [];
  for await (const item of itemsByUser<Stored>(table, from)) items.push(item);
  await inParallel(items, PARALLEL_WRITES, async (item) => {
    await conditionalUpdate(table, keyOf(item), {
      UpdateExpression: 'SET userId = :to, siteUser = :siteUser',
      ConditionExpression: 'siteUser = :from',
      ExpressionAttributeValues: {
        ':to': to,
        ':siteUser': userKey({ ...from, userId: to }),
        ':from': userKey(from),
      },
      ReturnValues: 'NONE',
    });
  });
}

/** A user has one cart: where the new id has a later one, the former is forgotten. */
async function moveCart(from: UserKey, to: string): Promise<void> {
  const former = cartKey(from.siteId, from.userId);
  const item = await getItem<ScheduleItem>('SCHEDULE_TABLE', { ...former });
  if (!item) return;
  const key = cartKey(from.siteId, to);
  const event = isWaiting(item) ? renamedIn(item.event, from.userId, to) : undefined;
  const moved = { ...item, ...key, ...(event && { event, shard: shardOf('cart', key) }) };
  await putItem('SCHEDULE_TABLE', moved, {
    ConditionExpression: 'attribute_not_exists(occurredAt) OR occurredAt < :occurredAt',
    // What only remembers a withdrawal is older than any cart.
    ExpressionAttributeValues: { ':occurredAt': item.occurredAt ?? '' },
  });
  await deleteItem('SCHEDULE_TABLE', { ...former });
}

async function moveScheduled(
  { siteId, key, userId, event }: ScheduledItem,
  from: UserKey,
  to: string,
): Promise<void> {
  if (userId === from.userId) {
    await conditionalUpdate(
      'SCHEDULE_TABLE',
      { siteId, key },
      {
        UpdateExpression: 'SET userId = :to',
        ConditionExpression: 'userId = :from',
        ExpressionAttributeValues: { ':to': to, ':from': from.userId },
      },
    );
  }
  if (event === undefined) return;
  await conditionalUpdate(
    'SCHEDULE_TABLE',
    { siteId, key },
    {
      UpdateExpression: 'SET #event = :renamed',
      // An event that was reported in between has the id that its reporter gave it.
      ConditionExpression: '#event = :before',
      ExpressionAttributeNames: { '#event': 'event' },
      ExpressionAttributeValues: { ':renamed': renamedIn(event, from.userId, to), ':before': event },
    },
  );
}
