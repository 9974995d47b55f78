import { putItem } from '../aws/dynamodb.ts';
import { userKey } from '../domain/ids.ts';

/** How it went with one notification. Never holds the text of the message. */
export type Delivery = DeliveryKey & {
  event: string;
  eventId: string;
  templateId: string;
  userId: string;
  /** When this was recorded, ISO 8601. */
  recordedAt: string;
  /** How often the queue had given the message out. */
  attempts: number;
  /** A merchant's test of a template; no event was reported. */
  isTest?: true;
} /** `failure`: what was wrong with the template, where the message went out all the same. */ & (
    | { status: 'sent'; messageId: number; chatId: number; failure?: Failure }
    /** `isDead`: given up after the last attempt; the message is in the dead-letter queue and may be sent again. */
    | { status: 'failed'; failure: Failure; isDead?: boolean }
    /** `failures`: how often it was tried in vain. */
    | { status: 'retrying'; failure: Failure; failures: number; nextAttemptAt: string }
    | { status: 'skipped'; reason: string }
  );

export interface DeliveryKey {
  siteId: string;
  deliveryId: string;
}

/** What Telegram (or the way to it) said. */
export interface Failure {
  class: string;
  description: string;
}

/** Deliveries are kept 90 days; DynamoDB's time to live removes them. */
const KEPT_SECONDS = 90 * 24 * 3600;

/** Whether nothing more is to be sent for a delivery. */
export function isFinal(delivery: Delivery | undefined): boolean {
  if (delivery === undefined || delivery.status === 'retrying') return false;
  return !(delivery.status === 'failed' && delivery.isDead);
}

/** Writes how it went with a delivery. One that is recorded as sent stays so. @throws ServiceUnreachableError */
export async function recordDelivery(delivery: Delivery): Promise<void> {
  const isNotSentYet = 'attribute_not_exists(#status) OR #status <> :sent';
  const expiresAt = Math.floor(Date.parse(delivery.recordedAt) / 1000) + KEPT_SECONDS;
  const item = { ...delivery, siteUser: userKey(delivery), expiresAt };
  // Refused where it is recorded as sent: a second function had the same message, and the first record is the true one.
  await putItem('DELIVERIES_TABLE', item, {
    ConditionExpression: isNotSentYet,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':sent': 'sent' },
  });
}
