import { sendTickets as sendTo } from '../aws/tickets.ts';
import { log } from '../observability/logger.ts';

/** Longer than a run lasts that finds a bot without a working token, in seconds. */
const SECOND_LOOK = 30;

/**
 * Tells the drain to look at the waiting messages of these sites. One ticket too many does no harm: a site without waiting
 * messages, or one that another run works on, is left alone.
 *
 * @param delaySeconds after which time.
 * @throws ServiceUnreachableError
 */
export function sendTickets(siteIds: string[], delaySeconds = 0): Promise<void> {
  const tickets = siteIds.map((siteId) => ({ siteId }));
  return sendTo('DRAIN_QUEUE_URL', tickets, delaySeconds);
}

/**
 * A site can send again: its waiting messages go out now. Where a run is just finding out that the former token does not
 * work, a second ticket comes after it.
 */
export async function wakeDrain(siteId: string): Promise<void> {
  try {
    await Promise.all([sendTickets([siteId]), sendTickets([siteId], SECOND_LOOK)]);
  } catch (error) {
    log.warn('the drain was not told that a site can send again: it finds out within minutes', {
      siteId,
      error,
    });
  }
}
