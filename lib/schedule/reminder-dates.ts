/** A registered reminder, and the dates of its activity. */
import {
  MOST_DATES,
  type Registration,
  reminderKey,
  type ScheduleItem,
  type Waiting,
} from '../store/schedule.ts';
import type { Site } from '../store/sites.ts';
import { isOutdated, type Subject } from '../store/subjects.ts';
import type { ReminderEvent } from './activity-reminder-event.ts';
import { type Agenda, dateName, nextOccurrence, type Occurrence, occurrenceAt } from './recurrence.ts';

/** The event was validated when it was registered. */
export function storedEvent({ event }: Waiting): ReminderEvent {
  return JSON.parse(event) as ReminderEvent;
}

export function agendaOf({ activity, remindMinutesBefore, recurrence }: ReminderEvent): Agenda {
  return { date: activity.date, remindMinutesBefore, recurrence };
}

/** Names the dates of an activity: they are others if it is moved, or recurs in another way. */
export function seriesOf({ date, recurrence }: Agenda): string {
  return [dateName(date), ...(recurrence ? [recurrence.frequency] : [])].join(' ');
}

/** What the reminder of one date speaks of. */
export function subjectOf(
  event: ReminderEvent,
  { siteId }: Pick<Site, 'siteId'>,
  item: Pick<ScheduleItem, 'occurredAt' | 'isDated' | 'series'>,
  { date, day }: Occurrence,
): Subject {
  const { occurredAt = '', isDated } = item;
  return {
    kind: 'date',
    key: reminderKey(siteId, event.activity.id).key,
    at: occurredAt,
    ...(isDated && { isDated }),
    series: item.series ?? seriesOf(agendaOf(event)),
    names: [...new Set([date, day])],
    ...(event.recurrence && { isRecurring: true }),
  };
}

/** From where the next date after one of them is looked for. */
export function afterDate(index: number, { registeredAt }: Pick<Registration, 'registeredAt'>, now: number) {
  // At its registration only the nearest date counted: the others whose time had passed by then are left out.
  return {
    index: index + 1,
    now,
    ...(registeredAt !== undefined && { remindAfter: Date.parse(registeredAt) }),
  };
}

/**
 * When people are really reminded next: a poller passes over dates that are off.
 *
 * @param now milliseconds since 1970.
 * @returns ISO 8601 in UTC; `undefined` if no date is left.
 */
export function nextDueAt(item: Waiting, site: Site, now: number): string | undefined {
  const event = storedEvent(item);
  const agenda = agendaOf(event);
  const { dueAt, scheduledFor = dueAt, occurrence } = item;
  let next = occurrenceAt(agenda, site.timeZone, occurrence);
  for (let passed = 0; next && passed <= MOST_DATES; passed++) {
    if (!isOutdated(subjectOf(event, site, item, next), item))
      return passed === 0 ? scheduledFor : new Date(Math.max(next.remindAt, now)).toISOString();
    next = event.recurrence && nextOccurrence(agenda, site.timeZone, afterDate(next.index, item, now));
  }
  return undefined;
}
