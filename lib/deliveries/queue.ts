import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityBatchCommand,
  type ChangeMessageVisibilityBatchRequestEntry,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import { environment } from '../aws/environment.ts';
import { inParallel } from '../aws/parallel.ts';
import { callSqs, sqs } from '../aws/sqs.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { messageGroupOf } from '../domain/ids.ts';
import type { Notification } from './notification.ts';

/** SQS takes at most ten messages a request, and 1 MiB in all; some of that is for what goes around the bodies. */
const BATCH_SIZE = 10;
const BATCH_BYTES = 1_000_000;
/** Requests under way at once when one event has hundreds of recipients. */
const PARALLEL_BATCHES = 8;
const MAX_ROUNDS = 3;

/**
 * Puts the notifications into `deliveries.fifo`: each `deliveryId` once, each user's in the given order.
 *
 * @throws ServiceUnreachableError when not all of them were taken. Those that were go out; repeating the call adds the
 * missing ones and no other.
 */
export async function enqueue(notifications: Notification[]): Promise<void> {
  const entries = notifications.map(toEntry);
  const batches = intoBatches(entries);
  // Two messages for one user keep their order only when their batches go one after the other.
  const isOneEach = new Set(entries.map(({ MessageGroupId }) => MessageGroupId)).size === entries.length;
  const parallel = isOneEach ? PARALLEL_BATCHES : 1;
  await inParallel(batches, parallel, sendBatch);
}

/**
 * Puts notifications into the queue once more, whatever it has seen of them: as new messages, in the given order, behind
 * all that waits there.
 *
 * @throws ServiceUnreachableError when not all of them were taken.
 */
export async function requeue(notifications: Notification[]): Promise<void> {
  const now = Date.now();
  // One by one: of a batch SQS may take the second and not the first.
  for (const notification of notifications) {
    const MessageDeduplicationId = `${notification.deliveryId}-${now}`;
    await sendBatch([{ ...toEntry(notification, 0), MessageDeduplicationId }]);
  }
}

function intoBatches(entries: SendMessageBatchRequestEntry[]): SendMessageBatchRequestEntry[][] {
  const batches: SendMessageBatchRequestEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entry.MessageBody?.length ?? 0;
    const current = batches.at(-1);
    if (current && current.length < BATCH_SIZE && bytes + size <= BATCH_BYTES) {
      current.push(entry);
      bytes += size;
    } else {
      batches.push([entry]);
      bytes = size;
    }
  }
  return batches;
}

async function sendBatch(batch: SendMessageBatchRequestEntry[]): Promise<void> {
  let entries = batch;
  let reason = '';
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (round > 0) await sleep(50 * 2 ** round);
    const { Failed = [] } = await callSqs(() => sqs.send(toRequest(entries)));
    if (Failed.length === 0) return;
    const failed = new Set(Failed.map(({ Id }) => Id));
    entries = entries.filter(({ Id }) => failed.has(Id));
    reason = Failed.map(({ Code, Message }) => `${Code}: ${Message}`).join('; ');
  }
  throw new ServiceUnreachableError('SQS', {
    cause: new Error(`${entries.length} messages not taken: ${reason}`),
  });
}

function toRequest(entries: SendMessageBatchRequestEntry[]): SendMessageBatchCommand {
  return new SendMessageBatchCommand({ QueueUrl: environment('DELIVERIES_QUEUE_URL'), Entries: entries });
}

function toEntry(notification: Notification, index: number): SendMessageBatchRequestEntry {
  return {
    Id: String(index),
    MessageBody: asciiJson(notification),
    MessageGroupId: messageGroupOf(notification.siteId, notification.userId),
    MessageDeduplicationId: notification.deliveryId,
  };
}

/**
 * JSON in ASCII alone. SQS refuses some characters (U+FFFE, U+FFFF) and its emulators more of them; escaped, every text
 * passes.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A message that was received and shall come back. */
export interface Deferral {
  receiptHandle: string;
  /** When it may be received again, in whole seconds from now: 0 to 43,200. */
  seconds: number;
}

/**
 * Lets received messages become visible again after a time of their own instead of the queue's. One that can't be
 * changed comes back after the queue's time: later than wanted, never lost.
 */
export async function deferMessages(deferrals: Deferral[]): Promise<void> {
  const entries = deferrals.map<ChangeMessageVisibilityBatchRequestEntry>(
    ({ receiptHandle, seconds }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    }),
  );
  if (entries.length === 0) return;
  const QueueUrl = environment('DELIVERIES_QUEUE_URL');
  await callSqs(() => sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: entries })));
}
