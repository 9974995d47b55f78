/** The rate limits that all functions share through their table: slots, pauses, and the backlog of deferred messages. */

import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { slotInterval } from '../../lib/deliveries/rate-limit-slots.ts';
import type { Decision, RateLimitedBot, RateLimiter } from '../../lib/deliveries/rate-limiter.ts';
import { SharedClock } from '../../lib/deliveries/shared-clock.ts';
import type { RateLimitState } from '../../lib/store/rate-limits.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let tables: DynamoDBDocumentClient;
let readRateLimitState: (botId: string) => Promise<RateLimitState>;
let makeRateLimiter: (states: RateLimitState[], localNow?: () => number) => RateLimiter;
beforeAll(async () => {
  process.env.LOG_LEVEL ??= 'off';
  stack = await startStack();
  tables = DynamoDBDocumentClient.from(stack.aws.dynamodb);
  const { RateLimiter } = await import('../../lib/deliveries/rate-limiter.ts');
  ({ readRateLimitState } = await import('../../lib/store/rate-limits.ts'));
  makeRateLimiter = (states, localNow) =>
    new RateLimiter(new SharedClock(localNow), new Map(states.map((state) => [state.botId, state])));
});
afterAll(() => stack.close());

let lastBot = 0;
function newBot(perSecond = 30): RateLimitedBot {
  lastBot += 1;
  return { id: `bot-${lastBot}`, perSecond, tokenFingerprint: 'the first token' };
}

/** As a function reads it. */
const stored = (bot: RateLimitedBot) => readRateLimitState(bot.id);

async function store(bot: RateLimitedBot, state: Partial<RateLimitState>): Promise<RateLimitState> {
  const usual = { version: 1, nextSlot: 0, chats: {}, pausedUntil: 0, lineEnd: 0 };
  const item = { botId: bot.id, ...usual, ...state };
  await tables.send(new PutCommand({ TableName: process.env.PACES_TABLE, Item: item }));
  return item;
}

const granted = (decisions: Decision[]) => decisions.filter(({ kind }) => kind === 'granted').length;
const secondsOf = (decision: Decision | undefined) =>
  decision?.kind === 'deferred' ? decision.seconds : Number.NaN;
const chat = (index: number) => 1_000 + index;

describe('slots', () => {
  test.each([2, 10])('%d functions at once never hand out the same one', async (functions) => {
    const bot = newBot();
    const before = Date.now();
    const requests = Array.from({ length: functions }, (_, index) => {
      const limiter = makeRateLimiter([]);
      return [0, 1, 2].map((message) => limiter.acquire(bot, chat(10 * index + message), true));
    });

    const decisions = await Promise.all(requests.flat());

    // Every slot that was handed out moved the next one on: were one given twice, it would be less far.
    const { nextSlot } = await stored(bot);
    expect(granted(decisions)).toBeGreaterThan(0);
    expect(nextSlot - before).toBeGreaterThanOrEqual(granted(decisions) * slotInterval(30) - 1e-3);
    for (const decision of decisions) expect(['granted', 'deferred']).toContain(decision.kind);
  });

  test('all requests of one batch cost one write', async () => {
    const bot = newBot(100);
    const limiter = makeRateLimiter([await store(bot, { version: 7 })]);

    await Promise.all([0, 1, 2, 3].map((message) => limiter.acquire(bot, chat(message), true)));

    const { version } = await stored(bot);
    // A slot that this machine missed costs one more write, but never one for each message.
    expect(version).toBeGreaterThanOrEqual(8);
    expect(version).toBeLessThanOrEqual(10);
  });

  test('two bots don’t share their limits', async () => {
    const [one, other] = [newBot(), newBot()];
    const limiter = makeRateLimiter([await store(one, { pausedUntil: Date.now() + 60_000 })]);

    const decisions = await Promise.all([limiter.acquire(one, 1, true), limiter.acquire(other, 2, true)]);

    expect(decisions.map(({ kind }) => kind)).toEqual(['deferred', 'granted']);
  });

  test('a limited chat says when it takes the next message', async () => {
    const now = Date.now();
    const bot = newBot();
    const limiter = makeRateLimiter([await store(bot, { chats: { '-7': now + 3_000 } })], () => now);

    expect(await limiter.acquire(bot, -7, true)).toEqual({ kind: 'chat-limited', milliseconds: 3_000 });
  });
});

