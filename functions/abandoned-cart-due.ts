import { dueCarts } from '../lib/schedule/carts.ts';
import { pollerHandler } from '../lib/schedule/poller-handler.ts';

/** Every minute: dispatches the abandoned carts whose time has come. */
export const handler = pollerHandler(dueCarts);
