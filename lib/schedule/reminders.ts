import type { Outcome, SkipReason } from '../domain/outcomes.ts';
import { momentOf } from '../events/event-time.ts';
import { notifyPages, pageOf } from '../events/notify-pages.ts';
import type { Reported } from '../events/plan.ts';
import {
  drop,
  isWaiting,
  type Registration,
  register,
  reminderKey,
  type ScheduleItem,
  shardOf,
  type Waiting,
} from '../store/schedule.ts';
import type { Site } from '../store/sites.ts';
import { activityReminder, type ReminderEvent } from './activity-reminder-event.ts';
import { dispatchAtOnce } from './dispatch.ts';
import { erasedSince } from './erased-since.ts';
import { type Agenda, nextOccurrence, occurrenceAt } from './recurrence.ts';
import type { ScheduledEvent } from './scheduled-event.ts';

function agendaOf({ activity, remindMinutesBefore, recurrence }: ReminderEvent): Agenda {
  return { date: activity.date, remindMinutesBefore, recurrence };
}

/**
 * Schedules the reminder of an activity. It replaces an older one of the same activity. If the time to remind has
 * passed and the activity is in the future, it is dispatched at once. For a recurring activity this applies to its next
 * date.
 *
 * @param now milliseconds since 1970.
 * @param reportedAt when it was reported: it may have waited in a queue. Milliseconds since 1970.
 * @throws StaleSiteError if the site was changed since it was read; nothing is scheduled then.
 * @throws ServiceUnreachableError
 */
export async function scheduleReminder(
  event: ReminderEvent,
  site: Site,
  now = Date.now(),
  reportedAt = now,
): Promise<Outcome[]> {
  const named = [...event.recipients, ...(event.creator ? [event.creator] : [])].map(({ id }) => id);
  const erased = await erasedSince({ reportedAt, now }, named, site);
  if (erased.size === 0) return scheduleFor(event, site, now);
  const { creator, recipients, ...rest } = event;
  const others = recipients.filter(({ id }) => !erased.has(id));
  const left = { ...rest, ...(creator && !erased.has(creator.id) && { creator }), recipients: others };
  const outcomes = others.length > 0 ? await scheduleFor(left, site, now) : [];
  const gone = { ...event, recipients: recipients.filter(({ id }) => erased.has(id)) };
  return [...outcomes, ...eachRecipient(gone, { status: 'skipped', reason: 'erased' })];
}

async function scheduleFor(event: ReminderEvent, site: Site, now: number): Promise<Outcome[]> {
  const stored = await register(toItem(event, site, now));
  const skipped = (reason: SkipReason) => eachRecipient(event, { status: 'skipped', reason });
  if (stored.eventId !== event.eventId || stored.ending === 'dropped') return skipped('superseded');
  if (stored.ending === 'past') return skipped('past');
  const { lateOccurrence } = stored;
  const outcomes =
    lateOccurrence !== undefined && (await sendLate({ ...stored, lateOccurrence }, event, site, now));
  return outcomes || eachRecipient(event, { status: 'scheduled' });
}

/**
 * Dispatches the date whose time to remind had passed. If the event is reported again, the earlier outcomes are
 * returned. A recipient who was missed then is reminded now, unless the date has passed.
 */
async function sendLate(
  stored: ScheduleItem & { lateOccurrence: number },
  event: ReminderEvent,
  site: Site,
  now: number,
): Promise<Outcome[] | undefined> {
  if (isWaiting(stored) && stored.occurrence === stored.lateOccurrence)
    return dispatchAtOnce(dueReminders, { item: stored, site }, now);
  const { lateOccurrence: index } = stored;
  const isAhead = nextOccurrence(agendaOf(event), site.timeZone, { index, now })?.index === index;
  const reported: Reported<ReminderEvent> = {
    ...reportedDate(event, site, index, now),
    ...(!isAhead && { skipReason: 'past' }),
  };
  const [result] = await notifyPages([pageOf(activityReminder, reported)]);
  if (result && 'error' in result) throw result.error;
  return result?.outcomes;
}

function toItem(event: ReminderEvent, site: Site, now: number): Waiting | Registration {
  const key = reminderKey(site.siteId, event.activity.id);
  const occurredAt = momentOf(event, now);
  const registration = { ...key, eventId: event.eventId, occurredAt };
  const time = timeOf(agendaOf(event), site, { index: 0, now });
  if (!time) return { ...registration, ending: 'past' };
  const isLate = Date.parse(time.dueAt) <= now;
  return {
    ...registration,
    ...time,
    ...(isLate && { lateOccurrence: time.occurrence }),
    shard: shardOf('reminder', key),
    // With its time: names that are corrected until then are newer.
    event: JSON.stringify({ ...event, occurredAt }),
  };
}

/** When to remind of the next future date: now, if that time has passed. */
function timeOf(agenda: Agenda, { timeZone }: Site, from: { index: number; now: number }) {
  const next = nextOccurrence(agenda, timeZone, from);
  if (!next) return undefined;
  return { dueAt: new Date(Math.max(next.remindAt, from.now)).toISOString(), occurrence: next.index };
}

/** One outcome for each recipient; a person named twice has one. */
function eachRecipient(
  { recipients }: ReminderEvent,
  what: { status: 'scheduled' } | { status: 'skipped'; reason: SkipReason },
): Outcome[] {
  return [...new Set(recipients.map(({ id }) => id))].map((userId) => ({ userId, ...what }));
}

/** No more reminders of this activity. */
export function cancelReminder(siteId: string, activityId: string): Promise<void> {
  return drop({ key: reminderKey(siteId, activityId) });
}

/** Due reminders, for their poller: each date of an activity is an event of its own. */
export const dueReminders: ScheduledEvent = {
  kind: 'reminder',
  event: activityReminder.name,
  page({ item, site }, now, limits) {
    const event = storedEvent(item);
    const reported = reportedDate(event, site, item.occurrence, now);
    return pageOf(activityReminder, reported, { ...limits, progress: item.progress });
  },
  nextTime({ item, site }, now) {
    const event = storedEvent(item);
    if (!event.recurrence) return undefined;
    return timeOf(agendaOf(event), site, { index: item.occurrence + 1, now });
  },
};

/** A poller looks every minute: so much later a reminder may be, also one for the moment at which the activity begins. */
const IN_TIME = 2 * 60_000;

/** The event for one date of an activity. It is past when the activity has begun, or its day is over. */
function reportedDate(event: ReminderEvent, site: Site, index: number, now: number): Reported<ReminderEvent> {
  const date = occurrenceAt(agendaOf(event), site.timeZone, index);
  const pastAt = date && Math.max(date.aheadUntil, date.remindAt + IN_TIME);
  return {
    event: eventOfDate(event, site, index),
    site,
    ...(pastAt !== undefined && { pastAt: new Date(pastAt).toISOString() }),
    ...(pastAt !== undefined && pastAt <= now && { skipReason: 'past' }),
  };
}

/**
 * The event for one date of a recurring activity. It has an id of its own, derived from the date, so that each date is
 * sent once.
 */
function eventOfDate(event: ReminderEvent, { timeZone }: Site, index: number): ReminderEvent {
  if (!event.recurrence) return event;
  const date = occurrenceAt(agendaOf(event), timeZone, index)?.date ?? event.activity.date;
  return { ...event, eventId: `${event.eventId}#${date}`, activity: { ...event.activity, date } };
}

/** The event was validated when it was registered. */
function storedEvent({ event }: Waiting): ReminderEvent {
  return JSON.parse(event) as ReminderEvent;
}
