/** One time for all running functions, taken from the timestamps of SQS. All times in milliseconds. */
import { describe, expect, test } from '@jest/globals';
import { SharedClock } from '../../lib/deliveries/shared-clock.ts';
import { notification, record } from '../support/sqs-events.ts';

const TEN_O_CLOCK = Date.parse('2026-11-22T10:00:00.000Z');

/** A function whose clock is wrong by `error`; time passes when the test says so. */
function functionWithClock(error: number) {
  let now = TEN_O_CLOCK;
  const clock = new SharedClock(() => now + error);
  return {
    clock,
    /** A batch arrives now, received by SQS some milliseconds ago: one number for each message. */
    batch: (...ages: number[]) => clock.observe(ages.map((age) => receivedAt(now - age))),
    retriedBatch: (age: number) => clock.observe([receivedAt(now - age, '2')]),
    pass(milliseconds: number) {
      now += milliseconds;
    },
    /** How far the shared time is from the true one. */
    error: () => clock.now() - now,
  };
}

function receivedAt(time: number, receives = '1') {
  const made = record(notification());
  return {
    ...made,
    attributes: {
      ...made.attributes,
      ApproximateReceiveCount: receives,
      ApproximateFirstReceiveTimestamp: String(time),
    },
  };
}

test('until the first timestamp, its own clock counts', () => {
  expect(functionWithClock(-300).error()).toBe(-300);
});

test.each([
  ['right', 0],
  ['a second ahead', 1_000],
  ['a second behind', -1_000],
  ['a little ahead', 150],
  ['a little behind', -150],
  ['a minute behind', -60_000],
])('a clock that is %s: the timestamp corrects it, except for the time on the way', (_, error) => {
  const lambda = functionWithClock(error);
  lambda.batch(1_500);
  lambda.pass(1_000);

  lambda.batch(12);

  expect(lambda.error()).toBe(-12);
});

test('the fastest message counts, in one batch and over many', () => {
  const lambda = functionWithClock(0);
  lambda.batch(900);
  lambda.batch(30, 8, 25);
  expect(lambda.error()).toBe(-8);

  lambda.pass(1_000);
  lambda.batch(40);
  expect(lambda.error()).toBe(-8);

  lambda.batch(3);
  expect(lambda.error()).toBe(-3);
});

describe('the start of a function delays its first batch', () => {
  test.each([100, 400, 699])('by %d ms: that says nothing of the clock', (age) => {
    const lambda = functionWithClock(0);
    lambda.batch(age);
    expect(lambda.error()).toBe(0);
  });

  test('but a timestamp after the local time can only mean that the clock is behind', () => {
    const lambda = functionWithClock(-500);
    lambda.batch(20);
    expect(lambda.error()).toBe(-20);
  });

  test('a larger difference is an error of the clock', () => {
    const lambda = functionWithClock(1_000);
    lambda.batch(15);
    expect(lambda.error()).toBe(-15);
  });

  test('the second batch counts in full', () => {
    const lambda = functionWithClock(400);
    lambda.batch(10);
    expect(lambda.error()).toBe(400);
    lambda.batch(10);
    expect(lambda.error()).toBe(-10);
  });
});

describe('what says nothing of the clock', () => {
  test('a message that was received before: its timestamp is old', () => {
    const lambda = functionWithClock(0);
    lambda.batch(900);
    lambda.batch(5);
    lambda.retriedBatch(-900);
    expect(lambda.error()).toBe(-5);
  });

  test('a message that was delayed on its way', () => {
    const lambda = functionWithClock(0);
    lambda.batch(1);
    lambda.pass(400_000);
    lambda.batch(3_000);
    expect(lambda.error()).toBe(0);
  });
});

describe('the limits', () => {
  test.each([
    ['the start of a function', [700], -700],
    ['a delay on the way', [0, 2_000], -2_000],
    ['more than an error of the clock', [0, 2_001], 0],
  ])('%s: batches of %j ms', (_, ages, error) => {
    const lambda = functionWithClock(0);
    for (const [index, age] of ages.entries()) {
      // A first batch that says nothing: its message was received before.
      if (ages.length > 1 && index === 0) lambda.retriedBatch(age);
      else lambda.batch(age);
    }
    expect(lambda.error()).toBe(error);
  });

  test.each([
    [299_999, -2],
    [300_000, -30],
  ])('an observation of %d ms ago', (milliseconds, error) => {
    const lambda = functionWithClock(0);
    lambda.retriedBatch(0);
    lambda.batch(2);
    lambda.pass(milliseconds);
    lambda.batch(30);
    expect(lambda.error()).toBe(error);
  });
});

describe('an observation counts for five minutes', () => {
  test('after a clock was set, its old observations are forgotten', () => {
    let error = -800;
    let now = TEN_O_CLOCK;
    const clock = new SharedClock(() => now + error);
    clock.observe([receivedAt(now - 5)]);
    expect(clock.now() - now).toBe(-5);

    error = 0;
    now += 5 * 60_000 + 1_000;
    clock.observe([receivedAt(now - 10)]);

    expect(clock.now() - now).toBe(-10);
  });

  test('the best of the last five minutes, not of all time', () => {
    const lambda = functionWithClock(0);
    lambda.batch(900);
    lambda.batch(2);
    lambda.pass(200_000);
    lambda.batch(9);
    lambda.pass(200_000);
    lambda.batch(30);

    expect(lambda.error()).toBe(-9);
  });
});
