/**
 * When activities take place, and when people are reminded. Written by hand from a calendar: in Rome summer time begins on
 * Sunday 28 March 2027 (02:00 is 03:00) and ends on Sunday 31 October 2027 (03:00 is 02:00).
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Agenda, nextOccurrence, occurrenceAt, type Recurrence } from '../../lib/schedule/recurrence.ts';

const ROME = 'Europe/Rome';

function agenda(date: string, recurrence?: Recurrence, remindMinutesBefore = 60): Agenda {
  return { date, remindMinutesBefore, recurrence };
}

/** The first dates of an activity, as many as asked for or as there are. */
function dates(agenda: Agenda, count: number, timeZone = ROME): string[] {
  const all = Array.from({ length: count }, (_, index) => occurrenceAt(agenda, timeZone, index)?.date);
  return all.filter((date) => date !== undefined);
}

const iso = (milliseconds: number | undefined) =>
  milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
const utc = (...times: string[]) => times.map((time) => `${time}:00.000Z`);

const TABLE: [string, Agenda, string[]][] = [
  [
    'daily at 09:30, into summer time',
    agenda('2027-03-26T09:30:00+01:00', { frequency: 'daily', count: 4 }),
    utc('2027-03-26T08:30', '2027-03-27T08:30', '2027-03-28T07:30', '2027-03-29T07:30'),
  ],
  [
    'daily at 09:30, out of summer time',
    agenda('2027-10-30T09:30:00+02:00', { frequency: 'daily', count: 3 }),
    utc('2027-10-30T07:30', '2027-10-31T08:30', '2027-11-01T08:30'),
  ],
  [
    'weekly on Mondays at 09:30, into summer time',
    agenda('2027-03-15T09:30:00+01:00', { frequency: 'weekly', count: 4 }),
    utc('2027-03-15T08:30', '2027-03-22T08:30', '2027-03-29T07:30', '2027-04-05T07:30'),
  ],
  [
    'weekly on Sundays at 18:00, out of summer time',
    agenda('2027-10-24T18:00:00+02:00', { frequency: 'weekly', count: 3 }),
    utc('2027-10-24T16:00', '2027-10-31T17:00', '2027-11-07T17:00'),
  ],
  [
    'daily at 02:30: the night without a 02:30 has it at 03:30',
    agenda('2027-03-27T02:30:00+01:00', { frequency: 'daily', count: 3 }),
    utc('2027-03-27T01:30', '2027-03-28T01:30', '2027-03-29T00:30'),
  ],
  [
    'daily at 02:30: in the night with two of them the first counts',
    agenda('2027-10-30T02:30:00+02:00', { frequency: 'daily', count: 3 }),
    utc('2027-10-30T00:30', '2027-10-31T00:30', '2027-11-01T01:30'),
  ],
  [
    'first at the second 02:30 of that night: the instant itself, then 02:30',
    agenda('2027-10-31T02:30:00+01:00', { frequency: 'daily', count: 2 }),
    utc('2027-10-31T01:30', '2027-11-01T01:30'),
  ],
  [
    'monthly on the 31st: the last day of shorter months, and the 31st again',
    agenda('2027-01-31T10:00:00+01:00', { frequency: 'monthly', count: 6 }),
    utc(
      '2027-01-31T09:00',
      '2027-02-28T09:00',
      '2027-03-31T08:00',
      '2027-04-30T08:00',
      '2027-05-31T08:00',
      '2027-06-30T08:00',
    ),
  ],
  [
    'monthly on the 30th, in a leap year',
    agenda('2028-01-30T10:00:00+01:00', { frequency: 'monthly', count: 3 }),
    utc('2028-01-30T09:00', '2028-02-29T09:00', '2028-03-30T08:00'),
  ],
  [
    'monthly, over the end of the year',
    agenda('2027-11-15T10:00:00+01:00', { frequency: 'monthly', count: 3 }),
    utc('2027-11-15T09:00', '2027-12-15T09:00', '2028-01-15T09:00'),
  ],
  [
    'yearly on 29 February: the 28th, but every four years',
    agenda('2028-02-29T10:00:00+01:00', { frequency: 'yearly', count: 5 }),
    utc('2028-02-29T09:00', '2029-02-28T09:00', '2030-02-28T09:00', '2031-02-28T09:00', '2032-02-29T09:00'),
  ],
  [
    'yearly on a day that is in summer time in one year and not in the next',
    agenda('2027-03-28T12:00:00+02:00', { frequency: 'yearly', count: 3 }),
    // In 2028 summer time begins on 26 March, in 2029 on 25 March.
    utc('2027-03-28T10:00', '2028-03-28T10:00', '2029-03-28T10:00'),
  ],
  [
    'yearly on 26 March',
    agenda('2027-03-26T12:00:00+01:00', { frequency: 'yearly', count: 2 }),
    utc('2027-03-26T11:00', '2028-03-26T10:00'),
  ],
  ['not recurring', agenda('2027-03-15T09:30:00+01:00'), utc('2027-03-15T08:30')],
  [
    'recurring once',
    agenda('2027-03-15T09:30:00+01:00', { frequency: 'daily', count: 1 }),
    utc('2027-03-15T08:30'),
  ],
  [
    'until a day: to its end in Rome',
    agenda('2027-05-10T23:30:00+02:00', { frequency: 'daily', until: '2027-05-12' }),
    utc('2027-05-10T21:30', '2027-05-11T21:30', '2027-05-12T21:30'),
  ],
  [
    'until a day: it is the day in Rome that counts, not in Greenwich',
    agenda('2027-05-10T00:30:00+02:00', { frequency: 'daily', until: '2027-05-11' }),
    utc('2027-05-09T22:30', '2027-05-10T22:30'),
  ],
  [
    'until the moment of a date: that date included',
    agenda('2027-05-10T09:30:00+02:00', { frequency: 'daily', until: '2027-05-12T09:30:00+02:00' }),
    utc('2027-05-10T07:30', '2027-05-11T07:30', '2027-05-12T07:30'),
  ],
  [
    'until a second before a date: that date not included',
    agenda('2027-05-10T09:30:00+02:00', { frequency: 'daily', until: '2027-05-12T09:29:59+02:00' }),
    utc('2027-05-10T07:30', '2027-05-11T07:30'),
  ],
  [
    'count and until: the count ends first',
    agenda('2027-05-10T09:30:00+02:00', { frequency: 'weekly', count: 2, until: '2027-12-31' }),
    utc('2027-05-10T07:30', '2027-05-17T07:30'),
  ],
  [
    'count and until: the day comes first',
    agenda('2027-05-10T09:30:00+02:00', { frequency: 'weekly', count: 9, until: '2027-05-20' }),
    utc('2027-05-10T07:30', '2027-05-17T07:30'),
  ],
  [
    'ended before it began',
    agenda('2027-05-10T09:30:00+02:00', { frequency: 'weekly', until: '2027-05-09' }),
    [],
  ],
  [
    'given in Greenwich, recurring as the clocks of Rome go',
    agenda('2027-03-26T08:30:00Z', { frequency: 'daily', count: 3 }),
    utc('2027-03-26T08:30', '2027-03-27T08:30', '2027-03-28T07:30'),
  ],
  [
    'given in Tokyo, where it is the day after already',
    agenda('2027-02-01T05:00:00+09:00', { frequency: 'monthly', count: 2 }),
    // 31 January, 21:00 in Rome.
    utc('2027-01-31T20:00', '2027-02-28T20:00'),
  ],
  [
    'a whole day',
    agenda('2027-03-27', { frequency: 'daily', count: 3 }),
    ['2027-03-27', '2027-03-28', '2027-03-29'],
  ],
  [
    'a whole day, the 31st',
    agenda('2027-01-31', { frequency: 'monthly', count: 3 }),
    ['2027-01-31', '2027-02-28', '2027-03-31'],
  ],
  [
    'a whole day, until a day',
    agenda('2027-01-30', { frequency: 'daily', until: '2027-01-31' }),
    ['2027-01-30', '2027-01-31'],
  ],
];

