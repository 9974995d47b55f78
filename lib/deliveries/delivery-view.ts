import { contentKeptUntil } from '../store/content-keys.ts';
import type { Delivery, Failure } from '../store/deliveries.ts';
import type { Source } from '../store/schedule.ts';

/** A delivery as the API shows it; never with the text of the message. */
export interface DeliveryView {
  deliveryId: string;
  event: string;
  eventId: string;
  /** Absent where no template was chosen. */
  templateId?: string;
  userId: string;
  status: Delivery['status'] | 'scheduled';
  /** When this was recorded, ISO 8601. */
  recordedAt: string;
  attempts: number;
  /** Whether it was a merchant's test of a template. */
  test: boolean;
  /** Whether the event came over HTTPS or through its queue. */
  source?: Source;
  /** `scheduled`: when it is due. `skipped`: when it would have been. */
  dueAt?: string;
  /** `skipped`, `waiting`: why. */
  reason?: string;
  /** What Telegram said, or the error of the connection. */
  failure?: Failure;
  /** `retrying`: when the next attempt is due. */
  nextAttemptAt?: string;
  /** `waiting`: when it is looked at again. */
  until?: string;
  /** The delivery of the message that it is in, together with other notices of its folder. */
  digestId?: string;
  /** How many notices of one folder the message collects. */
  collected?: number;
  /** The delivery whose message was sent once more. */
  resendOf?: string;
  /** Until when its message can be sent once more, ISO 8601; absent where it can't. */
  resendableUntil?: string;
  /** `sent`: the message in the chat. */
  messageId?: number;
  /** `sent`: the order's message in the chat was changed, and no other one was sent. */
  edited?: true;
  /** Which message of a series it is, or would have been. */
  step?: number;
  /** `sent`: when the message was taken back, ISO 8601. */
  takenBackAt?: string;
  /** `sent`: a neutral text stands in its place, since Telegram did not delete it. */
  takenBackAs?: 'edited';
  /** `sent`, and its links are counted: how often they were opened, and when first. */
  clicks?: number;
  clickedAt?: string;
}

export function deliveryView(delivery: Delivery): DeliveryView {
  const { deliveryId, event, eventId, templateId, userId, status, recordedAt, attempts } = delivery;
  const { isTest, source, resendOf, kept, collected } = delivery;
  const keptUntil = kept && contentKeptUntil(kept.day);
  return {
    ...{ deliveryId, event, eventId, ...(templateId !== undefined && { templateId }), userId },
    ...{ status, recordedAt, attempts },
    test: isTest ?? false,
    ...(source && { source }),
    ...(resendOf && { resendOf }),
    ...(collected && { collected }),
    ...('digestId' in delivery && delivery.digestId && { digestId: delivery.digestId }),
    ...(keptUntil && keptUntil > Date.now() && { resendableUntil: new Date(keptUntil).toISOString() }),
    ...('dueAt' in delivery && delivery.dueAt && { dueAt: delivery.dueAt }),
    ...('reason' in delivery && { reason: delivery.reason }),
    ...('failure' in delivery && delivery.failure && { failure: delivery.failure }),
    ...('nextAttemptAt' in delivery && { nextAttemptAt: delivery.nextAttemptAt }),
    ...('until' in delivery && { until: delivery.until }),
    ...('messageId' in delivery && { messageId: delivery.messageId }),
    ...('edited' in delivery && delivery.edited && { edited: true }),
    ...(delivery.step !== undefined && { step: delivery.step }),
    ...('takenBackAt' in delivery && { takenBackAt: delivery.takenBackAt }),
    ...('takenBackAs' in delivery && { takenBackAs: delivery.takenBackAs }),
    ...('links' in delivery && { clicks: delivery.clicks ?? 0 }),
    ...('clickedAt' in delivery && { clickedAt: delivery.clickedAt }),
  };
}
