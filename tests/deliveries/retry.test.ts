/** For how long a message waits at all. */
import { expect, test } from '@jest/globals';
import { hasWaitedTooLong } from '../../lib/deliveries/retry.ts';
import { notification } from '../support/sqs-events.ts';

test.each([
  [-1, false],
  [0, true],
])('a week and %d ms after the event: the message has waited too long: %s', (milliseconds, isTooLong) => {
  const message = notification({ acceptedAt: '2026-11-22T10:00:00.000Z' });
  const now = Date.parse('2026-11-29T10:00:00.000Z') + milliseconds;

  expect(hasWaitedTooLong(message, now)).toBe(isTooLong);
});
