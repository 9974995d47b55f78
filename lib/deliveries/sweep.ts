import { log } from '../observability/logger.ts';
import { measure } from '../observability/metrics.ts';
import { overdueLanes } from '../store/lanes.ts';
import { sendTickets } from './tickets.ts';

/** A lane that is late by less than this has its ticket in the queue. Milliseconds. */
const GRACE = 30_000;
/** The tickets that are sent together. */
const BATCH = 100;

/**
 * Finds the sites whose waiting messages nobody looks at: their ticket was lost, or a run died. Their tickets are sent anew.
 *
 * @param now milliseconds since 1970.
 * @throws ServiceUnreachableError: the next run finds the others.
 */
export async function sweep(now: number): Promise<void> {
  let siteIds: string[] = [];
  let latest = 0;
  for await (const { siteId, nextAt } of overdueLanes(now - GRACE)) {
    latest = Math.max(latest, now - Date.parse(nextAt));
    siteIds.push(siteId);
    if (siteIds.length < BATCH) continue;
    await sendTickets(siteIds);
    siteIds = [];
  }
  await sendTickets(siteIds);
  measure('DrainLateness', {}, latest);
  if (latest > 0) log.info('waiting messages found that nobody looked at', { latestMilliseconds: latest });
}
