import { hasEnvironment } from '../aws/environment.ts';
import { sendTickets, type Ticket } from '../aws/tickets.ts';
import { log } from '../observability/logger.ts';

/** Has the function `people` look at a site, and first of all at these people. */
export interface PeopleTicket extends Ticket {
  userIds?: string[];
}

/**
 * Tells the function `people` that something has happened to people of a site. Without it, it finds out within two minutes.
 * Functions that have no such queue (events know nothing but new names, the retention is in no hurry) leave it at that.
 */
export async function wakePeople(siteId: string, userIds?: string[]): Promise<void> {
  if (!hasEnvironment('PEOPLE_QUEUE_URL')) return;
  try {
    await sendTickets('PEOPLE_QUEUE_URL', [{ siteId, ...(userIds && { userIds }) } satisfies PeopleTicket]);
  } catch (error) {
    log.warn('nobody was told of a change of people: it is found within minutes', { siteId, error });
  }
}
