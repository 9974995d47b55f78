import { inParallel } from '../aws/parallel.ts';
import { scheduledKey } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcomes.ts';
import { measureOutcomes } from '../events/outcome-counts.ts';
import { log } from '../observability/logger.ts';
import { measure } from '../observability/metrics.ts';
import { readFactsAndSites } from '../store/facts.ts';
import { type DueKey, finish, isWaiting, type Waiting } from '../store/schedule.ts';
import { isActive, type Site } from '../store/sites.ts';
import { dispatch, logFields, PARALLEL_WRITES, reschedule } from './dispatch.ts';
import { dueOldestFirst } from './due-keys.ts';
import type { DueItem, ScheduledEvent } from './scheduled-event.ts';

/** As many items as DynamoDB gives out in one request. */
const BATCH = 100;
/** What is dispatched together, as characters of the events: that of hundreds of recipients. */
const GROUP_SIZE = 100_000;
/** A run that has less than this left stops; the next one goes on. Milliseconds. */
const LEAST_TIME = 15_000;

export interface PollContext {
  /** Milliseconds since 1970. */
  now: () => number;
  /** What the function has left, in milliseconds. */
  remainingMilliseconds: () => number;
}

export interface PollSummary {
  /** How many items were dispatched. */
  due: number;
  /** How late the oldest one was, in milliseconds. */
  latestMilliseconds: number;
  /** Whether there was no time for the rest. */
  isCutShort: boolean;
}

/**
 * One run of a poller: dispatches everything that is due, oldest first, also what fell due while no poller ran. Runs may
 * overlap: what two of them dispatch goes out once.
 *
 * @throws ServiceUnreachableError. What was not dispatched is still due in the next run.
 */
export async function poll(scheduled: ScheduledEvent, context: PollContext): Promise<PollSummary> {
  const begin = context.now();
  const summary: PollSummary = { due: 0, latestMilliseconds: 0, isCutShort: false };
  try {
    for await (const keys of dueOldestFirst(scheduled.kind, new Date(begin).toISOString(), BATCH)) {
      await dispatchBatch(scheduled, keys, context, summary);
      if (summary.isCutShort) break;
    }
  } finally {
    logRun(scheduled, summary, context.now() - begin);
  }
  return summary;
}

async function dispatchBatch(
  scheduled: ScheduledEvent,
  keys: DueKey[],
  context: PollContext,
  summary: PollSummary,
): Promise<void> {
  const { sending, silent } = await readDueItems(keys, context.now());
  await inParallel(silent, PARALLEL_WRITES, (passed) => skipInactive(scheduled, passed, context.now()));
  for (const group of inGroups(sending)) {
    if (context.remainingMilliseconds() < LEAST_TIME) {
      summary.isCutShort = true;
      return;
    }
    const now = context.now();
    measureGroup(scheduled, group, await dispatch(scheduled, group, now), now);
    summary.due += group.length;
    const oldest = Math.min(...group.map(({ item }) => Date.parse(item.dueAt)));
    summary.latestMilliseconds = Math.max(summary.latestMilliseconds, now - oldest);
  }
}

interface PassedItem {
  item: Waiting;
  site: Site | undefined;
}

/**
 * Reads the items as they are now, with their sites: what was dropped, replaced or dispatched since the index was written
 * is left out. What a merchant has changed by now is in force: it decides which items are sent.
 *
 * @returns `silent`: those of a site that may not send now, or that is gone.
 */
async function readDueItems(
  keys: DueKey[],
  now: number,
): Promise<{ sending: DueItem[]; silent: PassedItem[] }> {
  const { scheduled, sites } = await readFactsAndSites(
    keys.map(({ siteId }) => siteId),
    { scheduled: keys },
  );
  const sending: DueItem[] = [];
  const silent: PassedItem[] = [];
  for (const name of new Set(keys.map(scheduledKey))) {
    const item = scheduled.get(name);
    if (!isWaiting(item) || Date.parse(item.dueAt) > now) continue;
    const site = sites.get(item.siteId);
    if (site && isActive(site)) sending.push({ item, site });
    else silent.push({ item, site });
  }
  return { sending, silent };
}

/** A site that may not send now lets its times pass in silence; a site that is gone has none any more. */
async function skipInactive(
  scheduled: ScheduledEvent,
  { item, site }: PassedItem,
  now: number,
): Promise<void> {
  await (site ? reschedule(scheduled, { item, site }, now) : finish(item));
  log.info('event due', { ...logFields(scheduled, { item }), reason: 'site-inactive' });
}

/** The items in groups that take no longer than the time that a run keeps back. */
function inGroups(items: DueItem[]): DueItem[][] {
  const groups: DueItem[][] = [];
  let size = 0;
  for (const dueItem of items) {
    const current = groups.at(-1);
    size += dueItem.item.event.length;
    if (current && size <= GROUP_SIZE) {
      current.push(dueItem);
    } else {
      groups.push([dueItem]);
      size = dueItem.item.event.length;
    }
  }
  return groups;
}

/** What became of each item, and how late it was; one that failed stays, and is measured when it is dispatched. */
function measureGroup(
  { event }: ScheduledEvent,
  group: DueItem[],
  outcomes: (Outcome[] | undefined)[],
  now: number,
): void {
  for (const [index, { item }] of group.entries()) {
    const ofItem = outcomes[index];
    if (!ofItem) continue;
    measureOutcomes(event, ofItem);
    measure('DueLateness', { event }, Math.max(0, now - Date.parse(item.dueAt)));
  }
}

/** Nothing is said of the minutes in which nothing is due. */
function logRun(
  { event }: ScheduledEvent,
  { due, latestMilliseconds, isCutShort }: PollSummary,
  durationMilliseconds: number,
): void {
  if (due === 0 && !isCutShort) return;
  const facts = { event, due, latestMilliseconds, durationMilliseconds };
  if (isCutShort) log.warn('no time for all that is due: the next run goes on', facts);
  else log.info('due events dispatched', facts);
}
