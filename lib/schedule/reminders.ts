import { InvalidInputError } from '../domain/errors.ts';
import { scheduledKey } from '../domain/ids.ts';
import type { Outcome, SkipReason } from '../domain/outcomes.ts';
import { peopleIn } from '../events/choose-templates.ts';
import { contentOf } from '../events/content.ts';
import { endedLines } from '../events/ended-lines.ts';
import { momentOf } from '../events/event-time.ts';
import { type Accepted, type ReportedBy, skipAll, wasReported } from '../events/notify.ts';
import { notifyPage, pageOf } from '../events/notify-pages.ts';
import { type Reported, skippedKeyOf } from '../events/plan.ts';
import { NOTHING_SENT } from '../events/report.ts';
import { recordSkipped } from '../store/deliveries.ts';
import { readFacts } from '../store/facts.ts';
import { changedByOthers, MAX_ROUNDS } from '../store/rounds.ts';
import {
  finish,
  isDateOff,
  isDateWithdrawn,
  isWaiting,
  type Kept,
  keptOf,
  moveToNextOccurrence,
  ofEvent,
  type Registration,
  readScheduled,
  register,
  reminderKey,
  replaceRecipients,
  type ScheduleItem,
  shardOf,
  type Waiting,
  type WithEvent,
  wasReplaced,
  withdraw,
  withdrawDate,
} from '../store/schedule.ts';
import { requireLatest, type Site } from '../store/sites.ts';
import type { Subject } from '../store/subjects.ts';
import { activityReminder, type ReminderEvent } from './activity-reminder-event.ts';
import { dispatchAtOnce } from './dispatch.ts';
import { erasedSince, hasWaited } from './erased-since.ts';
import {
  type Agenda,
  dateName,
  endsBeforeItBegins,
  type From,
  namesOf,
  nextOccurrence,
  type Occurrence,
  occurrenceAt,
  occurrenceOn,
} from './recurrence.ts';
import type { ScheduledEvent } from './scheduled-event.ts';

function agendaOf({ activity, remindMinutesBefore, recurrence }: ReminderEvent): Agenda {
  return { date: activity.date, remindMinutesBefore, recurrence };
}

const NEVER = {
  pointer: '/recurrence/until',
  detail: {
    en: 'Must not be before the date of the activity: it would never take place.',
    it: "Non deve essere prima della data dell'attività: non avrebbe mai luogo.",
  },
};

/** So long after a withdrawal that found nothing, a reminder without a time is taken to be the one that was meant. */
const MEANT_FOR = { registered: 0, unknown: 24 * 3600 * 1000 };

/**
 * Schedules the reminder of an activity. It replaces an older one of the same activity. If the time to remind has
 * passed and the activity is in the future, it is dispatched at once. For a recurring activity this applies to its next
 * date that is not off. One of an activity that is over, or that was withdrawn since, is superseded.
 *
 * @param now milliseconds since 1970.
 * @param reportedAt when it was reported: it may have waited in a queue. Milliseconds since 1970.
 * @throws InvalidInputError if it ends before it begins.
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
  if (endsBeforeItBegins(agendaOf(event), site.timeZone)) throw new InvalidInputError([NEVER], NOTHING_SENT);
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
  const item = toItem(reported, before, now);
  const { eventId, content } = item;
  const records = [...facts.deliveries.values(), ...ofEvent(eventId, before)];
  let isRepeated = wasReported(eventId, content, records);
  const skipped = (reason: SkipReason) => skipAll(activityReminder, { ...reported, isRepeated }, reason);
  // Another registration has taken its place since.
  if (wasReplaced(eventId, before)) return skipped('superseded');
  const { stored, isNew, replaced } = await register(item, {
    now: new Date(now).toISOString(),
    ...(item.isDated && { endedBefore: item.occurredAt }),
    keepsEnded: true,
    before,
  });
  if (replaced) await recordSkipped(endedLines(replaced));
  // It may have been reported at the same moment.
  if (!isNew) isRepeated ||= wasReported(eventId, content, ofEvent(eventId, stored));
  const complete = isNew ? stored : await withRecipients(stored, event);
  if (complete.eventId !== eventId || complete.ending === 'dropped') return skipped('superseded');
  if (complete.ending === 'past') return skipped('past');
  const lateOccurrence = occurrenceToSend(complete);
  const outcomes =
    lateOccurrence !== undefined && (await sendLate({ ...complete, lateOccurrence }, reported, now));
  const dueAt = isWaiting(complete)
    ? dueToCome({ ...(isNew && { ...before, scheduledFor: undefined }), ...complete }, site, now)
    : undefined;
  if (!outcomes && isWaiting(complete) && dueAt === undefined) return skipped('superseded');
  return {
    notifications: outcomes || eachScheduled(event, dueAt),
    ...(isRepeated && { repeated: true }),
  };
}

/** DynamoDB's limit for an item is 400 KB; the rest is for what is remembered of the activity. */
const LARGEST_EVENT = 300_000;