test('slots that a busy machine misses take nothing of the chat’s burst of three', async () => {
  const bot = newBot();
  // Every look at the clock comes 16 ms after the one before: too late for each slot.
  let now = Date.now();
  const limiter = makeRateLimiter([await store(bot, {})], () => {
    now += 16;
    return now;
  });

  const kinds: string[] = [];
  for (let message = 0; message < 4; message++) kinds.push((await limiter.acquire(bot, 1, true)).kind);

  expect(kinds).toEqual(['granted', 'granted', 'granted', 'chat-limited']);
});

test.each([
  [15, 'is sent in it', 1],
  [16, 'takes another one, and after two that it missed is sent late', 3],
])('a message that is %d ms late for each slot %s', async (late, _, slots) => {
  const bot = newBot(100);
  // From the plan of a slot to the check whether it was missed, the clock is read twice.
  let now = Date.now();
  const limiter = makeRateLimiter([await store(bot, {})], () => {
    now += late / 2;
    return now;
  });

  expect(await limiter.acquire(bot, 1, true)).toEqual({ kind: 'granted' });

  expect((await stored(bot)).version).toBe(1 + slots);
});

describe('a pause', () => {
  test('is seen by functions that begin afterwards, and by those that had read before', async () => {
    const bot = newBot();
    const known = await store(bot, {});
    await makeRateLimiter([known]).pause(bot, 60);

    const [later, stale] = [makeRateLimiter([await stored(bot)]), makeRateLimiter([known])];
    const decisions = await Promise.all([later.acquire(bot, 1, true), stale.acquire(bot, 2, true)]);

    for (const decision of decisions) {
      expect(secondsOf(decision)).toBeGreaterThanOrEqual(57);
      expect(secondsOf(decision)).toBeLessThanOrEqual(60);
    }
  });

  test('for a token ends with a new token, and not before', async () => {
    const bot = newBot();
    await makeRateLimiter([]).pause(bot, 60, { forToken: true });
    const limiter = makeRateLimiter([await stored(bot)]);

    expect((await limiter.acquire(bot, 1, false)).kind).toBe('deferred');
    expect((await limiter.acquire({ ...bot, tokenFingerprint: 'the second token' }, 1, false)).kind).toBe(
      'granted',
    );
  });

  test('for a 429 does not end with a new token', async () => {
    const bot = newBot();
    await makeRateLimiter([]).pause(bot, 60);
    const limiter = makeRateLimiter([await stored(bot)]);

    expect((await limiter.acquire({ ...bot, tokenFingerprint: 'the second token' }, 1, false)).kind).toBe(
      'deferred',
    );
  });

  test('the messages that it defers are received one after the other, not all at its end', async () => {
    const now = Date.now();
    const bot = newBot(1);
    const known = await store(bot, { pausedUntil: now + 20_000, nextSlot: now });
    const limiters = Array.from({ length: 5 }, () => makeRateLimiter([known], () => now));

    const decisions = await Promise.all(
      limiters.map((limiter, index) => limiter.acquire(bot, chat(index), true)),
    );

    const seconds = decisions.map(secondsOf).sort((a, b) => a - b);
    // One in 1.05 seconds, from 20 on, rounded down: SQS counts in whole seconds.
    expect(seconds).toEqual([20, 21, 22, 23, 24]);
  });
});

describe('a pause that begins while a message waits for its slot', () => {
  test('holds that message too', async () => {
    let now = Date.now();
    const bot = newBot();
    const limiter = makeRateLimiter([await store(bot, { nextSlot: now + 20 })], () => now);
    const waiting = limiter.acquire(bot, 1, false);
    while ((await stored(bot)).version === 1) await new Promise((resolve) => setTimeout(resolve, 5));

    await limiter.pause(bot, 60);
    now += 20;

    // 60 seconds less the 20 ms, rounded down.
    expect(await waiting).toEqual({ kind: 'deferred', seconds: 59 });
  });

  test('is over for a new token without another read', async () => {
    const { database } = await import('../../lib/aws/dynamodb.ts');
    const bot = newBot();
    const limiter = makeRateLimiter([], () => 1_764_000_000_000);
    await limiter.pause(bot, 60, { forToken: true });
    const send = jest.spyOn(database, 'send');

    expect((await limiter.acquire({ ...bot, tokenFingerprint: 'the second token' }, 1, false)).kind).toBe(
      'granted',
    );

    expect(send).toHaveBeenCalledTimes(1);
    send.mockRestore();
  });
});

