import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { backoffSeconds, type Deferral, deferMessages } from '../aws/defer-messages.ts';
import { environment } from '../aws/environment.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import type { User } from '../store/user.ts';
import { type Attempt, attemptDelivery, dropDuplicate } from './attempt.ts';
import { type DeliveryFacts, factsOf, readDeliveryFacts } from './delivery-facts.ts';
import type { Notification } from './notification.ts';
import { requeue } from './queue.ts';
import { RateLimiter } from './rate-limiter.ts';
import { MAX_RECEIVES, type QueueAction } from './retry.ts';
import type { SharedClock } from './shared-clock.ts';

/** A message that was not tried at all may be handed out again as soon as this. */
const SOON_SECONDS = 1;

/** The longest that one message may take, in milliseconds: its wait for a slot, a call to Telegram, its record. */
const TIME_FOR_ONE_SEND = 14_000;

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

/**
 * Sends a batch of the deliveries queue.
 *
 * The messages of one group (one user) are sent one after the other. If one of them must be retried, the later ones of its
 * group are retried with it, so that none overtakes it. The groups don't wait for each other.
 *
 * @returns the messages that SQS hands out again. All others are finished and have a record: sent, failed or skipped.
 */
export async function deliverBatch(records: SQSRecord[], context: BatchContext): Promise<SQSBatchResponse> {
  const retries = await deliver(records.map(toQueueMessage), context);
  try {
    await deferMessages(environment('DELIVERIES_QUEUE_URL'), retries);
  } catch (error) {
    // SQS hands them out again after the queue's own visibility timeout: later than wanted, but none is lost.
    log.warn('messages not deferred', { error, messages: retries.length });
  }
  return { batchItemFailures: retries.map(({ itemIdentifier }) => ({ itemIdentifier })) };
}

function toQueueMessage(record: SQSRecord): QueueMessage {
  const receives = Number(record.attributes.ApproximateReceiveCount);
  // Only our own functions may write to the queue (IAM), so the body is a notification.
  return { record, notification: JSON.parse(record.body) as Notification, receives };
}

async function deliver(messages: QueueMessage[], context: BatchContext): Promise<Retry[]> {
  try {
    const batch = await prepare(messages, context);
    const groups = Map.groupBy(messages, ({ record }) => record.attributes.MessageGroupId ?? '');
    return (await Promise.all([...groups.values()].map((group) => deliverGroup(group, batch)))).flat();
  } catch (error) {
    // Only the read at the beginning throws, so nothing was sent: deliverGroup catches its own errors.
    log.error('batch not begun', { error, messages: messages.length });
    count('Retried', { class: errorClassOf(error) }, messages.length);
    return messages.map((message) => toRetry(message, backoffSeconds(message.receives)));
  }
}

interface Batch {
  facts: DeliveryFacts;
  rateLimiter: RateLimiter;
  context: BatchContext;
}

async function prepare(received: QueueMessage[], context: BatchContext): Promise<Batch> {
  const facts = await readDeliveryFacts(received.map(({ notification }) => notification));
  return { facts, rateLimiter: new RateLimiter(context.clock, facts.rateLimits), context };
}

async function deliverGroup(group: QueueMessage[], batch: Batch): Promise<Retry[]> {
  const retries: Retry[] = [];
  const acknowledged = new Set<string>();
  for (const [index, message] of group.entries()) {
    const { notification, receives } = message;
    if (acknowledged.has(notification.deliveryId)) {
      dropDuplicate(notification);
      continue;
    }
    const action = await actionFor(toAttempt(message, batch), batch.context);
    if (action.kind === 'acknowledge') acknowledged.add(notification.deliveryId);
    else if (action.kind === 'requeue') return [...retries, ...(await requeueGroup(group.slice(index)))];
    // At its next receive SQS moves it to the dead-letter queue: the later ones need not wait for it.
    else if (receives >= MAX_RECEIVES) retries.push(toRetry(message, SOON_SECONDS));
    else return [...retries, ...group.slice(index).map((later) => toRetry(later, action.seconds))];
  }
  return retries;
}

/**
 * Sends a message that waits for a bot with a working token to the queue once more, and behind it the later ones of its
 * group that are in this batch: otherwise its receives would run out while it waits.
 *
 * @returns all of them where that failed: they stay in the queue as they are.
 */
async function requeueGroup(group: QueueMessage[]): Promise<Retry[]> {
  try {
    await requeue(group.map(({ notification }) => notification));
    return [];
  } catch (error) {
    log.error('messages of a bot without a working token not requeued', { error, messages: group.length });
    return group.map((message) => toRetry(message, SOON_SECONDS));
  }
}

function toAttempt({ notification, receives }: QueueMessage, batch: Batch): Attempt {
  return {
    ...factsOf(batch.facts, notification),
    receives,
    rateLimiter: batch.rateLimiter,
    updateUser: (user) => keepUser(batch.facts, user),
    refresh: async () => factsOf(await readDeliveryFacts([notification]), notification),
  };
}

/** What was found out about a user holds for all messages of the batch. */
function keepUser({ holders }: DeliveryFacts, user: User): void {
  for (const [deliveryId, holder] of holders)
    if (holder?.siteId === user.siteId && holder.userId === user.userId) holders.set(deliveryId, user);
}

async function actionFor(attempt: Attempt, { remainingMilliseconds }: BatchContext): Promise<QueueAction> {
  if (remainingMilliseconds() < TIME_FOR_ONE_SEND) return { kind: 'retry', seconds: SOON_SECONDS };
  try {
    return await attemptDelivery(attempt);
  } catch (error) {
    const { siteId, deliveryId, event, eventId } = attempt.notification;
    log.error('delivery not finished', { siteId, deliveryId, event, eventId, error });
    count('Retried', { siteId, class: errorClassOf(error) });
    return { kind: 'retry', seconds: backoffSeconds(attempt.receives) };
  }
}

/** The value of the metric's dimension `class` for an error that is not Telegram's. */
function errorClassOf(error: unknown): string {
  return error instanceof ServiceUnreachableError ? 'service-unreachable' : 'unexpected';
}

function toRetry({ record }: QueueMessage, seconds: number): Retry {
  return { itemIdentifier: record.messageId, receiptHandle: record.receiptHandle, seconds };
}
