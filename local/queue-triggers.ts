/** A Lambda event source mapping: polls a queue, invokes the function with a batch, deletes the messages that succeeded. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  type MessageAttributeValue,
  type MessageSystemAttributeName,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSMessageAttribute, SQSRecord } from 'aws-lambda';
import { log } from '../lib/observability/logger.ts';
import { StartError } from './run.ts';

export interface QueueTrigger {
  queueUrl: string;
  queueArn: string;
  /** SQS returns ten at most. */
  batchSize: number;
  /** How many batches run at the same time. */
  concurrency: number;
  reportsBatchItemFailures: boolean;
  /** Runs the function. It throws where the function failed as a whole. */
  invoke: (event: SQSEvent) => Promise<unknown>;
}

const ATTRIBUTES: MessageSystemAttributeName[] = ['All'];

/** How long a request waits for messages, in seconds: a trigger that is disabled has to wait for its end. */
const LONG_POLL = 5;

/** How long to wait after a queue could not be read, in milliseconds. */
const PAUSE = 1_000;

/** A trigger that polls its queue, and how it ends. Both wait for the running batches. */
export interface Polling {
  /** The last request is cancelled. What the queue hands out to it all the same is lost until its visibility time-out. */
  stop(): Promise<void>;
  /** The last request ends by itself, within seconds, and what it receives is handled. */
  finish(): Promise<void>;
}

export function startQueueTrigger(client: SQSClient, trigger: QueueTrigger): Polling {
  const stopping = new AbortController();
  let isFinishing = false;
  const running = new Set<Promise<void>>();

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted && !isFinishing) {
      if (running.size >= trigger.concurrency) {
        await Promise.race(running);
        continue;
      }
      const messages = await receive(client, trigger, stopping.signal);
      if (messages.length === 0) continue;
      const batch = processBatch(client, trigger, messages).finally(() => running.delete(batch));
      running.add(batch);
    }
  }

  const polling = poll();
  const ended = async () => {
    await polling;
    await Promise.all(running);
  };
  return {
    stop() {
      stopping.abort();
      return ended();
    },
    finish() {
      isFinishing = true;
      return ended();
    },
  };
}

/**
 * AWS refuses a trigger for a queue whose messages may become visible again while the function is still running.
 *
 * @param timeout how long the function may run, in seconds.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export async function checkTimeout(client: SQSClient, queueUrl: string, timeout: number): Promise<void> {
  const AttributeNames = ['VisibilityTimeout' as const];
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames }),
  );
  const visibility = Number(Attributes?.VisibilityTimeout);
  if (visibility < timeout)
    throw new StartError(
      `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeout} seconds. ` +
        `Give ${queueUrl} a longer VisibilityTimeout in serverless.yml: six times as much is what AWS advises.`,
    );
}

async function receive(client: SQSClient, trigger: QueueTrigger, signal: AbortSignal): Promise<Message[]> {
  const request = new ReceiveMessageCommand({
    QueueUrl: trigger.queueUrl,
    MaxNumberOfMessages: Math.min(trigger.batchSize, 10),
    WaitTimeSeconds: LONG_POLL,
    MessageSystemAttributeNames: ATTRIBUTES,
    MessageAttributeNames: ['All'],
  });
  try {
    const { Messages = [] } = await client.send(request, { abortSignal: signal });
    return Messages;
  } catch (error) {
    if (signal.aborted) return [];
    log.error('queue not read', { queue: nameOf(trigger), error });
    await pause(signal);
    return [];
  }
}

/** Waits, unless everything stops. */
async function pause(signal: AbortSignal): Promise<void> {
  await sleep(PAUSE, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** Never throws: a message that is not deleted is received again after the visibility time-out, as on AWS. */
async function processBatch(client: SQSClient, trigger: QueueTrigger, messages: Message[]): Promise<void> {
  try {
    const answer = await trigger.invoke({
      Records: messages.map((message) => toRecord(message, trigger.queueArn)),
    });
    const failed = trigger.reportsBatchItemFailures ? failedIn(answer, messages) : new Set<string>();
    await deleteMessages(
      client,
      trigger,
      messages.filter(({ MessageId = '' }) => !failed.has(MessageId)),
    );
  } catch (error) {
    log.error('batch failed', { queue: nameOf(trigger), messages: messages.length, error });
  }
}

/**
 * The messages that the function reported as failed. Where the report can't be read, or names a message that is not in
 * the batch, all of them have failed for AWS.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
function failedIn(answer: unknown, messages: Message[]): Set<string> {
  const { batchItemFailures } = (answer ?? {}) as Partial<SQSBatchResponse>;
  const failed = new Set((batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  const unknown = [...failed].find((id) => !messages.some(({ MessageId }) => MessageId === id));
  if (unknown !== undefined)
    throw new Error(`The function reported a message that is not of its batch: ${unknown}`);
  return failed;
}

async function deleteMessages(client: SQSClient, trigger: QueueTrigger, messages: Message[]): Promise<void> {
  if (messages.length === 0) return;
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const { Failed = [] } = await client.send(
    new DeleteMessageBatchCommand({ QueueUrl: trigger.queueUrl, Entries }),
  );
  if (Failed.length > 0)
    log.error('messages not deleted', { queue: nameOf(trigger), messages: Failed.length });
}

function nameOf({ queueArn }: QueueTrigger): string {
  return queueArn.slice(queueArn.lastIndexOf(':') + 1);
}

function toRecord(message: Message, queueArn: string): SQSRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    // The same fields: the SDK's type makes each of them optional.
    attributes: message.Attributes as unknown as SQSRecord['attributes'],
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, toAttribute(value)]),
    ),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  };
}

function toAttribute({
  StringValue,
  BinaryValue,
  DataType = 'String',
}: MessageAttributeValue): SQSMessageAttribute {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    dataType: DataType,
  };
}
