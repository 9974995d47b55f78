/** The statistics of a site, as the API shows them: by day, also those on which nothing happened. */
import { invalidParameters } from '../http/problems.ts';
import { zonedDay } from '../i18n/time-zones.ts';
import { clickCounts } from '../store/click-counts.ts';
import type { Site } from '../store/sites.ts';
import {
  type CountedChange,
  type CountedSite,
  type Counts,
  countNext,
  countsSince,
  personChanges,
} from '../store/statistics.ts';
import { FROM_AFTER_TO } from './log-parameters.ts';

interface EventView extends Counts {
  /** Messages that were opened first on that day; absent where none was. */
  clicked?: number;
}

interface DayView extends EventView {
  /** New links of people who had none. */
  linked: number;
  /** Opt-outs, by the person or the shop. */
  optedOut: number;
  /** Carts that were ordered after a message of their series, by the number of the last one; absent: none. */
  recovered?: Record<string, number>;
  /** The same by event; only events of which there was something. */
  events: Record<string, EventView>;
}

/** Statistics from one day to another, both included. */
export interface StatisticsView {
  from: string;
  to: string;
  timeZone: string;
  /** What was recorded before this time is counted, ISO 8601. */
  countedUntil: string;
  days: ({ day: string } & DayView)[];
  totals: DayView;
}

/** So long an answer counts for good what nobody has counted yet, in milliseconds. */
const TIME_TO_COUNT = 3_000;

/** The longest time between two days in one answer. */
export const MOST_DAYS = 366;
/** Without `from`. */
const USUAL_DAYS = 30;

/**
 * @param days both `YYYY-MM-DD`; by default the last thirty.
 * @param now milliseconds since 1970.
 * @throws HttpProblem 400 where the days are the wrong way round, or too many; ServiceUnreachableError
 */
export async function statisticsOf(
  site: CountedSite & Pick<Site, 'countClicks'>,
  days: { from?: string | undefined; to?: string | undefined },
  now = Date.now(),
): Promise<StatisticsView> {
  const { siteId, timeZone } = site;
  const { from, to } = daysOf(days, zonedDay(new Date(now).toISOString(), timeZone));
  const end = Date.now() + TIME_TO_COUNT;
  while ((await countNext(site, now)) && Date.now() < end);
  const counted = await countsSince(site, from, now);
  const views = new Map(daysBetween(from, to).map((day) => [day, emptyDay()]));
  const totals = emptyDay();
  for (const { day, events } of counted.days) {
    const view = views.get(day);
    if (!view) continue;
    for (const [event, counts] of Object.entries(events)) {
      view.events[event] = counts;
      totals.events[event] = sum(totals.events[event] ?? noCounts(), counts);
      for (const whole of [view, totals]) Object.assign(whole, sum(whole, counts));
    }
  }
  // A day begins and ends within 14 hours of the same day in UTC.
  for await (const { kind, at } of personChanges(siteId, dayAfter(from, -1), dayAfter(to, 2))) {
    const view = views.get(zonedDay(at, timeZone));
    for (const whole of view ? [view, totals] : []) countChange(whole, kind);
  }
  // A shop that has never counted any has none.
  const clicks = site.countClicks === undefined ? [] : await Array.fromAsync(clickCounts(siteId, from, to));
  for (const { day, event, clicked } of clicks) {
    for (const whole of [views.get(day) ?? emptyDay(), totals]) {
      const ofEvent = whole.events[event] ?? noCounts();
      whole.events[event] = { ...ofEvent, clicked: (ofEvent.clicked ?? 0) + clicked };
      whole.clicked = (whole.clicked ?? 0) + clicked;
    }
  }
  return {
    ...{ from, to, timeZone, countedUntil: counted.until },
    days: [...views].map(([day, view]) => ({ day, ...view })),
    totals,
  };
}

function countChange(whole: DayView, kind: CountedChange): void {
  if (kind === 'linked') whole.linked += 1;
  else if (kind === 'opted-out') whole.optedOut += 1;
  else {
    const step = kind.slice('recovered-'.length);
    whole.recovered = { ...whole.recovered, [step]: (whole.recovered?.[step] ?? 0) + 1 };
  }
}

/** @param today `YYYY-MM-DD`, for where the caller says nothing. */
function daysOf(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  today: string,
): { from: string; to: string } {
  const last = to ?? (from !== undefined && from > today ? from : today);
  const first = from ?? dayAfter(last, 1 - USUAL_DAYS);
  if (first > last) throw invalidParameters([{ pointer: '/from', detail: FROM_AFTER_TO }]);
  if (countDays(first, last) > MOST_DAYS) {
    const detail = {
      en: `The period may have ${MOST_DAYS} days at most: ask for a year, then for the one before.`,
      it: `Il periodo può avere al massimo ${MOST_DAYS} giorni: chiedere un anno, poi il precedente.`,
    };
    throw invalidParameters([{ pointer: '/from', detail }]);
  }
  return { from: first, to: last };
}

function emptyDay(): DayView {
  return { ...noCounts(), linked: 0, optedOut: 0, events: {} };
}

function noCounts(): EventView {
  return { sent: 0, failed: 0, skipped: {} };
}

function sum(one: Counts, other: Counts): Counts {
  const skipped = { ...one.skipped };
  for (const [reason, count] of Object.entries(other.skipped))
    skipped[reason] = (skipped[reason] ?? 0) + count;
  return { sent: one.sent + other.sent, failed: one.failed + other.failed, skipped };
}

/** @param day `YYYY-MM-DD`. */
function dayAfter(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** How many days there are from one to another, both included. */
function countDays(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
}

function daysBetween(from: string, to: string): string[] {
  return Array.from({ length: Math.max(0, countDays(from, to)) }, (_, index) => dayAfter(from, index));
}
