import { clockHandler } from '../lib/observability/clock-handler.ts';
import { eraseSites } from '../lib/sites/erase-sites.ts';
import { ownAddresses } from '../lib/sites/own-addresses.ts';

/** Every five minutes: erases what belongs to deleted sites. */
export const handler = clockHandler<unknown>('site-erasure', (_event, remainingMilliseconds) =>
  eraseSites({ own: ownAddresses(), now: Date.now, remainingMilliseconds }),
);
