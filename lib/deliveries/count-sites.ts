import { inParallel } from '../aws/parallel.ts';
import { staffFor } from '../domain/staff.ts';
import { log } from '../observability/logger.ts';
import { type SiteToCount, sitesToCount } from '../store/sites.ts';
import { countNext } from '../store/statistics.ts';
import { tellFailures } from './tell-failures.ts';
import { tellStaffNews } from './tell-staff.ts';

/** How many sites are counted at the same time. */
const PARALLEL = 5;
/** A run with less time left counts no further page, in milliseconds. */
const LEAST_TIME = 20_000;
/** So long a site is counted in one run, in milliseconds: one with a long log goes on with the next one. */
const TURN = 20_000;

export interface CountContext {
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 up to 1, which is not included. */
  random: () => number;
  /** The time that the function has left, in milliseconds. */
  remainingMilliseconds: () => number;
}

/** How many sites were counted up to now; the others go on with the next run. */
export interface CountSummary {
  counted: number;
  open: number;
  failed: number;
}

/**
 * Counts the statistics of all sites, each with its share of the time, and tells the staff of those that have some. One that
 * fails costs only itself.
 *
 * @throws ServiceUnreachableError where the sites can't be read.
 */
export async function countSites({
  now,
  random,
  remainingMilliseconds,
}: CountContext): Promise<CountSummary> {
  const summary: CountSummary = { counted: 0, open: 0, failed: 0 };
  const sites = await Array.fromAsync(sitesToCount());
  // It begins anywhere: where the time is short every time, it is not always the same sites that go without.
  const first = Math.floor(random() * sites.length);
  const hasTime = () => remainingMilliseconds() >= LEAST_TIME;
  await inParallel([...sites.slice(first), ...sites.slice(0, first)], PARALLEL, async (site) => {
    const end = now() + TURN;
    summary[await countSite(site, now, () => hasTime() && now() < end)] += 1;
    if (site.staff || site.hasNews) await tellStaffOf(site, now());
  });
  log.info('statistics counted', { ...summary });
  return summary;
}

async function countSite(
  site: SiteToCount,
  now: () => number,
  mayGoOn: () => boolean,
): Promise<keyof CountSummary> {
  try {
    while (mayGoOn()) if (!(await countNext(site, now()))) return 'counted';
    return 'open';
  } catch (error) {
    log.error('statistics of a site not counted: the next run goes on', { siteId: site.siteId, error });
    return 'failed';
  }
}

/** What nobody has told the staff of a site when it happened, and what has failed since the last run. */
async function tellStaffOf({ siteId, staff, hasNews }: SiteToCount, now: number): Promise<void> {
  if (hasNews) await tellStaffNews(siteId);
  try {
    if (staffFor({ staff }, 'failures').length > 0) await tellFailures(siteId, now);
  } catch (error) {
    log.error('failures of a site not told to its staff: the next run goes on', { siteId, error });
  }
}
