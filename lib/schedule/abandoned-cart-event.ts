import * as z from 'zod/mini';
import type { Template } from '../domain/templates.ts';
import { defineEvent, type EventDefinition, type EventOf } from '../events/definition.ts';
import { eventFields, marketingConsent, recipient } from '../events/schemas.ts';
import { id, itemCount, language, money } from '../http/schemas.ts';

/** Whose cart it is. */
export const cartRecipient = z.extend(recipient, { marketingConsent: z.optional(marketingConsent) });

/**
 * Notifica carrello abbandonato: a cart was abandoned. Some hours later, unless it was recovered or ordered by then,
 * its user gets a message; in a series, further ones that only people get who want advertising. Carts made by agents are ignored.
 */
export const abandonedCart = defineEvent({
  name: 'abandoned-cart',
  schema: (link) =>
    z.strictObject({
      ...eventFields,
      language: z.optional(language),
      cart: z.strictObject({ id, itemCount, total: money, url: link, recoveryUrl: z.optional(link) }),
      user: cartRecipient,
    }),
  templateKind: () => 'abandoned-cart',
  recipients: ({ user }) => [user],
  skipReason: ({ user }) => (user.kind === 'agent' ? 'agent-cart' : undefined),
  reaches: (template, event) => isSince(template, event) && stepOf(template) === 1,
  url: ({ cart }) => cart.recoveryUrl ?? cart.url,
  values: ({ cart }) => ({ numeroArticoliCarrello: cart.itemCount, totaleCarrello: cart.total }),
});

export type CartEvent = EventOf<typeof abandonedCart>;

/** The same for a later message about the cart: advertising. */
export function laterMessage(step: number): EventDefinition<CartEvent> {
  return {
    ...abandonedCart,
    reaches: (template, event) => isSince(template, event) && stepOf(template) === step,
    advertises: ({ user }) => ({ consent: user.marketingConsent }),
  };
}

function stepOf({ step = 1 }: Pick<Template, 'step'>): number {
  return step;
}

/** A template is not used for carts that were abandoned before it was made. */
function isSince({ createdAt }: Template, { occurredAt }: { occurredAt?: string | undefined }): boolean {
  return (
    createdAt === undefined || occurredAt === undefined || Date.parse(occurredAt) >= Date.parse(createdAt)
  );
}
