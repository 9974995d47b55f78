import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { keepDeadline, timeLeft, withDeadline } from '../aws/deadline.ts';
import { backoffSeconds, type Deferral, deferMessages } from '../aws/defer-messages.ts';
import { environment } from '../aws/environment.ts';
import { settleAll } from '../aws/parallel.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import type { Lane } from '../store/lanes.ts';
import { type QuietChat, readQuietChats } from '../store/quiet-chats.ts';
import { type Attempt, attemptDelivery, dropDuplicate } from './attempt.ts';
import { chatOf, type DeliveryFacts, readDeliveryFacts, whyForgotten } from './delivery-facts.ts';
import { KnownFacts } from './known-facts.ts';
import type { Notification } from './notification.ts';
import { type ParkedMessage, park, stopSite } from './park.ts';
import { isUrgent, quietFor } from './quiet.ts';
import { RateLimiter } from './rate-limiter.ts';
import type { Action, Hold } from './retry.ts';
import { TIME_AFTER_SENDS, TIME_FOR_ONE_SEND, TIME_TO_DEFER } from './send-time.ts';
import type { SharedClock } from './shared-clock.ts';
import { sendTickets } from './tickets.ts';
import { moveUnreadable, readNotification } from './unreadable.ts';

/** A message that was not tried at all may be handed out again as soon as this. */
const SOON_SECONDS = 1;

export interface BatchContext {
  clock: SharedClock;
  /** How long the function may still run, in milliseconds; a message that may take longer is not begun. */
  remainingMilliseconds: () => number;
}

/** A message of the queue, and what is in it. */
interface QueueMessage {
  record: SQSRecord;
  notification: Notification;
  receives: number;
}

/** A message that SQS hands out again. */
interface Retry extends Deferral {
  itemIdentifier: string;
}

/** What becomes of the messages of a group that are not finished. */
interface Unfinished {
  parked: ParkedMessage[];
  retries: Retry[];
}

/**
 * Sends a batch of the deliveries queue.
 *
 * The messages of one group (one user in one chat) are sent one after the other. If one of them has to wait, it is parked,
 * and the later ones of its group with it, so that none overtakes it. The groups don't wait for each other.
 *
 * @returns the messages that SQS hands out again: those that our own tables were not there for. All others are sent,
 * failed, skipped or waiting, and have a record.
 */
export async function deliverBatch(records: SQSRecord[], context: BatchContext): Promise<SQSBatchResponse> {
  const messages = records.map(toQueueMessage);
  const readable = messages.filter((message) => message !== undefined);
  const [retried, left] = await Promise.all([
    readable.length > 0 ? deliver(readable, context) : [],
    moveUnreadable(records.filter((_, index) => !messages[index])),
  ]);
  const retries = [...retried, ...left.map(toRetryLater)];
  try {
    await deferMessages(environment('DELIVERIES_QUEUE_URL'), retries);
  } catch (error) {
    // SQS hands them out again after the queue's own visibility timeout: later than wanted, but none is lost.
    log.warn('messages not deferred', { error, messages: retries.length });
  }
  return { batchItemFailures: retries.map(({ itemIdentifier }) => ({ itemIdentifier })) };
}

/** @returns `undefined` for what is no notification. */
function toQueueMessage(record: SQSRecord): QueueMessage | undefined {
  const notification = readNotification(record.body);
  return notification && { record, notification, receives: receivesOf(record) };
}

function receivesOf({ attributes }: SQSRecord): number {
  return Number(attributes.ApproximateReceiveCount);
}

function toRetryLater(record: SQSRecord): Retry {
  return toRetry({ record }, backoffSeconds(receivesOf(record)));
}

async function deliver(messages: QueueMessage[], context: BatchContext): Promise<Retry[]> {
  try {
    const batch = await prepare(messages, context);
    const groups = Map.groupBy(messages, groupOf);
    const unfinished = await Promise.all([...groups.values()].map((group) => deliverGroup(group, batch)));
    await Promise.all(batch.slowSites.values());
    const parked = unfinished.flatMap(({ parked }) => parked);
    return [...unfinished.flatMap(({ retries }) => retries), ...(await parkOrRetry(parked, batch, messages))];
  } catch (error) {
    // Only the read at the beginning throws, so nothing was sent: deliverGroup catches its own errors.
    log.error('batch not begun', { error, messages: messages.length });
    count('Retried', { class: errorClassOf(error) }, messages.length);
    return messages.map((message) => toRetry(message, backoffSeconds(message.receives)));
  }
}

