import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { getItem, putItem, queryPage } from '../aws/dynamodb.ts';
import { userKey } from '../domain/ids.ts';

/** How it went with one notification. Never holds the text of the message. */
export type Delivery = DeliveryKey & {
  event: string;
  eventId: string;
  templateId: string;
  userId: string;
  /** When this was recorded, ISO 8601. */
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

/** Writes how it went with a delivery. One that is recorded as sent stays so. @throws ServiceUnreachableError */
export async function recordDelivery(delivery: Delivery): Promise<void> {
  const isNotSentYet = 'attribute_not_exists(#status) OR #status <> :sent';
  const expiresAt = Math.floor(Date.parse(delivery.recordedAt) / 1000) + KEPT_SECONDS;
  const item = { ...delivery, siteUser: userKey(delivery), expiresAt };
  // Refused where it is recorded as sent: a second function had the same message, and the first record is the true one.
  await putItem('DELIVERIES_TABLE', item, {
    ConditionExpression: isNotSentYet,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':sent': 'sent' },
  });
}

/** Which deliveries of a site, newest first. */
export interface LogQuery {
  siteId: string;
  userId?: string | undefined;
  event?: string | undefined;
  status?: Delivery['status'] | undefined;
  /** ISO 8601 in UTC with milliseconds, as `recordedAt` is written; both ends belong to it. */
  from?: string | undefined;
  to?: string | undefined;
  /** Only those that come after this one. */
  after?: LogPlace | undefined;
  limit: number;
}

/** A place in the log: names a delivery of whichever site is asked for. */
export interface LogPlace {
  recordedAt: string;
  deliveryId: string;
}

export interface LogPage {
  deliveries: Delivery[];
  /** Where the next page begins; absent: there is none. */
  next?: LogPlace;
}

/** Where event or status are asked for, items are read that are not: so many a request, and so many requests a page. */
const FILTERED_PAGE = 250;
const MAX_REQUESTS = 8;

/**
 * A page of the log, newest first. New deliveries come before the first page and move no page.
 *
 * Where few deliveries match, a page may have fewer than `limit`, or none, and still a next one.
 *
 * @throws ServiceUnreachableError
 */
export async function findInLog(query: LogQuery): Promise<LogPage> {
  const { limit } = query;
  const isFiltered = query.event !== undefined || query.status !== undefined;
  const found: Delivery[] = [];
  let start: Record<string, unknown> | undefined = query.after && startOf(query, query.after);
  for (let request = 0; request < MAX_REQUESTS; request++) {
    // One more than asked for tells whether there is a next page.
    const queried = queryFor(query, isFiltered ? FILTERED_PAGE : limit + 1, start);
    const { items, next } = await queryPage<Delivery>('DELIVERIES_TABLE', queried);
    found.push(...items);
    if (found.length > limit) return cut(found, limit);
    if (!next) return { deliveries: found };
    start = next;
  }
  return { deliveries: found, ...(start && { next: placeOf(start) }) };
}

/** One delivery of a site. @throws ServiceUnreachableError */
export function findDelivery(siteId: string, deliveryId: string): Promise<Delivery | undefined> {
  return getItem('DELIVERIES_TABLE', { siteId, deliveryId });
}

function cut(found: Delivery[], limit: number): LogPage {
  const deliveries = found.slice(0, limit);
  const last = deliveries.at(-1);
  return { deliveries, ...(last && { next: placeOf(last) }) };
}

function placeOf(item: { recordedAt?: unknown; deliveryId?: unknown }): LogPlace {
  return { recordedAt: String(item.recordedAt), deliveryId: String(item.deliveryId) };
}

/** The site and the user are always those of the query: a place can't lead to what is another's. */
function startOf({ siteId, userId }: LogQuery, place: LogPlace): Record<string, string> {
  const { recordedAt, deliveryId } = place;
  return {
    siteId,
    recordedAt,
    deliveryId,
    ...(userId !== undefined && { siteUser: userKey({ siteId, userId }) }),
  };
}

function queryFor(
  { siteId, userId, event, status, from, to }: LogQuery,
  Limit: number,
  ExclusiveStartKey: Record<string, unknown> | undefined,
): Omit<QueryCommandInput, 'TableName'> {
  const isOfUser = userId !== undefined;
  const isOfWhom = isOfUser ? 'siteUser = :whom' : 'siteId = :whom';
  const isInTime = timeCondition(from, to);
  const isOfEvent = event !== undefined && '#event = :event';
  const isOfStatus = status !== undefined && '#status = :status';
  const filter = [isOfEvent, isOfStatus].filter(Boolean).join(' AND ');
  return {
    IndexName: isOfUser ? 'by-user' : 'by-time',
    KeyConditionExpression: [isOfWhom, isInTime].filter(Boolean).join(' AND '),
    ...(filter && { FilterExpression: filter }),
    ...(filter && {
      ExpressionAttributeNames: {
        ...(isOfEvent && { '#event': 'event' }),
        ...(isOfStatus && { '#status': 'status' }),
      },
    }),
    ExpressionAttributeValues: {
      ':whom': isOfUser ? userKey({ siteId, userId }) : siteId,
      ...(from !== undefined && { ':from': from }),
      ...(to !== undefined && { ':to': to }),
      ...(isOfEvent && { ':event': event }),
      ...(isOfStatus && { ':status': status }),
    },
    ScanIndexForward: false,
    Limit,
    ...(ExclusiveStartKey && { ExclusiveStartKey }),
  };
}

function timeCondition(from: string | undefined, to: string | undefined): string {
  if (from !== undefined && to !== undefined) return 'recordedAt BETWEEN :from AND :to';
  if (from !== undefined) return 'recordedAt >= :from';
  return to !== undefined ? 'recordedAt <= :to' : '';
}
