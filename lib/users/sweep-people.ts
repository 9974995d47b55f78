import { sendTickets } from '../aws/tickets.ts';
import { log } from '../observability/logger.ts';
import { measure } from '../observability/metrics.ts';
import { sitesWithTodos } from '../store/directory.ts';
import { sitesWithChangedUsers } from '../store/users.ts';

/**
 * Finds the sites in which something has happened to people and nobody has looked, or of which the directory is being made:
 * their ticket was lost, a function died, a link has expired, an event had new names. They get a ticket.
 *
 * @param now milliseconds since 1970.
 * @throws ServiceUnreachableError: the next run finds the others.
 */
export async function sweepPeople(now: number): Promise<void> {
  const siteIds = new Set<string>();
  let latest = 0;
  const found = (siteId: string, since: string) => {
    siteIds.add(siteId);
    latest = Math.max(latest, now - Date.parse(since));
  };
  for await (const { siteId, changedAt } of sitesWithChangedUsers()) found(siteId, changedAt);
  for await (const { siteId, dueAt } of sitesWithTodos(now)) found(siteId, dueAt);
  await sendTickets(
    'PEOPLE_QUEUE_URL',
    [...siteIds].map((siteId) => ({ siteId })),
  );
  measure('PeopleLateness', {}, latest);
  if (siteIds.size > 0) log.info('people found to be looked at', { sites: siteIds.size });
}
