import { SendMessageBatchCommand, type SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { sleep } from '../aws/deadline.ts';
import { environment } from '../aws/environment.ts';
import { inParallel } from '../aws/parallel.ts';
import { callSqs, sqs } from '../aws/sqs.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { digest, messageGroupOf } from '../domain/ids.ts';
import type { Notification } from './notification.ts';

/** SQS takes at most ten messages a request, and 1 MiB in all; a part of that is for their attributes. */
const BATCH_SIZE = 10;
const BATCH_BYTES = 1_000_000;
/** How many requests are sent at the same time for an event with hundreds of recipients. */
const PARALLEL_STREAMS = 8;
/** How often messages are sent that SQS did not take. */
const MAX_TRIES = 3;

/**
 * Sends the notifications to `deliveries.fifo`: each `deliveryId` once, those of one user in the given order.
 *
 * @throws ServiceUnreachableError where SQS did not take all of them. The others are delivered; the same call once more
 * adds only the missing ones.
 */
export async function enqueue(notifications: Notification[]): Promise<void> {
  await inParallel(intoStreams(notifications.map(toEntry)), PARALLEL_STREAMS, async (batches) => {
    for (const batch of batches) await sendBatch(batch);
  });
}

type Batch = SendMessageBatchRequestEntry[];

/**
 * Batches that are sent one after the other, in streams that don't wait for each other. Two messages for one user keep their
 * order only if one is not sent before the other: they are in one batch, or else in one stream.
 */
function intoStreams(entries: Batch): Batch[][] {
  const streams: Batch[][] = [];
  for (const group of Map.groupBy(entries, ({ MessageGroupId }) => MessageGroupId).values()) {
    const last = streams.at(-1)?.at(-1);
    if (last && fits([...last, ...group])) last.push(...group);
    else streams.push(intoBatches(group));
  }
  return streams;
}

function intoBatches(entries: Batch): Batch[] {
  const batches: Batch[] = [];
  for (const entry of entries) {
    const current = batches.at(-1);
    if (current && fits([...current, entry])) current.push(entry);
    else batches.push([entry]);
  }
  return batches;
}

function fits(batch: Batch): boolean {
  const bytes = batch.reduce((sum, { MessageBody = '' }) => sum + MessageBody.length, 0);
  return batch.length <= BATCH_SIZE && bytes <= BATCH_BYTES;
}

async function sendBatch(batch: SendMessageBatchRequestEntry[]): Promise<void> {
  let entries = batch;
  let reason = '';
  for (let round = 0; round < MAX_TRIES; round++) {
    if (round > 0) await sleep(50 * 2 ** round);
    const { Failed = [] } = await callSqs((options) => sqs.send(toRequest(entries), options));
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
  const { siteId, userId, chatId, ownIds, deliveryId, eventId, linkedAt, droppedAt } = notification;
  return {
    Id: String(index),
    MessageBody: asciiJson(notification),
    MessageGroupId: messageGroupOf(siteId, userId, ownIds && chatId),
    // Where the first was dropped, the second must not be taken for it: two events may have one delivery, the user may have
    // been erased and linked anew, and what was not true then may be true now.
    MessageDeduplicationId: digest([deliveryId, eventId, linkedAt ?? '', droppedAt ?? '']),
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
