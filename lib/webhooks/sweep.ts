import { measure } from '../observability/metrics.ts';
import { callDispatcher } from '../store/announce.ts';
import { overdueOutgoing } from '../store/outgoing-lanes.ts';

/** A lane that is late by less than this has its ticket in the queue. Milliseconds. */
const GRACE = 15_000;

/**
 * Finds the sites whose webhook nobody looks at: their ticket was lost, a run died, or nobody has called for it yet.
 *
 * @param now milliseconds since 1970.
 * @throws ServiceUnreachableError: the next run finds the others.
 */
export async function sweepOutgoing(now: number): Promise<void> {
  let latest = 0;
  for await (const { siteId, nextAt } of overdueOutgoing(now - GRACE)) {
    latest = Math.max(latest, now - Date.parse(nextAt));
    await callDispatcher(siteId, 0);
  }
  measure('WebhookLateness', {}, latest);
}
