import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { isFinal } from '../store/deliveries.ts';
import { readFacts } from '../store/facts.ts';
import type { Notification } from './notification.ts';

export interface Redrive {
  sqs: SQSClient;
  deadLettersUrl: string;
  deliveriesUrl: string;
  /** Called after each batch. */
  onProgress: (progress: { sentAgain: number; leftAlone: number; total: number }) => void;
}

/** How long a batch is hidden from another redrive, in seconds. */
const VISIBILITY_SECONDS = 120;

/**
 * Sends the dead letters again: each back into the deliveries queue, in its group's order, with twelve receives ahead of
 * it. What was delivered meanwhile (or is not wanted any more) is only taken out of the dead letters.
 *
 * Killed at any point it may be run again: a message goes back into the queue before it leaves the dead letters, and
 * carries an id by which the queue, and later the record of the delivery, know it from a second one.
 */
export async function redrive(work: Redrive): Promise<{ sentAgain: number; leftAlone: number }> {
  const total = await countMessages(work);
  const result = { sentAgain: 0, leftAlone: 0 };
  for (let batch = await receive(work); batch.length > 0; batch = await receive(work)) {
    const notifications = batch.map(({ Body = '' }) => JSON.parse(Body) as Notification);
    const { deliveries } = await readFacts({ deliveries: notifications });
    const isWanted = (index: number) => !isFinal(deliveries.get(notifications[index]?.deliveryId ?? ''));
    const wanted = batch.filter((_, index) => isWanted(index));
    await sendAgain(work, wanted);
    await takeOut(work, batch);
    result.sentAgain += wanted.length;
    result.leftAlone += batch.length - wanted.length;
    work.onProgress({ ...result, total: Math.max(total, result.sentAgain + result.leftAlone) });
  }
  return result;
}

async function countMessages({ sqs, deadLettersUrl }: Redrive): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages' as const];
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLettersUrl, AttributeNames }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}

async function receive({ sqs, deadLettersUrl }: Redrive): Promise<Message[]> {
  const request = new ReceiveMessageCommand({
    QueueUrl: deadLettersUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: VISIBILITY_SECONDS,
    // Long enough that SQS asks all of its servers: an empty answer then means an empty queue.
    WaitTimeSeconds: 1,
    MessageSystemAttributeNames: ['MessageGroupId'],
  });
  const { Messages = [] } = await sqs.send(request);
  return Messages;
}

async function sendAgain({ sqs, deliveriesUrl }: Redrive, messages: Message[]): Promise<void> {
  if (messages.length === 0) return;
  const Entries = messages.map(({ MessageId, Body, Attributes }, index) => ({
    Id: String(index),
    MessageBody: Body,
    MessageGroupId: Attributes?.MessageGroupId,
    // Not the delivery's own id: within five minutes the queue would take it for the one that failed.
    MessageDeduplicationId: `redrive-${MessageId}`,
  }));
  const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: deliveriesUrl, Entries }));
  const [failed] = Failed;
  if (failed)
    throw new Error(
      `SQS did not take ${Failed.length} messages back: ${failed.Code} ${failed.Message ?? ''}`,
    );
}

async function takeOut({ sqs, deadLettersUrl }: Redrive, messages: Message[]): Promise<void> {
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: deadLettersUrl, Entries }));
}
