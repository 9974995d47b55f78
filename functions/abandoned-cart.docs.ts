import type { EventDocs } from '../lib/openapi/events.ts';
import { routes } from './abandoned-cart.ts';

export const docs: EventDocs = {
  routes,
  summary: 'A cart was abandoned',
  who: "The user is told after the site's `abandonedCartHours`, unless the cart is recovered or ordered by then. Only the last cart of a user counts.",
  withdrawal: { id: 'recoverCart', summary: 'The cart of a user was recovered' },
};