describe('the dates of an activity in Rome', () => {
  test.each(TABLE)('%s', (_, agenda, expected) => {
    expect(dates(agenda, 12)).toEqual(expected);
  });

  test('have no end where none is given, and are no later than what sorts as text', () => {
    const weekly = agenda('2027-05-10T09:30:00+02:00', { frequency: 'weekly' });
    expect(occurrenceAt(weekly, ROME, 260)?.date).toBe('2032-05-03T07:30:00.000Z');
    expect(occurrenceAt(weekly, ROME, 500_000)).toBeUndefined();
  });

  test.each([
    ['in New York', 'America/New_York', utc('2027-03-12T15:00', '2027-03-13T15:00', '2027-03-14T14:00')],
    [
      'in a time zone that nobody knows, as in Rome',
      'Mars/Olympus',
      utc('2027-03-12T15:00', '2027-03-13T15:00', '2027-03-14T15:00'),
    ],
  ])('%s', (_, timeZone, expected) => {
    // In New York summer time begins on 14 March 2027.
    const daily = agenda('2027-03-12T15:00:00Z', { frequency: 'daily', count: 3 });
    expect(dates(daily, 9, timeZone)).toEqual(expected);
  });
});

describe('reminders in Rome', () => {
  const daily: Recurrence = { frequency: 'daily' };
  test.each<[string, Agenda, number, string]>([
    ['an hour before', agenda('2027-05-10T09:30:00+02:00'), 0, '2027-05-10T06:30'],
    ['at the moment itself', agenda('2027-05-10T09:30:00+02:00', undefined, 0), 0, '2027-05-10T07:30'],
    [
      'an hour before half past midnight: the day before',
      agenda('2027-05-10T00:30:00+02:00'),
      0,
      '2027-05-09T21:30',
    ],
    ['the same, every day', agenda('2027-05-10T00:30:00+02:00', daily), 2, '2027-05-11T21:30'],
    [
      'over midnight and into another month',
      agenda('2027-03-01T00:15:00+01:00', undefined, 30),
      0,
      '2027-02-28T22:45',
    ],
    [
      'an hour before 09:30 on the first day of summer time',
      agenda('2027-03-27T09:30:00+01:00', daily),
      1,
      '2027-03-28T06:30',
    ],
    [
      'two hours before 03:30 of that night: 00:30',
      agenda('2027-03-28T03:30:00+02:00', undefined, 120),
      0,
      '2027-03-27T23:30',
    ],
    [
      '24 hours before, over that night: minutes that pass',
      agenda('2027-03-28T09:30:00+02:00', undefined, 1440),
      0,
      '2027-03-27T07:30',
    ],
    [
      'two hours before 03:30 when summer time ends',
      agenda('2027-10-31T03:30:00+01:00', undefined, 120),
      0,
      '2027-10-31T00:30',
    ],
    ['an hour before a whole day: 23:00', agenda('2027-05-10'), 0, '2027-05-09T21:00'],
    ['an hour before the whole day after the change', agenda('2027-03-28', daily), 1, '2027-03-28T21:00'],
  ])('%s', (_, agenda, index, expected) => {
    expect(iso(occurrenceAt(agenda, ROME, index)?.remindAt)).toBe(`${expected}:00.000Z`);
  });
});

