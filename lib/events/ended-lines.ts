/** The lines of the log for what waited, and was ended before its time. */
import type { Notification } from '../deliveries/notification.ts';
import { skippedIdOf } from '../domain/ids.ts';
import type { SkipReason } from '../domain/outcomes.ts';
import type { SkippedDelivery } from '../store/deliveries.ts';
import { eventOfItem, type Waiting } from '../store/schedule.ts';

/** One line for each person who would have been notified. */
export function endedLines(item: Waiting): SkippedDelivery[] {
  const { siteId, eventId, source, content, dueAt, scheduledFor = dueAt } = item;
  const { event, userIds } = eventOfItem(item);
  return userIds.map((userId) => ({
    deliveryId: skippedIdOf({ siteId, event, eventId, userId }, 'ended'),
    ...{ siteId, event, eventId, userId, source, content },
    reason: 'superseded' satisfies SkipReason,
    dueAt: scheduledFor,
  }));
}

/** The lines as messages of the deliveries queue: `deliver` writes them into the log. */
export function asNotifications(lines: SkippedDelivery[], acceptedAt: string): Notification[] {
  return lines.map(({ reason, dueAt, source, content, ...ids }) => ({
    ...ids,
    templateId: '',
    text: '',
    acceptedAt,
    ...(source && { source }),
    ...(content && { content }),
    skipped: { reason: reason as SkipReason, dueAt },
  }));
}
