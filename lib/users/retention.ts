import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { clearProgress, type Progress, readProgress, saveProgress } from '../store/retention-progress.ts';
import { type Item, type RemovalReason, RetentionActions } from './retention-actions.ts';
import type { RetentionTimes } from './retention-rules.ts';
import { nextStage, readPage } from './retention-stages.ts';

/** A run with less time left stops, and the next one goes on. Milliseconds. */
const LEAST_TIME = 60_000;

/** So many read units a second at the most: one partition of a table serves 3,000, and requests come first. */
const READ_UNITS_A_SECOND = 200;

export interface RetentionContext extends RetentionTimes {
  /** The time that the function has left, in milliseconds. */
  remainingMilliseconds: () => number;
  /** Waits so many milliseconds. */
  pause: (milliseconds: number) => Promise<unknown>;
}

export interface RetentionSummary {
  /** How many items were looked at. */
  seen: number;
  /** How many were removed, by reason. */
  removed: Partial<Record<RemovalReason, number>>;
  /** How many could not be handled. The next run tries again. */
  failed: number;
  /** Whether the time was too short: the next run goes on. */
  isCutShort: boolean;
}

/**
 * Removes what is not needed any more: people who have been away for too long, those of sites that are gone, and what is
 * left of them elsewhere. It reads the tables slowly, a page at a time. What is removed is decided by a second look, in
 * the same write that removes it.
 *
 * @throws ServiceUnreachableError. What was not reached is reached by the next run.
 */
export async function runRetention(context: RetentionContext): Promise<RetentionSummary> {
  const summary: RetentionSummary = { seen: 0, removed: {}, failed: 0, isCutShort: false };
  const actions = new RetentionActions(context);
  try {
    let progress: Progress | undefined = await readProgress();
    while (progress && !summary.isCutShort) progress = await doPage(progress, actions, context, summary);
    return summary;
  } finally {
    for (const [reason, times] of Object.entries(summary.removed)) count('Removed', { reason }, times);
    log[summary.failed > 0 ? 'warn' : 'info']('retention run ended', { ...summary });
  }
}

/** @returns where to go on; `undefined` at the end. */
async function doPage(
  progress: Progress,
  actions: RetentionActions,
  context: RetentionContext,
  summary: RetentionSummary,
): Promise<Progress | undefined> {
  if (context.remainingMilliseconds() < LEAST_TIME) return cutShort(progress, summary);
  const { items, next, readUnits } = await readPage(progress);
  const following = next ? { stage: progress.stage, from: next } : nextStage(progress.stage);
  // Recorded before the work: a page at which the function dies is left out, and not tried for ever.
  await (following ? saveProgress(following) : clearProgress());
  for (const item of items) {
    if (context.remainingMilliseconds() < LEAST_TIME) {
      // The next run reads the page again: most of it is done by then.
      await saveProgress(progress);
      return cutShort(progress, summary);
    }
    await handle(item, actions, summary);
  }
  await context.pause((readUnits / READ_UNITS_A_SECOND) * 1_000);
  return following;
}

function cutShort(progress: Progress, summary: RetentionSummary): Progress {
  summary.isCutShort = true;
  return progress;
}

/** An item that can't be handled costs only itself. */
async function handle(item: Item, actions: RetentionActions, summary: RetentionSummary): Promise<void> {
  summary.seen += 1;
  try {
    const reason = await actions.handle(item);
    if (reason) summary.removed[reason] = (summary.removed[reason] ?? 0) + 1;
  } catch (error) {
    summary.failed += 1;
    log.error('item not handled by the retention', { stage: item.stage, siteId: item.siteId, error });
  }
}