describe('the next date that is still ahead', () => {
  const next = (agenda: Agenda, now: string, index = 0) =>
    nextOccurrence(agenda, ROME, { index, now: Date.parse(now) });
  const weekly = agenda('2027-03-15T09:30:00+01:00', { frequency: 'weekly', count: 4 });

  test.each<[string, Agenda, string, string | undefined]>([
    ['the first', weekly, '2027-03-01T00:00:00Z', '2027-03-15T08:30:00.000Z'],
    ['the first, up to a second before', weekly, '2027-03-15T08:29:59Z', '2027-03-15T08:30:00.000Z'],
    ['the second, from the moment on', weekly, '2027-03-15T08:30:00Z', '2027-03-22T08:30:00.000Z'],
    ['the last', weekly, '2027-04-01T00:00:00Z', '2027-04-05T07:30:00.000Z'],
    ['none after the last', weekly, '2027-04-05T07:30:00Z', undefined],
    ['none where it does not recur', agenda('2027-03-15T09:30:00+01:00'), '2027-03-15T09:00:00Z', undefined],
    ['a whole day, while it lasts', agenda('2027-05-10'), '2027-05-10T21:59:59Z', '2027-05-10'],
    ['no whole day that is over', agenda('2027-05-10'), '2027-05-10T22:00:00Z', undefined],
    [
      'of a day that began in the last century',
      agenda('1999-12-31T09:00:00+01:00', { frequency: 'daily' }),
      '2027-07-01T08:00:00Z',
      '2027-07-02T07:00:00.000Z',
    ],
    [
      'of a 31st that began in the last century',
      agenda('1999-12-31T09:00:00+01:00', { frequency: 'monthly' }),
      '2027-02-01T00:00:00Z',
      '2027-02-28T08:00:00.000Z',
    ],
  ])('%s', (_, agenda, now, expected) => {
    expect(next(agenda, now)?.date).toBe(expected);
  });

  test('is not before the one asked for', () => {
    expect(next(weekly, '2027-03-01T00:00:00Z', 2)).toMatchObject({
      index: 2,
      date: '2027-03-29T07:30:00.000Z',
    });
    expect(next(weekly, '2027-03-01T00:00:00Z', 4)).toBeUndefined();
  });

  test('is the one that looking at every date finds', () => {
    const frequencies = fc.constantFrom(
      'daily' as const,
      'weekly' as const,
      'monthly' as const,
      'yearly' as const,
    );
    const begin = Date.UTC(2020, 0, 1);
    const moment = fc.integer({ min: 0, max: 8 * 365 * 24 * 3600 }).map((seconds) => begin + seconds * 1000);
    fc.assert(
      fc.property(
        frequencies,
        moment,
        moment,
        fc.integer({ min: 0, max: 30 }),
        (frequency, first, now, index) => {
          const agenda = {
            date: new Date(first).toISOString(),
            remindMinutesBefore: 60,
            recurrence: { frequency },
          };
          let expected = index;
          while ((occurrenceAt(agenda, ROME, expected)?.aheadUntil ?? 0) <= now) expected += 1;
          expect(nextOccurrence(agenda, ROME, { index, now })?.index).toBe(expected);
        },
      ),
      { numRuns: 40 },
    );
  });
});
