import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { batchWrite } from '../aws/batch-write.ts';
import { deleteItem, getItem, putItem, queryPage } from '../aws/dynamodb.ts';
import { userKey } from '../domain/ids.ts';
import type { Source } from './schedule.ts';

/** The record of one delivery. It never holds the text of the message. */
export type Delivery = DeliveryKey & {
  event: string;
  eventId: string;
  /** Absent where no template was chosen. */
  templateId?: string | undefined;
  userId: string;
  /** When this was recorded, ISO 8601. */
  recordedAt: string;
  /** How many times the queue had delivered the message by then. */
  attempts: number;
  /** How the event came here; absent where the former release has recorded it. */
  source?: Source | undefined;
  /** The hash of what the event says: see events/content.ts. */
  content?: string | undefined;
  /** A merchant's test of a template; no event was reported. */
  isTest?: true;
} /** `failure`: the error in the template, if the message was sent despite it. */ & (
    | { status: 'sent'; messageId: number; chatId: number; failure?: Failure }
    /** `isDead`: the queue has handed it out for the last time. It is in the dead-letter queue and may be sent again. */
    | { status: 'failed'; failure: Failure; isDead?: boolean }
    /** `failures`: how many attempts have failed. */
    | { status: 'retrying'; failure: Failure; failures: number; nextAttemptAt: string }
    /**
     * `isOpen`: the event function has found that; if the event is reported again, it looks again. `dueAt`: when it would
     * have been due, ISO 8601.
     */
    | { status: 'skipped'; reason: string; isOpen?: true; dueAt?: string | undefined }
    /** `until`: when it is looked at again, ISO 8601. `failure`: what Telegram said. */
    | { status: 'waiting'; reason: WaitReason; until: string; failure?: Failure }
  );

/** Why a message waits. */
export type WaitReason =
  /** The bot, or the chat, has no free slot that is near. */
  | 'rate-limit'
  /** Telegram has asked to wait before the next message to the chat. */
  | 'chat-paused'
  /** Telegram has asked to wait before the next message of the bot. */
  | 'bot-paused'
  /** The site has no bot. */
  | 'bot-missing'
  /** The bot has no working token. */
  | 'bot-unauthorized'
  /** Telegram does not answer, or answers with an error of its own. */
  | 'telegram-unreachable';

export interface DeliveryKey {
  siteId: string;
  deliveryId: string;
}

/** The error that Telegram, or the connection to it, reported. */
export interface Failure {
  class: string;
  description: string;
}

/** Deliveries are kept 90 days; DynamoDB's time to live removes them. */
const KEPT_SECONDS = 90 * 24 * 3600;

/**
 * Whether a delivery is finished: nothing more is sent for it. One that was skipped is not: if the event is reported again,
 * it is looked at again.
 */
export function isFinal(delivery: Delivery | undefined): boolean {
  return delivery?.status === 'sent' || (delivery?.status === 'failed' && !delivery.isDead);
}

/** Somebody who gets nothing, found before anything was queued for them. */
export interface SkippedDelivery extends DeliveryKey {
  event: string;
  eventId: string;
  userId: string;
  reason: string;
  content?: string | undefined;
  source?: Source | undefined;
  dueAt?: string | undefined;
}

/**
 * Writes lines of the log for those who get nothing; the same one again replaces the former.
 *
 * @throws ServiceUnreachableError
 */
export async function recordSkipped(lines: SkippedDelivery[]): Promise<void> {
  const recordedAt = new Date(Date.now()).toISOString();
  await recordFirst(
    lines.map((line) => ({ ...line, status: 'skipped', isOpen: true, attempts: 0, recordedAt })),
  );
}

/**
 * Records the state of a delivery. One that is recorded as sent stays so, and one that is finished does not wait again.
 *
 * @throws ServiceUnreachableError
 */
export async function recordDelivery(delivery: Delivery): Promise<void> {
  const isNotSentYet = '#status <> :sent';
  const isOpen = '#status IN (:retrying, :waiting, :skipped) OR isDead = :true';
  const isFinished = delivery.status === 'skipped' || isFinal(delivery);
  // The write is refused where two functions had the same message, and the other one has finished it.
  await putItem('DELIVERIES_TABLE', itemOf(delivery), {
    ConditionExpression: `attribute_not_exists(#status) OR ${isFinished ? isNotSentYet : isOpen}`,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: isFinished
      ? { ':sent': 'sent' }
      : {
          ':retrying': 'retrying',
          ':waiting': 'waiting',
          ':true': true,
          ':skipped': 'skipped',
        },
  });
}

/**
 * Records deliveries of which nothing is recorded, and which nobody else can record meanwhile: in few requests, but without
 * looking at what is there.
 *
 * @throws ServiceUnreachableError
 */
export async function recordFirst(deliveries: Delivery[]): Promise<void> {
  // The queue may hold the same delivery twice.
  const byId = new Map(deliveries.map((delivery) => [delivery.deliveryId, { put: itemOf(delivery) }]));
  await batchWrite('DELIVERIES_TABLE', [...byId.values()]);
}

function itemOf(delivery: Delivery) {
  const expiresAt = Math.floor(Date.parse(delivery.recordedAt) / 1000) + KEPT_SECONDS;
  return { ...delivery, siteUser: userKey(delivery), expiresAt };
}

/** Removes the record of a delivery. @throws ServiceUnreachableError */
export async function forgetDelivery({ siteId, deliveryId }: DeliveryKey): Promise<void> {
  await deleteItem('DELIVERIES_TABLE', { siteId, deliveryId });
}

/** Which deliveries of a site, newest first. */
export interface LogQuery {
  siteId: string;
  userId?: string | undefined;
  event?: string | undefined;
  status?: Delivery['status'] | undefined;
  /** ISO 8601 in UTC with milliseconds, as `recordedAt` is written. Both ends are included. */
  from?: string | undefined;
  to?: string | undefined;
  /** Only the deliveries after this place. */
  after?: LogPlace | undefined;
  limit: number;
}

/** A place in the log. It names a delivery, but no site: the site comes from the query. */
export interface LogPlace {
  recordedAt: string;
  deliveryId: string;
}

export interface LogPage {
  deliveries: Delivery[];
  /** The start of the next page; absent on the last page. */
  next?: LogPlace;
}

/**
 * A filter by event or status makes DynamoDB read items that do not match. Items read by one request, and requests for
 * one page.
 */
const FILTERED_PAGE = 250;
const MAX_REQUESTS = 8;

/**
 * A page of the log, newest first. New deliveries come before the first page; later pages do not change.
 *
 * If few deliveries match, a page may have fewer than `limit`, or none, and there may still be a next page.
 *
 * @throws ServiceUnreachableError
 */
export async function findInLog(query: LogQuery): Promise<LogPage> {
  const { limit } = query;
  const isFiltered = query.event !== undefined || query.status !== undefined;
  const found: Delivery[] = [];
  let start: Record<string, unknown> | undefined = query.after && startOf(query, query.after);
  for (let request = 0; request < MAX_REQUESTS; request++) {
    // One more than the limit shows whether there is a next page.
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

/** The site and the user always come from the query: a place can't lead to deliveries of another site or user. */
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
