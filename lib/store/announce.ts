/** Writes down what is about to happen for those whom it is told, and calls the dispatcher. */
import { LRUCache } from 'lru-cache';
import { settleAll } from '../aws/parallel.ts';
import { sendTickets } from '../aws/tickets.ts';
import { log } from '../observability/logger.ts';
import { type Happening, putRows, rowOf } from './outgoing.ts';
import { markLane } from './outgoing-lanes.ts';

/** The lane is not marked again by the same process within this time, in milliseconds. */
const MARKED_FOR = 60_000;
/** The dispatcher is not called again by the same process within this time, in milliseconds: the ticket waits as long. */
const CALLED_FOR = 2_000;
/** A lost ticket costs this, in milliseconds, and what the sweep takes. */
const LOOK_AFTER = 5_000;

/**
 * So long after its last mark a lane without rows may be closed, in milliseconds: a row is written at most `MARKED_FOR`, and
 * a write, after it.
 */
export const KEPT_OPEN = 5 * 60_000;

const MAX_SITES = 5_000;
/** When this process has marked the lane of a site, and called the dispatcher for it: milliseconds since 1970. */
const marked = new LRUCache<string, number>({ max: MAX_SITES });
const called = new LRUCache<string, number>({ max: MAX_SITES });

/** For tests, which empty the table, and for who has removed a lane. */
export function forgetMarks(): void {
  marked.clear();
  called.clear();
}

/**
 * Writes what is about to happen, before it does. The dispatcher is told of what people and bots do at once, of deliveries
 * within two seconds. The same once more changes nothing.
 *
 * @param happenings of sites whose webhook wants them.
 * @throws ServiceUnreachableError
 */
export async function announce(happenings: Happening[]): Promise<void> {
  if (happenings.length === 0) return;
  const { deliveries = [], others = [] } = Object.groupBy(happenings, ({ source }) =>
    source.kind === 'delivery' ? 'deliveries' : 'others',
  );
  const now = Date.now();
  await settleAll([
    ...sitesOf(happenings).map((siteId) => mark(siteId, now)),
    ...sitesOf(deliveries).map((siteId) => callSoon(siteId, now)),
  ]);
  const rows = happenings.map(rowOf);
  await putRows([...new Map(rows.map((row) => [`${row.siteId} ${row.key}`, row])).values()]);
  await settleAll(sitesOf(others).map((siteId) => callDispatcher(siteId, 0)));
}

function sitesOf(happenings: Happening[]): string[] {
  return [...new Set(happenings.map(({ siteId }) => siteId))];
}

async function mark(siteId: string, now: number): Promise<void> {
  if ((marked.get(siteId) ?? 0) > now - MARKED_FOR) return;
  await markLane(siteId, now, now + LOOK_AFTER);
  marked.set(siteId, now);
}

/** The ticket is received when all that this process writes until the next one is there. */
async function callSoon(siteId: string, now: number): Promise<void> {
  if ((called.get(siteId) ?? 0) > now - CALLED_FOR) return;
  called.set(siteId, now);
  await callDispatcher(siteId, CALLED_FOR);
}

/** Has the dispatcher look at a site, after so many milliseconds. Where that fails, the sweep does it. */
export async function callDispatcher(siteId: string, milliseconds: number): Promise<void> {
  try {
    await sendTickets('OUTGOING_QUEUE_URL', [{ siteId }], milliseconds / 1_000);
  } catch (error) {
    log.warn('the dispatcher of the webhooks was not called: the sweep does it', { siteId, error });
  }
}