/**
 * Adds the recipients of a repeated event who were not in it before, for those who are to be reminded: also where a status
 * has ended it, since a later one may let it wait again.
 *
 * @returns the item with all of them; as it is, if it was dispatched or is another one.
 * @throws InvalidInputError if there are too many.
 * @throws ServiceUnreachableError
 */
async function withRecipients(
  stored: ScheduleItem,
  { eventId, recipients }: ReminderEvent,
): Promise<ScheduleItem> {
  let current: ScheduleItem | undefined = stored;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (!hasEvent(current) || current.eventId !== eventId) return current ?? stored;
    const event = JSON.parse(current.event) as ReminderEvent;
    const known = new Set(event.recipients.map(({ id }) => id));
    const added = recipients.filter(({ id }) => !known.has(id));
    if (added.length === 0) return current;
    const json = JSON.stringify({ ...event, recipients: [...event.recipients, ...added] });
    if (Buffer.byteLength(json) > LARGEST_EVENT) throw tooManyRecipients(event.recipients.length);
    const changed = await replaceRecipients(current, json);
    if (changed) return changed;
    current = await readScheduled(current);
  }
  throw changedByOthers('The reminder of the activity');
}

function hasEvent(item: ScheduleItem | undefined): item is WithEvent {
  return item?.event !== undefined;
}

function tooManyRecipients(count: number): InvalidInputError {
  const detail = {
    en: `There is no room for more: ${count} are to be reminded of this activity already. Report the others as an activity with an id of its own.`,
    it: `Non c'è posto per altri: l'attività va già ricordata a ${count} persone. Segnalare le altre come un'attività con un proprio id.`,
  };
  return new InvalidInputError([{ pointer: '/recipients', detail }]);
}

/** The number of the date that is dispatched when it is reported, or was: whoever is added now is reminded of it too. */
function occurrenceToSend({ lateOccurrence, ending, isRecurring }: ScheduleItem): number | undefined {
  return ending === 'handed-over' && !isRecurring ? 0 : lateOccurrence;
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
  return notifyPage(pageOf(activityReminder, reported));
}

/**
 * What is registered of an event. It does not wait if it is past, or if all its dates are off: then a later status may let
 * it wait, unless they were withdrawn.
 *
 * @param before what is registered, or known, of the activity.
 */