/** A line of the log waits for no message of its user. */
function groupOf({ record, notification }: QueueMessage): string {
  return notification.skipped ? record.messageId : (record.attributes.MessageGroupId ?? '');
}

async function parkOrRetry(
  parked: ParkedMessage[],
  { known }: Batch,
  messages: QueueMessage[],
): Promise<Retry[]> {
  if (parked.length === 0) return [];
  try {
    await withDeadline(timeLeft() - TIME_TO_DEFER, () => park(parked, known.facts.lanes));
    return [];
  } catch (error) {
    log.error('messages not parked, and received again', { error, messages: parked.length });
    count('Retried', { class: errorClassOf(error) }, parked.length);
    const isParked = ({ record }: QueueMessage) =>
      parked.some(({ sequenceNumber }) => sequenceNumber === sequenceNumberOf(record));
    return messages.filter(isParked).map((message) => toRetry(message, backoffSeconds(message.receives)));
  }
}

/**
 * Telegram does not answer for a bot: from now on its messages wait, so that they don't keep all functions busy until each
 * has waited for its answer in vain. The drain finds out when it answers again; at once, if it was only slow.
 */
function stopFor(siteId: string, { slowSites, inBatch }: Batch, isServed: Promise<boolean>): void {
  if (slowSites.has(siteId)) return;
  const stopped = inBatch(async () => {
    await stopSite(siteId, 'telegram-unreachable');
    if (await isServed) await sendTickets([siteId]);
  }).catch((error: unknown) =>
    log.warn('a site for which Telegram does not answer goes on', { siteId, error }),
  );
  slowSites.set(siteId, stopped);
}

interface Batch {
  /** The sites for which Telegram does not answer, and the writing of that. */
  slowSites: Map<string, Promise<void>>;
  /** For work that does not end with the time of the message that it was begun for. */
  inBatch: ReturnType<typeof keepDeadline>;
  /** By site: the chats whose messages wait for the end of a night. */
  quietChats: Map<string, Map<string, QuietChat>>;
  known: KnownFacts;
  rateLimiter: RateLimiter;
  context: BatchContext;
}

async function prepare(received: QueueMessage[], context: BatchContext): Promise<Batch> {
  const notifications = received.map(({ notification }) => notification);
  const facts = await readDeliveryFacts(notifications, { withLanes: true });
  return {
    slowSites: new Map(),
    quietChats: await quietChatsOf(notifications, facts),
    inBatch: keepDeadline(),
    known: new KnownFacts(notifications, facts),
    rateLimiter: new RateLimiter(context.clock, facts.rateLimits),
    context,
  };
}

/** After the lanes: as long as one of its chats waits, the lane of a site says so. */
async function quietChatsOf(
  notifications: Notification[],
  facts: DeliveryFacts,
): Promise<Batch['quietChats']> {
  const bySite = Map.groupBy(notifications, ({ siteId }) => siteId);
  const atNight = [...bySite].filter(([siteId]) => facts.lanes.get(siteId)?.nightAt !== undefined);
  const read = atNight.map(async ([siteId, ofSite]) => {
    const chats = ofSite.map((notification) => chatOf(notification, facts));
    return [siteId, await readQuietChats(siteId, chats)] as const;
  });
  return new Map(await settleAll(read));
}

async function deliverGroup(group: QueueMessage[], batch: Batch): Promise<Unfinished> {
  const acknowledged = new Set<string>();
  for (const [index, message] of group.entries()) {
    const { notification } = message;
    if (acknowledged.has(notification.deliveryId)) {
      dropDuplicate(notification);
      continue;
    }
    const action = await actionFor(message, batch);
    const rest = group.slice(index);
    if (action.kind === 'retry')
      return { parked: [], retries: rest.map((later) => toRetry(later, action.seconds)) };
    if (action.kind === 'hold')
      return { parked: rest.map((later) => toParked(later, batch, action, later === message)), retries: [] };
    if (action.isOpen) continue;
    acknowledged.add(notification.deliveryId);
    batch.known.close(notification);
  }
  return { parked: [], retries: [] };
}

