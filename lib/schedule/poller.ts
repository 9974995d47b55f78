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

/** DynamoDB's limit for one BatchGetItem. */
const BATCH = 100;
/** The size of a group that is dispatched together, in characters of its events: enough for hundreds of recipients. */
const GROUP_SIZE = 100_000;
/** A run with less time left stops, and the next run continues. Milliseconds. */
const LEAST_TIME = 15_000;

export interface PollContext {
  /** Milliseconds since 1970. */
  now: () => number;
  /** The time that the function has left, in milliseconds. */
  remainingMilliseconds: () => number;
}

export interface PollSummary {
  /** How many items were dispatched. */
  due: number;
  /** How late the oldest one was, in milliseconds. */
  latestMilliseconds: number;
  /** Whether the time was too short for all items. */
  isCutShort: boolean;
}

/**
 * One run of a poller: dispatches everything that is due, oldest first, including items from times when no poller ran.
 * Runs may overlap: an item that two runs dispatch is sent once.
 *
 * @throws ServiceUnreachableError. An item that was not dispatched is still due in the next run.
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
 * Reads the current items with their current sites. An item that was dropped, replaced or dispatched since the index
 * was written is left out. The current settings of a site decide whether its items are sent.
 *
 * @returns `silent`: the items of a site that may not send now or does not exist any more.
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

/**
 * Skips an item: that of a site that may not send now is rescheduled without a message, that of a removed site is
 * ended.
 */
async function skipInactive(
  scheduled: ScheduledEvent,
  { item, site }: PassedItem,
  now: number,
): Promise<void> {
  await (site ? reschedule(scheduled, { item, site }, now) : finish(item));
  log.info('event due', { ...logFields(scheduled, { item }), reason: 'site-inactive' });
}

/** Splits the items into groups that can be dispatched within `LEAST_TIME`. */
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

/** Measures the outcomes and the lateness of each item. An item that failed is measured when it is dispatched. */
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

/** A run without due items is not logged. */
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
