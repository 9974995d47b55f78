import { dueCarts } from '../lib/schedule/carts.ts';
import { pollerHandler } from '../lib/schedule/poller-handler.ts';
import { abandonedCart } from './abandoned-cart.ts';

/** Every minute: hands over the abandoned carts whose time has come. */
export const handler = pollerHandler(dueCarts(abandonedCart));
