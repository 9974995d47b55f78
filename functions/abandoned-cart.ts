import { eventFunction } from '../lib/events/handler.ts';
import { withdraw } from '../lib/events/http-adapter.ts';
import { route } from '../lib/http/route.ts';
import { abandonedCart } from '../lib/schedule/abandoned-cart-event.ts';
import { dropRecoveredCart, scheduleCart } from '../lib/schedule/carts.ts';

/** The cart of a user was recovered. */
const recovery = route({
  method: 'DELETE',
  path: '/v1/sites/{siteId}/events/abandoned-cart/{userId}',
  caller: 'site',
  activeOnly: true,
  handle: ({ site, path }) => withdraw(path.userId, (userId) => dropRecoveredCart(site.siteId, userId)),
});

export const { routes, handler } = eventFunction(abandonedCart, { accept: scheduleCart, routes: [recovery] });
