import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { callSqs, sqs } from './sqs.ts';

const FIRST_BACKOFF_SECONDS = 2;
const MAX_BACKOFF_SECONDS = 900;

/**
 * How long to wait before the next attempt, in whole seconds: 2, 4, 8 … up to 900. A random part, up to a half, is taken
 * off, so that messages that failed together are not all retried at the same moment.
 *
 * @param failures how often it has failed so far, from 1.
 * @param random 0 to 1; always 0: messages that came one after the other come again in that order.
 */
export function backoffSeconds(failures: number, random: () => number = Math.random): number {
  const longest = Math.min(FIRST_BACKOFF_SECONDS * 2 ** (failures - 1), MAX_BACKOFF_SECONDS);
  return Math.ceil(longest * (1 - random() / 2));
}

/** A message that was received, and shall be received once more. */
export interface Deferral {
  receiptHandle: string;
  /** When it may be received again, in whole seconds from now: 0 to 43,200. */
  seconds: number;
}

/**
 * Sets when each of these messages becomes visible in its queue again. Where SQS refuses that for one, the queue's own
 * visibility timeout holds: it is received later than wanted, but not lost.
 *
 * @param deferrals at most ten.
 * @throws ServiceUnreachableError
 */
export async function deferMessages(QueueUrl: string, deferrals: Deferral[]): Promise<void> {
  if (deferrals.length === 0) return;
  const Entries = deferrals.map(({ receiptHandle, seconds }, index) => ({
    Id: String(index),
    ReceiptHandle: receiptHandle,
    VisibilityTimeout: seconds,
  }));
  await callSqs((options) =>
    sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }), options),
  );
}
