/** How the benchmark of the neighbours judges a quiet shop, against figures reckoned by hand. */
import { expect, test } from '@jest/globals';
import { brokenLimits, type Expected, figuresOf, ratioOf } from '../../bench/neighbours-figures.ts';

const MINUTE = 60_000;

/** Events of one person, a second apart. Each is accepted 50 ms after its report. */
function events(...texts: string[]): Expected[] {
  return texts.map((text, turn) => ({
    text,
    person: 'anna',
    at: turn * 1_000,
    acceptedAt: turn * 1_000 + 50,
  }));
}

function arrivals(times: Record<string, number | number[]>) {
  return new Map(Object.entries(times).map(([text, time]) => [text, [time].flat()]));
}

const good = { events: 100, p50: 80, p99: 400, lateness: 61_000, lost: 0, duplicated: 0, outOfOrder: 0 };

test('the times are those from the report to the arrival', () => {
  const many = Array.from({ length: 100 }, (_, index) => `e${index}`);
  // The slowest takes 100 ms, the next one 99 ms, and so on.
  const arrived = arrivals(Object.fromEntries(many.map((text, index) => [text, index * 1_000 + index + 1])));
  expect(figuresOf(events(...many), [], [], arrived)).toMatchObject({
    events: 100,
    p50: 50,
    p99: 99,
    lost: 0,
  });
});

test('what has not arrived is lost, and never counts as quick', () => {
  const figures = figuresOf(events('a', 'b'), [], [], arrivals({ a: 10 }));
  expect(figures).toMatchObject({ lost: 1, p99: Number.POSITIVE_INFINITY });
});

test('a message that arrives after a later one of the same person is out of order', () => {
  const overtaken = arrivals({ a: 10, b: 4_000, c: 3_000 });
  expect(figuresOf(events('a', 'b', 'c'), [], [], overtaken).outOfOrder).toBe(1);
  const ofOthers = events('a', 'b', 'c').map((event) => ({ ...event, person: event.text }));
  expect(figuresOf(ofOthers, [], [], overtaken).outOfOrder).toBe(0);
  // The second was not accepted yet when the third was reported, or came through a queue that promises no order.
  const [first, second, third] = events('a', 'b', 'c');
  for (const acceptedAt of [2_001, undefined]) {
    const inDoubt = [first, { ...second, acceptedAt }, third] as Expected[];
    expect(figuresOf(inDoubt, [], [], overtaken).outOfOrder).toBe(0);
  }
});

test('a second copy is no matter of order', () => {
  const figures = figuresOf(events('a', 'b'), [], [], arrivals({ a: [10, 5_000], b: 1_010 }));
  expect(figures).toMatchObject({ duplicated: 1, outOfOrder: 0 });
});

test('a reminder is as late as if it had just missed the clock', () => {
  const reminder = { text: 'r', person: 'anna', at: 5_000 };
  const strikes = [1_000, 9_000, 20_000];
  expect(figuresOf([], [reminder], strikes, arrivals({ r: 9_300 })).lateness).toBe(MINUTE + 300);
  // The pollers have missed it once: the next strike is too late.
  expect(figuresOf([], [reminder], strikes, arrivals({ r: 20_300 })).lateness).toBe(MINUTE + 11_300);
  expect(figuresOf([], [reminder], strikes, arrivals({})).lateness).toBe(Number.POSITIVE_INFINITY);
});

test('the ratio is that of the slowest of a hundred', () => {
  expect(ratioOf({ ...good, p99: 900 }, good)).toBe(2.25);
});

test.each([
  ['nothing', {}, []],
  ['the p99', { p99: 2_001 }, ['p99 over 2 s', 'p99 over 3 times that of the same load']],
  ['the ratio alone', { p99: 1_300 }, ['p99 over 3 times that of the same load']],
  ['a reminder', { lateness: 65_001 }, ['a reminder over 65 s late']],
  ['a loss', { lost: 2 }, ['2 lost']],
  ['the order', { outOfOrder: 1 }, ['1 out of order']],
])('the limits: %s', (_case, attacked, broken) => {
  expect(brokenLimits({ ...good, ...attacked }, good)).toEqual(broken);
});

test('in an outage of Telegram only losses and the order count', () => {
  const outage = { ...good, p99: 60_000, lateness: 120_000 };
  expect(brokenLimits(outage, undefined)).toEqual([]);
  expect(brokenLimits({ ...outage, lost: 1, outOfOrder: 1 }, undefined)).toEqual([
    '1 lost',
    '1 out of order',
  ]);
});
