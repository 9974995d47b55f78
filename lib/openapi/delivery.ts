import * as z from 'zod/mini';
import type { DeliveryView } from '../deliveries/delivery-view.ts';
import { DELIVERY_STATUSES } from '../deliveries/log-parameters.ts';
import { instant, type Shape, text } from './schemas.ts';

/** A delivery as the log and the export of a person show it. */
export const deliveryFields = {
  deliveryId: text,
  event: text,
  eventId: text,
  templateId: z.optional(text),
  userId: text,
  status: z.enum(DELIVERY_STATUSES),
  recordedAt: instant,
  attempts: z.int(),
  test: z.boolean(),
  source: z.optional(z.enum(['https', 'sqs'])),
  dueAt: z.optional(instant),
  reason: z.optional(text),
  failure: z.optional(z.object({ class: text, description: text })),
  nextAttemptAt: z.optional(instant),
  until: z.optional(instant),
  digestId: z.optional(text),
  collected: z.optional(z.int()),
  resendOf: z.optional(text),
  resendableUntil: z.optional(instant),
  messageId: z.optional(z.int()),
  edited: z.optional(z.literal(true)),
  step: z.optional(z.int()),
  takenBackAt: z.optional(instant),
  takenBackAs: z.optional(z.literal('edited')),
  clicks: z.optional(z.int()),
  clickedAt: z.optional(instant),
} satisfies Shape<DeliveryView>;

export const deliverySample = {
  deliveryId: 'wcZ_NeggoodXsop_Ce6MtDk7gAm7q1ue',
  event: 'order-status',
  eventId: 'ordine-2026-0412-evaso',
  templateId: 'default-order-status',
  userId: 'anna',
  status: 'sent',
  recordedAt: '2026-11-22T10:49:52.022Z',
  attempts: 1,
  test: false,
  messageId: 318,
};
