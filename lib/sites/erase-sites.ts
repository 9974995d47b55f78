import { log } from '../observability/logger.ts';
import { forgetSiteRequests } from '../store/site-requests.ts';
import { eraseLinksOfSite, eraseRows, type TableOfSites } from '../store/site-rows.ts';
import { findErasedSite, forgetErasedSite, readSite } from '../store/sites.ts';
import { type SiteErasure, saveSiteErasure, siteErasures } from '../store/statements.ts';
import { leaveErasedBot } from './erase-site.ts';
import type { OwnAddresses } from './own-addresses.ts';

/** First what would be sent, then people, then what names them elsewhere. */
const STAGES = [
  'WAITING_TABLE',
  'OUTGOING_TABLE',
  'SCHEDULE_TABLE',
  'USERS_TABLE',
  'PEOPLE_TABLE',
  'LINKS',
  'DELIVERIES_TABLE',
  // After the log, from which it is counted.
  'STATISTICS_TABLE',
  'STATEMENTS_TABLE',
  'TEMPLATE_VERSIONS_TABLE',
] as const;
type Stage = (typeof STAGES)[number];

/** So long after a site was shut a function may still write something for it, in milliseconds: it has read it before. */
const SETTLED_AFTER = 15 * 60_000;
/** Telegram is asked for so long to remove the webhook, in milliseconds. Then it leads to nobody for ever. */
const WEBHOOK_TRIED_FOR = 24 * 3_600_000;
/** A run with less time left begins no further page, in milliseconds. */
const LEAST_TIME = 30_000;

export interface EraseSitesContext {
  own: OwnAddresses;
  /** Milliseconds since 1970. */
  now: () => number;
  /** The time that the function has left, in milliseconds. */
  remainingMilliseconds: () => number;
}

export interface EraseSitesSummary {
  /** The sites of which nothing is left. */
  erased: number;
  /** The next run goes on with them. */
  open: number;
  /** The next run tries them again. */
  failed: number;
}

/**
 * Works off the erasures of sites: page by page, each site with its share of the time. Nothing depends on where a run
 * ends: what is erased is gone, and the next one goes on with the rest.
 *
 * @throws ServiceUnreachableError where the erasures can't be read.
 */
export async function eraseSites(context: EraseSitesContext): Promise<EraseSitesSummary> {
  const summary: EraseSitesSummary = { erased: 0, open: 0, failed: 0 };
  const all = await Array.fromAsync(siteErasures());
  const open = all.filter(({ isDone }) => !isDone);
  for (const [index, erasure] of open.entries()) {
    const remaining = context.remainingMilliseconds() - LEAST_TIME;
    if (remaining < 0) {
      summary.open += open.length - index;
      break;
    }
    const end = context.now() + remaining / (open.length - index);
    try {
      summary[(await goOn(erasure, context, () => context.now() < end)) ? 'erased' : 'open'] += 1;
    } catch (error) {
      summary.failed += 1;
      log.error('site not erased yet: the next run goes on', { siteId: erasure.siteId, error });
    }
  }
  if (open.length > 0) log.info('erased sites looked at', { ...summary });
  return summary;
}

/** @returns whether nothing is left of the site. */
async function goOn(
  erasure: SiteErasure,
  { own, now }: EraseSitesContext,
  hasTime: () => boolean,
): Promise<boolean> {
  const { siteId, at } = erasure;
  if (await readSite(siteId)) throw new Error('The site is there: somebody has restored it.');
  const age = now() - Date.parse(at);
  await leaveBot(siteId, own, age < WEBHOOK_TRIED_FOR);
  const begunAt = erasure.progress?.begunAt ?? new Date(now()).toISOString();
  let progress: SiteErasure['progress'] = { stage: STAGES[0], ...erasure.progress, begunAt };
  // One page at least: so each run is a step forward for each site that it comes to.
  do {
    progress = await erasePage(siteId, progress);
    // After the work: what was erased is gone, so a page that is done twice costs a read.
    await saveSiteErasure({ ...erasure, progress });
  } while (progress && hasTime());
  if (progress) return false;
  // Something may have been written behind a pass that has begun so early: another one looks for it.
  if (Date.parse(begunAt) < Date.parse(at) + SETTLED_AFTER) return false;
  if ((await findErasedSite(siteId))?.erasure.bot && age < WEBHOOK_TRIED_FOR) return false;
  await forgetSiteRequests(siteId);
  await forgetErasedSite(siteId);
  await saveSiteErasure({ siteId, at, isDone: true });
  log.info('site erased', { siteId });
  return true;
}

async function leaveBot(siteId: string, own: OwnAddresses, isTriedAgain: boolean): Promise<void> {
  const left = await findErasedSite(siteId);
  if (!left) return;
  try {
    await leaveErasedBot(left, own);
  } catch (error) {
    const message = isTriedAgain
      ? 'bot of an erased site not left yet: it is tried again'
      : 'bot of an erased site not left';
    log.warn(message, { siteId, error });
  }
}

/** @returns where to go on; `undefined` at the end. */
async function erasePage(
  siteId: string,
  progress: NonNullable<SiteErasure['progress']>,
): Promise<SiteErasure['progress']> {
  const stage = progress.stage as Stage;
  if (stage === 'LINKS') {
    const from = await eraseLinksOfSite(siteId, progress.from);
    if (from) return { ...progress, from };
  } else if (await eraseRows(stage satisfies TableOfSites, siteId)) {
    return progress;
  }
  const next = STAGES[STAGES.indexOf(stage) + 1];
  return next && { stage: next, begunAt: progress.begunAt };
}
