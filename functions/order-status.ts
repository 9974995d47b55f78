import * as z from 'zod/mini';
import { MAX_COPY_LENGTH } from '../lib/domain/buttons.ts';
import { defineEvent } from '../lib/events/definition.ts';
import { eventFunction } from '../lib/events/handler.ts';
import { eventFields, recipient } from '../lib/events/schemas.ts';
import { id, itemCount, type LinkSchema, language, money, requiredText } from '../lib/http/schemas.ts';
import { orderMemory } from '../lib/schedule/memory.ts';
import { ListedLines } from '../lib/templates/order-lines.ts';

/** More of them have no room in a message. */
const MAX_LINES = 500;

const line = (link: LinkSchema) =>
  z.strictObject({
    name: requiredText(256),
    quantity: itemCount,
    total: z.optional(money),
    imageUrl: z.optional(link),
  });

/**
 * Notifica Stato Ordine: an order entered a status. Its holder gets a message. The cart that it was made from is no
 * longer abandoned.
 */
export const orderStatus = defineEvent({
  name: 'order-status',
  schema: (link) =>
    z.strictObject({
      ...eventFields,
      language: z.optional(language),
      order: z.strictObject({
        id,
        reference: requiredText(256),
        status: requiredText(256),
        itemCount,
        total: money,
        url: link,
        lines: z.optional(z.array(line(link)).check(z.maxLength(MAX_LINES))),
        tracking: z.optional(z.strictObject({ code: requiredText(MAX_COPY_LENGTH) })),
      }),
      holder: recipient,
      cartId: z.optional(id),
    }),
  templateKind: () => 'order-status',
  recipients: ({ holder }) => [holder],
  status: ({ order }) => order.status,
  url: ({ order }) => order.url,
  listed: ({ order: { lines = [] } }) => (lines.length > 0 ? new ListedLines(lines) : undefined),
  values: ({ order }) => ({
    numeroArticoli: order.itemCount,
    siglaDocumento: order.reference,
    statoDocumento: order.status,
    totaleOrdine: order.total,
    codiceTracking: order.tracking?.code,
  }),
  forStaff: ({ order }) => ({ notice: 'new-order', id: order.id }),
  memory: orderMemory,
});

export const { routes, handler } = eventFunction(orderStatus);
