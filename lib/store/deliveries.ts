import { putItem } from '../aws/dynamodb.ts';
import { userKey } from '../domain/ids.ts';

/** The record of one delivery. It never holds the text of the message. */
export type Delivery = DeliveryKey & {
  event: string;
  eventId: string;
  templateId: string;
  userId: string;
  /** When this was recorded, ISO 8601. */
  recordedAt: string;
  /** How many times the queue had delivered the message by then. */
  attempts: number;
  /** A merchant's test of a template; no event was reported. */
  isTest?: true;
} /** `failure`: the error in the template, if the message was sent despite it. */ & (
    | { status: 'sent'; messageId: number; chatId: number; failure?: Failure }
    /** `isDead`: the last attempt has failed. The message is in the dead-letter queue and may be sent again. */
    | { status: 'failed'; failure: Failure; isDead?: boolean }
    /** `failures`: how many attempts have failed. */
    | { status: 'retrying'; failure: Failure; failures: number; nextAttemptAt: string }
    | { status: 'skipped'; reason: string }
  );

export interface DeliveryKey {
  siteId: string;
  deliveryId: string;
}

/** The error that Telegram, or the connection to it, reported. */
export interface Failure {
  class: string;
  description: string;
}

/** Deliveries are kept 90 days; DynamoDB's time to live removes them. */
const KEPT_SECONDS = 90 * 24 * 3600;

/** Whether a delivery is finished: nothing more is sent for it. */
export function isFinal(delivery: Delivery | undefined): boolean {
  if (delivery === undefined || delivery.status === 'retrying') return false;
  return !(delivery.status === 'failed' && delivery.isDead);
}

/** Records the state of a delivery. A delivery recorded as sent stays so. @throws ServiceUnreachableError */
export async function recordDelivery(delivery: Delivery): Promise<void> {
  const isNotSentYet = 'attribute_not_exists(#status) OR #status <> :sent';
  const expiresAt = Math.floor(Date.parse(delivery.recordedAt) / 1000) + KEPT_SECONDS;
  const item = { ...delivery, siteUser: userKey(delivery), expiresAt };
  // The write is refused if the delivery is recorded as sent: two functions had the same message, and one has sent it.
  await putItem('DELIVERIES_TABLE', item, {
    ConditionExpression: isNotSentYet,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':sent': 'sent' },
  });
}