describe('a second pause', () => {
  const now = Date.now();
  const still = () => now;
  const first = (bot: RateLimitedBot) => bot;
  const second = (bot: RateLimitedBot) => ({ ...bot, tokenFingerprint: 'the second token' });
  type WithToken = typeof first | typeof second;
  /** Seconds of a pause, with which token a message caused it, and whether it is only for that token. */
  type Pause = [seconds: number, token: WithToken, options?: { forToken: true }];
  const forToken = { forToken: true as const };

  // How long each token is paused then: 60 or 10 seconds, or not at all.
  test.each<[string, Pause, Pause, ofFirst: number, ofSecond: number]>([
    ['a shorter 429 does not end a longer one', [60, first], [10, first], 60, 60],
    ['a shorter 429 of another token does not end a longer one', [60, first], [10, second], 60, 60],
    ['a longer 429 replaces a shorter one', [10, first], [60, first], 60, 60],
    ['a refused token does not shorten a 429', [60, first], [10, first, forToken], 60, 60],
    ['another token that is refused does not shorten a 429', [60, first], [10, second, forToken], 60, 60],
    ['a refused token replaces a shorter 429', [10, first], [60, first, forToken], 60, 0],
    ['a token refused twice keeps its longer pause', [60, first, forToken], [10, first, forToken], 60, 0],
    ['a shorter 429 does not end the pause of the same token', [60, first, forToken], [10, first], 60, 0],
    ['a longer 429 replaces it, and holds any token', [10, first, forToken], [60, first], 60, 60],
    [
      'a 429 of a new token counts, though the old one has a longer pause',
      [60, first, forToken],
      [10, second],
      10,
      10,
    ],
    ['so does a refusal of the new token', [60, first, forToken], [10, second, forToken], 0, 10],
  ])('%s', async (_, earlier, later, ofFirst, ofSecond) => {
    async function pauseAfter(who: 'same function' | 'another one', withToken: WithToken): Promise<number> {
      const bot = newBot();
      const limiter = makeRateLimiter([], still);
      for (const [seconds, token, options] of [earlier, later])
        await limiter.pause(token(bot), seconds, options);
      const asked = who === 'same function' ? limiter : makeRateLimiter([await stored(bot)], still);
      const decision = await asked.acquire(withToken(bot), 1, false);
      return decision.kind === 'granted' ? 0 : secondsOf(decision);
    }

    for (const who of ['same function', 'another one'] as const) {
      const pauses = [await pauseAfter(who, first), await pauseAfter(who, second)];
      expect([who, ...pauses]).toEqual([who, ofFirst, ofSecond]);
    }
  });
});

describe('the backlog of deferred messages', () => {
  const now = Date.now();
  const still = () => now;

  test('new messages go behind it; those that were in it are sent', async () => {
    const bot = newBot();
    const known = await store(bot, { nextSlot: now, lineEnd: now + 8_000 });

    const first = await makeRateLimiter([known], still).acquire(bot, 1, true);
    const retried = await makeRateLimiter([known], still).acquire(bot, 2, false);

    expect(first).toEqual({ kind: 'deferred', seconds: 8 });
    expect(retried).toEqual({ kind: 'granted' });
  });

  test('does not count if the bot has sent nothing for two seconds', async () => {
    const bot = newBot();
    const known = await store(bot, { nextSlot: now - 2_001, lineEnd: now + 600_000 });

    expect(await makeRateLimiter([known], still).acquire(bot, 1, true)).toEqual({ kind: 'granted' });
  });

  test('does not count if it ends within a second', async () => {
    const bot = newBot();
    const known = await store(bot, { nextSlot: now, lineEnd: now + 900 });

    expect(await makeRateLimiter([known], still).acquire(bot, 1, true)).toEqual({ kind: 'granted' });
  });

  test('grows at the bot’s rate, whichever function adds to it', async () => {
    const bot = newBot(5);
    const known = await store(bot, { nextSlot: now + 5_000 });
    const limiters = [makeRateLimiter([known], still), makeRateLimiter([known], still)];

    const decisions = await Promise.all(
      Array.from({ length: 20 }, (_, index) => limiters[index % 2]?.acquire(bot, chat(index), true)),
    );

    const seconds = decisions.map(secondsOf).sort((a, b) => a - b);
    // 0.21 seconds each from the fifth on: 5.00, 5.21, 5.42, 5.63, 5.84, 6.05 …
    expect(seconds).toEqual([5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 8, 8, 8, 8, 8]);
    expect((await stored(bot)).lineEnd).toBeCloseTo(now + 5_000 + 20 * 210, 3);
  });

  test('is never longer than SQS can hide a message', async () => {
    const bot = newBot();
    const known = await store(bot, { nextSlot: now, lineEnd: now + 90_000_000 });

    expect(await makeRateLimiter([known], still).acquire(bot, 1, true)).toEqual({
      kind: 'deferred',
      seconds: 43_200,
    });
  });
});
