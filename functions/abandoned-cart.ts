import * as z from 'zod/mini';
import { defineEvent } from '../lib/events/definition.ts';
import { eventFunction } from '../lib/events/handler.ts';
import { withdraw } from '../lib/events/http-adapter.ts';
import { eventFields, itemCount, recipient } from '../lib/events/schemas.ts';
import { route } from '../lib/http/route.ts';
import { id, language, money } from '../lib/http/schemas.ts';
import { dropRecoveredCart, scheduleCart } from '../lib/schedule/carts.ts';

/**
 * Notifica carrello abbandonato: a cart was abandoned. Some hours later, unless it was recovered or ordered by then, the
 * user whose cart it is hears of it, in the session's language. Carts made by agents are left alone.
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
  languageOf: 'session',
  skipReason: ({ user }) => (user.kind === 'agent' ? 'agent-cart' : undefined),
  reaches: ({ createdAt }, { occurredAt }) =>
    createdAt === undefined || occurredAt === undefined || Date.parse(occurredAt) >= Date.parse(createdAt),
  url: ({ cart }) => cart.url,
  values: ({ cart }) => ({ numeroArticoliCarrello: cart.itemCount, totaleCarrello: cart.total }),
});

/** The cart of a user was recovered. */
const recovery = route({
  method: 'DELETE',
  path: '/v1/sites/{siteId}/events/abandoned-cart/{userId}',
  caller: 'site',
  activeOnly: true,
  handle: ({ site, path }) => withdraw(path.userId, (userId) => dropRecoveredCart(site.siteId, userId)),
});

export const { routes, handler } = eventFunction(abandonedCart, {
  accept: (event, site) => scheduleCart(abandonedCart, event, site),
  routes: [recovery],
});
