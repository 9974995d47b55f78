/** The rate limit that all functions share, through its table: slots, pauses, and the line of those that must come back. */

import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Permission, RateLimitedBot, RateLimiter } from '../../lib/deliveries/rate-limiter.ts';
import { SharedClock } from '../../lib/deliveries/shared-clock.ts';
import { slotInterval } from '../../lib/deliveries/slots.ts';
import type { RateLimitState } from '../../lib/store/rate-limits.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let tables: DynamoDBDocumentClient;
let readRateLimitState: (botId: string) => Promise<RateLimitState>;
let limiterKnowing: (states: RateLimitState[], localNow?: () => number) => RateLimiter;
beforeAll(async () => {
  process.env.LOG_LEVEL ??= 'off';
  stack = await startStack();
  tables = DynamoDBDocumentClient.from(stack.aws.dynamodb);
  const { RateLimiter } = await import('../../lib/deliveries/rate-limiter.ts');
  ({ readRateLimitState } = await import('../../lib/store/rate-limits.ts'));
  limiterKnowing = (states, localNow) =>
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

const went = (permits: Permission[]) => permits.filter(({ kind }) => kind === 'now').length;
const chat = (index: number) => 1_000 + index;

describe('slots', () => {
  test.each([2, 10])('%d functions at once never hand out the same one', async (functions) => {
    const bot = newBot();
    const before = Date.now();
    const requests = Array.from({ length: functions }, (_, index) => {
      const limiter = limiterKnowing([]);
      return [0, 1, 2].map((message) => limiter.acquire(bot, chat(10 * index + message), true));
    });

    const permits = await Promise.all(requests.flat());

    // Every slot that was handed out moved the next one on: were one given twice, it would be less far.
    const { nextSlot } = await stored(bot);
    expect(went(permits)).toBeGreaterThan(0);
    expect(nextSlot - before).toBeGreaterThanOrEqual(went(permits) * slotInterval(30) - 1e-3);
    for (const permit of permits) expect(['now', 'later']).toContain(permit.kind);
  });

  test('all requests of one batch cost one write', async () => {
    const bot = newBot(100);
    const limiter = limiterKnowing([await store(bot, { version: 7 })]);

    await Promise.all([0, 1, 2, 3].map((message) => limiter.acquire(bot, chat(message), true)));

    const { version } = await stored(bot);
    // A slot that this machine was too slow for is taken anew: that is a write more, never one for each message.
    expect(version).toBeGreaterThanOrEqual(8);
    expect(version).toBeLessThanOrEqual(10);
  });

  test('two bots don’t share a limit', async () => {
    const [one, other] = [newBot(), newBot()];
    const limiter = limiterKnowing([await store(one, { pausedUntil: Date.now() + 60_000 })]);

    const permits = await Promise.all([limiter.acquire(one, 1, true), limiter.acquire(other, 2, true)]);

    expect(permits.map(({ kind }) => kind)).toEqual(['later', 'now']);
  });

  test('a full chat is told when it takes the next message', async () => {
    const now = Date.now();
    const bot = newBot();
    const limiter = limiterKnowing([await store(bot, { chats: { '-7': now + 3_000 } })], () => now);

    expect(await limiter.acquire(bot, -7, true)).toEqual({ kind: 'chat-full', milliseconds: 3_000 });
  });
});

test('slots that a busy machine misses take nothing of the chat’s burst of three', async () => {
  const bot = newBot();
  // Every look at the clock comes 16 ms after the one before: too late for each slot.
  let now = Date.now();
  const limiter = limiterKnowing([await store(bot, {})], () => {
    now += 16;
    return now;
  });

  const kinds: string[] = [];
  for (let message = 0; message < 4; message++) kinds.push((await limiter.acquire(bot, 1, true)).kind);

  expect(kinds).toEqual(['now', 'now', 'now', 'chat-full']);
});

describe('a pause', () => {
  test('is seen by functions that begin afterwards, and by those that had read before', async () => {
    const bot = newBot();
    const known = await store(bot, {});
    await limiterKnowing([known]).pause(bot, 60);

    const [later, stale] = [limiterKnowing([await stored(bot)]), limiterKnowing([known])];
    const permits = await Promise.all([later.acquire(bot, 1, true), stale.acquire(bot, 2, true)]);

    for (const permit of permits) {
      expect(permit.kind).toBe('later');
      expect(permit.kind === 'later' && permit.seconds).toBeGreaterThanOrEqual(57);
      expect(permit.kind === 'later' && permit.seconds).toBeLessThanOrEqual(60);
    }
  });

  test('that is longer stays in force when a shorter one comes', async () => {
    const bot = newBot();
    const limiter = limiterKnowing([]);
    await limiter.pause(bot, 60);
    await limiter.pause(bot, 2);

    expect((await stored(bot)).pausedUntil).toBeGreaterThan(Date.now() + 50_000);
    expect((await limiter.acquire(bot, 1, true)).kind).toBe('later');
  });

  test('for a token ends with a new token, and not before', async () => {
    const bot = newBot();
    await limiterKnowing([]).pause(bot, 60, { forToken: true });
    const limiter = limiterKnowing([await stored(bot)]);

    expect((await limiter.acquire(bot, 1, false)).kind).toBe('later');
    expect((await limiter.acquire({ ...bot, tokenFingerprint: 'the second token' }, 1, false)).kind).toBe(
      'now',
    );
  });

  test('for a 429 does not end with a new token', async () => {
    const bot = newBot();
    await limiterKnowing([]).pause(bot, 60);
    const limiter = limiterKnowing([await stored(bot)]);

    expect((await limiter.acquire({ ...bot, tokenFingerprint: 'the second token' }, 1, false)).kind).toBe(
      'later',
    );
  });

  test('those that it sends away come back one after the other, not all at its end', async () => {
    const now = Date.now();
    const bot = newBot(1);
    const known = await store(bot, { pausedUntil: now + 20_000, nextSlot: now });
    const limiters = Array.from({ length: 5 }, () => limiterKnowing([known], () => now));

    const permits = await Promise.all(
      limiters.map((limiter, index) => limiter.acquire(bot, chat(index), true)),
    );

    const seconds = permits
      .map((permit) => (permit.kind === 'later' ? permit.seconds : 0))
      .sort((a, b) => a - b);
    // One in 1.05 seconds, from 20 on, rounded down: SQS counts in whole seconds.
    expect(seconds).toEqual([20, 21, 22, 23, 24]);
  });
});

describe('the line of those that were told to come back', () => {
  const now = Date.now();
  const still = () => now;

  test('fresh messages go behind it; who comes back from it goes ahead', async () => {
    const bot = newBot();
    const known = await store(bot, { nextSlot: now, lineEnd: now + 8_000 });

    const fresh = await limiterKnowing([known], still).acquire(bot, 1, true);
    const back = await limiterKnowing([known], still).acquire(bot, 2, false);

    expect(fresh).toEqual({ kind: 'later', seconds: 8 });
    expect(back).toEqual({ kind: 'now' });
  });

  test('a line in which nobody stands any more is no line', async () => {
    const bot = newBot();
    const known = await store(bot, { nextSlot: now - 2_001, lineEnd: now + 600_000 });

    expect(await limiterKnowing([known], still).acquire(bot, 1, true)).toEqual({ kind: 'now' });
  });

  test('one that ends within a second holds up nobody', async () => {
    const bot = newBot();
    const known = await store(bot, { nextSlot: now, lineEnd: now + 900 });

    expect(await limiterKnowing([known], still).acquire(bot, 1, true)).toEqual({ kind: 'now' });
  });

  test('grows at the bot’s rate, whoever joins it', async () => {
    const bot = newBot(5);
    const known = await store(bot, { nextSlot: now + 5_000 });
    const limiters = [limiterKnowing([known], still), limiterKnowing([known], still)];

    const permits = await Promise.all(
      Array.from({ length: 20 }, (_, index) => limiters[index % 2]?.acquire(bot, chat(index), true)),
    );

    const seconds = permits
      .map((permit) => (permit?.kind === 'later' ? permit.seconds : 0))
      .sort((a, b) => a - b);
    // 0.21 seconds each from the fifth on: 5.00, 5.21, 5.42, 5.63, 5.84, 6.05 …
    expect(seconds).toEqual([5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 8, 8, 8, 8, 8]);
    expect((await stored(bot)).lineEnd).toBeCloseTo(now + 5_000 + 20 * 210, 3);
  });

  test('is never longer than SQS can hide a message', async () => {
    const bot = newBot();
    const known = await store(bot, { nextSlot: now, lineEnd: now + 90_000_000 });

    expect(await limiterKnowing([known], still).acquire(bot, 1, true)).toEqual({
      kind: 'later',
      seconds: 43_200,
    });
  });
});
