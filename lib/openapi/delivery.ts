import * as z from 'zod/mini';
import type { DeliveryView } from '../deliveries/delivery-view.ts';
import { DELIVERY_STATUSES } from '../deliveries/log-parameters.ts';
import { instant, type Shape, text } from './schemas.ts';

/** A delivery as the log and the export of a person show it. */
export const deliveryFields = {
  deliveryId: text,
  event: text,
  eventId: text,
  templateId: text,
  userId: text,
  status: z.enum(DELIVERY_STATUSES),
  recordedAt: instant,
  attempts: z.int(),
  test: z.boolean(),
  reason: z.optional(text),
  failure: z.optional(z.object({ class: text, description: text })),
  nextAttemptAt: z.optional(instant),
  messageId: z.optional(z.int()),
} satisfies Shape<DeliveryView>;
