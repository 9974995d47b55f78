import { scheduledKey } from '../domain/ids.ts';
import type { Outcome, SkipReason } from '../domain/outcomes.ts';
import { peopleIn } from '../events/choose-templates.ts';
import { contentOf } from '../events/content.ts';
import { endedLines } from '../events/ended-lines.ts';
import { momentOf } from '../events/event-time.ts';
import { type Accepted, type ReportedBy, skipAll, wasReported } from '../events/notify.ts';
import { notifyPages, pageOf } from '../events/notify-pages.ts';
import { type Reported, skippedKeyOf } from '../events/plan.ts';
import { recordSkipped } from '../store/deliveries.ts';
import { readFacts } from '../store/facts.ts';
import {
  isWaiting,
  ofEvent,
  type Registration,
  register,
  reminderKey,
  replacedBy,
  replacedOf,
  type ScheduleItem,
  sayingsOfDates,
  shardOf,
  type Waiting,
  withdraw,
  withdrawDate,
} from '../store/schedule.ts';
import { requireLatest, type Site } from '../store/sites.ts';
import type { Subject } from '../store/subjects.ts';
import { activityReminder, type ReminderEvent } from './activity-reminder-event.ts';
import { dispatchAtOnce } from './dispatch.ts';
import { erasedSince, hasWaited } from './erased-since.ts';
import { type Agenda, dateName, nextOccurrence, type Occurrence, occurrenceAt } from './recurrence.ts';
import type { ScheduledEvent } from './scheduled-event.ts';

function agendaOf({ activity, remindMinutesBefore, recurrence }: ReminderEvent): Agenda {
  return { date: activity.date, remindMinutesBefore, recurrence };
}

/** So long after a withdrawal that found nothing, a reminder without a time is taken to be the one that was meant. */
const MEANT_FOR = { registered: 0, unknown: 24 * 3600 * 1000 };

/**
 * Schedules the reminder of an activity. It replaces an older one of the same activity. If the time to remind has
 * passed and the activity is in the future, it is dispatched at once. For a recurring activity this applies to its next
 * date. One of an activity that is over, or that was withdrawn since, is superseded.
 *
 * @param now milliseconds since 1970.
 * @param reportedAt when it was reported: it may have waited in a queue. Milliseconds since 1970.
 * @throws StaleSiteError if the site was changed since it was read; nothing is scheduled then.
 * @throws EventIdReusedError
 * @throws ServiceUnreachableError
 */
export async function scheduleReminder(
  reported: ReportedBy<ReminderEvent>,
  now = Date.now(),
): Promise<Accepted> {
  const { event, site } = reported;
  const { siteId } = site;
  if (!hasWaited(reported, now)) return scheduleFor(reported, now);
  const { creator, recipients, ...rest } = event;
  const named = [...recipients, ...(creator ? [creator] : [])];
  const users = named.map(({ id }) => ({ siteId, userId: id }));
  const erased = erasedSince(reported, now, await readFacts({ users }));
  const others = recipients.filter(({ id }) => !erased.has(id));
  const left = { ...rest, ...(creator && !erased.has(creator.id) && { creator }), recipients: others };
  const accepted =
    others.length > 0 ? await scheduleFor({ ...reported, event: left }, now) : { notifications: [] };
  const gone = [...new Set(recipients.filter(({ id }) => erased.has(id)).map(({ id }) => id))];
  const skipped = gone.map((userId): Outcome => ({ userId, status: 'skipped', reason: 'erased' }));
  return { ...accepted, notifications: [...accepted.notifications, ...skipped] };
}

