import type { Delivery, Failure } from '../store/deliveries.ts';

/** A delivery as the API shows it; never with the text of the message. */
export interface DeliveryView {
  deliveryId: string;
  event: string;
  eventId: string;
  templateId: string;
  userId: string;
  status: Delivery['status'];
  /** When this was recorded, ISO 8601. */
  recordedAt: string;
  attempts: number;
  /** Whether it was a merchant's test of a template. */
  test: boolean;
  /** `skipped`, `waiting`: why. */
  reason?: string;
  /** What Telegram said, or the error of the connection. */
  failure?: Failure;
  /** `retrying`: when the next attempt is due. */
  nextAttemptAt?: string;
  /** `waiting`: when it is looked at again. */
  until?: string;
  /** `sent`: the message in the chat. */
  messageId?: number;
}

export function deliveryView(delivery: Delivery): DeliveryView {
  const { deliveryId, event, eventId, templateId, userId, status, recordedAt, attempts, isTest } = delivery;
  return {
    ...{ deliveryId, event, eventId, templateId, userId, status, recordedAt, attempts },
    test: isTest ?? false,
    ...('reason' in delivery && { reason: delivery.reason }),
    ...('failure' in delivery && delivery.failure && { failure: delivery.failure }),
    ...('nextAttemptAt' in delivery && { nextAttemptAt: delivery.nextAttemptAt }),
    ...('until' in delivery && { until: delivery.until }),
    ...('messageId' in delivery && { messageId: delivery.messageId }),
  };
}
