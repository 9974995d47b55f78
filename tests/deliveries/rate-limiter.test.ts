/** The rate limits that all functions share through their table: slots, and the pauses of chats and bots. */

import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
  return { id: `bot-${lastBot}`, perSecond };
}

/** As a function reads it. */
const stored = (bot: RateLimitedBot) => readRateLimitState(bot.id);

async function store(bot: RateLimitedBot, state: Partial<RateLimitState>): Promise<RateLimitState> {
  const usual = { version: 1, nextSlot: 0, chats: {}, pausedUntil: 0 };
  const item = { botId: bot.id, ...usual, ...state };
  await tables.send(new PutCommand({ TableName: process.env.PACES_TABLE, Item: item }));
  return item;
}

const granted = (decisions: Decision[]) => decisions.filter(({ kind }) => kind === 'granted').length;
const chat = (index: number) => 1_000 + index;

describe('slots', () => {
  test.each([2, 10])('%d functions at once never hand out the same one', async (functions) => {
    const bot = newBot();
    const before = Date.now();
    const requests = Array.from({ length: functions }, (_, index) => {
      const limiter = makeRateLimiter([]);
      return [0, 1, 2].map((message) => limiter.acquire(bot, chat(10 * index + message)));
    });

    const decisions = await Promise.all(requests.flat());

    // Every slot that was handed out moved the next one on: were one given twice, it would be less far.
    const { nextSlot } = await stored(bot);
    expect(granted(decisions)).toBeGreaterThan(0);
    expect(nextSlot - before).toBeGreaterThanOrEqual(granted(decisions) * slotInterval(30) - 1e-3);
    for (const decision of decisions) expect(['granted', 'far']).toContain(decision.kind);
  });

  test('all requests of one batch cost one write', async () => {
    const bot = newBot(100);
    const limiter = makeRateLimiter([await store(bot, { version: 7 })]);

    await Promise.all(Array.from({ length: 40 }, (_, message) => limiter.acquire(bot, chat(message))));

    const { version } = await stored(bot);
    // A slot that this machine missed costs one more write, but never one for each message.
    expect(version).toBeGreaterThanOrEqual(8);
    expect(version).toBeLessThanOrEqual(27);
  });

  test('those that ask while another one is being answered are answered together', async () => {
    // So many a second that no slot is missed, whatever the machine.
    const bot = newBot(1e6);
    let now = Date.now();
    const limiter = makeRateLimiter([await store(bot, {})], () => {
      now += 0.01;
      return now;
    });

    const decisions = [limiter.acquire(bot, chat(0))];
    for (let message = 1; message <= 10; message++) {
      await new Promise(setImmediate);
      decisions.push(limiter.acquire(bot, chat(message)));
    }

    expect(granted(await Promise.all(decisions))).toBe(11);
    // One each would be twelve.
    expect((await stored(bot)).version).toBeLessThan(9);
  });

  test('two bots don’t share their limits', async () => {
    const [one, other] = [newBot(), newBot()];
    const limiter = makeRateLimiter([await store(one, { pausedUntil: Date.now() + 60_000 })]);

    const decisions = await Promise.all([limiter.acquire(one, 1), limiter.acquire(other, 2)]);

    expect(decisions.map(({ kind }) => kind)).toEqual(['far', 'granted']);
  });

  test('a limited chat says when it takes the next message', async () => {
    const now = Date.now();
    const bot = newBot();
    const limiter = makeRateLimiter([await store(bot, { chats: { '-7': now + 3_000 } })], () => now);

    expect(await limiter.acquire(bot, -7)).toEqual({ kind: 'chat-limited', milliseconds: 3_000 });
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
  for (let message = 0; message < 4; message++) kinds.push((await limiter.acquire(bot, 1)).kind);

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

  expect(await limiter.acquire(bot, 1)).toEqual({ kind: 'granted' });

  expect((await stored(bot)).version).toBe(1 + slots);
});

test('a bot without a near slot: when it has one, and whether it is paused', async () => {
  const now = Date.now();
  const [busy, paused] = [newBot(), newBot()];
  const states = [
    await store(busy, { nextSlot: now + 5_000 }),
    await store(paused, { nextSlot: now, pausedUntil: now + 20_000 }),
  ];
  const limiter = makeRateLimiter(states, () => now);

  expect(await limiter.acquire(busy, 1)).toEqual({ kind: 'far', freeAt: now + 5_000, isPaused: false });
  expect(await limiter.acquire(paused, 1)).toEqual({ kind: 'far', freeAt: now + 20_000, isPaused: true });
  // Nothing was taken.
  expect((await stored(busy)).version).toBe(1);
});

test('of a slow bot’s batch, those that are too far away are told when the next slot begins', async () => {
  const now = Date.now();
  const bot = newBot(1_050 / 800);
  const limiter = makeRateLimiter([await store(bot, { nextSlot: now })]);

  const decisions = await Promise.all([1, 2, 3, 4, 5].map((message) => limiter.acquire(bot, chat(message))));

  const far = decisions.filter((decision) => decision.kind === 'far');
  expect(far.length).toBeGreaterThanOrEqual(2);
  for (const { freeAt } of far) expect(freeAt).toBeGreaterThanOrEqual(now + 2_400);
});

describe('a 429', () => {
  const now = Date.now();
  const still = () => now;

  test('pauses its chat, for all functions, and no other', async () => {
    const bot = newBot();
    const known = await store(bot, { nextSlot: now });
    const limiter = makeRateLimiter([known], still);

    expect(await limiter.pause(bot, 1, 60)).toEqual({ scope: 'chat', until: now + 60_000 });

    expect(await limiter.acquire(bot, 1)).toEqual({ kind: 'chat-limited', milliseconds: 60_000 });
    expect(await limiter.acquire(bot, 2)).toEqual({ kind: 'granted' });
    // A second later, in another function.
    const other = makeRateLimiter([await stored(bot)], () => now + 1_000);
    expect(await other.acquire(bot, 1)).toEqual({ kind: 'chat-limited', milliseconds: 59_000 });
    expect(await other.acquire(bot, 2)).toEqual({ kind: 'granted' });
  });

  test.each([1, -1])('after the pause of chat %d it takes its next message', async (chatId) => {
    const bot = newBot();
    await makeRateLimiter([await store(bot, {})], still).pause(bot, chatId, 60);

    const before = makeRateLimiter([await stored(bot)], () => now + 59_999);
    expect(await before.acquire(bot, chatId)).toEqual({ kind: 'chat-limited', milliseconds: 1 });
    const after = makeRateLimiter([await stored(bot)], () => now + 60_000);
    expect(await after.acquire(bot, chatId)).toEqual({ kind: 'granted' });
  });

  test('is seen by functions that had read before, as soon as they take a slot', async () => {
    const bot = newBot();
    const known = await store(bot, {});
    await makeRateLimiter([known], still).pause(bot, 1, 60);

    expect(await makeRateLimiter([known], still).acquire(bot, 1)).toMatchObject({ kind: 'chat-limited' });
  });

  test('again to the same chat pauses no bot', async () => {
    const bot = newBot();
    const limiter = makeRateLimiter([await store(bot, {})], still);
    await limiter.pause(bot, 1, 60);

    expect(await limiter.pause(bot, 1, 60)).toMatchObject({ scope: 'chat' });

    expect(await limiter.acquire(bot, 2)).toEqual({ kind: 'granted' });
  });

  test.each([
    [4_999, 'bot'],
    [5_000, 'chat'],
  ])('to a second chat after %d ms pauses the %s', async (milliseconds, scope) => {
    const bot = newBot();
    await makeRateLimiter([await store(bot, {})], still).pause(bot, 1, 60);
    const later = () => now + milliseconds;
    const limiter = makeRateLimiter([await stored(bot)], later);

    expect(await limiter.pause(bot, 2, 30)).toEqual({ scope, until: later() + 30_000 });

    const decision =
      scope === 'chat' ? { kind: 'granted' } : { kind: 'far', freeAt: later() + 30_000, isPaused: true };
    const other = makeRateLimiter([await stored(bot)], later);
    expect(await limiter.acquire(bot, 3)).toEqual(decision);
    if (scope === 'bot') expect(await other.acquire(bot, 3)).toEqual(decision);
  });

  test('whose pause is shorter than the one in force does not end it', async () => {
    const bot = newBot();
    const limiter = makeRateLimiter([await store(bot, { pausedUntil: now + 60_000 })], still);
    await limiter.pause(bot, 1, 10);
    expect(await limiter.pause(bot, 2, 10)).toMatchObject({ scope: 'bot' });

    expect(await limiter.acquire(bot, 3)).toEqual({ kind: 'far', freeAt: now + 60_000, isPaused: true });
  });

  test('whose pause is longer replaces the one in force', async () => {
    const bot = newBot();
    const limiter = makeRateLimiter([await store(bot, { pausedUntil: now + 10_000 })], still);
    await limiter.pause(bot, 1, 60);
    await limiter.pause(bot, 2, 60);

    expect(await limiter.acquire(bot, 3)).toEqual({ kind: 'far', freeAt: now + 60_000, isPaused: true });
  });

  test('of a bot whose state was forgotten in between pauses nobody', async () => {
    const bot = newBot();
    const limiter = makeRateLimiter([], still);

    // Where the pause is not over yet, the next answer of Telegram tells more.
    expect(await limiter.pause(bot, 1, 60)).toEqual({ scope: 'chat', until: now + 60_000 });
    expect(await limiter.acquire(bot, 2)).toEqual({ kind: 'granted' });
  });
});

test('a pause of the bot that begins while a message waits for its slot holds that message too', async () => {
  let now = Date.now();
  const bot = newBot();
  const limiter = makeRateLimiter([await store(bot, { nextSlot: now + 20 })], () => now);
  const waiting = limiter.acquire(bot, 3);
  while ((await stored(bot)).version === 1) await new Promise((resolve) => setTimeout(resolve, 5));

  for (const chatId of [1, 2]) await limiter.pause(bot, chatId, 60);
  const freeAt = now + 60_000;
  now += 20;

  expect(await waiting).toEqual({ kind: 'far', freeAt, isPaused: true });
});
