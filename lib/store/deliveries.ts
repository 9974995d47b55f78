import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { batchGet } from '../aws/batch-get.ts';
import { batchWrite } from '../aws/batch-write.ts';
import { withDeadline } from '../aws/deadline.ts';
import { conditionalUpdate, deleteItem, getItem, putItem, queryPage, setFields } from '../aws/dynamodb.ts';
import { settleAll } from '../aws/parallel.ts';
import { userKey } from '../domain/ids.ts';
import { announce } from './announce.ts';
import type { Happening } from './outgoing.ts';
import type { Source } from './schedule.ts';
import { isTold } from './site-webhook.ts';
import { findSite } from './sites.ts';

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
  /** The delivery whose message was sent once more. */
  resendOf?: string | undefined;
  /** Which message of a series it was. */
  step?: number | undefined;
  /** What the message said, sealed: see kept-content.ts. Only for some days anybody can open it. */
  kept?: KeptContent | undefined;
  /** How many notices of one folder its message collects; absent: it is about one event. */
  collected?: number | undefined;
} /**
 * `failure`: the error in the template, if the message was sent despite it. `edited`: an earlier message of the order was
 * changed, and none was sent.
 */ & (
    | ({
        status: 'sent';
        messageId: number;
        chatId: number;
        edited?: true;
        failure?: Failure;
        /** Only of a series: the bot that has sent it, and when it was taken back (ISO 8601). */
        botId?: string;
        takenBackAt?: string;
        /** A neutral text stands in its place: Telegram did not delete it. Absent: it was deleted. */
        takenBackAs?: 'edited';
      } & Clicks)
    /** `isDead`: the queue has handed it out for the last time. It is in the dead-letter queue and may be sent again. */
    | { status: 'failed'; failure: Failure; isDead?: boolean }
    /** `failures`: how many attempts have failed. */
    | { status: 'retrying'; failure: Failure; failures: number; nextAttemptAt: string }
    /**
     * `isOpen`: the event function has found that; if the event is reported again, it looks again. `dueAt`: when it would
     * have been due, ISO 8601. `digestId`: the delivery of the message that it is in.
     */
    | {
        status: 'skipped';
        reason: string;
        isOpen?: true;
        dueAt?: string | undefined;
        digestId?: string | undefined;
      }
    /** `until`: when it is looked at again, ISO 8601. `failure`: what Telegram said. */
    | { status: 'waiting'; reason: WaitReason; until: string; failure?: Failure }
  );

/** What is kept of the links of a message whose site counts them. */
interface Clicks {
  /** Where they lead; absent: they are not counted. */
  links?: string[] | undefined;
  /** How often they were opened, all together; absent: never. */
  clicks?: number;
  /** When the first of them was opened first, ISO 8601. */
  clickedAt?: string;
  /** The same, until it is told and counted; and whether it is: see clicks.ts. */
  newClickAt?: string;
  clickNoted?: boolean;
}

/** The content of a message, encrypted with the key that its site had on a day. */
export interface KeptContent {
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  sealed: Uint8Array;
}

/** Why a message waits. */
export type WaitReason =
  /** The bot, or the chat, has no free slot that is near. */
  | 'rate-limit'
  /** Telegram has asked to wait before the next message to the chat, or an earlier message to the chat waits. */
  | 'chat-paused'
  /** Telegram has asked to wait before the next message of the bot. */
  | 'bot-paused'
  /** The site has no bot. */
  | 'bot-missing'
  /** The bot has no working token. */
  | 'bot-unauthorized'
  /** Telegram does not answer, or answers with an error of its own. */
  | 'telegram-unreachable'
  /** The person's quiet hours are not over. */
  | 'quiet-hours';

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
  /** Which message of a series it would have been. */
  step?: number | undefined;
  /** Only where it is in the message of another delivery. */
  templateId?: string | undefined;
  digestId?: string | undefined;
}

/** Whether a notice is in the message of another delivery. */
export function isInDigest(delivery: Delivery | undefined): boolean {
  return delivery?.status === 'skipped' && delivery.reason === 'in-digest';
}

/**
 * Writes lines of the log for those who get nothing; the same one again replaces the former.
 *
 * @param options.isRepeated the event was reported before: a line that says the same as then keeps its time. So nothing
 * counts twice in the statistics, which follow the times of the log.
 * @throws ServiceUnreachableError
 */
export async function recordSkipped(
  lines: SkippedDelivery[],
  { isRepeated = false }: { isRepeated?: boolean } = {},
): Promise<void> {
  const now = new Date(Date.now()).toISOString();
  const former = isRepeated && lines.length > 0 ? await findDeliveries(lines) : [];
  const byId = new Map(former.map((delivery) => [delivery.deliveryId, delivery]));
  await recordFirst(
    lines.map((line) => {
      const skipped = { ...line, status: 'skipped' as const, isOpen: true as const, attempts: 0 };
      return { ...skipped, recordedAt: timeOfSame(skipped, byId.get(line.deliveryId)) ?? now };
    }),
  );
}

