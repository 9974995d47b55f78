import { inParallel, settleAll } from '../aws/parallel.ts';
import type { Outcome } from '../domain/outcomes.ts';
import type { EventFields } from '../events/definition.ts';
import { measureOutcomes } from '../events/outcome-counts.ts';
import { log } from '../observability/logger.ts';
import { measure } from '../observability/metrics.ts';
import { type DueKey, findItems, finish, isWaiting, type Waiting } from '../store/schedule.ts';
import { findSite, isActive, type Site } from '../store/sites.ts';
import { type DueItem, dispatch, reschedule } from './dispatch.ts';
import { dueOldestFirst } from './due-keys.ts';
import type { ScheduledEvent } from './kind.ts';

/** As many items as DynamoDB gives out in one request. */
const BATCH = 100;
/** What is handed over together, as characters of the events: that of hundreds of recipients. */
const GROUP_SIZE = 100_000;
/** A run that has less than this left stops; the next one goes on. Milliseconds. */
const LEAST_TIME = 15_000;
/** Writes under way at once. */
const PARALLEL_WRITES = 25;

export interface PollContext {
  /** Milliseconds since 1970. */
  now: () => number;
  /** What the function has left, in milliseconds. */
  remainingMilliseconds: () => number;
}

export interface PollSummary {
  /** How many items were handed over. */
  due: number;
  /** How late the oldest one was, in milliseconds. */
  latestMilliseconds: number;
  /** Whether there was no time for the rest. */
  isCutShort: boolean;
}

/**
 * One run of a clock: hands over everything that is due, oldest first, also what fell due while no clock ran. Runs may
 * overlap: what two of them hand over goes out once.
 *
 * @throws ServiceUnreachableError. What was not handed over is still due in the next run.
 */
export async function poll<Event extends EventFields>(
  kind: ScheduledEvent<Event>,
  running: PollContext,
): Promise<PollSummary> {
  const begin = running.now();
  const summary: PollSummary = { due: 0, latestMilliseconds: 0, isCutShort: false };
  try {
    for await (const keys of dueOldestFirst(kind.name, new Date(begin).toISOString(), BATCH)) {
      await dispatchBatch(kind, keys, running, summary);
      if (summary.isCutShort) break;
    }
  } finally {
    logRun(kind, summary, running.now() - begin);
  }
  return summary;
}

async function dispatchBatch<Event extends EventFields>(
  kind: ScheduledEvent<Event>,
  keys: DueKey[],
  running: PollContext,
  summary: PollSummary,
): Promise<void> {
  const items = await stillDue(keys, running.now());
  const sites = await findSites(items);
  const { sending, silent } = sorted(items, sites);
  await inParallel(silent, PARALLEL_WRITES, (dueItem) => skipInactive(kind, dueItem, running.now()));
  for (const group of inGroups(sending)) {
    if (running.remainingMilliseconds() < LEAST_TIME) {
      summary.isCutShort = true;
      return;
    }
    const now = running.now();
    measureGroup(kind, group, await dispatch(kind, group, now), now);
    summary.due += group.length;
    const oldest = Math.min(...group.map(({ item }) => Date.parse(item.dueAt)));
    summary.latestMilliseconds = Math.max(summary.latestMilliseconds, now - oldest);
  }
}

/** What became of each item, and how late it was; one that failed stays, and is measured when it is handed over. */
function measureGroup<Event extends EventFields>(
  { definition }: ScheduledEvent<Event>,
  group: DueItem[],
  outcomes: (Outcome[] | undefined)[],
  now: number,
): void {
  const { name: event } = definition;
  for (const [index, { item }] of group.entries()) {
    const ofItem = outcomes[index];
    if (!ofItem) continue;
    measureOutcomes(event, ofItem);
    measure('DueLateness', { event }, Math.max(0, now - Date.parse(item.dueAt)));
  }
}

/** The items as they are now: what was dropped, replaced or handed over since the index heard of it is left out. */
async function stillDue(keys: DueKey[], now: number): Promise<Waiting[]> {
  const wanted = new Map(keys.map((key) => [nameOf(key), key]));
  const found = new Map((await findItems([...wanted.values()])).map((item) => [nameOf(item), item]));
  const until = new Date(now).toISOString();
  return [...wanted.keys()]
    .map((name) => found.get(name))
    .filter(isWaiting)
    .filter(({ dueAt }) => dueAt <= until);
}

/** Ids may hold any character but the line feed between them. */
function nameOf({ siteId, key }: { siteId: string; key: string }): string {
  return `${siteId}\n${key}`;
}

async function findSites(items: Waiting[]): Promise<Map<string, Site | undefined>> {
  const siteIds = [...new Set(items.map(({ siteId }) => siteId))];
  return new Map(await settleAll(siteIds.map(async (siteId) => [siteId, await findSite(siteId)] as const)));
}

type PassedItem = { item: Waiting; site: Site | undefined };

/** A site that may not send now lets its times pass in silence; a site that is gone has none any more. */
function sorted(
  items: Waiting[],
  sites: Map<string, Site | undefined>,
): { sending: DueItem[]; silent: PassedItem[] } {
  const sending: DueItem[] = [];
  const silent: PassedItem[] = [];
  for (const item of items) {
    const site = sites.get(item.siteId);
    if (site && isActive(site)) sending.push({ item, site });
    else silent.push({ item, site });
  }
  return { sending, silent };
}

async function skipInactive<Event extends EventFields>(
  kind: ScheduledEvent<Event>,
  { item, site }: PassedItem,
  now: number,
): Promise<void> {
  const { siteId, eventId, dueAt } = item;
  if (site) await reschedule(kind, { item, site }, now);
  else await finish(item);
  log.info('event due', { siteId, event: kind.definition.name, eventId, dueAt, reason: 'site-inactive' });
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

/** Nothing is said of the minutes in which nothing is due. */
function logRun<Event extends EventFields>(
  { definition }: ScheduledEvent<Event>,
  { due, latestMilliseconds, isCutShort }: PollSummary,
  durationMilliseconds: number,
): void {
  if (due === 0 && !isCutShort) return;
  const facts = { event: definition.name, due, latestMilliseconds, durationMilliseconds };
  if (isCutShort) log.warn('no time for all that is due: the next run goes on', facts);
  else log.info('due events handed over', facts);
}
