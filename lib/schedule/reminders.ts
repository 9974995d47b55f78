import type { Outcome, SkipReason } from '../domain/outcomes.ts';
import type { EventDefinition, EventFields } from '../events/definition.ts';
import { notifyAll } from '../events/notify.ts';
import { type EventFacts, findEventFacts, type WantedFacts } from '../store/facts.ts';
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
import { checkSiteVersion, type Site } from '../store/sites.ts';
import { dispatch } from './dispatch.ts';
import type { ScheduledEvent } from './kind.ts';
import { momentOf } from './moment.ts';
import { type Agenda, nextOccurrence, occurrenceAt, type Recurrence } from './recurrence.ts';

/** As much of a reminder as its schedule needs. */
interface ReminderEvent extends EventFields {
  activity: { id: string; date: string };
  remindMinutesBefore: number;
  recurrence?: Recurrence | undefined;
  recipients: { id: string }[];
}

function agendaOf({ activity, remindMinutesBefore, recurrence }: ReminderEvent): Agenda {
  return { date: activity.date, remindMinutesBefore, recurrence };
}

/**
 * Lets the reminder of an activity wait for its time, in place of an older one of the same activity. One whose time has
 * passed is handed over at once if the activity is still ahead; of a recurring activity the next date counts that is.
 *
 * @param now milliseconds since 1970.
 * @throws StaleSiteError where the site was changed since it was read; nothing waits then.
 * @throws ServiceUnreachableError
 */
export async function scheduleReminder<Event extends ReminderEvent>(
  kind: ScheduledEvent<Event>,
  event: Event,
  site: Site,
  now = Date.now(),
): Promise<Outcome[]> {
  await checkSiteVersion(site);
  const stored = await register(toItem(event, site, now));
  const skipped = (reason: SkipReason) => eachRecipient(event, { status: 'skipped', reason });
  if (stored.eventId !== event.eventId || stored.ending === 'dropped') return skipped('superseded');
  if (stored.ending === 'past') return skipped('past');
  const { lateOccurrence } = stored;
  const outcomes =
    lateOccurrence !== undefined && (await sendLate(kind, { ...stored, lateOccurrence }, event, site, now));
  return outcomes || eachRecipient(event, { status: 'scheduled' });
}

/**
 * Hands over the date whose time had passed; reported again, the event is answered as it was then. Who was missed then is
 * reminded now, unless it is too late for that.
 */
async function sendLate<Event extends ReminderEvent>(
  kind: ScheduledEvent<Event>,
  stored: ScheduleItem & { lateOccurrence: number },
  event: Event,
  site: Site,
  now: number,
): Promise<Outcome[] | undefined> {
  if (isWaiting(stored) && stored.occurrence === stored.lateOccurrence) {
    const [outcomes] = await dispatch(kind, [{ item: stored, site }], now);
    return outcomes;
  }
  const { lateOccurrence: index } = stored;
  const isAhead = nextOccurrence(agendaOf(event), site.timeZone, { index, now })?.index === index;
  const reported = {
    event: eventOfDate(event, site, index),
    site,
    ...(!isAhead && { whyOver: 'past' as const }),
  };
  const [outcomes] = await notifyAll(kind.definition, [reported]);
  return outcomes;
}

function toItem<Event extends ReminderEvent>(event: Event, site: Site, now: number): Waiting | Registration {
  const key = reminderKey(site.siteId, event.activity.id);
  const registration = { ...key, eventId: event.eventId, occurredAt: momentOf(event, now) };
  const time = timeOf(agendaOf(event), site, { index: 0, now });
  if (!time) return { ...registration, ending: 'past' };
  const isLate = Date.parse(time.dueAt) <= now;
  return {
    ...registration,
    ...time,
    ...(isLate && { lateOccurrence: time.occurrence }),
    shard: shardOf('reminder', key),
    event: JSON.stringify(event),
  };
}

/** When to remind of the next date that is still ahead: now, where that time has passed. */
function timeOf(agenda: Agenda, { timeZone }: Site, from: { index: number; now: number }) {
  const next = nextOccurrence(agenda, timeZone, from);
  if (!next) return undefined;
  return { dueAt: new Date(Math.max(next.remindAt, from.now)).toISOString(), occurrence: next.index };
}

/** A person named twice is named once in the answer. */
function eachRecipient(
  { recipients }: ReminderEvent,
  what: { status: 'scheduled' } | { status: 'skipped'; reason: SkipReason },
): Outcome[] {
  return [...new Set(recipients.map(({ id }) => id))].map((userId) => ({ userId, ...what }));
}

/** No more reminders of this activity. */
export function cancelReminder(siteId: string, activityId: string): Promise<void> {
  return drop(reminderKey(siteId, activityId));
}

/**
 * Cancels the reminder of an activity that takes place no more, or is done. It is read together with what the event has
 * to know, and written only where one waits.
 *
 * @returns what the event has to know.
 * @throws ServiceUnreachableError
 */
export async function cancelReminderAndFind(
  activityId: string,
  siteId: string,
  wanted: WantedFacts,
): Promise<EventFacts> {
  const key = reminderKey(siteId, activityId);
  const facts = await findEventFacts(siteId, { ...wanted, scheduleKeys: [key] });
  if (isWaiting(facts.items.get(key.key))) await drop(key);
  return facts;
}

/** Reminders as their clock hands them over: each date of an activity is an event of its own. */
export function dueReminders<Event extends ReminderEvent>(
  definition: EventDefinition<Event>,
): ScheduledEvent<Event> {
  return {
    name: 'reminder',
    definition,
    eventOf: (item, site) => eventOfDate(storedEvent(item), site, item.occurrence),
    nextTime(item, site, now) {
      const event = storedEvent<Event>(item);
      if (!event.recurrence) return undefined;
      return timeOf(agendaOf(event), site, { index: item.occurrence + 1, now });
    },
  };
}

/** What is reported of one date of a recurring activity: with an id of its own, derived, so that each date goes out once. */
function eventOfDate<Event extends ReminderEvent>(event: Event, { timeZone }: Site, index: number): Event {
  if (!event.recurrence) return event;
  const date = occurrenceAt(agendaOf(event), timeZone, index)?.date ?? event.activity.date;
  return { ...event, eventId: `${event.eventId}#${date}`, activity: { ...event.activity, date } };
}

/** What waits was validated when it was registered. */
function storedEvent<Event extends ReminderEvent>({ event }: Waiting): Event {
  return JSON.parse(event) as Event;
}