/** DynamoDB refuses a request that names an item twice. */
function uniqueKeys(keys: DeliveryKey[]): DeliveryKey[] {
  return [...new Map(keys.map(({ siteId, deliveryId }) => [deliveryId, { siteId, deliveryId }])).values()];
}

/** When it was recorded that somebody got nothing, if it was for the same reason; `undefined` if it was not. */
export function timeOfSame(
  { status, reason }: { status: string; reason?: string | undefined },
  earlier: Delivery | undefined,
): string | undefined {
  const isSame = status === 'skipped' && earlier?.status === 'skipped' && earlier.reason === reason;
  return isSame ? earlier.recordedAt : undefined;
}

/**
 * Records the state of a delivery. One that is recorded as sent stays so, and one that is finished does not wait again.
 *
 * @param announcedWithin so long, in milliseconds, it may take to write for the site's webhook that this is about to be
 * recorded. 0: that is not written.
 * @throws ServiceUnreachableError
 */
export async function recordDelivery(
  delivery: Delivery,
  announcedWithin = Number.POSITIVE_INFINITY,
): Promise<void> {
  if (announcedWithin > 0) await withDeadline(announcedWithin, () => announceOutcomes([delivery]));
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
  const byId = new Map(deliveries.map((delivery) => [delivery.deliveryId, delivery]));
  await announceOutcomes([...byId.values()]);
  await batchWrite(
    'DELIVERIES_TABLE',
    [...byId.values()].map((delivery) => ({ put: itemOf(delivery) })),
  );
}

const OUTCOMES = { sent: 'delivery.sent', failed: 'delivery.failed', skipped: 'delivery.skipped' } as const;

/**
 * Writes for the webhooks of their sites that these outcomes are about to be recorded. Who records an outcome has read the
 * site: a site without a webhook costs no request.
 *
 * @throws ServiceUnreachableError
 */
export async function announceOutcomes(deliveries: Delivery[]): Promise<void> {
  const happenings = await settleAll(deliveries.map(happeningOf));
  await announce(happenings.filter((happening) => happening !== undefined));
}

/** @returns `undefined` where it is not told. */
async function happeningOf(delivery: Delivery): Promise<Happening | undefined> {
  const { siteId, deliveryId, status, recordedAt } = delivery;
  if (status === 'retrying' || status === 'waiting') return undefined;
  const event = OUTCOMES[status];
  if (!isTold((await findSite(siteId))?.webhook, event)) return undefined;
  // Skipped for another reason, or failed in another way, is another outcome.
  const why = 'reason' in delivery ? delivery.reason : '';
  const source = { kind: 'delivery' as const, deliveryId };
  return { siteId, event, at: recordedAt, source, identity: [deliveryId, why] };
}

function itemOf(delivery: Delivery) {
  const expiresAt = Math.floor(Date.parse(delivery.recordedAt) / 1000) + KEPT_SECONDS;
  return { ...delivery, siteUser: userKey(delivery), expiresAt };
}

/** The message is not in the chat any more, or not as it was sent. @throws ServiceUnreachableError */
export async function recordTakenBack(
  { siteId, deliveryId }: DeliveryKey,
  takenBackAt: string,
  takenBackAs: 'edited' | undefined,
): Promise<void> {
  const set = setFields({ takenBackAt, takenBackAs });
  await conditionalUpdate(
    'DELIVERIES_TABLE',
    { siteId, deliveryId },
    {
      ...set,
      ConditionExpression: '#status = :sent',
      ExpressionAttributeNames: { ...set.ExpressionAttributeNames, '#status': 'status' },
      ExpressionAttributeValues: { ...set.ExpressionAttributeValues, ':sent': 'sent' },
      ReturnValues: 'NONE',
    },
  );
}

/** Removes the record of a delivery. @throws ServiceUnreachableError */
export async function forgetDelivery({ siteId, deliveryId }: DeliveryKey): Promise<void> {
  await deleteItem('DELIVERIES_TABLE', { siteId, deliveryId });
}

