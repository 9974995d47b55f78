/** Tells and counts who has opened a message, after the redirect has done nothing but mark it (lib/store/clicks.ts). */
import { inParallel } from '../aws/parallel.ts';
import { zonedDay } from '../i18n/time-zones.ts';
import { log } from '../observability/logger.ts';
import { announce } from '../store/announce.ts';
import { addClicked, lastAdded } from '../store/click-counts.ts';
import { type NewClick, newClicks, noteClick, sitesWithNewClicks } from '../store/clicks.ts';
import { type Delivery, findDeliveries } from '../store/deliveries.ts';
import { isTold } from '../store/site-webhook.ts';
import { findSite, type Site } from '../store/sites.ts';

/** How many sites are looked at, and how many records of a site are written, at the same time. */
const PARALLEL_SITES = 5;
const PARALLEL_WRITES = 10;
/** How many messages are read together. */
const PAGE = 100;
/** So long a site has its turn, in milliseconds: one with very many clicks goes on with the next run. */
const TURN = 10_000;
/** A run with less time left begins nothing more, in milliseconds. */
const LEAST_TIME = 10_000;

type Clicked = Extract<Delivery, { status: 'sent' }>;

/**
 * Looks at the sites with new clicks, each with its share of the time. One that fails costs only itself: the next run goes on.
 *
 * @throws ServiceUnreachableError where the index can't be read.
 */
export async function noteNewClicks(remainingMilliseconds: () => number): Promise<void> {
  const siteIds = await Array.fromAsync(sitesWithNewClicks());
  await inParallel(siteIds, PARALLEL_SITES, async (siteId) => {
    const end = Date.now() + TURN;
    try {
      while (Date.now() < end && remainingMilliseconds() >= LEAST_TIME) if (!(await noteNext(siteId))) return;
    } catch (error) {
      log.error('clicks of a site not noted: the next run goes on', { siteId, error });
    }
  });
}

/** @returns whether there may be more. */
async function noteNext(siteId: string): Promise<boolean> {
  const found = await newClicks(siteId, PAGE);
  const site = found.length > 0 ? await findSite(siteId) : undefined;
  const [first] = found;
  if (!first || !site) return false;
  const dayOf = ({ newClickAt }: Pick<NewClick, 'newClickAt'>) => zonedDay(newClickAt, site.timeZone);
  const day = dayOf(first);
  // Before the records: who has added others since has marked these by then.
  const last = await lastAdded(siteId, day);
  const records = (await findDeliveries(found.filter((click) => dayOf(click) === day))) as Clicked[];
  const marked = records.filter(({ newClickAt }) => newClickAt !== undefined);
  const fresh = marked.filter(({ clickNoted }) => !clickNoted);
  await tell(site, fresh);
  const uncounted = fresh.filter(({ deliveryId }) => !last.added.includes(deliveryId));
  if (uncounted.length > 0 && !(await addClicked({ siteId, day }, uncounted, last))) return true;
  await inParallel(marked, PARALLEL_WRITES, noteClick);
  // The index may still show those that are noted: then there is nothing to do until it has followed.
  return marked.length > 0;
}

/** The same once more is told with the same id. */
async function tell({ siteId, webhook }: Site, clicked: Clicked[]): Promise<void> {
  if (!isTold(webhook, 'delivery.clicked')) return;
  await announce(
    clicked.map(({ deliveryId, clickedAt: at = '' }) => ({
      ...{ siteId, event: 'delivery.clicked', at },
      ...{ source: { kind: 'delivery', deliveryId }, identity: [deliveryId] },
    })),
  );
}
