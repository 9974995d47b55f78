import { dueCarts } from '../lib/schedule/carts.ts';
import { pollerHandler } from '../lib/schedule/poller-handler.ts';

/** Every minute: dispatches the abandoned carts that are due. */
export const handler = pollerHandler(dueCarts);
