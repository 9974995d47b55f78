import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { queueLength, stillHidden } from '../aws/queue-length.ts';
import { MAX_BODY_BYTES } from '../http/body.ts';
import { firstSentAt, SENT_AT } from './dead-letters.ts';

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
 * @returns how many; how many are still there, because somebody else has received them a moment ago; and how many stay,
 * because they are larger than an event may be.
 */
export async function redriveEvents(
  work: RedriveEvents,
): Promise<{ requeued: number; hidden: number; tooLarge: number }> {
  const before = await queueLength(work.sqs, work.deadLettersUrl);
  const total = before.visible + before.hidden;
  let requeued = 0;
  // By message id: they are received again, if this takes long.
  const tooLarge = new Set<string>();
  while (requeued + tooLarge.size < total) {
    const batch = await receive(work);
    if (batch.length === 0) break;
    const { fitting = [], others = [] } = Object.groupBy(batch, isFitting);
    await requeue(work, fitting);
    await deleteFromDeadLetters(work, fitting);
    requeued += fitting.length;
    for (const { MessageId = '' } of others) tooLarge.add(MessageId);
    work.onProgress({ requeued, total });
  }
  const hidden = await stillHidden(work.sqs, work.deadLettersUrl, before);
  return { requeued, hidden, tooLarge: tooLarge.size };
}

function isFitting({ Body = '' }: Message): 'fitting' | 'others' {
  return Buffer.byteLength(Body) <= MAX_BODY_BYTES ? 'fitting' : 'others';
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

/** One by one: ten of them together may be more than one request may hold. */
async function requeue({ sqs, queueUrl }: RedriveEvents, messages: Message[]): Promise<void> {
  const requests = messages.map(({ Body, Attributes, MessageAttributes }) => {
    const first = firstSentAt(MessageAttributes?.[SENT_AT]?.StringValue, Number(Attributes?.SentTimestamp));
    return new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: Body,
      MessageAttributes: { [SENT_AT]: { DataType: 'String', StringValue: String(first) } },
    });
  });
  await Promise.all(requests.map((request) => sqs.send(request)));
}

async function deleteFromDeadLetters(
  { sqs, deadLettersUrl }: RedriveEvents,
  messages: Message[],
): Promise<void> {
  if (messages.length === 0) return;
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: deadLettersUrl, Entries }));
}
