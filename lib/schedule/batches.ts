/** What a run of a poller dispatches together: a batch of many small items, or one page of a large one. */
import { inParallel } from '../aws/parallel.ts';
import { scheduledKey } from '../domain/ids.ts';
import { endedLines } from '../events/ended-lines.ts';
import { notifyPages, type Page, type PageResult } from '../events/notify-pages.ts';
import { measureOutcomes } from '../events/outcome-counts.ts';
import { log } from '../observability/logger.ts';
import { measure } from '../observability/metrics.ts';
import { recordSkipped, type SkippedDelivery } from '../store/deliveries.ts';
import { closeWindow } from '../store/digests.ts';
import { readFactsAndSites } from '../store/facts.ts';
import { type DueKey, finish, isWaiting, type Waiting } from '../store/schedule.ts';
import { isActive, type Site } from '../store/sites.ts';
import {
  beginAttempt,
  isGivenUp,
  isSuspect,
  recordFailure,
  recordProgress,
  scheduledTime,
  takeBackAttempt,
} from './attempts.ts';
import { logDispatched, logFields, reschedule } from './dispatch.ts';
import {
  goesOn,
  isOutage,
  isStopped,
  lateBefore,
  leave,
  noteUnserved,
  type PutOff,
  putOff,
  type Run,
  skipSite,
} from './run.ts';
import type { DueItem } from './scheduled-event.ts';

/** The number of writes at the same time. */
const PARALLEL_WRITES = 25;
/** So many messages (in one chat of each recipient) are written together. An event with more is large. */
const MOST_MESSAGES = 200;
/** The time for the writing of messages, in milliseconds: of one item, of a batch, of a page of a large item. */
const TIME_FOR_ITEM = 300;
const TIME_FOR_BATCH = 3_000;
const TIME_FOR_PAGE = 2_000;
/** The time of a site in a round, in milliseconds. Its other items then wait for a later round. */
const TIME_FOR_SITE = 1_000;

/** An item with the page that is notified now. */
interface Work extends DueItem {
  page: Page;
  /** The item as it was before its attempt of this run; absent if no attempt was written. */
  before?: Waiting;
}

/**
 * Dispatches the small items among these; the others are put off. If it fails for one site, the others are dispatched
 * all the same.
 */
export async function dispatchBatch(run: Run, keys: DueKey[]): Promise<void> {
  await isolating(run, keys, {
    siteIdOf: ({ siteId }) => siteId,
    work: (part) => dispatchSmall(run, part),
    failed: async ({ siteId }, error) => {
      if (isOutage(error)) noteUnserved(run, error, siteId);
      else skipSite(run, siteId, { error });
    },
  });
}

async function dispatchSmall(run: Run, keys: DueKey[]): Promise<void> {
  const small: Work[] = [];
  for (const dueItem of await readDueItems(run, keys)) {
    const work = await toSmallWork(run, dueItem);
    if (work) small.push(work);
  }
  for (const group of inGroups(small)) {
    if (!goesOn(run)) return;
    await dispatchGroup(run, group);
  }
}

/**
 * Reads the current items with their current sites. One that was dropped, replaced or dispatched since is left out, as
 * are those that are over: of a site that may not send now, or given up.
 */
async function readDueItems(run: Run, keys: DueKey[]): Promise<DueItem[]> {
  const { scheduled, sites } = await readFactsAndSites(
    keys.map(({ siteId }) => siteId),
    { scheduled: keys },
  );
  const sending: DueItem[] = [];
  const over: { item: Waiting; site: Site | undefined; reason: 'site-inactive' | 'given-up' }[] = [];
  const now = run.context.now();
  for (const [name, { dueAt }] of new Map(keys.map((key) => [scheduledKey(key), key]))) {
    const item = scheduled.get(name);
    if (!isWaiting(item) || item.dueAt !== dueAt) continue;
    const site = sites.get(item.siteId);
    if (!site || !isActive(site)) over.push({ item, site, reason: 'site-inactive' });
    else if (isGivenUp(item, now)) over.push({ item, site, reason: 'given-up' });
    else sending.push({ item, site });
  }
  await inParallel(over, PARALLEL_WRITES, ({ item, site, reason }) => skip(run, { item, site }, reason));
  return sending;
}

/**
 * Skips this time of an item: it is rescheduled without a message, and the log of its site says so before. That of a removed
 * site is ended.
 */