function toItem(
  { event, site, source, reportedAt }: ReportedBy<ReminderEvent>,
  before: ScheduleItem | undefined,
  now: number,
): Waiting | (Registration & Kept) {
  const key = reminderKey(site.siteId, event.activity.id);
  const occurredAt = momentOf(event, reportedAt ?? now);
  const agenda = agendaOf(event);
  const registration = continued(before, {
    ...key,
    ...{ eventId: event.eventId, occurredAt, source },
    content: contentOf(activityReminder, event),
    registeredAt: new Date(now).toISOString(),
    ...{ series: seriesOf(agenda), minutesBefore: event.remindMinutesBefore },
    ...(event.occurredAt !== undefined && { isDated: true }),
    ...(event.recurrence && { isRecurring: true }),
  });
  const known = { ...before, ...registration } as ScheduleItem;
  const isOff = (occurrence: Occurrence) => isOccurrenceOff(known, registration, occurrence);
  const isLeftOut = (occurrence: Occurrence) =>
    isDateWithdrawn(known, namesOf(occurrence)) ||
    (event.recurrence !== undefined && occurrence.remindAt <= now && isOff(occurrence));
  const time = timeOf(agenda, site, { index: 0, now, isLeftOut });
  if (!time) {
    const isAhead = timeOf(agenda, site, { index: 0, now }) !== undefined;
    return { ...registration, ending: isAhead ? 'dropped' : 'past' };
  }
  const isLate = Date.parse(time.dueAt) <= now;
  const waiting: Waiting = {
    ...registration,
    ...time,
    ...(isLate && { lateOccurrence: time.occurrence }),
    shard: shardOf('reminder', key),
    // With its time: names that are corrected until then are newer.
    event: JSON.stringify({ ...event, occurredAt }),
  };
  return timeOf(agenda, site, { index: 0, now, isLeftOut: isOff }) ? waiting : keptOf(waiting);
}

/** No message waits for longer, in milliseconds. */
const LONGEST_WAIT = 7 * 24 * 3600 * 1000;

/** A registration with what it takes over from the one before it. */
function continued(before: ScheduleItem | undefined, registration: Registration): Registration {
  const { series, minutesBefore, occurredAt, isDated, registeredAt = occurredAt } = registration;
  if (before?.eventId === undefined) return { ...registration, turnsFrom: registeredAt };
  const hasOtherDates = before.series !== undefined && before.series !== series;
  const isAtOtherTimes = hasOtherDates || before.minutesBefore !== minutesBefore;
  // Messages of the former registration may wait: they give way to those of this one, for the same dates.
  const longest = new Date(Date.parse(registeredAt) - LONGEST_WAIT).toISOString();
  const { turnsFrom = registeredAt } = isAtOtherTimes ? registration : before;
  return {
    ...registration,
    turnsFrom: turnsFrom > longest ? turnsFrom : longest,
    withdrawnFrom: hasOtherDates ? occurredAt : before.withdrawnFrom,
    overFrom: hasOtherDates && isDated ? occurredAt : before.overFrom,
    namedBy: before.minutesBefore === undefined ? before.series : before.namedBy,
  };
}

function isOccurrenceOff(
  item: ScheduleItem,
  { occurredAt = '', isDated, isRecurring }: Pick<ScheduleItem, 'occurredAt' | 'isDated' | 'isRecurring'>,
  occurrence: Occurrence,
): boolean {
  return isDateOff(item, { names: namesOf(occurrence), at: occurredAt, isDated, isRecurring });
}

/** Names the dates of an activity: they are others if it is moved, or recurs in another way. */
function seriesOf({ date, recurrence }: Agenda): string {
  return [dateName(date), ...(recurrence ? [recurrence.frequency] : [])].join(' ');
}

/** When to remind of the next future date: now, if that time has passed. */
function timeOf(agenda: Agenda, { timeZone }: Pick<Site, 'timeZone'>, from: From) {
  const next = nextOccurrence(agenda, timeZone, from);
  if (!next) return undefined;
  return { dueAt: new Date(Math.max(next.remindAt, from.now)).toISOString(), occurrence: next.index };
}

/** One outcome for each recipient; a person named twice has one. */
function eachScheduled(event: ReminderEvent, dueAt: string | undefined): Outcome[] {
  return peopleIn(activityReminder, event).map(({ id }) => ({
    userId: id,
    status: 'scheduled',
    ...(dueAt && { dueAt }),
  }));
}

/** When people will really be reminded next: dates that are off are left out. `undefined` if all are. */
export function dueToCome(item: Waiting, site: Site, now: number): string | undefined {
  const { occurrence: index, dueAt, scheduledFor = dueAt } = item;
  const isLeftOut = (occurrence: Occurrence) => isOccurrenceOff(item, item, occurrence);
  const next = timeOf(agendaOf(storedEvent(item)), site, { index, now, isLeftOut });
  return next?.occurrence === index ? scheduledFor : next?.dueAt;
}

