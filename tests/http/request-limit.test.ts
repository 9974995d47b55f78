/**
 * The limit of a site (docs/events.md, "Limits"): 5,000 requests at once, then 200 a second, over all instances. The time
 * is simulated.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type Gate, startGates } from '../support/gate.ts';
import { type Stack, startStack } from '../support/stack.ts';

process.env.LOG_LEVEL = 'off';

let stack: Stack;
let dynamodb: Gate;
let sqs: Gate;
let limit: typeof import('../../lib/http/request-limit.ts');
let now = Date.parse('2026-11-28T10:00:00Z');

beforeAll(async () => {
  stack = await startStack();
  ({ dynamodb, sqs } = await startGates(stack));
  limit = await import('../../lib/http/request-limit.ts');
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close()]);
  await stack.close();
});
beforeEach(async () => {
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  await stack.empty('PacesTable');
  await dynamodb.open();
  limit.clearAllowances();
});

/** How many of these requests are taken before the first that is refused. */
async function takenOf(requests: number, siteId = 'demo', cost = 1): Promise<number> {
  for (let taken = 0; taken < requests; taken++) {
    try {
      await limit.limitRequests(siteId, cost);
    } catch (error) {
      expect(error).toMatchObject({ name: 'TooManyRequestsError', retryAfterSeconds: 5 });
      return taken;
    }
  }
  return requests;
}

/** Another instance of the function answers the next requests. */
const changeInstance = () => limit.clearAllowances();

describe('requests', () => {
  test('a synchronisation of 5,000 orders at once is taken, and what comes after it in the same second is not', async () => {
    const taken = await takenOf(10_000);
    expect(taken).toBeGreaterThanOrEqual(5_000);
    expect(taken).toBeLessThanOrEqual(5_100);
  });

  test('after the time that the refusal names there is room for 1,000 more, then for none', async () => {
    await takenOf(10_000);
    now += 5_000;
    const taken = await takenOf(10_000);
    expect(taken).toBeGreaterThanOrEqual(1_000);
    expect(taken).toBeLessThanOrEqual(1_100);
  });

  test('200 a second are taken for as long as one likes', async () => {
    for (let second = 0; second < 40; second++) {
      expect(await takenOf(200)).toBe(200);
      now += 1_000;
    }
  });

  test('are counted together over forty instances, each of which saw a part', async () => {
    let taken = 0;
    for (let instance = 0; instance < 40; instance++) {
      changeInstance();
      taken += await takenOf(500);
    }
    // What they may do without asking: fifty each.
    expect(taken).toBeGreaterThanOrEqual(5_000);
    expect(taken).toBeLessThanOrEqual(5_000 + 40 * 50);
  });

  test('of one site are nothing to another', async () => {
    await takenOf(10_000);
    expect(await takenOf(5_000, 'altro')).toBe(5_000);
  });

  test('of which one costs more count so often', async () => {
    const taken = await takenOf(1_000, 'demo', 20);
    expect(taken).toBeGreaterThanOrEqual(5_000 / 20);
    expect(taken).toBeLessThanOrEqual(5_100 / 20);
  });
});

describe('what it costs', () => {
  test('nothing for a site with ordinary traffic: one request a second for a quarter of an hour', async () => {
    for (let second = 0; second < 900; second++) {
      await limit.limitRequests('demo', 1);
      now += 1_000;
    }
    expect(dynamodb.passed()).toBe(0);
  });

  test('one or two writes for a hundred requests of a busy one', async () => {
    expect(await takenOf(1_050)).toBe(1_050);
    expect(dynamodb.passed()).toBeGreaterThanOrEqual(10);
    expect(dynamodb.passed()).toBeLessThanOrEqual(20);
  });

  test('one look a second while it is refused, however many requests come', async () => {
    const { takeSiteRequests } = await import('../../lib/store/site-requests.ts');
    await takeSiteRequests('demo', 20_000, { now, longestWait: 3_600_000 });
    await takenOf(100);
    await dynamodb.open();
    for (let tenth = 0; tenth < 20; tenth++) {
      for (let request = 0; request < 10; request++) await takenOf(1);
      now += 100;
    }
    // Three looks of two writes.
    expect(dynamodb.passed()).toBeLessThanOrEqual(6);
  });
});

test('an event with 500 recipients counts as 50.9 requests: ninety-eight at once, and four a second', async () => {
  const cost = 1 + limit.costOfPeople(500);
  expect(cost).toBeCloseTo(50.9);
  expect(limit.costOfPeople(1)).toBe(0);
  expect(limit.costOfPeople(0)).toBe(0);
  const taken = await takenOf(240, 'demo', cost);
  expect(taken).toBeGreaterThanOrEqual(97);
  expect(taken).toBeLessThanOrEqual(100);
});

test('the table out of reach: nobody is refused for it, and the count goes on afterwards', async () => {
  await takenOf(10_000);
  changeInstance();
  await dynamodb.shut();
  expect(await takenOf(200)).toBe(200);
  await dynamodb.open();
  changeInstance();
  expect(await takenOf(200)).toBe(50);
});

describe('through a queue', () => {
  test('nothing is refused: what is over the limit gets a turn, 200 a second', async () => {
    await takenOf(10_000);
    const turns: number[] = [];
    for (let batch = 0; batch < 100; batch++) turns.push(await limit.secondsUntilTurn('demo', 10));
    expect(turns).toEqual(turns.toSorted((one, other) => one - other));
    expect(turns[0]).toBeLessThanOrEqual(1);
    // A thousand messages.
    expect(turns.at(-1)).toBe(5);
  });

  test('no more than 50,000 messages of a site wait: what comes beyond is handled at once', async () => {
    await takenOf(10_000);
    let waiting = 0;
    for (;;) {
      const seconds = await limit.secondsUntilTurn('demo', 1_000);
      if (seconds === 0) break;
      expect(seconds).toBeLessThanOrEqual(250);
      waiting += 1_000;
    }
    expect(waiting).toBe(50_000);
  });
});
