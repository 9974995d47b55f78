import { clockHandler } from '../lib/observability/clock-handler.ts';
import { lookAtWebhooks } from '../lib/sites/look-at-webhooks.ts';
import { ownAddresses } from '../lib/sites/own-addresses.ts';

interface Run {
  /** 0 to 23, UTC: looks at the sites of that hour, for whoever makes a run good by hand. */
  hour?: number;
}

/** Every hour: looks at the webhooks of the sites whose hour it is. */
export const handler = clockHandler(
  'webhooks',
  ({ hour = new Date().getUTCHours() }: Run, remainingMilliseconds) =>
    lookAtWebhooks({ own: ownAddresses(), hour, now: Date.now, random: Math.random, remainingMilliseconds }),
);
