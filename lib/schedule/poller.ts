import { log } from '../observability/logger.ts';
import type { DueKey } from '../store/schedule.ts';
import { dispatchBatch, dispatchPage, LATE } from './batches.ts';
import { inRounds, readDueKeys } from './due-keys.ts';
import { goesOn, type PollContext, type PollSummary, type PutOff, type Run, startRun } from './run.ts';
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
  const begin = context.now();
  const run = startRun(scheduled, context);
  try {
    const until = new Date(begin).toISOString();
    const sites = await readDueKeys(scheduled.kind, until, () => goesOn(run));
    for (const round of inRounds(sites, new Date(begin - LATE).toISOString())) {
      await dispatchRound(run, round);
      await dispatchPages(run);
    }
    while (run.large.size > 0 && goesOn(run)) await dispatchPages(run);
    await dispatchSuspects(run);
  } finally {
    logRun(run, context.now() - begin);
  }
  // Not if the services have served others since: then only one site's part of a table is too busy.
  if (run.unserved.inARow > 0) throw run.unserved.error;
  return run.summary;
}

async function dispatchRound(run: Run, keys: DueKey[]): Promise<void> {
  for (let start = 0; start < keys.length; start += BATCH) {
    const batch = keys.slice(start, start + BATCH).filter(({ siteId }) => !run.skipped.has(siteId));
    if (batch.length === 0) continue;
    if (!goesOn(run)) return;
    await dispatchBatch(run, batch);
  }
}

/** A page for each site that has large items. */
async function dispatchPages(run: Run): Promise<void> {
  for (const [siteId, [first, ...others]] of [...run.large]) {
    if (!first || run.skipped.has(siteId)) {
      run.large.delete(siteId);
      continue;
    }
    if (!goesOn(run)) return;
    const rest = await dispatchPage(run, first);
    const left: PutOff[] = rest ? [rest, ...others] : others;
    if (left.length > 0) run.large.set(siteId, left);
    else run.large.delete(siteId);
  }
}

async function dispatchSuspects(run: Run): Promise<void> {
  for (const suspect of run.suspects) {
    if (!goesOn(run, { isSuspect: true })) return;
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
