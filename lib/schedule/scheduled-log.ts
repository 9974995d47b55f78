/** The lines of the log for what is still to come: they are read from the schedule. */
import type { DeliveryView } from '../deliveries/delivery-view.ts';
import type { SchedulePlace } from '../deliveries/log-parameters.ts';
import { deliveryIdOf, skippedIdOf } from '../domain/ids.ts';
import { eventsOfItem, findWaiting, laterStepOf, type Waiting } from '../store/schedule.ts';
import type { Site } from '../store/sites.ts';
import { dueToCome } from './reminders.ts';

export interface ScheduledQuery {
  site: Site;
  userId?: string | undefined;
  eventId?: string | undefined;
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
 * One line for each person and each cart, activity or collected notice that waits; an activity of which all dates to come are off has none.
 * The page may have fewer lines than `limit`, or none, and
 * there may still be a next one.
 *
 * @throws ServiceUnreachableError
 */
export async function findScheduledInLog(query: ScheduledQuery, now = Date.now()): Promise<ScheduledPage> {
  const { site, limit, after } = query;
  const deliveries: DeliveryView[] = [];
  const { items, next } = await findWaiting(site.siteId, after?.key);
  for (const item of items) {
    const isWithin = after !== undefined && item.key === after.key;
    const lines = linesOf(item, site, now);
    for (let people = isWithin ? after.people : 0; people < lines.length; people++) {
      const line = lines[people];
      if (!line || !isWanted(line, query)) continue;
      if (deliveries.length === limit) return { deliveries, next: { key: item.key, people } };
      deliveries.push(line);
    }
  }
  return { deliveries, ...(next !== undefined && { next: { key: next, people: 0 } }) };
}

function linesOf(item: Waiting, site: Site, now: number): DeliveryView[] {
  const { siteId, notices, templateId = '' } = item;
  const step = laterStepOf(item);
  return eventsOfItem(item).flatMap(({ event, eventId, userIds, source, at }) => {
    const isReminder = event === 'activity-reminder';
    const dueAt = isReminder ? dueToCome(item, site, now) : (item.scheduledFor ?? item.dueAt);
    if (dueAt === undefined) return [];
    return userIds.map((userId) => ({
      deliveryId: notices
        ? deliveryIdOf({ siteId, eventId, templateId, userId })
        : skippedIdOf({ siteId, event, eventId, userId }),
      ...{ event, eventId, userId, ...(notices && { templateId }) },
      status: 'scheduled',
      recordedAt: at,
      attempts: 0,
      test: false,
      dueAt,
      ...(source && { source }),
      ...(step !== undefined && { step }),
    }));
  });
}

function isWanted(line: DeliveryView, { userId, eventId, event, from, to }: ScheduledQuery): boolean {
  return (
    (userId === undefined || line.userId === userId) &&
    (eventId === undefined || line.eventId === eventId) &&
    (event === undefined || line.event === event) &&
    (from === undefined || line.recordedAt >= from) &&
    (to === undefined || line.recordedAt <= to)
  );
}
