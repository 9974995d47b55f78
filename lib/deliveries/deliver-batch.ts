import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { userKey } from '../domain/ids.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import type { FactsAndSites } from '../store/facts.ts';
import { type Attempt, attemptDelivery, dropDuplicate, type QueueAction } from './attempt.ts';
import { backoffSeconds } from './backoff.ts';
import { factsOf, readDeliveryFacts } from './facts.ts';
import type { Notification } from './notification.ts';
import { type Deferral, deferMessages, requeue } from './queue.ts';
import { RateLimiter } from './rate-limiter.ts';
import { MAX_RECEIVES } from './record.ts';
import type { SharedClock } from './shared-clock.ts';

/** What is given back without having been tried may come again as soon as it likes. */
const SOON_SECONDS = 1;

/** A message of the queue and the notification in it. */
interface Received {
  record: SQSRecord;
  notification: Notification;
}

export interface BatchContext {
  clock: SharedClock;
  /** What the function has left, in milliseconds; what can't be begun in time is given back. */
  remainingMilliseconds: () => number;
}

/** What a send may take at the most: the wait for a slot, a call to Telegram up to its time-out, the record. */
const TIME_FOR_ONE_SEND = 14_000;

/**
 * Sends a batch of the deliveries queue.
 *
 * Messages of one group (one user) go one after the other; where one has to come again, it takes the later ones of its
 * group along, so that none overtakes it. Groups don't wait for each other.
 *
 * @returns the messages that the queue shall keep. All others are done, whatever became of them: sent, refused for good,
 * or not wanted any more, each with its record.
 */
export async function deliverBatch(records: SQSRecord[], running: BatchContext): Promise<SQSBatchResponse> {
  const received = records.map((record) => ({ record, notification: notificationIn(record) }));
  const kept = await keptOf(received, running);
  await deferKept(kept.map(({ deferral }) => deferral));
  return { batchItemFailures: kept.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** Only our own functions write into the queue (IAM sees to it), so what is in it is a notification. */
function notificationIn(record: SQSRecord): Notification {
  return JSON.parse(record.body) as Notification;
}

type Kept = { messageId: string; deferral: Deferral };

async function keptOf(received: Received[], running: BatchContext): Promise<Kept[]> {
  try {
    const batch = await prepare(received, running);
    const groups = Map.groupBy(received, ({ record }) => record.attributes.MessageGroupId ?? '');
    return (await Promise.all([...groups.values()].map((group) => deliverGroup(group, batch)))).flat();
  } catch (error) {
    // Nothing was sent: the first thing a batch does is to read, and groups catch what happens to them.
    log.error('batch not begun', { error, messages: received.length });
    count('Retried', { class: classOf(error) }, received.length);
    return received.map(({ record }) => keep(record, backoffSeconds(receivesOf(record))));
  }
}

interface Batch {
  facts: FactsAndSites;
  pacer: RateLimiter;
  running: BatchContext;
}

async function prepare(received: Received[], running: BatchContext): Promise<Batch> {
  const facts = await readDeliveryFacts(received.map(({ notification }) => notification));
  return { facts, pacer: new RateLimiter(running.clock, facts.rateLimits), running };
}

async function deliverGroup(group: Received[], batch: Batch): Promise<Kept[]> {
  const kept: Kept[] = [];
  const done = new Set<string>();
  for (const [index, { record, notification }] of group.entries()) {
    if (done.has(notification.deliveryId)) {
      dropDuplicate(notification);
      continue;
    }
    const verdict = await actionFor(toAttempt(record, notification, batch), batch.running);
    if (verdict.kind === 'done') {
      done.add(notification.deliveryId);
      continue;
    }
    if (verdict.kind === 'anew') return [...kept, ...(await requeueGroup(group.slice(index)))];
    if (receivesOf(record) >= MAX_RECEIVES) {
      // After its last receive a message is dead and holds up nobody any more: the next look takes it to the dead letters.
      kept.push(keep(record, SOON_SECONDS));
      continue;
    }
    kept.push(...group.slice(index).map(({ record }) => keep(record, verdict.seconds)));
    break;
  }
  return kept;
}

/**
 * A message that waits for its bot to have a working token must not die of it: it goes into the queue once more, with
 * twelve receives to come, and the later ones of its group that are at hand behind it.
 *
 * @returns what stays in the queue: all of them, where it could not be done.
 */
async function requeueGroup(group: Received[]): Promise<Kept[]> {
  try {
    await requeue(group.map(({ notification }) => notification));
    return [];
  } catch (error) {
    log.error('messages of a bot without a working token not kept', { error, messages: group.length });
    return group.map(({ record }) => keep(record, SOON_SECONDS));
  }
}

function toAttempt(record: SQSRecord, notification: Notification, batch: Batch): Attempt {
  return {
    notification,
    receives: receivesOf(record),
    ...factsOf(batch.facts, notification),
    rateLimiter: batch.pacer,
    updateUser: (user) => batch.facts.users.set(userKey(notification), user),
    refresh: async () => factsOf(await readDeliveryFacts([notification]), notification),
  };
}

async function actionFor(attempt: Attempt, { remainingMilliseconds }: BatchContext): Promise<QueueAction> {
  if (remainingMilliseconds() < TIME_FOR_ONE_SEND) return { kind: 'again', seconds: SOON_SECONDS };
  try {
    return await attemptDelivery(attempt);
  } catch (error) {
    const { siteId, deliveryId, event, eventId } = attempt.notification;
    log.error('delivery not finished', { siteId, deliveryId, event, eventId, error });
    count('Retried', { siteId, class: classOf(error) });
    return { kind: 'again', seconds: backoffSeconds(attempt.receives) };
  }
}

/** What stands in the way where it is not Telegram, in the words of a metric. */
function classOf(error: unknown): string {
  return error instanceof ServiceUnreachableError ? 'service-unreachable' : 'unexpected';
}

function keep(record: SQSRecord, seconds: number): Kept {
  return { messageId: record.messageId, deferral: { receiptHandle: record.receiptHandle, seconds } };
}

async function deferKept(deferrals: Deferral[]): Promise<void> {
  try {
    await deferMessages(deferrals);
  } catch (error) {
    // They come back after the queue's own visibility time-out: later than asked for, but they come.
    log.warn('messages not deferred', { error, messages: deferrals.length });
  }
}

function receivesOf(record: SQSRecord): number {
  return Number(record.attributes.ApproximateReceiveCount);
}
