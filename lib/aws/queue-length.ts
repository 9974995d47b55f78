import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** How many messages a queue has. SQS counts them approximately. */
export interface QueueLength {
  visible: number;
  /** Somebody has received them, and has not yet deleted them: nobody else can receive them for some time. */
  hidden: number;
}

export async function queueLength(sqs: SQSClient, QueueUrl: string): Promise<QueueLength> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const request = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
  const { Attributes } = await sqs.send(request);
  const [visible, hidden] = AttributeNames.map((name) => Number(Attributes?.[name] ?? 0));
  return { visible: visible ?? 0, hidden: hidden ?? 0 };
}

/**
 * How many messages were hidden all the time that somebody worked on a queue. What they have deleted themselves may count
 * as hidden for another minute.
 *
 * @param before the length at the beginning.
 */
export async function stillHidden(sqs: SQSClient, url: string, before: QueueLength): Promise<number> {
  return before.hidden === 0 ? 0 : Math.min(before.hidden, (await queueLength(sqs, url)).hidden);
}
