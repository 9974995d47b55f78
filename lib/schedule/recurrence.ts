import { create as duration } from 'temporal-polyfill/fns/duration';
import {
  add,
  create,
  epochMilliseconds,
  fromString,
  startOfDay,
  toString as toIsoString,
  type Record as ZonedDateTime,
} from 'temporal-polyfill/fns/zoneddatetime';
import { knownTimeZone } from '../i18n/time-zones.ts';

type Frequency = 'daily' | 'weekly' | 'monthly' | 'yearly';

export interface Recurrence {
  frequency: Frequency;
  /** The number of dates, including the first one. */
  count?: number | undefined;
  /** The last day (included, in the site's time zone), or the last instant. */
  until?: string | undefined;
}

/** The dates of an activity, and when to remind people of them. */
export interface Agenda {
  /** An instant (ISO 8601 with offset), or a day (`YYYY-MM-DD`). */
  date: string;
  remindMinutesBefore: number;
  recurrence?: Recurrence | undefined;
}

/** One date of an activity. Times are milliseconds since 1970. */
export interface Occurrence {
  /** Counted from 0. */
  index: number;
  /** In the form of the activity's own date: an instant (in UTC), or a day. */
  date: string;
  /** The day that it is on, in the site's time zone (`YYYY-MM-DD`). */
  day: string;
  remindAt: number;
  /** It is in the future until then: its beginning, or the end of its day. */
  aheadUntil: number;
}

/** Where to look for the next occurrence. */
export interface From {
  index: number;
  now: number;
  remindAfter?: number;
  isLeftOut?: (occurrence: Occurrence) => boolean;
}

/** ISO 8601 writes later years with a sign: such dates do not sort as text. */
const LATEST = Date.UTC(9999, 11, 31);

const DAY = 24 * 3600 * 1000;
/** The longest length of each period, in milliseconds: skipping past dates by this length misses none. */
const LONGEST: Record<Frequency, number> = {
  daily: DAY,
  weekly: 7 * DAY,
  monthly: 31 * DAY,
  yearly: 366 * DAY,
};

/** The occurrence with this index; `undefined` if the activity has ended by then. */
export function occurrenceAt(agenda: Agenda, timeZone: string, index: number): Occurrence | undefined {
  return occurrence(agenda, firstMoment(agenda.date, timeZone), index);
}

/**
 * The first future occurrence with this index or a higher one; `undefined` if there is none.
 *
 * @param from.now milliseconds since 1970.
 * @param from.remindAfter only one whose time to remind is later than this; milliseconds since 1970.
 * @param from.isLeftOut may leave out some of them; not all, where they have no end.
 */
export function nextOccurrence(
  agenda: Agenda,
  timeZone: string,
  { index: from, now, remindAfter = 0, isLeftOut = () => false }: From,
): Occurrence | undefined {
  const first = firstMoment(agenda.date, timeZone);
  for (let index = Math.max(from, surelyPast(agenda, first, now)); ; index++) {
    const next = occurrence(agenda, first, index);
    if (!next || (next.aheadUntil > now && next.remindAt > remindAfter && !isLeftOut(next))) return next;
  }
}

/** Whether an activity would end before it begins. */
export function endsBeforeItBegins(agenda: Agenda, timeZone: string): boolean {
  if (agenda.recurrence?.until === undefined) return false;
  const begins = occurrenceAt({ ...agenda, recurrence: undefined }, timeZone, 0);
  return begins !== undefined && occurrenceAt(agenda, timeZone, 0) === undefined;
}

/** The occurrence on a date, which is written as `dateName` writes it; `undefined` if there is none. */
export function occurrenceOn(agenda: Agenda, timeZone: string, date: string): Occurrence | undefined {
  const time = Date.parse(date);
  let next = nextOccurrence(agenda, timeZone, { index: 0, now: time - 2 * DAY });
  while (next && next.aheadUntil < time + 3 * DAY) {
    if (namesOf(next).includes(date)) return next;
    next = occurrenceAt(agenda, timeZone, next.index + 1);
  }
  return undefined;
}

/** What a date is called: as the activity has it, or by its day. */
export function namesOf({ date, day }: Occurrence): string[] {
  return [...new Set([date, day])];
}

/** A date of an activity, always written in the same way: an instant in UTC, or a day. */
export function dateName(date: string): string {
  return isDay(date) ? date : new Date(date).toISOString();
}

/**
 * A number of occurrences that are certainly in the past, roughly counted. Two periods are subtracted, because a day
 * may have 25 hours.
 */
function surelyPast({ recurrence }: Agenda, first: ZonedDateTime, now: number): number {
  if (!recurrence) return 0;
  return Math.max(0, Math.floor((now - epochMilliseconds(first)) / LONGEST[recurrence.frequency]) - 2);
}

function occurrence(agenda: Agenda, first: ZonedDateTime, index: number): Occurrence | undefined {
  if (index > 0 && !agenda.recurrence) return undefined;
  const moment = index === 0 ? first : add(first, timesPeriod(agenda.recurrence?.frequency, index));
  const { begin, end, date } = isDay(agenda.date) ? wholeDay(moment) : instant(moment);
  const day = dayOf(moment);
  const isOver = begin > LATEST || hasEnded(agenda.recurrence, { index, begin, day });
  if (isOver) return undefined;
  return { index, date, day, remindAt: begin - agenda.remindMinutesBefore * 60_000, aheadUntil: end };
}

/**
 * The period is added to the first date, never to the one before: from the 31st it gives the last day of a shorter
 * month, and the 31st again after it. It is added to local time. A time that does not exist when summer time begins
 * becomes an hour later; of a time that occurs twice when it ends, the first is used (Temporal: "constrain",
 * "compatible").
 */
function timesPeriod(frequency: Frequency | undefined, times: number) {
  switch (frequency) {
    case 'yearly':
      return duration(times);
    case 'monthly':
      return duration(0, times);
    case 'weekly':
      return duration(0, 0, times);
    default:
      return duration(0, 0, 0, times);
  }
}

function hasEnded(
  { count, until }: Partial<Recurrence> = {},
  { index, begin, day }: { index: number; begin: number; day: string },
): boolean {
  if (count !== undefined && index >= count) return true;
  if (until === undefined) return false;
  return isDay(until) ? day > until : begin > Date.parse(until);
}

/** A day is represented by its noon, which exists in every time zone. */
function firstMoment(date: string, timeZone: string): ZonedDateTime {
  const zone = knownTimeZone(timeZone);
  if (isDay(date)) return fromString(`${date}T12:00[${zone}]`);
  return create(BigInt(Date.parse(date)) * 1_000_000n, zone);
}

function instant(moment: ZonedDateTime) {
  const begin = epochMilliseconds(moment);
  return { begin, end: begin, date: new Date(Math.min(begin, LATEST)).toISOString() };
}

/** A whole-day activity begins with its day and is in the future until the day ends. */
function wholeDay(moment: ZonedDateTime) {
  return {
    begin: epochMilliseconds(startOfDay(moment)),
    end: epochMilliseconds(startOfDay(add(moment, duration(0, 0, 0, 1)))),
    date: dayOf(moment),
  };
}

function isDay(date: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(date);
}

function dayOf(moment: ZonedDateTime): string {
  return toIsoString(moment).slice(0, 10);
}
