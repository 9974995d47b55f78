import { LRUCache } from 'lru-cache';
import type { QuietHours } from '../domain/quiet-hours.ts';
import { zonedTime } from './time-zones.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Until when it is quiet without a pause, and since when that is known. Milliseconds since 1970. */
interface Night {
  since: number;
  until: number;
}

/** In a night the end is the same for every message. */
const nights = new LRUCache<string, Night>({ max: 500 });

/**
 * Until when quiet hours last, by a zone's clocks: the first moment at which these show a time outside of them. So a night
 * is shorter where the clock is put forward, and an hour that comes twice is quiet twice, or not at all.
 *
 * @param now milliseconds since 1970.
 * @returns milliseconds since 1970; `undefined` where it is not quiet now.
 */
export function quietUntil(
  hours: Pick<QuietHours, 'from' | 'to'>,
  timeZone: string,
  now: number,
): number | undefined {
  if (!isQuiet(hours, timeZone, now)) return undefined;
  const name = `${hours.from}-${hours.to} ${timeZone}`;
  const known = nights.get(name);
  if (known && known.since <= now && now < known.until) return known.until;
  const until = endAfter(hours, timeZone, now);
  nights.set(name, { since: now, until });
  return until;
}

function isQuiet({ from, to }: Pick<QuietHours, 'from' | 'to'>, timeZone: string, at: number): boolean {
  const time = clockAt(timeZone, at).slice(11, 16);
  return from <= to ? from <= time && time < to : from <= time || time < to;
}

/** What the clocks show: `2026-11-22 15:30:05`. */
function clockAt(timeZone: string, at: number): string {
  return zonedTime(new Date(at).toISOString(), timeZone);
}

/** By how much the clocks are ahead of UTC, in milliseconds. */
function offsetAt(timeZone: string, at: number): number {
  return Date.parse(`${clockAt(timeZone, at).replace(' ', 'T')}Z`) - Math.floor(at / 1_000) * 1_000;
}

function endAfter(hours: Pick<QuietHours, 'from' | 'to'>, timeZone: string, now: number): number {
  for (let at = now; ; ) {
    const offset = offsetAt(timeZone, at);
    const end = nextTime(hours.to, at, offset);
    const change = changeBetween(timeZone, at, end, offset);
    if (change === undefined) return end;
    if (!isQuiet(hours, timeZone, change)) return change;
    at = change;
  }
}

/** When the clocks show this time next, if they are not put forward or back until then. */
function nextTime(time: string, at: number, offset: number): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const local = at + offset;
  const today = Math.floor(local / DAY) * DAY + hour * HOUR + minute * MINUTE;
  return (today > local ? today : today + DAY) - offset;
}

/** The first moment from which on the clocks have another offset; `undefined` if they keep it. */
function changeBetween(timeZone: string, from: number, to: number, offset: number): number | undefined {
  let before = from;
  while (before < to) {
    let after = Math.min(before + HOUR, to);
    if (offsetAt(timeZone, after) === offset) {
      before = after;
      continue;
    }
    // Clocks change at whole seconds.
    while (after - before > 1_000) {
      const middle = Math.floor((before + after) / 2_000) * 1_000;
      if (middle <= before) break;
      if (offsetAt(timeZone, middle) === offset) before = middle;
      else after = middle;
    }
    return Math.floor(after / 1_000) * 1_000;
  }
  return undefined;
}
