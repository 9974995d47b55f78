import { clockHandler } from '../lib/observability/clock-handler.ts';
import { continueDirectory } from '../lib/sites/directory.ts';
import { eraseSites } from '../lib/sites/erase-sites.ts';
import { ownAddresses } from '../lib/sites/own-addresses.ts';

/** With less time left, the making of the directory is left to the next run, in milliseconds. */
const LEAST_TIME = 30_000;

/** Every five minutes: erases what belongs to deleted sites, and makes the directory of sites where it was never made. */
export const handler = clockHandler<unknown>('site-erasure', async (_event, remainingMilliseconds) => {
  await eraseSites({ own: ownAddresses(), now: Date.now, remainingMilliseconds });
  await continueDirectory(() => remainingMilliseconds() > LEAST_TIME);
});
