import { createHash } from 'node:crypto';
import {
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { batchGet } from '../aws/batch-get.ts';
import { callDynamoDb, conditionalWrite, database } from '../aws/dynamodb.ts';
import { environment } from '../aws/environment.ts';

/** What can wait for its time. Each has a clock of its own, which reads the shards of its kind and no other. */
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
  /** Of a reminder whose time had passed when it was registered: which of its dates was handed over at once. */
  lateOccurrence?: number;
  /** Why it no longer waits. */
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
  const put = new PutCommand({
    TableName: environment('SCHEDULE_TABLE'),
    Item: 'shard' in item ? item : { ...item, expiresAt: expiry() },
    ConditionExpression: `${nothingIsThere} OR (${olderIsThere})`,
    ExpressionAttributeValues: { ':occurredAt': item.occurredAt, ':eventId': item.eventId },
  });
  for (;;) {
    if (await isDone(() => database.send(put))) return item;
    const stored = await findItem(item);
    // Gone between the two: its time was over, and the item can be written.
    if (stored) return stored;
  }
}

async function findItem({ siteId, key }: ScheduleKey): Promise<ScheduleItem | undefined> {
  const TableName = environment('SCHEDULE_TABLE');
  const get = new GetCommand({ TableName, Key: { siteId, key }, ConsistentRead: true });
  return (await callDynamoDb(() => database.send(get))).Item as ScheduleItem | undefined;
}

/** Notes whose cart it is, so that an order made of it finds it, whoever holds the order. */
export async function rememberCartOwner(siteId: string, cartId: string, userId: string): Promise<void> {
  const Item = { ...cartOwnerKey(siteId, cartId), userId, expiresAt: expiry() };
  await callDynamoDb(() => database.send(new PutCommand({ TableName: environment('SCHEDULE_TABLE'), Item })));
}

/** Those of the items that are there, as they are now (not as the index last heard), by key. Keys must differ. */
export async function findItems(keys: ScheduleKey[]): Promise<ScheduleItem[]> {
  const table = environment('SCHEDULE_TABLE');
  const wanted = keys.map(({ siteId, key }) => ({ table, key: { siteId, key } }));
  return (await batchGet(wanted, { consistent: true })) as unknown as ScheduleItem[];
}

/** What the index knows of a waiting item. */
export interface DueKey extends ScheduleKey {
  shard: string;
  dueAt: string;
}

export interface DuePage {
  keys: DueKey[];
  /** Where the next page begins; absent after the last one. */
  next?: Record<string, unknown>;
}

/** A page of what is due in a shard up to a moment, oldest first. The index may be a moment behind the table. */
export async function readDue(
  shard: string,
  until: string,
  limit: number,
  from?: Record<string, unknown>,
): Promise<DuePage> {
  const query = new QueryCommand({
    TableName: environment('SCHEDULE_TABLE'),
    IndexName: 'by-due-time',
    KeyConditionExpression: '#shard = :shard AND dueAt <= :until',
    ExpressionAttributeNames: { '#shard': 'shard' },
    ExpressionAttributeValues: { ':shard': shard, ':until': until },
    Limit: limit,
    ...(from && { ExclusiveStartKey: from }),
  });
  const { Items = [], LastEvaluatedKey } = await callDynamoDb(() => database.send(query));
  return { keys: Items as DueKey[], ...(LastEvaluatedKey && { next: LastEvaluatedKey }) };
}

const isStillWaiting = 'attribute_exists(#shard)';
const isSameWaiting = 'eventId = :eventId AND dueAt = :dueAt AND occurrence = :occurrence';
const valuesOf = ({ eventId, dueAt, occurrence }: Waiting) => ({
  ':eventId': eventId,
  ':dueAt': dueAt,
  ':occurrence': occurrence,
});

/** Lets an item wait for its next time, unless it was replaced, dropped or moved on meanwhile. */
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

/** Lets an item that was handed over wait no more, unless it was replaced meanwhile. */
export async function finish(item: Waiting): Promise<void> {
  await endWaiting(item, 'handed-over', isSameWaiting, valuesOf(item));
}

/** Drops whatever waits under a key. */
export async function drop(key: ScheduleKey): Promise<void> {
  await endWaiting(key, 'dropped', isStillWaiting);
}

/** Drops the cart that waits under a key, if it is that very cart, or was abandoned by then. */
export async function dropCart(key: ScheduleKey, by: { cartId?: string; until?: string }): Promise<void> {
  const isThatCart = by.cartId === undefined ? [] : ['cartId = :cartId'];
  const wasAbandonedByThen = by.until === undefined ? [] : ['occurredAt <= :until'];
  const isMeant = [...isThatCart, ...wasAbandonedByThen].join(' OR ');
  await endWaiting(key, 'dropped', `${isStillWaiting} AND (${isMeant})`, {
    ...(by.cartId !== undefined && { ':cartId': by.cartId }),
    ...(by.until !== undefined && { ':until': by.until }),
  });
}

/** What no longer waits loses its shard, and with it its place in the index, and all that it knew of people. */
async function endWaiting(
  key: ScheduleKey,
  ending: Registration['ending'],
  condition: string,
  values: Record<string, unknown> = {},
): Promise<void> {
  await change(key, {
    UpdateExpression: 'SET ending = :ending, expiresAt = :expiresAt REMOVE #shard, dueAt, #event, occurrence',
    ConditionExpression: condition,
    ExpressionAttributeNames: { '#shard': 'shard', '#event': 'event' },
    ExpressionAttributeValues: { ...values, ':ending': ending, ':expiresAt': expiry() },
  });
}

/** A change that the condition forbids is one that is no longer wanted. */
async function change(
  { siteId, key }: ScheduleKey,
  update: Omit<UpdateCommandInput, 'TableName' | 'Key'>,
): Promise<void> {
  const command = new UpdateCommand({
    TableName: environment('SCHEDULE_TABLE'),
    Key: { siteId, key },
    ...update,
  });
  await isDone(() => database.send(command));
}

async function isDone(request: () => Promise<unknown>): Promise<boolean> {
  return (await conditionalWrite(request)) !== undefined;
}

/** Seconds since 1970, as DynamoDB's time to live takes it. */
function expiry(): number {
  return Math.floor(Date.now() / 1000) + REMEMBERED_SECONDS;
}
