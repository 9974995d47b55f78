/** The lines of the log for what waited, and was ended without a message. */
import { skippedIdOf } from '../domain/ids.ts';
import type { SkipReason } from '../domain/outcomes.ts';
import type { SkippedDelivery } from '../store/deliveries.ts';
import { eventsOfItem, laterStepOf, type Waiting } from '../store/schedule.ts';

/** Why it was ended: `site-inactive` and `given-up` when it was due, `superseded` before. */
type EndReason = Extract<SkipReason, 'superseded'> | 'site-inactive' | 'given-up';

/** One line for each event, and each person who would have been notified of it. */
export function endedLines(item: Waiting, reason: EndReason = 'superseded'): SkippedDelivery[] {
  const { siteId, dueAt, scheduledFor = dueAt, occurrence, notices } = item;
  return eventsOfItem(item).flatMap(({ event, eventId, userIds, source, content }) =>
    userIds.map((userId) => ({
      deliveryId: skippedIdOf({ siteId, event, eventId, userId }, 'ended', notices ? 0 : occurrence),
      ...{ siteId, event, eventId, userId, source, content, step: laterStepOf(item) },
      reason,
      dueAt: scheduledFor,
    })),
  );
}
