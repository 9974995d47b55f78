import { createHash } from 'node:crypto';
import { type Change, conditionalUpdate, getItem, putItem, queryPage, setFields } from '../aws/dynamodb.ts';

/** The kinds of scheduled items. Each kind has its own poller, which reads the shards of this kind only. */
export type ScheduleKind = 'cart' | 'reminder';

/** The number of partitions of the index for the waiting items of a kind. Each takes 1,000 writes a second. */
export const SHARDS = 8;

/** An item that no longer waits is kept as long as a delivery, so that a repeated event has no effect. */
const REMEMBERED_SECONDS = 90 * 24 * 3600;

export interface ScheduleKey {
  siteId: string;
  key: string;
}

/** A registered item, waiting or not. All times are ISO 8601 in UTC with milliseconds: they sort as text. */
export interface Registration extends ScheduleKey {
  eventId: string;
  /** When the event happened: of two events for the same key the later one counts. */
  occurredAt: string;
  /** Only for a cart. */
  cartId?: string;
  /** Only for a reminder whose time had passed at its registration: the date that was dispatched at once. */
  lateOccurrence?: number;
  /** Why it no longer waits. `handed-over`: it was dispatched. */
  ending?: 'handed-over' | 'dropped' | 'past';
}

/** What a poller writes into an item that it could not dispatch at once. Most items have none of it. */
export interface Attempts {
  /** How often it was tried without a step forward. It is counted before the attempt, which may end the process. */
  attempts?: number | undefined;
  /** Why the last attempt failed. Absent while one is running: so also where a run ended during one. */
  failure?: string | undefined;
  /** The time for which it was scheduled, if `dueAt` was moved for a later attempt. */
  scheduledFor?: string | undefined;
  /** How many of its recipients were notified, and how many it had then. */
  progress?: { done: number; of: number } | undefined;
}

/** An item that waits for its time. */
export interface Waiting extends Registration, Attempts {
  shard: string;
  /** When it is dispatched, or tried once more. */
  dueAt: string;
  /** The event as JSON: the recipients are decided when it is due. */
  event: string;
  /** For a recurring activity: the number of its date, counted from 0. */
  occurrence: number;
}

export type ScheduleItem = Waiting | (Registration & { shard?: never; dueAt?: never });

/** The owner of a cart: see `cartOwnerKey`. */
export interface CartOwner extends ScheduleKey {
  userId: string;
}

/** Whether it still waits for its time. */
export function isWaiting(item: ScheduleItem | undefined): item is Waiting {
  return item?.shard !== undefined;
}

/** A user has at most one waiting cart. */
export function cartKey(siteId: string, userId: string): ScheduleKey {
  return { siteId, key: `cart#${userId}` };
}

/** The cart of a user, waiting or not. @throws ServiceUnreachableError */
export function findCart({ siteId, userId }: { siteId: string; userId: string }) {
  return getItem<ScheduleItem>('SCHEDULE_TABLE', { ...cartKey(siteId, userId) });
}

/** The key of a cart's owner, by the id of the cart. */
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
 * Writes a waiting item, or a registration that replaces one and does not wait. It is not written if the same event, or
 * one that happened later, is stored.
 *
 * @returns the stored item: the given one, or the one that stays.
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
    // If it is gone since the write, DynamoDB has removed an expired item, and the new one can be written.
    if (stored) return stored;
  }
}

/** Records the owner of a cart, so that an order made from the cart finds it, even if another user holds the order. */
export async function rememberCartOwner(siteId: string, cartId: string, userId: string): Promise<void> {
  await putItem('SCHEDULE_TABLE', { ...cartOwnerKey(siteId, cartId), userId, expiresAt: expiry() });
}

/** The attributes of a waiting item in the index. */
export interface DueKey extends ScheduleKey {
  shard: string;
  dueAt: string;
}