async function scheduleFor(reported: ReportedBy<ReminderEvent>, now: number): Promise<Accepted> {
  const { event, site } = reported;
  const { siteId } = site;
  const key = reminderKey(siteId, event.activity.id);
  const lines = peopleIn(activityReminder, event)
    .slice(0, 1)
    .map((first) => skippedKeyOf(activityReminder, reported, first));
  const facts = await readFacts({ siteIds: [siteId], scheduled: [key], deliveries: lines });
  requireLatest(site, facts.siteVersions.get(siteId));
  const before = facts.scheduled.get(scheduledKey(key));
  const item = toItem(reported, now);
  const { eventId, content } = item;
  const replacedBefore = replacedOf(eventId, before);
  const records = [...facts.deliveries.values(), ...ofEvent(eventId, before), ...replacedBefore];
  let isRepeated = wasReported(eventId, content, records);
  if (replacedBefore.length > 0) return skipAll(activityReminder, { ...reported, isRepeated }, 'superseded');
  const { stored, isNew, replaced } = await register(
    { ...item, replacedEvents: replacedBy(eventId, before) },
    {
      now: new Date(now).toISOString(),
      ...(item.isDated && { endedBefore: item.occurredAt }),
      forgotten: hasOtherDates(item, before) ? sayingsOfDates(before) : [],
    },
  );
  if (replaced) await recordSkipped(endedLines(replaced));
  // It may have been reported at the same moment.
  if (!isNew) isRepeated ||= wasReported(eventId, content, ofEvent(eventId, stored));
  const skipped = (reason: SkipReason) => skipAll(activityReminder, { ...reported, isRepeated }, reason);
  if (stored.eventId !== eventId || stored.ending === 'dropped') return skipped('superseded');
  if (stored.ending === 'past') return skipped('past');
  const { lateOccurrence } = stored;
  const outcomes =
    lateOccurrence !== undefined && (await sendLate({ ...stored, lateOccurrence }, reported, now));
  return {
    notifications: outcomes || eachScheduled(event, stored),
    ...(isRepeated && { repeated: true }),
  };
}

/** Whether an activity that was registered before has been moved, or recurs differently now. */
function hasOtherDates({ series }: Registration, before: ScheduleItem | undefined): boolean {
  return before?.series !== undefined && before.series !== series;
}

/**
 * Dispatches the date whose time to remind had passed. If the event is reported again, the earlier outcomes are
 * returned. A recipient who was missed then is reminded now, unless the date has passed.
 */
async function sendLate(
  stored: ScheduleItem & { lateOccurrence: number },
  { event, site, source }: ReportedBy<ReminderEvent>,
  now: number,
): Promise<Outcome[] | undefined> {
  if (isWaiting(stored) && stored.occurrence === stored.lateOccurrence)
    return dispatchAtOnce(dueReminders, { item: stored, site }, now);
  const { lateOccurrence: index } = stored;
  const isAhead = nextOccurrence(agendaOf(event), site.timeZone, { index, now })?.index === index;
  const reported: Reported<ReminderEvent> = {
    ...reportedDate(event, site, { ...stored, source, occurrence: index }, now),
    ...(!isAhead && { skipReason: 'past' }),
  };
  const [result] = await notifyPages([pageOf(activityReminder, reported)]);
  if (result && 'error' in result) throw result.error;
  return result?.outcomes;
}

