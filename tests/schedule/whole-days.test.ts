/** An activity of a whole day is that day in the time zone of the site, wherever that lies. */
import { expect, test } from '@jest/globals';
import { nextOccurrence, occurrenceAt } from '../../lib/schedule/recurrence.ts';

const agenda = { date: '2027-03-15', remindMinutesBefore: 0, recurrence: { frequency: 'weekly' as const } };
const iso = (milliseconds: number | undefined) => new Date(milliseconds ?? 0).toISOString();

// Summer time began in New York on 14 March 2027, four hours behind UTC; Auckland is thirteen hours ahead until April.
test.each([
  ['Europe/Rome', '2027-03-14T23:00:00.000Z', '2027-03-15T23:00:00.000Z'],
  ['America/New_York', '2027-03-15T04:00:00.000Z', '2027-03-16T04:00:00.000Z'],
  ['Pacific/Auckland', '2027-03-14T11:00:00.000Z', '2027-03-15T11:00:00.000Z'],
  ['UTC', '2027-03-15T00:00:00.000Z', '2027-03-16T00:00:00.000Z'],
])('in %s it begins at %s and is ahead until %s', (timeZone, begin, end) => {
  const first = occurrenceAt(agenda, timeZone, 0);
  expect(first).toMatchObject({ index: 0, date: '2027-03-15' });
  expect([iso(first?.remindAt), iso(first?.aheadUntil)]).toEqual([begin, end]);
  expect(occurrenceAt(agenda, timeZone, 1)?.date).toBe('2027-03-22');

  const nextAt = (now: number) => nextOccurrence(agenda, timeZone, { index: 0, now })?.date;
  expect(nextAt(Date.parse(end) - 1)).toBe('2027-03-15');
  expect(nextAt(Date.parse(end))).toBe('2027-03-22');
});
