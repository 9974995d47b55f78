import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { queueLength, stillHidden } from '../aws/queue-length.ts';
import { SENT_AT } from './dead-letters.ts';

export interface RedriveEvents {
  sqs: SQSClient;
  deadLettersUrl: string;
  queueUrl: string;
  /** Called after each batch. */
  onProgress: (progress: { requeued: number; total: number }) => void;
}

/** How long a batch is hidden from another redrive, in seconds. */
const VISIBILITY_SECONDS = 120;

/**
 * Sends the dead letters of an event's queue there once more, each with the time when it was sent first: SQS gives a message
 * that it moves back itself a new one, and then nobody knows any more what was reported before somebody was erased.
 *
 * Only those that are there at the beginning: what is refused again comes back. It may be stopped and run again: a message
 * is in its queue before it leaves the dead letters, and an event that comes twice is sent once.
 *
 * @returns how many; and how many are still there, because somebody else has received them a moment ago.
 */
export async function redriveEvents(work: RedriveEvents): Promise<{ requeued: number; hidden: number }> {
  const before = await queueLength(work.sqs, work.deadLettersUrl);
  const total = before.visible + before.hidden;
  let requeued = 0;
  while (requeued < total) {
    const batch = await receive(work);
    if (batch.length === 0) break;
    await requeue(work, batch);
    await deleteFromDeadLetters(work, batch);
    requeued += batch.length;
    work.onProgress({ requeued, total });
  }
  return { requeued, hidden: await stillHidden(work.sqs, work.deadLettersUrl, before) };
}

async function receive({ sqs, deadLettersUrl }: RedriveEvents): Promise<Message[]> {
  const request = new ReceiveMessageCommand({
    QueueUrl: deadLettersUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: VISIBILITY_SECONDS,
    WaitTimeSeconds: 1,
    MessageSystemAttributeNames: ['SentTimestamp'],
    MessageAttributeNames: [SENT_AT],
  });
  return (await sqs.send(request)).Messages ?? [];
}

async function requeue({ sqs, queueUrl }: RedriveEvents, messages: Message[]): Promise<void> {
  const Entries = messages.map(({ Body, Attributes, MessageAttributes }, index) => ({
    Id: String(index),
    MessageBody: Body,
    MessageAttributes: {
      [SENT_AT]: {
        DataType: 'String',
        StringValue: MessageAttributes?.[SENT_AT]?.StringValue ?? Attributes?.SentTimestamp ?? '0',
      },
    },
  }));
  const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  const [failed] = Failed;
  if (failed)
    throw new Error(`SQS refused ${Failed.length} messages: ${failed.Code} ${failed.Message ?? ''}`);
}

async function deleteFromDeadLetters(
  { sqs, deadLettersUrl }: RedriveEvents,
  messages: Message[],
): Promise<void> {
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: deadLettersUrl, Entries }));
}
