/** What is written of an attempt, and when its message is received again (docs/delivery.md). */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { ReceivedMessage } from '../../lib/deliveries/record.ts';
import { defer, retry } from '../../lib/deliveries/retry.ts';
import { withTelemetry } from '../../lib/observability/telemetry.ts';
import type { Delivery } from '../../lib/store/deliveries.ts';
import { type FakeAws, fakeAws } from '../support/fake-aws.ts';
import { notification } from '../support/sqs-events.ts';
import { logLines } from '../support/written-lines.ts';

const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const ACCEPTED_AT = '2026-11-22T09:59:00.000Z';
const failure = { class: 'retry', description: 'Bad Gateway' };
const unauthorized = { class: 'bot-unauthorized', description: 'Unauthorized' };

let aws: FakeAws;
beforeEach(() => {
  process.env.LOG_LEVEL = 'off';
  aws = fakeAws();
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
  // No random part is taken off: each wait is as long as it can be.
  jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const received = (receives: number, earlier?: Delivery): ReceivedMessage => ({
  ...{ notification: notification({ acceptedAt: ACCEPTED_AT, eventId: 'e-1' }), receives, earlier },
});

/** The only thing that was recorded. */
function recorded(): object | undefined {
  expect(aws.put.length).toBeLessThanOrEqual(1);
  return aws.put[0]?.item;
}

const failedBefore = (failures: number) =>
  ({ status: 'retrying', failure, failures, nextAttemptAt: ACCEPTED_AT }) as Delivery;

describe('an attempt that has failed', () => {
  test.each<[string, Delivery | undefined, number, number]>([
    ['the first', undefined, 1, 2],
    ['the second', failedBefore(1), 2, 4],
    ['the third', failedBefore(2), 3, 8],
    ['one after another that has ended in another way', { status: 'failed' } as Delivery, 1, 2],
  ])('%s: the next one after twice as long', async (_what, earlier, failures, seconds) => {
    await expect(retry(received(5, earlier), failure)).resolves.toEqual({ kind: 'retry', seconds });
    expect(recorded()).toMatchObject({
      ...{ status: 'retrying', failure, failures, attempts: 5, userId: 'anna', eventId: 'e-1' },
      nextAttemptAt: new Date(NOW + seconds * 1_000).toISOString(),
    });
  });

  test('a reason to wait longer counts, where it is longer', async () => {
    await expect(retry(received(1), failure, 30)).resolves.toEqual({ kind: 'retry', seconds: 30 });
    expect(recorded()).toMatchObject({ nextAttemptAt: '2026-11-22T10:00:30.000Z' });
    aws.put.length = 0;
    await expect(retry(received(1, failedBefore(8)), failure, 30)).resolves.toMatchObject({ seconds: 512 });
  });

  test('at the last receive it is dead, and its record says so', async () => {
    await expect(retry(received(11), failure)).resolves.toMatchObject({ kind: 'retry' });
    expect(recorded()).toMatchObject({ status: 'retrying' });
    aws.put.length = 0;
    await expect(retry(received(12), failure)).resolves.toEqual({ kind: 'retry', seconds: 2 });
    expect(recorded()).toMatchObject({ status: 'failed', failure, isDead: true });
  });

  test('at the last receive, while its bot has no working token, it is sent to the queue once more', async () => {
    await expect(retry(received(12), unauthorized)).resolves.toEqual({ kind: 'requeue' });
    expect(recorded()).toMatchObject({ status: 'retrying', failure: unauthorized });
  });

  test('after a week it is not', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.parse(ACCEPTED_AT) + 7 * 24 * 3600 * 1000);
    await expect(retry(received(12), unauthorized)).resolves.toMatchObject({ kind: 'retry' });
    expect(recorded()).toMatchObject({ status: 'failed', isDead: true });
  });
});

describe('a message that found no free slot', () => {
  test('waits for it, and is not recorded', async () => {
    await expect(defer(received(11), { seconds: 7 })).resolves.toEqual({ kind: 'retry', seconds: 7 });
    expect(recorded()).toBeUndefined();
  });

  test('the log says so, and names no user', async () => {
    const lines = logLines();
    const message = received(3);
    await defer(message, { seconds: 7 });
    const { deliveryId } = message.notification;
    expect(lines()).toMatchObject([
      {
        ...{ level: 'info', message: 'deferred', siteId: 'demo', deliveryId, event: 'order-status' },
        ...{ eventId: 'e-1', attempts: 3, seconds: 7 },
      },
    ]);
    expect(lines()[0]).not.toHaveProperty('userId');
  });

  test('it is counted', async () => {
    const lines = logLines();
    await withTelemetry(async () => defer(received(3), { seconds: 7 }))({}, {});
    expect(lines()).toContainEqual(expect.objectContaining({ siteId: 'demo', Deferred: 1 }));
  });

  test('while its bot has no working token, it waits longer and longer', async () => {
    const wait = { seconds: 10, isTokenRefused: true };
    await expect(defer(received(2), wait)).resolves.toEqual({ kind: 'retry', seconds: 10 });
    await expect(defer(received(9), wait)).resolves.toEqual({ kind: 'retry', seconds: 512 });
    await expect(defer(received(9), { seconds: 10 })).resolves.toEqual({ kind: 'retry', seconds: 10 });
  });

  test('at its last receive it does not disappear without a trace', async () => {
    await expect(defer(received(12), { seconds: 7 })).resolves.toEqual({ kind: 'retry', seconds: 7 });
    expect(recorded()).toMatchObject({ status: 'failed', failure: { class: 'postponed' }, isDead: true });
  });

  test('at its last receive, while its bot has no working token, it is sent to the queue once more', async () => {
    const wait = { seconds: 10, isTokenRefused: true };
    await expect(defer(received(12), wait)).resolves.toEqual({ kind: 'requeue' });
    expect(recorded()).toMatchObject({
      status: 'retrying',
      failure: { class: 'bot-unauthorized' },
      // As long as after twelve failures.
      nextAttemptAt: '2026-11-22T10:15:00.000Z',
    });
  });
});
