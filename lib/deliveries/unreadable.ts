import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { environment } from '../aws/environment.ts';
import { callSqs, sqs } from '../aws/sqs.ts';
import { log } from '../observability/logger.ts';
import type { Notification } from './notification.ts';

/** A message of the queue. */
interface Unread {
  messageId: string;
  body: string;
}

/** What every notification has: without one of these nothing can be done with it, and no record of it be written. */
const NEEDED = ['deliveryId', 'siteId', 'userId', 'event', 'eventId'];

/** The notification in a message; `undefined` if it is none. Only our own functions may write to the queue (IAM). */
export function readNotification(body: string): Notification | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null) return undefined;
  const fields = json as Record<string, unknown>;
  return NEEDED.every((name) => typeof fields[name] === 'string') ? (json as Notification) : undefined;
}

/**
 * Moves messages that are no notifications to the dead letters: received again they would be none either, and what they
 * stand for nobody knows.
 *
 * @returns those that could not be moved.
 */
export async function moveUnreadable<Message extends Unread>(records: Message[]): Promise<Message[]> {
  const left = await Promise.all(
    records.map(async (record) => {
      const { messageId } = record;
      try {
        await sendToDeadLetters(record);
        log.error('message is no notification: moved to the dead letters', { messageId });
        return undefined;
      } catch (error) {
        log.error('message is no notification, and is received again', { messageId, error });
        return record;
      }
    }),
  );
  return left.filter((record) => record !== undefined);
}

/** In a group of its own: so it holds up nobody's letters. */
async function sendToDeadLetters({ messageId, body }: Unread): Promise<void> {
  const request = new SendMessageCommand({
    QueueUrl: environment('DELIVERIES_DEAD_LETTER_QUEUE_URL'),
    MessageBody: body,
    MessageGroupId: messageId,
    MessageDeduplicationId: messageId,
  });
  await callSqs((options) => sqs.send(request, options));
}
