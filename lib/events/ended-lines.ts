/** The lines of the log for what waited, and was ended without a message. */
import { skippedIdOf } from '../domain/ids.ts';
import type { SkipReason } from '../domain/outcomes.ts';
import type { SkippedDelivery } from '../store/deliveries.ts';
import { eventOfItem, type Waiting } from '../store/schedule.ts';

/** Why it was ended: `site-inactive` and `given-up` when it was due, `superseded` before. */
type EndReason = Extract<SkipReason, 'superseded'> | 'site-inactive' | 'given-up';

/** One line for each person who would have been notified. */
export function endedLines(item: Waiting, reason: EndReason = 'superseded'): SkippedDelivery[] {
  const { siteId, eventId, source, content, dueAt, scheduledFor = dueAt, occurrence } = item;
  const { event, userIds } = eventOfItem(item);
  return userIds.map((userId) => ({
    deliveryId: skippedIdOf({ siteId, event, eventId, userId }, 'ended', occurrence),
    ...{ siteId, event, eventId, userId, source, content },
    reason,
    dueAt: scheduledFor,
  }));
}
