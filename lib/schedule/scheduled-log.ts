/** The lines of the log for what is still to come: they are read from the schedule. */
import type { DeliveryView } from '../deliveries/delivery-view.ts';
import type { SchedulePlace } from '../deliveries/log-parameters.ts';
import { skippedIdOf } from '../domain/ids.ts';
import { eventOfItem, findWaiting, type Waiting } from '../store/schedule.ts';

export interface ScheduledQuery {
  siteId: string;
  userId?: string | undefined;
  event?: string | undefined;
  /** ISO 8601 in UTC with milliseconds; both ends are included. */
  from?: string | undefined;
  to?: string | undefined;
  limit: number;
  /** Only what comes after this place. */
  after?: SchedulePlace | undefined;
}

export interface ScheduledPage {
  deliveries: DeliveryView[];
  next?: SchedulePlace;
}

/**
 * One line for each person and each cart or activity that waits. The page may have fewer lines than `limit`, or none, and
 * there may still be a next one.
 *
 * @throws ServiceUnreachableError
 */
export async function findScheduledInLog(query: ScheduledQuery): Promise<ScheduledPage> {
  const { siteId, limit, after } = query;
  const deliveries: DeliveryView[] = [];
  const { items, next } = await findWaiting(siteId, after?.key);
  for (const item of items) {
    const isWithin = after !== undefined && item.key === after.key;
    const lines = linesOf(item);
    for (let people = isWithin ? after.people : 0; people < lines.length; people++) {
      const line = lines[people];
      if (!line || !isWanted(line, query)) continue;
      if (deliveries.length === limit) return { deliveries, next: { key: item.key, people } };
      deliveries.push(line);
    }
  }
  return { deliveries, ...(next !== undefined && { next: { key: next, people: 0 } }) };
}

function linesOf(item: Waiting): DeliveryView[] {
  const { siteId, eventId, dueAt, scheduledFor = dueAt, source, registeredAt, occurredAt } = item;
  const { event, userIds } = eventOfItem(item);
  return userIds.map((userId) => ({
    deliveryId: skippedIdOf({ siteId, event, eventId, userId }),
    ...{ event, eventId, userId },
    status: 'scheduled',
    recordedAt: registeredAt ?? occurredAt,
    attempts: 0,
    test: false,
    dueAt: scheduledFor,
    ...(source && { source }),
  }));
}

function isWanted(line: DeliveryView, { userId, event, from, to }: ScheduledQuery): boolean {
  return (
    (userId === undefined || line.userId === userId) &&
    (event === undefined || line.event === event) &&
    (from === undefined || line.recordedAt >= from) &&
    (to === undefined || line.recordedAt <= to)
  );
}