/** Which deliveries of a site, newest first. */
export interface LogQuery {
  siteId: string;
  userId?: string | undefined;
  eventId?: string | undefined;
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
 * A filter by event or status makes DynamoDB read items that do not match. Items read by one request, which ends at 1 MB
 * too, and requests for one page.
 */
const FILTERED_PAGE = 2_000;
const MAX_REQUESTS = 8;

/**
 * A page of the log, newest first. New deliveries come before the first page; later pages do not change.
 *
 * If few deliveries match, a page may have fewer than `limit`, or none, and there may still be a next page.
 *
 * @throws ServiceUnreachableError
 */
export async function findInLog(query: LogQuery): Promise<LogPage> {
  const { limit, eventId } = query;
  if (eventId !== undefined) return findOfEvent({ ...query, eventId });
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

/** How many lines a query finds, by state. */
export interface LogTotals {
  counts: Record<Delivery['status'], number>;
  /** Whether all lines were counted. If not, there are at least so many. */
  isWhole: boolean;
}

/** One request reads 1 MB: some two thousand lines. */
const MAX_COUNTING_REQUESTS = 10;

/**
 * Counts the lines that a query finds, from the newest on, as far as an answer has time for it.
 *
 * @throws ServiceUnreachableError
 */
export async function countInLog(query: Omit<LogQuery, 'after' | 'limit'>): Promise<LogTotals> {
  const counts = { sent: 0, failed: 0, retrying: 0, skipped: 0, waiting: 0 };
  const { eventId } = query;
  if (eventId !== undefined) {
    for await (const { status } of linesOfEvent({ ...query, eventId, limit: 0 })) counts[status] += 1;
    return { counts, isWhole: true };
  }
  let start: Record<string, unknown> | undefined;
  for (let request = 0; request < MAX_COUNTING_REQUESTS; request++) {
    const { Limit: _, ...whole } = queryFor({ ...query, limit: 0 }, 0, start);
    const { items, next } = await queryPage<Pick<Delivery, 'status'>>('DELIVERIES_TABLE', {
      ...whole,
      ProjectionExpression: '#status',
      ExpressionAttributeNames: { ...whole.ExpressionAttributeNames, '#status': 'status' },
    });
    for (const { status } of items) counts[status] += 1;
    if (!next) return { counts, isWhole: true };
    start = next;
  }
  return { counts, isWhole: false };
}

/** What the index by event has of a line. */
type IndexedLine = DeliveryKey & Pick<Delivery, 'recordedAt' | 'event' | 'status' | 'userId'>;

/** An event has at most this many lines: 500 people, ten templates, five chats. */
const MOST_OF_EVENT = 25_000;

/** The lines of one event. They are few: all of them are read, so that they can be put in the order of time. */
async function findOfEvent(query: LogQuery & { eventId: string }): Promise<LogPage> {
  const { after, limit } = query;
  const lines: IndexedLine[] = [];
  for await (const line of linesOfEvent(query)) {
    lines.push(line);
    if (lines.length >= MOST_OF_EVENT) break;
  }
  lines.sort(newestFirst);
  const start = after ? lines.findIndex((line) => newestFirst(after, line) < 0) : 0;
  const open = start < 0 ? [] : lines.slice(start);
  const page = open.slice(0, limit);
  const last = page.at(-1);
  return {
    deliveries: (await findDeliveries(page)).toSorted(newestFirst),
    ...(last && open.length > limit && { next: placeOf(last) }),
  };
}

async function* linesOfEvent(query: LogQuery & { eventId: string }): AsyncGenerator<IndexedLine> {
  const { siteId, eventId, userId, event, status, from, to } = query;
  const filter = [
    userId !== undefined && 'userId = :userId',
    event !== undefined && '#event = :event',
    status !== undefined && '#status = :status',
    timeCondition(from, to),
  ].filter(Boolean);
  let start: Record<string, unknown> | undefined;
  do {
    const page = await queryPage<IndexedLine>('DELIVERIES_TABLE', {
      IndexName: 'by-event',
      KeyConditionExpression: 'siteId = :siteId AND eventId = :eventId',
      ...(filter.length > 0 && { FilterExpression: filter.join(' AND ') }),
      ...((event !== undefined || status !== undefined) && {
        ExpressionAttributeNames: {
          ...(event !== undefined && { '#event': 'event' }),
          ...(status !== undefined && { '#status': 'status' }),
        },
      }),
      ExpressionAttributeValues: {
        ...{ ':siteId': siteId, ':eventId': eventId },
        ...(userId !== undefined && { ':userId': userId }),
        ...(event !== undefined && { ':event': event }),
        ...(status !== undefined && { ':status': status }),
        ...(from !== undefined && { ':from': from }),
        ...(to !== undefined && { ':to': to }),
      },
      ...(start && { ExclusiveStartKey: start }),
    });
    yield* page.items;
    start = page.next;
  } while (start);
}

/** The order of the log. */
function newestFirst(one: LogPlace, other: LogPlace): number {
  if (one.recordedAt !== other.recordedAt) return one.recordedAt < other.recordedAt ? 1 : -1;
  if (one.deliveryId === other.deliveryId) return 0;
  return one.deliveryId < other.deliveryId ? 1 : -1;
}

/** Those of these deliveries that are there, in no order. @throws ServiceUnreachableError */
export async function findDeliveries(keys: DeliveryKey[]): Promise<Delivery[]> {
  const wanted = uniqueKeys(keys).map((key) => ({ table: 'DELIVERIES_TABLE' as const, key: { ...key } }));
  const { DELIVERIES_TABLE: found = [] } = await batchGet<{ DELIVERIES_TABLE: Delivery }>(wanted);
  return found;
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
