import { log } from '../log.ts';
import { count } from '../watching/metrics.ts';
import type { EventName } from './names.ts';
import { countOutcomes, measureOutcomes, type Outcome } from './outcome.ts';

/** Logs and counts an event that was taken in, through whichever door. */
export function noteAccepted(siteId: string, event: EventName, eventId: string, outcomes: Outcome[]): void {
  log.info('event accepted', { siteId, event, eventId, ...countOutcomes(outcomes) });
  count('Accepted', { event });
  measureOutcomes(event, outcomes);
}