async function skip(
  run: Run,
  { item, site }: { item: Waiting; site: Site | undefined },
  reason: 'site-inactive' | 'given-up',
): Promise<void> {
  const fields = logFields(run.scheduled, { item });
  if (reason === 'given-up') log.error('due item given up', { ...fields, failure: item.failure });
  else log.info('event due', { ...fields, reason });
  if (site) await recordSkipped(linesOf(item, reason));
  try {
    const now = run.context.now();
    await (site ? reschedule(run.scheduled, { item, site }, now) : finish(item));
  } catch (error) {
    if (isOutage(error)) throw error;
    // Its next time can't be computed.
    log.error('due item given up', { ...fields, error });
    await finish(item);
  }
}

/** What is stored may be broken: nobody knows then whom it was for. */
function linesOf(item: Waiting, reason: 'site-inactive' | 'given-up'): SkippedDelivery[] {
  try {
    return endedLines(item, reason);
  } catch {
    return [];
  }
}

/** What is put off does not stay in memory: a thousand large items would not fit. */
function keyOf({ siteId, key, shard, dueAt }: Waiting): DueKey {
  return { siteId, key, shard, dueAt };
}

/** The item with its page, if it is small; otherwise it is put off. */
async function toSmallWork(run: Run, dueItem: DueItem): Promise<Work | undefined> {
  const { item } = dueItem;
  if (isSuspect(item)) {
    noteSuspect(run, item);
    return undefined;
  }
  try {
    const page = run.scheduled.page(dueItem, run.context.now(), { messages: MOST_MESSAGES });
    if (page.isWhole) return { ...dueItem, page };
    putOff(run, { key: keyOf(item) });
  } catch (error) {
    await fail(run, dueItem, error);
  }
  return undefined;
}

/** The first attempt may have been one of many in a batch; the second was alone, so the item is the reason. */
function noteSuspect(run: Run, item: Waiting): void {
  const { attempts = 0 } = item;
  run.suspects.push({ key: keyOf(item), attempts });
  const fields = { ...logFields(run.scheduled, { item }), attempts };
  if (attempts === 1) log.warn('due item tried again: a run ended during its last attempt', fields);
  else skipSite(run, item.siteId, { ...fields, reason: 'a run ended during each attempt' });
}

/** Splits the items into groups whose messages are written together. */
function inGroups(works: Work[]): Work[][] {
  const groups: Work[][] = [];
  let messages = 0;
  for (const work of works) {
    const current = groups.at(-1);
    const more = work.page.wanted.deliveries.length;
    messages += more;
    if (current && messages <= MOST_MESSAGES) {
      current.push(work);
    } else {
      groups.push([work]);
      messages = more;
    }
  }
  return groups;
}

async function dispatchGroup(run: Run, group: Work[]): Promise<void> {
  const isInShare = ({ item: { siteId } }: Work) => (run.used.get(siteId) ?? 0) < TIME_FOR_SITE;
  for (const { item } of group.filter((work) => !isInShare(work))) leave(run, keyOf(item));
  const works = await beginAttempts(run, group.filter(isInShare));
  const open = new Set(works);
  await isolating(run, works, {
    siteIdOf: ({ item }) => item.siteId,
    work: async (part) => {
      const left = part.filter((work) => open.has(work));
      const time = { now: run.context.now, each: TIME_FOR_ITEM, all: TIME_FOR_BATCH };
      const results = await notifyPages(
        left.map(({ page }) => page),
        time,
      );
      await inParallel([...left.entries()], PARALLEL_WRITES, async ([index, work]) => {
        const result = results[index];
        if (result) {
          const rest = await settle(run, work, result);
          if (rest) putOff(run, rest);
          open.delete(work);
        } else {
          leave(run, keyOf(work.before ?? work.item));
        }
      });
      run.unserved.inARow = 0;
    },
    failed: async (work, error) => {
      if (isOutage(error)) return noteUnserved(run, error, work.item.siteId);
      await fail(run, work, error);
      open.delete(work);
    },
  });
  await inParallel([...open], PARALLEL_WRITES, takeBack);
}

/**
 * Writes an attempt into those that are late, or were tried before. Those that have just become due are not paid for: if
 * one of them ends the run, it is late in the next one.
 *
 * @returns without those that were changed since they were read.
 */
async function beginAttempts(run: Run, works: Work[]): Promise<Work[]> {
  const begun = new Map(works.map((work) => [work, work]));
  await inParallel(works, PARALLEL_WRITES, async (work) => {
    const { item } = work;
    const isInTime = !item.attempts && item.dueAt >= lateBefore(run);
    if (isInTime && run.scheduled.closes) {
      const closed = await closeWindow(item);
      if (closed) begun.set(work, { ...work, item: closed });
      else begun.delete(work);
    }
    if (isInTime) return;
    const changed = await beginAttempt(item, run.context.now(), run.scheduled);
    if (changed) begun.set(work, { ...work, item: changed, before: item });
    else begun.delete(work);
  });
  return [...begun.values()];
}