/** @param isFirst whether this message itself was tried: the later ones of its group have no record of their own yet. */
function toParked(
  { record, notification, receives }: QueueMessage,
  { known: { facts } }: Batch,
  { isRecorded, isAtOnce, ...hold }: Hold,
  isFirst: boolean,
): ParkedMessage {
  const mustGo = (isFirst && isAtOnce) || (hold.scope === 'night' && isUrgent(notification, hold.until));
  return {
    notification,
    receives,
    sequenceNumber: sequenceNumberOf(record),
    chat: chatOf(notification, facts),
    hold: {
      ...hold,
      ...(((isFirst && isRecorded) || notification.takesBack) && { isRecorded: true }),
      ...(mustGo && { isAtOnce: true, until: Date.now() }),
    },
    isNew: receives === 1 && !facts.deliveries.has(notification.deliveryId),
  };
}

/** It grows from message to message of a group: only a FIFO queue gives it. */
function sequenceNumberOf({ attributes, messageId }: SQSRecord): string {
  if (attributes.SequenceNumber === undefined) throw new Error(`No SequenceNumber: ${messageId}`);
  return attributes.SequenceNumber;
}

function toAttempt({ notification, receives }: QueueMessage, batch: Batch): Attempt {
  return {
    ...batch.known.of(notification),
    receives,
    rateLimiter: batch.rateLimiter,
    reportSlowness: (isServed) => stopFor(notification.siteId, batch, isServed),
    updateUser: (user) => batch.known.keepUser(user),
    updateCard: (card) => batch.known.keepCard(card),
    refresh: (until) => batch.known.refresh(notification, until),
  };
}

/** A message that is not finished now: SQS hands it out again after these seconds. */
interface Again {
  kind: 'retry';
  seconds: number;
}

async function actionFor(message: QueueMessage, batch: Batch): Promise<Action | Again> {
  const { notification, receives } = message;
  const { facts } = batch.known;
  const held = notification.skipped
    ? undefined
    : (holdBehind(facts.lanes.get(notification.siteId), chatOf(notification, facts)) ??
      holdAtNight(notification, batch));
  // Of who is erased nothing is kept, also not among the waiting ones.
  if (held && !notification.takesBack && !whyForgotten(facts, notification)) return held;
  if (batch.context.remainingMilliseconds() < TIME_FOR_ONE_SEND + TIME_AFTER_SENDS)
    return { kind: 'retry', seconds: SOON_SECONDS };
  try {
    const action = await withDeadline(TIME_FOR_ONE_SEND, () => attemptDelivery(toAttempt(message, batch)));
    // What waits before it may be on its way into the chat: after that it looks once more.
    return held && notification.takesBack && action.kind === 'acknowledge' ? held : action;
  } catch (error) {
    const { siteId, deliveryId, event, eventId } = notification;
    log.error('delivery not finished', { siteId, deliveryId, event, eventId, error });
    count('Retried', { siteId, class: errorClassOf(error) });
    return { kind: 'retry', seconds: backoffSeconds(receives) };
  }
}

/** Earlier messages of its chat may wait: it waits behind them. */
function holdBehind(lane: Lane | undefined, chat: string): Hold | undefined {
  if (!lane) return undefined;
  const until = Date.parse(lane.nextAt);
  if (lane.mode === 'all') return { kind: 'hold', scope: 'bot', reason: lane.reason ?? 'rate-limit', until };
  const pausedUntil = lane.paused[chat];
  return pausedUntil === undefined
    ? undefined
    : { kind: 'hold', scope: 'chat', reason: 'chat-paused', until: pausedUntil };
}

/**
 * Earlier messages of its chat wait for the end of a night: it waits behind them. Where it need not, or can't, wait so long,
 * they are looked at now: quiet hours may have been changed since.
 */
function holdAtNight(notification: Notification, { known, quietChats }: Batch): Hold | undefined {
  const { site, user } = known.of(notification);
  const chat = quietChats.get(notification.siteId)?.get(chatOf(notification, known.facts));
  if (!chat) return undefined;
  const { until, reason } = chat;
  const hold = { kind: 'hold', scope: 'night', reason, until } as const;
  const now = Date.now();
  if (reason !== 'quiet-hours' || until <= now || !site || !user) return hold;
  const quiet = quietFor(notification, site, user, now);
  return quiet?.kind === 'wait' ? hold : { ...hold, isAtOnce: true };
}

/** The value of the metric's dimension `class` for an error that is not Telegram's. */
function errorClassOf(error: unknown): string {
  return error instanceof ServiceUnreachableError ? 'service-unreachable' : 'unexpected';
}

function toRetry({ record }: Pick<QueueMessage, 'record'>, seconds: number): Retry {
  return { itemIdentifier: record.messageId, receiptHandle: record.receiptHandle, seconds };
}
