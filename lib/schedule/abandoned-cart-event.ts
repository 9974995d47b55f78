import * as z from 'zod/mini';
import { defineEvent, type EventOf } from '../events/definition.ts';
import { eventFields, recipient } from '../events/schemas.ts';
import { id, itemCount, language, money } from '../http/schemas.ts';

/**
 * Notifica carrello abbandonato: a cart was abandoned. Some hours later, unless it was recovered or ordered by then,
 * its user gets a message. Carts made by agents are ignored.
 */
export const abandonedCart = defineEvent({
  name: 'abandoned-cart',
  schema: (link) =>
    z.strictObject({
      ...eventFields,
      language: z.optional(language),
      cart: z.strictObject({ id, itemCount, total: money, url: link }),
      user: recipient,
    }),
  templateKind: () => 'abandoned-cart',
  recipients: ({ user }) => [user],
  skipReason: ({ user }) => (user.kind === 'agent' ? 'agent-cart' : undefined),
  reaches: ({ createdAt }, { occurredAt }) =>
    createdAt === undefined || occurredAt === undefined || Date.parse(occurredAt) >= Date.parse(createdAt),
  url: ({ cart }) => cart.url,
  values: ({ cart }) => ({ numeroArticoliCarrello: cart.itemCount, totaleCarrello: cart.total }),
});

export type CartEvent = EventOf<typeof abandonedCart>;
