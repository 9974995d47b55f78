import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { batchGet, type ItemKey } from '../aws/batch-get.ts';
import { conditionalWrite, database } from '../aws/dynamodb.ts';
import { environment } from '../aws/environment.ts';
import { userKey } from '../domain/ids.ts';
import { newRateLimitState, type RateLimitState } from './rate-limits.ts';
import { siteOfVersion, siteVersionKey, versionIn } from './site-versions.ts';
import type { User } from './users.ts';

/** How it went with one notification. Never holds the text of the message. */
export type Delivery = DeliveryKey & {
  event: string;
  eventId: string;
  templateId: string;
  userId: string;
  /** When this outcome was recorded, ISO 8601. */
  recordedAt: string;
  /** How often the queue had given the message out. */
  attempts: number;
  /** A merchant's test of a template; no event was reported. */
  isTest?: true;
} /** `failure`: what was wrong with the template, where the message went out all the same. */ & (
    | { status: 'sent'; messageId: number; chatId: number; failure?: Failure }
    /** `isDead`: given up after the last attempt; the message is in the dead-letter queue and may be sent again. */
    | { status: 'failed'; failure: Failure; isDead?: boolean }
    /** `failures`: how often it was tried in vain. */
    | { status: 'retrying'; failure: Failure; failures: number; nextAttemptAt: string }
    | { status: 'skipped'; reason: string }
  );

export interface DeliveryKey {
  siteId: string;
  deliveryId: string;
}

/** What Telegram (or the way to it) said. */
export interface Failure {
  class: string;
  description: string;
}

/** Deliveries are kept 90 days; DynamoDB's time to live removes them. */
const KEPT_SECONDS = 90 * 24 * 3600;

/** Whether nothing more is to be sent for a delivery. */
export function isFinal(delivery: Delivery | undefined): boolean {
  if (delivery === undefined || delivery.status === 'retrying') return false;
  return !(delivery.status === 'failed' && delivery.isDead);
}

/** Those of the deliveries that are recorded, by `deliveryId`. */
export async function findDeliveries(keys: DeliveryKey[]): Promise<Map<string, Delivery>> {
  const table = environment('DELIVERIES_TABLE');
  const wanted = new Map(
    keys.map(({ siteId, deliveryId }) => [deliveryId, { table, key: { siteId, deliveryId } }]),
  );
  const items = (await batchGet([...wanted.values()], { consistent: true })) as unknown as Delivery[];
  return new Map(items.map((delivery) => [delivery.deliveryId, delivery]));
}

/** What a batch has to know before it sends. */
export interface KnownBefore {
  /** By `deliveryId`. */
  deliveries: Map<string, Delivery>;
  /** By `userKey`. */
  users: Map<string, User>;
  /** By bot id; those that have sent before. */
  paces: Map<string, RateLimitState>;
  /** By site id; absent before the first change of a site. */
  siteVersions: Map<string, number>;
}

/**
 * What is known of the deliveries, of the users they go to, of the bots' paces, and whether the sites are as they are
 * remembered: one request for a batch of ten.
 */
export async function findKnownBefore(
  keys: (DeliveryKey & { userId: string })[],
  botIds: string[],
  siteIds: string[],
): Promise<KnownBefore> {
  const deliveriesTable = environment('DELIVERIES_TABLE');
  const usersTable = environment('USERS_TABLE');
  const pacesTable = environment('PACES_TABLE');
  const wanted = new Map<string, ItemKey>();
  for (const { siteId, deliveryId, userId } of keys) {
    wanted.set(`d ${deliveryId}`, { table: deliveriesTable, key: { siteId, deliveryId } });
    wanted.set(`u ${userKey({ siteId, userId })}`, { table: usersTable, key: { siteId, userId } });
  }
  for (const botId of botIds) wanted.set(`p ${botId}`, { table: pacesTable, key: { botId } });
  for (const siteId of siteIds) wanted.set(`s ${siteId}`, siteVersionKey(siteId));

  const known: KnownBefore = {
    deliveries: new Map(),
    users: new Map(),
    paces: new Map(),
    siteVersions: new Map(),
  };
  for (const item of await batchGet([...wanted.values()], { consistent: true })) {
    if ('deliveryId' in item) known.deliveries.set(String(item.deliveryId), item as unknown as Delivery);
    else if ('userId' in item) known.users.set(userKey(item as unknown as User), item as unknown as User);
    else if ('botId' in item)
      known.paces.set(String(item.botId), { ...newRateLimitState(String(item.botId)), ...item });
    else known.siteVersions.set(siteOfVersion(item), versionIn(item));
  }
  return known;
}

/** Writes the outcome of a delivery. One that is recorded as sent stays so. */
export async function recordDelivery(delivery: Delivery): Promise<void> {
  const isNotSentYet = 'attribute_not_exists(#status) OR #status <> :sent';
  const put = new PutCommand({
    TableName: environment('DELIVERIES_TABLE'),
    Item: {
      ...delivery,
      siteUser: userKey(delivery),
      expiresAt: Math.floor(Date.parse(delivery.recordedAt) / 1000) + KEPT_SECONDS,
    },
    ConditionExpression: isNotSentYet,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':sent': 'sent' },
  });
  // Refused where it is recorded as sent: a second function had the same message, and the first record is the true one.
  await conditionalWrite(() => database.send(put));
}
