/** Which messages outlive their last receive. */
import { expect, test } from '@jest/globals';
import { waitsForBot } from '../../lib/deliveries/retry.ts';
import { notification } from '../support/sqs-events.ts';

test.each([
  ['bot-unauthorized', -1, true],
  ['bot-unauthorized', 0, false],
  ['bot-missing', -1, true],
  ['bot-missing', 0, false],
  ['retry', -1, false],
])('%s, a week and %d ms after the event: the message waits for its bot: %s', (kind, milliseconds, waits) => {
  const message = notification({ acceptedAt: '2026-11-22T10:00:00.000Z' });
  const now = Date.parse('2026-11-29T10:00:00.000Z') + milliseconds;

  expect(waitsForBot(message, { class: kind, description: '' }, now)).toBe(waits);
});
