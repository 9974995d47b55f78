/** When a message that failed is received again. */
import { describe, expect, test } from '@jest/globals';
import { backoffSeconds } from '../../lib/aws/defer-messages.ts';

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
