import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { environment } from '../aws/environment.ts';
import { inParallel } from '../aws/parallel.ts';
import { callSqs, sqs } from '../aws/sqs.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { messageGroupOf } from '../domain/ids.ts';
import type { Notification } from './notification.ts';

/** SQS takes at most ten messages a request, and 1 MiB in all; a part of that is for their attributes. */
const BATCH_SIZE = 10;
const BATCH_BYTES = 1_000_000;
/** How many requests are sent at the same time for an event with hundreds of recipients. */
const PARALLEL_BATCHES = 8;
/** How often messages are sent that SQS did not take. */
const MAX_TRIES = 3;

/**
 * Sends the notifications to `deliveries.fifo`: each `deliveryId` once, those of one user in the given order.
 *
 * @throws ServiceUnreachableError where SQS did not take all of them. The others are delivered; the same call once more
 * adds only the missing ones.
 */
export async function enqueue(notifications: Notification[]): Promise<void> {
  const streams = intoStreams(notifications.map(toEntry));
  await inParallel(streams, PARALLEL_BATCHES, async (stream) => {
    for (const batch of intoBatches(stream)) await sendBatch(batch);
  });
}

/** Two messages for one user keep their order only if one is sent after the other: so they are in the same stream. */
function intoStreams(entries: SendMessageBatchRequestEntry[]): SendMessageBatchRequestEntry[][] {
  const groups = [...Map.groupBy(entries, ({ MessageGroupId }) => MessageGroupId).values()];
  const count = Math.min(PARALLEL_BATCHES, Math.ceil(entries.length / BATCH_SIZE));
  return Array.from({ length: count }, (_, stream) =>
    groups.filter((_, index) => index % count === stream).flat(),
  );
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
  for (let round = 0; round < MAX_TRIES; round++) {
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
  const { siteId, userId, chatId, ownIds } = notification;
  return {
    Id: String(index),
    MessageBody: asciiJson(notification),
    MessageGroupId: messageGroupOf(siteId, userId, ownIds && chatId),
    MessageDeduplicationId: notification.deliveryId,
  };
}

/**
 * JSON with ASCII characters only. SQS refuses some characters (U+FFFE, U+FFFF) and its emulators even more; none of them
 * is left when all others are escaped.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
