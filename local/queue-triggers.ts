/** What AWS does between a queue and its function: polls, invokes with a batch, deletes what is done, keeps what failed. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  type MessageSystemAttributeName,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

export interface QueueTrigger {
  queueUrl: string;
  queueArn: string;
  batchSize: number;
  /** How many batches are handed out at once. */
  concurrency: number;
  reportsBatchItemFailures: boolean;
  /** Runs the function. It throws where the function failed as a whole. */
  invoke: (event: SQSEvent) => Promise<unknown>;
}

const ATTRIBUTES: MessageSystemAttributeName[] = ['All'];

/** Starts to poll; the answer stops it and waits for the batches under way. */
export function startQueueTrigger(client: SQSClient, trigger: QueueTrigger): () => Promise<void> {
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (underWay.size >= trigger.concurrency) {
        await Promise.race(underWay);
        continue;
      }
      const messages = await receive(client, trigger, stopping.signal);
      if (messages.length === 0) continue;
      const batch = handOver(client, trigger, messages).finally(() => underWay.delete(batch));
      underWay.add(batch);
    }
  }

  const polling = poll();
  return async () => {
    stopping.abort();
    await polling;
    await Promise.all(underWay);
  };
}

async function receive(client: SQSClient, trigger: QueueTrigger, signal: AbortSignal): Promise<Message[]> {
  const request = new ReceiveMessageCommand({
    QueueUrl: trigger.queueUrl,
    MaxNumberOfMessages: trigger.batchSize,
    WaitTimeSeconds: 20,
    MessageSystemAttributeNames: ATTRIBUTES,
    MessageAttributeNames: ['All'],
  });
  try {
    const { Messages = [] } = await client.send(request, { abortSignal: signal });
    return Messages;
  } catch (error) {
    if (signal.aborted) return [];
    console.error(
      `The queue ${trigger.queueUrl} can't be read: ${error instanceof Error ? error.message : error}`,
    );
    await sleep(1_000);
    return [];
  }
}

async function handOver(client: SQSClient, trigger: QueueTrigger, messages: Message[]): Promise<void> {
  const Records = messages.map((message) => toRecord(message, trigger.queueArn));
  let kept: Set<string>;
  try {
    const answer = (await trigger.invoke({ Records })) as SQSBatchResponse | undefined;
    const failures = trigger.reportsBatchItemFailures ? (answer?.batchItemFailures ?? []) : [];
    kept = new Set(failures.map(({ itemIdentifier }) => itemIdentifier));
  } catch (error) {
    // The whole batch comes back after the visibility time-out, as on AWS.
    console.error(
      `A batch of ${messages.length} messages failed: ${error instanceof Error ? error.message : error}`,
    );
    return;
  }
  const done = messages.filter(({ MessageId = '' }) => !kept.has(MessageId));
  if (done.length === 0) return;
  const Entries = done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await client.send(new DeleteMessageBatchCommand({ QueueUrl: trigger.queueUrl, Entries }));
}

function toRecord(message: Message, queueArn: string): SQSRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: message.Attributes as unknown as SQSRecord['attributes'],
    messageAttributes: {},
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: 'eu-south-1',
  };
}
