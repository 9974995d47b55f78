import { eventFunction } from '../lib/events/handler.ts';
import { withdrawn } from '../lib/events/http-adapter.ts';
import { route } from '../lib/http/route.ts';
import { abandonedCart } from '../lib/schedule/abandoned-cart-event.ts';
import { scheduleCart, withdrawCart } from '../lib/schedule/carts.ts';

/** The cart of a user was recovered. */
const recovery = route({
  method: 'DELETE',
  path: '/v1/sites/{siteId}/events/abandoned-cart/{userId}',
  caller: 'site',
  handle: ({ site, path }) => withdrawn(path.userId, (userId) => withdrawCart(site, userId)),
});

export const { routes, handler } = eventFunction(abandonedCart, { accept: scheduleCart, routes: [recovery] });
