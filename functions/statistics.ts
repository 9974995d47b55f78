import { countSites } from '../lib/deliveries/count-sites.ts';
import { clockHandler } from '../lib/observability/clock-handler.ts';

/** Every hour: counts what was recorded in the log of each site since the last time, and tells its staff what has failed. */
export const handler = clockHandler<unknown>('statistics', (_event, remainingMilliseconds) =>
  countSites({ now: Date.now, random: Math.random, remainingMilliseconds }),
);
