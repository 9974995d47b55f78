/**
 * Until when quiet hours last, in every time zone and around each change of its clock. What is expected is found by looking at
 * the clock minute by minute, with another part of Intl than our code asks; some nights are written out from the tz database.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quietUntil } from '../../lib/i18n/quiet-hours.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ZONES = Intl.supportedValuesOf('timeZone');
const YEAR = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2027, 0, 1) };

const formats = new Map<string, Intl.DateTimeFormat>();
function offsetFormat(timeZone: string): Intl.DateTimeFormat {
  const known =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, known);
  return known;
}

/** By how many minutes the clock is ahead of UTC: `GMT-03:30`. */
function offsetMinutes(timeZone: string, at: number): number {
  const name =
    offsetFormat(timeZone)
      .formatToParts(at)
      .find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = 0, minutes = 0] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** @param clock minutes since midnight. */
function isWithin(from: string, to: string, clock: number): boolean {
  const length = (minutesOf(to) - minutesOf(from) + 1440) % 1440;
  return (clock - minutesOf(from) + 1440) % 1440 < length;
}

function expectedEnd(from: string, to: string, timeZone: string, now: number): number | undefined {
  const isQuietAt = (at: number) => {
    const minutes = Math.floor(at / MINUTE) + offsetMinutes(timeZone, at);
    return isWithin(from, to, ((minutes % 1440) + 1440) % 1440);
  };
  if (!isQuietAt(now)) return undefined;
  let at = Math.floor(now / MINUTE) * MINUTE;
  while (isQuietAt(at)) at += MINUTE;
  return at;
}

/** When the clock of a zone is put forward or back in the year. */
function changesOf(timeZone: string): number[] {
  const changes: number[] = [];
  for (let day = YEAR.from; day < YEAR.to; day += DAY) {
    const before = offsetMinutes(timeZone, day);
    if (offsetMinutes(timeZone, day + DAY) === before) continue;
    let [low, high] = [day, day + DAY];
    while (high - low > MINUTE) {
      const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
      if (offsetMinutes(timeZone, middle) === before) low = middle;
      else high = middle;
    }
    changes.push(high);
  }
  return changes;
}

const clock = (minutes: number) => {
  const within = ((minutes % 1440) + 1440) % 1440;
  return `${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`;
};

test('every zone, on an ordinary night and in each night in which its clock is changed', () => {
  const wrong: unknown[] = [];
  let changes = 0;
  for (const timeZone of ZONES) {
    const moments = changesOf(timeZone);
    changes += moments.length;
    for (const change of [Date.UTC(2026, 5, 10), ...moments]) {
      // What the clock would show then, had it not been changed.
      const shown = Math.floor(change / MINUTE) + offsetMinutes(timeZone, change - MINUTE);
      const nights = [
        ['22:00', '08:00'],
        // They end, and begin, in the hour that is skipped, or comes twice.
        ['22:00', clock(shown + 30)],
        [clock(shown + 30), '08:00'],
        ['22:00', clock(shown - 30)],
        [clock(shown - 30), clock(shown + 30)],
      ] as const;
      for (const [from, to] of nights)
        for (const now of [
          change - 90 * MINUTE + 1,
          change - MINUTE,
          change - 1,
          change,
          change + 45 * MINUTE,
        ]) {
          const found = quietUntil({ from, to }, timeZone, now);
          const expected = expectedEnd(from, to, timeZone, now);
          if (found !== expected) wrong.push({ timeZone, from, to, now: new Date(now), found, expected });
        }
    }
  }
  expect(wrong).toEqual([]);
  // The zones of Europe and America alone have two hundred.
  expect(changes).toBeGreaterThan(200);
});

test('any hours, in any zone, at any time', () => {
  const time = fc.integer({ min: 0, max: 1439 }).map(clock);
  const moment = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2035, 0, 1) });
  fc.assert(
    fc.property(time, time, fc.constantFrom(...ZONES), moment, (from, to, timeZone, now) => {
      expect(quietUntil({ from, to }, timeZone, now)).toBe(expectedEnd(from, to, timeZone, now));
    }),
    { numRuns: 300 },
  );
});

test('from equal to to: no night', () => {
  for (const now of [0, 7, 8, 9, 23].map((hour) => Date.UTC(2026, 10, 30, hour)))
    expect(quietUntil({ from: '08:00', to: '08:00' }, 'UTC', now)).toBeUndefined();
});

const end = (from: string, to: string, timeZone: string, now: string) => {
  const until = quietUntil({ from, to }, timeZone, Date.parse(now));
  return until === undefined ? undefined : new Date(until).toISOString();
};

// Europe/Rome: from 2:00 to 3:00 on 29 March 2026, from 3:00 to 2:00 on 25 October.
test('a night across midnight, and one within a day', () => {
  expect(end('22:00', '08:00', 'Europe/Rome', '2026-11-30T21:00:00+01:00')).toBeUndefined();
  expect(end('22:00', '08:00', 'Europe/Rome', '2026-11-30T22:00:00+01:00')).toBe('2026-12-01T07:00:00.000Z');
  expect(end('22:00', '08:00', 'Europe/Rome', '2026-12-01T00:30:00+01:00')).toBe('2026-12-01T07:00:00.000Z');
  expect(end('22:00', '08:00', 'Europe/Rome', '2026-12-01T07:59:59+01:00')).toBe('2026-12-01T07:00:00.000Z');
  expect(end('22:00', '08:00', 'Europe/Rome', '2026-12-01T08:00:00+01:00')).toBeUndefined();
  expect(end('13:00', '15:30', 'Europe/Rome', '2026-11-30T14:00:00+01:00')).toBe('2026-11-30T14:30:00.000Z');
  expect(end('22:00', '00:00', 'Europe/Rome', '2026-11-30T23:00:00+01:00')).toBe('2026-11-30T23:00:00.000Z');
});

test('a night that ends in the hour that is skipped ends where that hour would have begun', () => {
  expect(end('22:00', '02:30', 'Europe/Rome', '2026-03-28T23:00:00+01:00')).toBe('2026-03-29T01:00:00.000Z');
});

test('a night of nine hours, and one of eleven', () => {
  expect(end('22:00', '08:00', 'Europe/Rome', '2026-03-28T22:00:00+01:00')).toBe('2026-03-29T06:00:00.000Z');
  expect(end('22:00', '08:00', 'Europe/Rome', '2026-10-24T22:00:00+02:00')).toBe('2026-10-25T07:00:00.000Z');
});

test('a night that ends in the hour that comes twice ends the first time, and is quiet again the second time', () => {
  expect(end('22:00', '02:30', 'Europe/Rome', '2026-10-25T01:00:00+02:00')).toBe('2026-10-25T00:30:00.000Z');
  expect(end('22:00', '02:30', 'Europe/Rome', '2026-10-25T02:45:00+02:00')).toBeUndefined();
  expect(end('22:00', '02:30', 'Europe/Rome', '2026-10-25T02:10:00+01:00')).toBe('2026-10-25T01:30:00.000Z');
});

test('a night without a whole day: Samoa had no 30 December 2011', () => {
  expect(end('22:00', '08:00', 'Pacific/Apia', '2011-12-29T23:00:00-10:00')).toBe('2011-12-30T18:00:00.000Z');
});
