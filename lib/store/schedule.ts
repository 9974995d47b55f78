import { createHash } from 'node:crypto';
import { type Change, conditionalUpdate, getItem, putItem, queryPage } from '../aws/dynamodb.ts';

/** What can wait for its time. Each has a poller of its own, which reads the shards of its kind and no other. */
export type ScheduleKind = 'cart' | 'reminder';

/** How many partitions of the index the waiting items of a kind are spread over: each takes 1,000 writes a second. */
export const SHARDS = 8;

/** What no longer waits is remembered as long as a delivery is, so that the same event, repeated, repeats nothing. */
const REMEMBERED_SECONDS = 90 * 24 * 3600;

export interface ScheduleKey {
  siteId: string;
  key: string;
}

/** What was registered, whether it still waits or not. All times are ISO 8601 in UTC with milliseconds: they sort as text. */
export interface Registration extends ScheduleKey {
  eventId: string;
  /** When the event happened: of two for the same key the later one counts. */
  occurredAt: string;
  /** Only of a cart. */
  cartId?: string;
  /** Of a reminder whose time had passed when it was registered: which of its dates was dispatched at once. */
  lateOccurrence?: number;
  /** Why it no longer waits. `handed-over`: it was dispatched. */
  ending?: 'handed-over' | 'dropped' | 'past';
}

/** What waits for its time. */
export interface Waiting extends Registration {
  shard: string;
  dueAt: string;
  /** The event as JSON: who gets what is decided when it is due. */
  event: string;
  /** Of a recurring activity: which of its dates, counted from 0. */
  occurrence: number;
}

export type ScheduleItem = Waiting | (Registration & { shard?: never; dueAt?: never });

/** Whose cart it is: see `cartOwnerKey`. */
export interface CartOwner extends ScheduleKey {
  userId: string;
}

/** Whether it still waits for its time. */
export function isWaiting(item: ScheduleItem | undefined): item is Waiting {
  return item?.shard !== undefined;
}

/** A user has one cart at most that waits. */
export function cartKey(siteId: string, userId: string): ScheduleKey {
  return { siteId, key: `cart#${userId}` };
}

/** Where the user of a cart is found by the id of the cart. */
export function cartOwnerKey(siteId: string, cartId: string): ScheduleKey {
  return { siteId, key: `cart-id#${cartId}` };
}

export function reminderKey(siteId: string, activityId: string): ScheduleKey {
  return { siteId, key: `reminder#${activityId}` };
}

/** The shard of an item, always the same for the same key. */
export function shardOf(kind: ScheduleKind, { siteId, key }: ScheduleKey): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([siteId, key]))
    .digest();
  return shardName(kind, (digest[0] ?? 0) % SHARDS);
}

export function shardsOf(kind: ScheduleKind): string[] {
  return Array.from({ length: SHARDS }, (_, number) => shardName(kind, number));
}

function shardName(kind: ScheduleKind, number: number): string {
  return `${kind}-${number}`;
}

/**
 * Writes what is to wait (or a registration that waits for nothing, in place of one that did), unless the same event or
 * one that happened later is there.
 *
 * @returns what is there now: the given item, or the one that stays.
 */
export async function register(item: Waiting | Registration): Promise<ScheduleItem> {
  const nothingIsThere = 'attribute_not_exists(siteId)';
  const olderIsThere = 'occurredAt <= :occurredAt AND eventId <> :eventId';
  const { siteId, key, occurredAt, eventId } = item;
  const written = 'shard' in item ? item : { ...item, expiresAt: expiry() };
  for (;;) {
    const isWritten = await putItem('SCHEDULE_TABLE', written, {
      ConditionExpression: `${nothingIsThere} OR (${olderIsThere})`,
      ExpressionAttributeValues: { ':occurredAt': occurredAt, ':eventId': eventId },
    });
    if (isWritten) return item;
    const stored = await getItem<ScheduleItem>('SCHEDULE_TABLE', { siteId, key });
    // Gone between the two: DynamoDB has removed what had expired, and the item can be written.
    if (stored) return stored;
  }
}

/** Remembers whose cart it is, so that an order made of it finds it, whoever holds the order. */
export async function rememberCartOwner(siteId: string, cartId: string, userId: string): Promise<void> {
  await putItem('SCHEDULE_TABLE', { ...cartOwnerKey(siteId, cartId), userId, expiresAt: expiry() });
}