function toItem({ event, site, source }: ReportedBy<ReminderEvent>, now: number): Waiting | Registration {
  const key = reminderKey(site.siteId, event.activity.id);
  const occurredAt = momentOf(event, now);
  const agenda = agendaOf(event);
  const registration: Registration = {
    ...key,
    ...{ eventId: event.eventId, occurredAt, source },
    content: contentOf(activityReminder, event),
    registeredAt: new Date(now).toISOString(),
    series: seriesOf(agenda),
    ...(event.occurredAt !== undefined && { isDated: true }),
    ...(event.recurrence && { isRecurring: true }),
  };
  const time = timeOf(agenda, site, { index: 0, now });
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

/** Names the dates of an activity: they are others if it is moved, or recurs in another way. */
function seriesOf({ date, recurrence }: Agenda): string {
  return [dateName(date), ...(recurrence ? [recurrence.frequency] : [])].join(' ');
}

/** When to remind of the next future date: now, if that time has passed. */
function timeOf(
  agenda: Agenda,
  { timeZone }: Site,
  from: { index: number; now: number; remindAfter?: number },
) {
  const next = nextOccurrence(agenda, timeZone, from);
  if (!next) return undefined;
  return { dueAt: new Date(Math.max(next.remindAt, from.now)).toISOString(), occurrence: next.index };
}

/** One outcome for each recipient; a person named twice has one. */
function eachScheduled(event: ReminderEvent, { dueAt }: ScheduleItem): Outcome[] {
  return peopleIn(activityReminder, event).map(({ id }) => ({
    userId: id,
    status: 'scheduled',
    ...(dueAt && { dueAt }),
  }));
}

/** No more reminders of this activity. @returns what waited until now. */
export function withdrawReminder(siteId: string, activityId: string): Promise<Waiting | undefined> {
  const key = reminderKey(siteId, activityId);
  return withdraw({ ...key, at: new Date(Date.now()).toISOString(), meantFor: MEANT_FOR });
}

/** No reminder of one date of an activity. @param date as it was reported: an instant, or a day. */
export async function withdrawOccurrence(siteId: string, activityId: string, date: string): Promise<void> {
  await withdrawDate(reminderKey(siteId, activityId), dateName(date), new Date(Date.now()).toISOString());
}

/** Due reminders, for their poller: each date of an activity is an event of its own. */
export const dueReminders: ScheduledEvent = {
  kind: 'reminder',
  event: activityReminder.name,
  page({ item, site }, now, limits) {
    const reported = reportedDate(storedEvent(item), site, item, now);
    return pageOf(activityReminder, reported, { ...limits, progress: item.progress });
  },
  nextTime({ item, site }, now) {
    const event = storedEvent(item);
    if (!event.recurrence) return undefined;
    // At its registration only the nearest date counted: the others whose time had passed by then are left out.
    const { registeredAt } = item;
    const remindAfter = registeredAt === undefined ? undefined : Date.parse(registeredAt);
    const from = { index: item.occurrence + 1, now, ...(remindAfter !== undefined && { remindAfter }) };
    return timeOf(agendaOf(event), site, from);
  },
};

/** A poller looks every minute: so much later a reminder may be, also one for the moment at which the activity begins. */
const IN_TIME = 2 * 60_000;

/** A registered activity, and the number of one of its dates. */
type Dated = Pick<ScheduleItem, 'occurredAt' | 'isDated' | 'series' | 'source' | 'content'> & {
  occurrence: number;
};

/** The event for one date of an activity. It is past when the activity has begun, or its day is over. */
function reportedDate(event: ReminderEvent, site: Site, item: Dated, now: number): Reported<ReminderEvent> {
  const { source, content, occurrence } = item;
  const date = occurrenceAt(agendaOf(event), site.timeZone, occurrence);
  const pastAt = date && Math.max(date.aheadUntil, date.remindAt + IN_TIME);
  return {
    event: eventOfDate(event, date),
    ...{ site, source, content },
    ...(date && { about: [subjectOf(event, site, item, date)] }),
    ...(item.series !== undefined && date && { identity: identityOf(event, date) }),
    ...(pastAt !== undefined && { pastAt: new Date(pastAt).toISOString() }),
    ...(pastAt !== undefined && pastAt <= now && { skipReason: 'past' }),
  };
}

function subjectOf(event: ReminderEvent, { siteId }: Site, item: Dated, { date, day }: Occurrence): Subject {
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

/**
 * Names the reminder of one date: an activity that is edited until then, and so is reported under other event ids, does
 * not remind of it again, also if it recurs differently by then. What the former release has registered has none: its deliveries are named by the event.
 */
function identityOf(event: ReminderEvent, { date }: Occurrence): string {
  return JSON.stringify(['reminder', event.activity.id, date]);
}

/** The event for one date of a recurring activity. It has an id of its own, derived from the date. */
function eventOfDate(event: ReminderEvent, occurrence: Occurrence | undefined): ReminderEvent {
  if (!event.recurrence) return event;
  const date = occurrence?.date ?? event.activity.date;
  return { ...event, eventId: `${event.eventId}#${date}`, activity: { ...event.activity, date } };
}

/** The event was validated when it was registered. */
function storedEvent({ event }: Waiting): ReminderEvent {
  return JSON.parse(event) as ReminderEvent;
}
