import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { queueLength, stillHidden } from '../aws/queue-length.ts';
import { type Delivery, isFinal } from '../store/deliveries.ts';
import { readFacts } from '../store/facts.ts';
import type { Notification } from './notification.ts';
import { readNotification } from './unreadable.ts';

export interface Redrive {
  sqs: SQSClient;
  deadLettersUrl: string;
  deliveriesUrl: string;
  /** Called after each batch. */
  onProgress: (progress: { requeued: number; dropped: number; total: number }) => void;
}

/** How long a batch is hidden from another redrive, in seconds. */
const VISIBILITY_SECONDS = 120;

/**
 * Sends the dead letters to the deliveries queue once more, in the order of their groups, with all their receives before
 * them. Those whose delivery is finished (sent meanwhile, skipped, refused for good) are only deleted.
 *
 * It may be stopped at any point and run again: a message is in the deliveries queue before it leaves the dead letters,
 * and a second copy of it is recognized by its deduplication id, and later by the record of its delivery.
 *
 * @returns how many; how many are still there, because somebody else has received them a moment ago; and how many stay,
 * because they are no notifications.
 */
export async function redrive(
  work: Redrive,
): Promise<{ requeued: number; dropped: number; hidden: number; unreadable: number }> {
  const before = await queueLength(work.sqs, work.deadLettersUrl);
  const total = before.visible + before.hidden;
  const result = { requeued: 0, dropped: 0 };
  // By message id: they are received again, if this takes long.
  const unreadable = new Set<string>();
  for (let received = await receive(work); received.length > 0; received = await receive(work)) {
    const batch = received.filter(({ Body = '' }) => readNotification(Body));
    const others = received
      .filter((message) => !batch.includes(message))
      .map(({ MessageId = '' }) => MessageId);
    if (batch.length === 0 && others.every((id) => unreadable.has(id))) break;
    for (const id of others) unreadable.add(id);
    if (batch.length === 0) continue;
    const notifications = batch.map(({ Body = '' }) => readNotification(Body) as Notification);
    const { deliveries } = await readFacts({ deliveries: notifications });
    const isWanted = (index: number) => !isFinished(deliveries.get(notifications[index]?.deliveryId ?? ''));
    const wanted = batch.filter((_, index) => isWanted(index));
    await requeue(work, wanted);
    await deleteFromDeadLetters(work, batch);
    result.requeued += wanted.length;
    result.dropped += batch.length - wanted.length;
    work.onProgress({ ...result, total: Math.max(total, result.requeued + result.dropped) });
  }
  const hidden = await stillHidden(work.sqs, work.deadLettersUrl, before);
  return { ...result, hidden, unreadable: unreadable.size };
}

async function receive({ sqs, deadLettersUrl }: Redrive): Promise<Message[]> {
  const request = new ReceiveMessageCommand({
    QueueUrl: deadLettersUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: VISIBILITY_SECONDS,
    // Then SQS asks all of its servers, and an empty answer means an empty queue.
    WaitTimeSeconds: 1,
    MessageSystemAttributeNames: ['MessageGroupId'],
  });
  const { Messages = [] } = await sqs.send(request);
  return Messages;
}

async function requeue({ sqs, deliveriesUrl }: Redrive, messages: Message[]): Promise<void> {
  if (messages.length === 0) return;
  const Entries = messages.map(({ MessageId, Body, Attributes }, index) => ({
    Id: String(index),
    MessageBody: Body,
    MessageGroupId: Attributes?.MessageGroupId,
    // Not the deliveryId: within five minutes SQS would drop the message as a copy of the one that failed.
    MessageDeduplicationId: `redrive-${MessageId}`,
  }));
  const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: deliveriesUrl, Entries }));
  const [failed] = Failed;
  if (failed)
    throw new Error(`SQS refused ${Failed.length} messages: ${failed.Code} ${failed.Message ?? ''}`);
}

async function deleteFromDeadLetters({ sqs, deadLettersUrl }: Redrive, messages: Message[]): Promise<void> {
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: deadLettersUrl, Entries }));
}

/** Who was skipped gets it if the event is reported again; what was superseded then may hold by now. */
function isFinished(delivery: Delivery | undefined): boolean {
  const isDropped = delivery?.status === 'skipped' && delivery.reason !== 'superseded';
  return isDropped || isFinal(delivery);
}