/** What the index knows of a waiting item. */
export interface DueKey extends ScheduleKey {
  shard: string;
  dueAt: string;
}

/** A page of what is due in a shard up to a moment, oldest first. The index may be a moment behind the table. */
export function readDue(shard: string, until: string, limit: number, from?: Record<string, unknown>) {
  return queryPage<DueKey>('SCHEDULE_TABLE', {
    IndexName: 'by-due-time',
    KeyConditionExpression: '#shard = :shard AND dueAt <= :until',
    ExpressionAttributeNames: { '#shard': 'shard' },
    ExpressionAttributeValues: { ':shard': shard, ':until': until },
    Limit: limit,
    ...(from && { ExclusiveStartKey: from }),
  });
}

const isStillWaiting = 'attribute_exists(#shard)';
const isSameWaiting = 'eventId = :eventId AND dueAt = :dueAt AND occurrence = :occurrence';
const valuesOf = ({ eventId, dueAt, occurrence }: Waiting) => ({
  ':eventId': eventId,
  ':dueAt': dueAt,
  ':occurrence': occurrence,
});

/** Lets an item wait for its next time, unless it was replaced, dropped or rescheduled meanwhile. */
export async function moveToNextOccurrence(
  item: Waiting,
  to: { dueAt: string; occurrence: number },
): Promise<void> {
  await change(item, {
    UpdateExpression: 'SET dueAt = :nextDueAt, occurrence = :nextOccurrence',
    ConditionExpression: isSameWaiting,
    ExpressionAttributeValues: {
      ...valuesOf(item),
      ':nextDueAt': to.dueAt,
      ':nextOccurrence': to.occurrence,
    },
  });
}

/** Lets an item that was dispatched wait no more, unless it was replaced meanwhile. */
export async function finish(item: Waiting): Promise<void> {
  await endWaiting(item, 'handed-over', isSameWaiting, valuesOf(item));
}

/** What is to wait no more: whatever waits under a key, or only the cart of `onlyCart`. */
export interface Drop {
  key: ScheduleKey;
  /** The cart with this id, or one that was abandoned until then (ISO 8601 in UTC with milliseconds). */
  onlyCart?: { cartId?: string | undefined; abandonedUntil?: string };
}

/** Ends the waiting of an item, if it waits. */
export async function drop({ key, onlyCart: { cartId, abandonedUntil } = {} }: Drop): Promise<void> {
  const isThatCart = cartId !== undefined && 'cartId = :cartId';
  const wasAbandonedByThen = abandonedUntil !== undefined && 'occurredAt <= :abandonedUntil';
  const isMeant = [isThatCart, wasAbandonedByThen].filter(Boolean).join(' OR ');
  await endWaiting(key, 'dropped', isMeant ? `${isStillWaiting} AND (${isMeant})` : isStillWaiting, {
    ...(cartId !== undefined && { ':cartId': cartId }),
    ...(abandonedUntil !== undefined && { ':abandonedUntil': abandonedUntil }),
  });
}

/** What no longer waits loses its shard, and with it its place in the index, and all that it knew of people. */
async function endWaiting(
  key: ScheduleKey,
  ending: Registration['ending'],
  condition: string,
  values: Record<string, unknown>,
): Promise<void> {
  await change(key, {
    UpdateExpression: 'SET ending = :ending, expiresAt = :expiresAt REMOVE #shard, dueAt, #event, occurrence',
    ConditionExpression: condition,
    ExpressionAttributeNames: { '#shard': 'shard', '#event': 'event' },
    ExpressionAttributeValues: { ...values, ':ending': ending, ':expiresAt': expiry() },
  });
}

/** A change that the condition forbids is one that is no longer wanted. */
async function change({ siteId, key }: ScheduleKey, wanted: Change): Promise<void> {
  await conditionalUpdate('SCHEDULE_TABLE', { siteId, key }, { ...wanted, ReturnValues: 'NONE' });
}

/** Seconds since 1970, as DynamoDB's time to live takes it. */
function expiry(): number {
  return Math.floor(Date.now() / 1000) + REMEMBERED_SECONDS;
}
