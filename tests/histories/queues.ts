/** The queues of a history: SQS as its documents describe it, in memory, at the history's own time. */
import type { SQSRecord } from 'aws-lambda';

export interface QueuedMessage {
  id: string;
  body: string;
  /** Only in a FIFO queue. */
  group?: string | undefined;
  sequenceNumber: string;
  deduplicationId?: string | undefined;
  receives: number;
  firstReceivedAt?: number;
  visibleAt: number;
}

/** Within this time a FIFO queue takes a deduplication id once, in milliseconds. */
const DEDUPLICATION = 5 * 60_000;

/** So many messages are received together. */
const BATCH = 10;

export class Queue {
  messages: QueuedMessage[] = [];
  readonly #name: string;
  readonly #visibility: number;
  readonly #seen = new Map<string, number>();
  #last = 0;

  /** @param visibility after this time a message that was received and not deleted is received again; milliseconds. */
  constructor(name: string, visibility: number) {
    this.#name = name;
    this.#visibility = visibility;
  }

  send(body: string, options: { delay?: number; group?: string; deduplicationId?: string } = {}): void {
    const { delay = 0, group, deduplicationId } = options;
    const now = Date.now();
    if (deduplicationId !== undefined) {
      const seenAt = this.#seen.get(deduplicationId);
      if (seenAt !== undefined && now - seenAt < DEDUPLICATION) return;
      this.#seen.set(deduplicationId, now);
    }
    this.#last += 1;
    const sequenceNumber = String(this.#last).padStart(20, '0');
    const id = `${this.#name}-${this.#last}`;
    this.messages.push({
      id,
      body,
      group,
      sequenceNumber,
      deduplicationId,
      receives: 0,
      visibleAt: now + delay,
    });
  }

  /** Receives what is visible, in order; of a FIFO queue nothing of a group whose earlier message is out. */
  receive(most = BATCH): QueuedMessage[] {
    const now = Date.now();
    const blocked = new Set<string>();
    const batch: QueuedMessage[] = [];
    for (const message of this.messages) {
      const { group } = message;
      if (batch.length >= most) break;
      if (group !== undefined && blocked.has(group)) continue;
      if (message.visibleAt > now) {
        if (group !== undefined) blocked.add(group);
        continue;
      }
      message.receives += 1;
      message.firstReceivedAt ??= now;
      message.visibleAt = now + this.#visibility;
      batch.push(message);
    }
    return batch;
  }

  delete(ids: string[]): void {
    this.messages = this.messages.filter(({ id }) => !ids.includes(id));
  }

  defer(id: string, seconds: number): void {
    const message = this.messages.find((each) => each.id === id);
    if (message) message.visibleAt = Date.now() + seconds * 1_000;
  }

  /** When the next message becomes visible; `undefined` for an empty queue. */
  nextAt(): number | undefined {
    const times = this.messages.map(({ visibleAt }) => visibleAt);
    return times.length > 0 ? Math.min(...times) : undefined;
  }
}

/** A message as the function gets it. */
export function recordOf(message: QueuedMessage, arn: string): SQSRecord {
  const {
    id,
    body,
    group,
    sequenceNumber,
    deduplicationId,
    receives,
    firstReceivedAt = Date.now(),
  } = message;
  return {
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
      SentTimestamp: String(firstReceivedAt),
      SenderId: 'history',
      ...(group !== undefined && { MessageGroupId: group, SequenceNumber: sequenceNumber }),
      ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: 'eu-south-1',
  };
}

interface SqsInput {
  QueueUrl?: string;
  MessageBody?: string;
  MaxNumberOfMessages?: number;
  MessageGroupId?: string;
  MessageDeduplicationId?: string;
  Entries?: {
    Id?: string;
    MessageBody?: string;
    DelaySeconds?: number;
    MessageGroupId?: string;
    MessageDeduplicationId?: string;
    ReceiptHandle?: string;
    VisibilityTimeout?: number;
  }[];
}

/** Answers a command of the SQS client. @param queueOf the queue at an address. */
export function answerSqs(name: string, input: SqsInput, queueOf: (url: string) => Queue): object {
  const queue = queueOf(input.QueueUrl ?? '');
  const { Entries = [] } = input;
  const put = ({
    MessageBody = '',
    DelaySeconds = 0,
    MessageGroupId,
    MessageDeduplicationId,
  }: (typeof Entries)[0]) =>
    queue.send(MessageBody, {
      delay: DelaySeconds * 1_000,
      ...(MessageGroupId !== undefined && { group: MessageGroupId }),
      ...(MessageDeduplicationId !== undefined && { deduplicationId: MessageDeduplicationId }),
    });
  switch (name) {
    case 'SendMessageCommand':
      put(input);
      return { MessageId: 'sent' };
    case 'SendMessageBatchCommand':
      Entries.forEach(put);
      return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
    case 'ChangeMessageVisibilityBatchCommand':
      for (const { ReceiptHandle = '', VisibilityTimeout = 0 } of Entries)
        queue.defer(ReceiptHandle, VisibilityTimeout);
      return { Successful: [], Failed: [] };
    case 'ReceiveMessageCommand':
      return { Messages: queue.receive(input.MaxNumberOfMessages).map(toReceived) };
    case 'DeleteMessageBatchCommand':
      queue.delete(Entries.map(({ ReceiptHandle = '' }) => ReceiptHandle));
      return { Successful: [], Failed: [] };
    case 'GetQueueAttributesCommand':
      return { Attributes: { ApproximateNumberOfMessages: String(queue.messages.length) } };
    default:
      throw new Error(`The queues of the histories do not know ${name}.`);
  }
}

function toReceived({ id, body, group }: QueuedMessage) {
  return { MessageId: id, ReceiptHandle: id, Body: body, Attributes: { MessageGroupId: group } };
}
