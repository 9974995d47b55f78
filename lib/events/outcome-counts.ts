import type { Outcome } from '../domain/outcomes.ts';
import { count } from '../observability/metrics.ts';

/** How often each status and each reason occurs: for the log, which names no person. */
export function countOutcomes(outcomes: Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const key = outcome.status === 'skipped' ? outcome.reason : outcome.status;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/**
 * Counts the outcomes of an event in the metrics. A scheduled event is counted twice: as scheduled now, and by its
 * outcomes when it is due.
 */
export function measureOutcomes(event: string, outcomes: Outcome[]): void {
  for (const outcome of outcomes) {
    if (outcome.status === 'queued') count('Queued', { event });
    else if (outcome.status === 'scheduled') count('Scheduled', { event });
    else count('Skipped', { event, reason: outcome.reason });
  }
}
