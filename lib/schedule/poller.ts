import { log } from '../observability/logger.ts';
import type { DueKey } from '../store/schedule.ts';
import { dispatchBatch, dispatchPage } from './batches.ts';
import { inRounds, readDueKeys } from './due-keys.ts';
import {
  goesOn,
  isStopped,
  lateBefore,
  type PollContext,
  type PollSummary,
  type Run,
  startRun,
} from './run.ts';
import type { ScheduledEvent } from './scheduled-event.ts';

/** DynamoDB's limit for one BatchGetItem. */
const BATCH = 100;

/**
 * One run of a poller: dispatches everything that is due, including items from times when no poller ran. The sites take
 * turns. Small items come first, then a page of each large one, and so on; what may have ended an earlier run comes last.
 * Runs may overlap: an item that two runs dispatch is sent once.
 *
 * @throws ServiceUnreachableError. An item that was not dispatched is still due in the next run.
 */
export async function poll(scheduled: ScheduledEvent, context: PollContext): Promise<PollSummary> {
  const run = startRun(scheduled, context);
  try {
    const until = new Date(run.begin).toISOString();
    run.later = await readDueKeys(scheduled.kind, until, () => goesOn(run, 'keys'));
    while (run.later.size > 0 && goesOn(run)) await dispatchRounds(run);
    while (run.large.size > 0 && goesOn(run)) await dispatchPages(run, 0);
    await dispatchSuspects(run);
  } finally {
    logRun(run, context.now() - run.begin);
  }
  const { inARow, error } = run.unserved;
  // If DynamoDB has served others, only one site's part of a table is too busy: that is no failure of the run.
  const isServed = error?.service === 'DynamoDB' && !isStopped(run) && run.summary.due > 0;
  if (inARow > 0 && !isServed) throw error;
  return run.summary;
}

async function dispatchRounds(run: Run): Promise<void> {
  const rounds = inRounds(run.later, lateBefore(run));
  run.later = new Map();
  for (const { inTime, late } of rounds) {
    const beginOfRound = run.context.now();
    run.used.clear();
    await dispatchTurns(run, inTime);
    await dispatchTurns(run, late);
    await dispatchPages(run, run.context.now() - beginOfRound);
  }
}

async function dispatchTurns(run: Run, keys: DueKey[]): Promise<void> {
  for (let start = 0; start < keys.length; start += BATCH) {
    const batch = keys.slice(start, start + BATCH).filter(({ siteId }) => !run.skipped.has(siteId));
    if (batch.length === 0) continue;
    if (!goesOn(run)) return;
    await dispatchBatch(run, batch);
  }
}

/**
 * Dispatches pages of large items, one for each site in turn, for some time.
 *
 * @param milliseconds one page is always dispatched.
 */
async function dispatchPages(run: Run, milliseconds: number): Promise<void> {
  const end = run.context.now() + milliseconds;
  do {
    const siteId = nextOf(run.large);
    if (siteId === undefined || !goesOn(run)) return;
    await dispatchPageOf(run, siteId);
  } while (run.context.now() < end);
}

/** The site that had the fewest turns, and of those the one that has waited longest. */
function nextOf(large: Run['large']): string | undefined {
  let next: [siteId: string, turns: number, dueAt: string] | undefined;
  for (const [siteId, { turns, items }] of large) {
    const dueAt = items[0]?.key.dueAt ?? '';
    if (!next || turns < next[1] || (turns === next[1] && dueAt < next[2])) next = [siteId, turns, dueAt];
  }
  return next?.[0];
}

async function dispatchPageOf(run: Run, siteId: string): Promise<void> {
  const ofSite = run.large.get(siteId);
  const first = ofSite?.items.shift();
  if (ofSite && first && !run.skipped.has(siteId)) {
    ofSite.turns += 1;
    const rest = await dispatchPage(run, first);
    if (rest) ofSite.items.unshift(rest);
  }
  if (!ofSite?.items.length || run.skipped.has(siteId)) run.large.delete(siteId);
}

/** Those that were tried least come first: with them there may have been another one that ended the run. */
async function dispatchSuspects(run: Run): Promise<void> {
  for (const suspect of run.suspects.toSorted((one, other) => one.attempts - other.attempts)) {
    if (!goesOn(run, 'suspects')) return;
    await dispatchPage(run, suspect);
  }
}

/** A run without due items is not logged. */
function logRun(run: Run, durationMilliseconds: number): void {
  const { due, latestMilliseconds, isCutShort } = run.summary;
  if (due === 0 && !isCutShort) return;
  const skippedSites = run.skipped.size;
  const facts = {
    ...{ event: run.scheduled.event, due, latestMilliseconds, durationMilliseconds },
    ...(skippedSites > 0 && { skippedSites }),
  };
  if (isCutShort) log.warn('no time for all that is due: the next run goes on', facts);
  else log.info('due events dispatched', facts);
}