async function takeBack({ item, before }: Work): Promise<void> {
  if (before) await takeBackAttempt(item, before);
}

/**
 * Dispatches a page of an item. Its attempt is written before.
 *
 * @returns what is left of the item.
 */
export async function dispatchPage(run: Run, { key, hasBegun }: PutOff): Promise<PutOff | undefined> {
  let begun: (DueItem & { before?: Waiting }) | undefined;
  try {
    const [dueItem] = await readDueItems(run, [key]);
    if (!dueItem) return undefined;
    const item = hasBegun ? dueItem.item : await beginAttempt(dueItem.item, run.context.now(), run.scheduled);
    if (!item) return undefined;
    begun = { ...dueItem, item, ...(!hasBegun && { before: dueItem.item }) };
    const page = run.scheduled.page(begun, run.context.now(), { messages: MOST_MESSAGES });
    const time = { now: run.context.now, each: TIME_FOR_PAGE, all: TIME_FOR_PAGE };
    const [result] = await notifyPages([page], time);
    const rest = result && (await settle(run, { ...begun, page }, result));
    run.unserved.inARow = 0;
    return rest;
  } catch (error) {
    if (!isOutage(error) && begun) {
      await fail(run, begun, error);
    } else if (isOutage(error)) {
      noteUnserved(run, error, key.siteId);
      if (begun?.before) await takeBackAttempt(begun.item, begun.before);
    } else {
      skipSite(run, key.siteId, { error });
    }
    return undefined;
  }
}

/**
 * Writes into an item what became of its page.
 *
 * @returns what is left of the item.
 * @throws ServiceUnreachableError
 */
async function settle(run: Run, work: Work, result: PageResult): Promise<PutOff | undefined> {
  const { scheduled, context, summary, used } = run;
  const { item, page, before } = work;
  if ('error' in result) {
    await fail(run, work, result.error);
    return undefined;
  }
  used.set(item.siteId, (used.get(item.siteId) ?? 0) + result.milliseconds);
  const now = context.now();
  const isDone = result.done >= page.of;
  let rest: Waiting | undefined;
  if (isDone) {
    try {
      await reschedule(scheduled, work, now, result);
    } catch (error) {
      if (isOutage(error)) throw error;
      await fail(run, work, error);
      return undefined;
    }
  } else {
    const progress = { done: result.done, of: page.of };
    rest = await recordProgress(item, progress, now);
  }
  const lateMilliseconds = Math.max(0, now - scheduledTime(item));
  measureOutcomes(scheduled.event, result.outcomes);
  if (page.from === 0) measure('DueLateness', { event: scheduled.event }, lateMilliseconds);
  summary.latestMilliseconds = Math.max(summary.latestMilliseconds, lateMilliseconds);
  if (isDone) summary.due += 1;
  logDispatched(scheduled, work, { ...result, of: page.of }, now);
  return rest && { key: keyOf(rest), hasBegun: before !== undefined };
}

/** An item can't be made into messages: it is tried again later, and its site is skipped for now. */
async function fail(
  run: Run,
  { item, before = item }: DueItem & { before?: Waiting },
  error: unknown,
): Promise<void> {
  const { attempts, retryAt } = await recordFailure(item, before, { error, now: run.context.now() });
  skipSite(run, item.siteId, { ...logFields(run.scheduled, { item }), attempts, retryAt, error });
}

interface Isolated<Value> {
  siteIdOf: (value: Value) => string;
  /** It can be repeated with a part of the values. */
  work: (values: Value[]) => Promise<void>;
  /** Called with a value for which it failed alone; after an outage, with the first value of the site. */
  failed: (value: Value, error: unknown) => Promise<void> | void;
}

/** Does the work for all values. If that fails, it does it for each site alone, and if need be for each value. */
async function isolating<Value>(run: Run, values: Value[], how: Isolated<Value>): Promise<void> {
  const [first] = values;
  if (first === undefined) return;
  try {
    await how.work(values);
  } catch (error) {
    const bySite = [...Map.groupBy(values, how.siteIdOf).values()];
    const parts = bySite.length === 1 && !isOutage(error) ? values.map((value) => [value]) : bySite;
    if (parts.length === 1) return how.failed(first, error);
    for (const part of parts) if (!isStopped(run)) await isolating(run, part, how);
  }
}
