import { clockHandler } from '../lib/observability/clock-handler.ts';
import { noteNewClicks } from '../lib/webhooks/new-clicks.ts';

/** Every minute: finds messages that somebody has opened, tells the shops' own systems, and counts them. */
export const handler = clockHandler('clicks-due', (_, remainingMilliseconds) =>
  noteNewClicks(remainingMilliseconds),
);