/** A page of the items of a shard that are due by a given time. The index may lag behind the table. */
export function readDue(
  shard: string,
  until: string,
  limit: number,
  from?: Record<string, unknown>,
  order: 'oldest first' | 'newest first' = 'oldest first',
) {
  return queryPage<DueKey>('SCHEDULE_TABLE', {
    IndexName: 'by-due-time',
    KeyConditionExpression: '#shard = :shard AND dueAt <= :until',
    ExpressionAttributeNames: { '#shard': 'shard' },
    ExpressionAttributeValues: { ':shard': shard, ':until': until },
    Limit: limit,
    ScanIndexForward: order === 'oldest first',
    ...(from && { ExclusiveStartKey: from }),
  });
}

const isStillWaiting = 'attribute_exists(#shard)';
const isSameWaiting = 'eventId = :sameEventId AND dueAt = :sameDueAt AND occurrence = :sameOccurrence';
const valuesOf = ({ eventId, dueAt, occurrence }: Waiting) => ({
  ':sameEventId': eventId,
  ':sameDueAt': dueAt,
  ':sameOccurrence': occurrence,
});

/** Reschedules an item for its next date, unless it was replaced, dropped or rescheduled since it was read. */
export async function moveToNextOccurrence(
  item: Waiting,
  to: { dueAt: string; occurrence: number },
): Promise<void> {
  await recordAttempt(item, { ...to, ...NO_ATTEMPTS });
}

const NO_ATTEMPTS: { [Name in keyof Required<Attempts>]: undefined } = {
  attempts: undefined,
  failure: undefined,
  scheduledFor: undefined,
  progress: undefined,
};

/**
 * Writes how a poller got on with an item, unless it was replaced, dropped or changed since it was read.
 *
 * @returns the changed item; `undefined` if nothing was written.
 */
export async function recordAttempt(
  item: Waiting,
  changes: Attempts & Partial<Pick<Waiting, 'dueAt' | 'occurrence'>>,
): Promise<Waiting | undefined> {
  const fields = setFields({ ...changes });
  const isWritten = await change(item, {
    ...fields,
    ConditionExpression: isSameWaiting,
    ExpressionAttributeValues: { ...fields.ExpressionAttributeValues, ...valuesOf(item) },
  });
  return isWritten ? { ...item, ...changes } : undefined;
}

/** Ends the waiting of a dispatched item, unless it was replaced since it was read. */
export async function finish(item: Waiting): Promise<void> {
  await endWaiting(item, 'handed-over', isSameWaiting, valuesOf(item));
}

/** What to drop: any item that waits under a key, or with `onlyCart` only that cart. */
export interface Drop {
  key: ScheduleKey;
  /** The cart with this id, or one abandoned by then (ISO 8601 in UTC with milliseconds). */
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

/** The item loses its shard, which removes it from the index, and the event, which holds personal data. */
async function endWaiting(
  key: ScheduleKey,
  ending: Registration['ending'],
  condition: string,
  values: Record<string, unknown>,
): Promise<void> {
  const gone = ['shard', 'dueAt', 'event', 'occurrence', ...Object.keys(NO_ATTEMPTS)];
  await change(key, {
    UpdateExpression: `SET ending = :ending, expiresAt = :expiresAt REMOVE ${gone.map((name) => `#${name}`).join(', ')}`,
    ConditionExpression: condition,
    ExpressionAttributeNames: Object.fromEntries(gone.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: { ...values, ':ending': ending, ':expiresAt': expiry() },
  });
}

/** @returns `false` if the condition was false: the change is no longer wanted. */
async function change({ siteId, key }: ScheduleKey, wanted: Change): Promise<boolean> {
  const request = { ...wanted, ReturnValues: 'NONE' as const };
  return (await conditionalUpdate('SCHEDULE_TABLE', { siteId, key }, request)) !== undefined;
}

/** In seconds since 1970, the unit of DynamoDB's time to live. */
function expiry(): number {
  return Math.floor(Date.now() / 1000) + REMEMBERED_SECONDS;
}
