/** When a message is tried again, and for how long it waits at all. */
import { describe, expect, test } from '@jest/globals';
import { backoffSeconds, hasWaitedTooLong } from '../../lib/deliveries/retry.ts';
import { notification } from '../support/sqs-events.ts';

describe('seconds until the next attempt', () => {
  const LONGEST = [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900];

  test.each(LONGEST.map((longest, index) => [index + 1, longest]))(
    'failure %d: at most %d',
    (failures, longest) => {
      expect(backoffSeconds(failures, () => 0)).toBe(longest);
      expect(backoffSeconds(failures, () => 0.999_999)).toBeGreaterThanOrEqual(longest / 2);
      expect(backoffSeconds(failures, () => 0.999_999)).toBeLessThanOrEqual(longest / 2 + 1);
      expect(Number.isInteger(backoffSeconds(failures))).toBe(true);
    },
  );

  test('are random, so that messages that failed together are not retried together', () => {
    const seen = new Set(Array.from({ length: 100 }, () => backoffSeconds(9)));
    expect(seen.size).toBeGreaterThan(10);
  });
});

test.each([
  [-1, false],
  [0, true],
])('a week and %d ms after the event: the message has waited too long: %s', (milliseconds, isTooLong) => {
  const message = notification({ acceptedAt: '2026-11-22T10:00:00.000Z' });
  const now = Date.parse('2026-11-29T10:00:00.000Z') + milliseconds;

  expect(hasWaitedTooLong(message, now)).toBe(isTooLong);
});
