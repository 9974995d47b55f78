import { sweep } from '../lib/deliveries/sweep.ts';
import { clockHandler } from '../lib/observability/clock-handler.ts';

/** Every minute: has the drain look at waiting messages that nobody looks at. */
export const handler = clockHandler('drain-due', () => sweep(Date.now()));
