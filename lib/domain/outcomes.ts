import { count } from '../observability/metrics.ts';

/** Why a recipient gets no notification. */
export type SkipReason =
  | 'not-linked'
  | 'opted-out'
  | 'muted'
  | 'unreachable'
  | 'no-template'
  | 'status-not-managed'
  | 'group-not-included'
  | 'sender-group-not-enabled'
  | 'agent-cart'
  | 'docuvision-disabled'
  | 'superseded'
  | 'past';

/** What became of one recipient (and one template): an entry of the answer. */
export type Outcome =
  | { userId: string; templateId: string; status: 'queued'; deliveryId: string }
  | { userId: string; status: 'scheduled' }
  | { userId: string; status: 'skipped'; reason: SkipReason };

/** How often each status and each reason occurs: for the log, which names no person. */
export function countOutcomes(outcomes: Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const key = outcome.status === 'skipped' ? outcome.reason : outcome.status;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** Counts what became of the recipients of an event. Once for each decision: what is handed over later is counted then. */
export function measureOutcomes(event: string, outcomes: Outcome[]): void {
  for (const outcome of outcomes) {
    if (outcome.status === 'queued') count('Queued', { event });
    else if (outcome.status === 'scheduled') count('Scheduled', { event });
    else count('Skipped', { event, reason: outcome.reason });
  }
}