/** No more reminders of this activity. @returns what waited until now. */
export function withdrawReminder(siteId: string, activityId: string): Promise<Waiting | undefined> {
  const key = reminderKey(siteId, activityId);
  return withdraw({ ...key, at: new Date(Date.now()).toISOString(), meantFor: MEANT_FOR });
}

/**
 * No reminder of one date of an activity. If it is the next one, the one after it waits from now on.
 *
 * @param date as it was reported: an instant, or a day.
 * @returns what waited for this date until now.
 */
export async function withdrawOccurrence(
  site: Site,
  activityId: string,
  date: string,
): Promise<Waiting | undefined> {
  const now = Date.now();
  const name = dateName(date);
  const item = await withdrawDate(reminderKey(site.siteId, activityId), name, new Date(now).toISOString());
  const off = isWaiting(item) && occurrenceOn(agendaOf(storedEvent(item)), site.timeZone, name);
  if (!off || off.index < item.occurrence) return undefined;
  // Later dates are left out when it is their turn.
  if (off.index > item.occurrence)
    return { ...item, occurrence: off.index, scheduledFor: new Date(off.remindAt).toISOString() };
  const next = dueReminders.nextTime({ item, site }, now);
  await (next ? moveToNextOccurrence(item, next) : finish(item, 'dropped'));
  return item;
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
    const { registeredAt, turnsFrom = registeredAt } = item;
    return timeOf(agendaOf(event), site, {
      ...{ index: item.occurrence + 1, now },
      ...(turnsFrom !== undefined && { remindAfter: Date.parse(turnsFrom) }),
      isLeftOut: (occurrence) => isDateWithdrawn(item, namesOf(occurrence)),
    });
  },
};

/** A poller looks every minute: so much later a reminder may be, also one for the moment at which the activity begins. */
const IN_TIME = 2 * 60_000;

/** A registered activity, and the number of one of its dates. */
type Dated = Pick<
  ScheduleItem,
  'occurredAt' | 'isDated' | 'series' | 'minutesBefore' | 'namedBy' | 'source' | 'content'
> & { occurrence: number };

/** The event for one date of an activity. It is past when the activity has begun, or its day is over. */
function reportedDate(event: ReminderEvent, site: Site, item: Dated, now: number): Reported<ReminderEvent> {
  const { source, content, occurrence } = item;
  const date = occurrenceAt(agendaOf(event), site.timeZone, occurrence);
  const pastAt = date && Math.max(date.aheadUntil, date.remindAt + IN_TIME);
  return {
    event: eventOfDate(event, date),
    ...{ site, source, content },
    ...(date && { about: [subjectOf(event, site, item, date)] }),
    ...(item.series !== undefined && date && { identity: identityOf(event, item, date) }),
    ...(pastAt !== undefined && { pastAt: new Date(pastAt).toISOString() }),
    ...(pastAt !== undefined && pastAt <= now && { skipReason: 'past' }),
  };
}

function subjectOf(event: ReminderEvent, { siteId }: Site, item: Dated, occurrence: Occurrence): Subject {
  const { occurredAt = '', isDated } = item;
  return {
    kind: 'date',
    key: reminderKey(siteId, event.activity.id).key,
    at: occurredAt,
    eventId: event.eventId,
    ...(isDated && { isDated }),
    series: item.series ?? seriesOf(agendaOf(event)),
    names: namesOf(occurrence),
    ...(event.recurrence && { isRecurring: true }),
  };
}

/**
 * Names the reminder of one date and time of an activity: nobody gets it twice, even if the activity is edited, and so is
 * reported under other event ids. Where an earlier registration has named it by the series too, it keeps that name. What the
 * former release has registered has none: its deliveries are named by the event.
 */
function identityOf(event: ReminderEvent, item: Dated, { date }: Occurrence): string {
  const namedBy = item.minutesBefore === undefined ? item.series : item.namedBy;
  return JSON.stringify(['reminder', event.activity.id, ...(namedBy === undefined ? [] : [namedBy]), date]);
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
