import { clockHandler } from '../lib/observability/clock-handler.ts';
import { sweepOutgoing } from '../lib/webhooks/sweep.ts';

/** Every minute: has the dispatcher look at webhooks that nobody looks at. */
export const handler = clockHandler('outgoing-due', () => sweepOutgoing(Date.now()));
