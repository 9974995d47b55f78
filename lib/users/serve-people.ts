import { settleAll } from '../aws/parallel.ts';
import { readTicket, sendTickets } from '../aws/tickets.ts';
import { log } from '../observability/logger.ts';
import type { ChangesListener } from '../store/person-changes.ts';
import type { PeopleTicket } from '../store/wake-people.ts';
import { keepDirectory } from './keep-directory.ts';
import { tellChanges } from './tell-changes.ts';

/** The turn of a site, in milliseconds. */
const TURN = 25_000;
/** With less time left, nothing new is begun, in milliseconds: what has begun is finished. */
const LEAST_TIME = 25_000;
/** Whoever works on a site needs some milliseconds for a change; then its ticket is tried again, in seconds. */
const BUSY_DELAY = 1;

/** The ticket in a message of the queue of people; `undefined` if it is none. */
export function readPeopleTicket(body: string): PeopleTicket | undefined {
  const ticket = readTicket(body);
  if (!ticket) return undefined;
  const { siteId, userIds } = ticket;
  const isId = (id: unknown) => typeof id === 'string' && id !== '';
  return { siteId, ...(Array.isArray(userIds) && { userIds: userIds.filter(isId) }) };
}

/**
 * Keeps the directories of the sites that tickets name, and tells others what has happened to their people.
 *
 * @param listeners who is told. Each is told everything, at least once.
 * @param remainingMilliseconds the time that the function has left.
 */
export async function servePeople(
  tickets: PeopleTicket[],
  listeners: ChangesListener[],
  remainingMilliseconds: number,
): Promise<void> {
  const end = Date.now() + Math.min(TURN, remainingMilliseconds - LEAST_TIME);
  const hasTime = () => Date.now() < end;
  const bySite = Map.groupBy(tickets, ({ siteId }) => siteId);
  await settleAll(
    [...bySite].map(([siteId, own]) =>
      serve({ siteId, userIds: own.flatMap(({ userIds = [] }) => userIds) }, listeners, hasTime).catch(
        (error: unknown) => {
          // No other site is to wait for this one: the sweep finds what is left.
          log.error('changes of people of a site not applied: another run goes on', { siteId, error });
        },
      ),
    ),
  );
}

async function serve(
  ticket: PeopleTicket,
  listeners: ChangesListener[],
  hasTime: () => boolean,
): Promise<void> {
  const { siteId, userIds } = ticket;
  const kept = await keepDirectory(siteId, { hasTime, ...(userIds && { userIds }) });
  if (kept === 'no-site') return;
  const isTold = await tellChanges(siteId, listeners, hasTime);
  if (kept === 'busy') await sendTickets('PEOPLE_QUEUE_URL', [ticket], BUSY_DELAY);
  else if (kept === 'cut-short' || !isTold) await sendTickets('PEOPLE_QUEUE_URL', [{ siteId }]);
}
