/** Slots for the bot's replies: from the same state as those of the notifications, before the backlog. */
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { planSlots, slotInterval } from '../../lib/deliveries/rate-limit-slots.ts';
import type { RateLimitedBot } from '../../lib/deliveries/rate-limiter.ts';
import type { RateLimitState } from '../../lib/store/rate-limits.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { type Stack, startStack } from '../support/stack.ts';

const START = Date.parse('2026-11-22T10:00:00.000Z');
const CHAT = 1001;
const OTHER_CHAT = 1002;
const GROUP = -5001;

let stack: Stack;
let tables: DynamoDBDocumentClient;
let gate: Gate;
let lib: typeof import('../../lib/deliveries/reply-slot.ts');
let pauseAfterRefusal: typeof import('../../lib/deliveries/rate-limiter.ts')['pauseAfterRefusal'];
beforeAll(async () => {
  process.env.LOG_LEVEL ??= 'off';
  stack = await startStack();
  tables = DynamoDBDocumentClient.from(stack.aws.dynamodb);
  gate = await startGate(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
  process.env.AWS_ENDPOINT_URL_DYNAMODB = gate.url;
  lib = await import('../../lib/deliveries/reply-slot.ts');
  ({ pauseAfterRefusal } = await import('../../lib/deliveries/rate-limiter.ts'));
});
afterAll(async () => {
  await gate.close();
  await stack.close();
});

let lastBot = 0;
function newBot(perSecond = 30): RateLimitedBot {
  lastBot += 1;
  return { id: `bot-${lastBot}`, perSecond };
}

async function store(bot: RateLimitedBot, state: Partial<RateLimitState>): Promise<void> {
  const usual = { version: 1, nextSlot: 0, chats: {}, pausedUntil: 0 };
  const Item = { botId: bot.id, ...usual, ...state };
  await tables.send(new PutCommand({ TableName: process.env.PACES_TABLE, Item }));
}

const stored = async (bot: RateLimitedBot) => (await stack.findRateLimit(bot.id)) as RateLimitState;

/** A clock that only waiting moves on. */
function simulatedClock() {
  const clock = {
    time: START,
    now: () => clock.time,
    async sleep(milliseconds: number) {
      clock.time += milliseconds;
    },
  };
  return clock;
}

const refusalOf = (bot: RateLimitedBot, clock = simulatedClock()) =>
  lib.waitForReplySlot(bot, CHAT, clock).then(
    () => undefined,
    (error: unknown) => error as { name: string; freeAt: number },
  );

describe('a reply', () => {
  test('goes out at once where the bot is idle, and its slot is nobody else’s', async () => {
    const bot = newBot();
    const clock = simulatedClock();
    await lib.waitForReplySlot(bot, CHAT, clock);
    expect(clock.time - START).toBeLessThan(100);
    const { nextSlot, version, chats } = await stored(bot);
    expect(nextSlot).toBeGreaterThanOrEqual(START + slotInterval(30));
    expect(version).toBe(1);
    expect(Object.keys(chats)).toEqual([String(CHAT)]);
  });

  test('of a bot whose state the former release wrote takes its slot there', async () => {
    const bot = newBot();
    const TableName = process.env.PACES_TABLE;
    await tables.send(new PutCommand({ TableName, Item: { botId: bot.id, lineEnd: START } }));
    await lib.waitForReplySlot(bot, CHAT, simulatedClock());
    expect(await stored(bot)).toMatchObject({ version: 1, lineEnd: START });
  });

  test('goes before a backlog: behind the slots that were given out, further away than a notification waits', async () => {
    const bot = newBot();
    const nextSlot = START + 1_800;
    const state = { nextSlot, lineEnd: START + 600_000 };
    await store(bot, state);
    const { chats, pausedUntil } = await stored(bot);
    expect(planSlots({ nextSlot, chats, pausedUntil }, [CHAT], START, 30).kind).toBe('far');

    const clock = simulatedClock();
    await lib.waitForReplySlot(bot, CHAT, clock);
    expect(clock.time - nextSlot).toBeGreaterThanOrEqual(0);
    expect(clock.time - nextSlot).toBeLessThan(15);
    expect(await stored(bot)).toMatchObject({
      nextSlot: nextSlot + slotInterval(30),
      lineEnd: state.lineEnd,
    });
  });

  test('of a bot that is paused takes no slot, and says when there is one', async () => {
    const bot = newBot();
    await store(bot, { pausedUntil: START + 20_000 });
    expect(await refusalOf(bot)).toMatchObject({ name: 'NoSlotError', freeAt: START + 20_000 });
    expect(await stored(bot)).toMatchObject({ version: 1, nextSlot: 0 });
  });

  test('to a chat that had its burst waits for the chat, one message a second', async () => {
    const bot = newBot();
    const clock = simulatedClock();
    const times: number[] = [];
    for (let reply = 0; reply < 6; reply++) {
      await lib.waitForReplySlot(bot, CHAT, clock);
      times.push(clock.time);
    }
    const [, , third = 0, fourth = 0, , sixth = 0] = times;
    expect(third - START).toBeLessThan(200);
    expect(fourth - START).toBeGreaterThanOrEqual(1_000);
    expect(sixth - fourth).toBeGreaterThanOrEqual(2_000);
  });

  test('to another chat does not wait for it', async () => {
    const bot = newBot();
    await store(bot, {});
    await pauseAfterRefusal(bot.id, CHAT, 900, START);
    const clock = simulatedClock();
    await lib.waitForReplySlot(bot, OTHER_CHAT, clock);
    expect(clock.time - START).toBeLessThan(100);
  });

  test('that misses its slot takes another one, and after two it is sent late', async () => {
    const bot = newBot();
    const clock = simulatedClock();
    let sleeps = 0;
    const late = {
      ...clock,
      now: clock.now,
      async sleep(milliseconds: number) {
        sleeps += 1;
        await clock.sleep(milliseconds + 500);
      },
    };
    await lib.waitForReplySlot(bot, CHAT, late);
    expect(sleeps).toBe(3);
    const { chats, version } = await stored(bot);
    expect(version).toBe(3);
    // The missed slots take nothing from the chat: its burst has two left.
    expect((chats[CHAT] ?? 0) - clock.time).toBeLessThanOrEqual(1_050);
  });
});

test('ten functions at once, and notifications meanwhile: no slot is given twice', async () => {
  const bot = newBot();
  // Time stands still, so each slot that was given out has moved the next one on.
  const still = { now: () => START, sleep: async () => {} };
  await store(bot, { nextSlot: START + 100 });
  const { readRateLimitState, reserveSlots } = await import('../../lib/store/rate-limits.ts');
  const notify = async (chatId: number): Promise<void> => {
    const state = await readRateLimitState(bot.id);
    const plan = planSlots(state, [chatId], START, 30);
    if (plan.kind === 'near' && !(await reserveSlots(state, plan.state))) await notify(chatId);
  };
  const replies = Array.from({ length: 10 }, (_, index) => lib.waitForReplySlot(bot, 2_000 + index, still));
  await Promise.all([...replies, notify(3_000), notify(3_001)]);

  const { nextSlot, chats, version } = await stored(bot);
  expect(Object.keys(chats)).toHaveLength(12);
  expect(version).toBe(1 + 12);
  expect(nextSlot).toBeCloseTo(START + 100 + 12 * slotInterval(30), 3);
});

test('many chats in a row: those that are free again are forgotten', async () => {
  const bot = newBot();
  const clock = simulatedClock();
  for (let reply = 0; reply < 150; reply++) await lib.waitForReplySlot(bot, 10_000 + reply, clock);
  const { chats, version } = await stored(bot);
  expect(version).toBe(150);
  expect(Object.keys(chats).length).toBeLessThan(70);
});

test.each([
  ['idle', 0],
  ['sending', 1_500],
])('of a bot that is %s, a reply costs one read and one write', async (_, ahead) => {
  const bot = newBot();
  await store(bot, { nextSlot: START + ahead });
  await gate.open();
  await lib.waitForReplySlot(bot, CHAT, simulatedClock());
  expect(gate.passed()).toBe(2);
});

describe('a chat that Telegram asks to spare', () => {
  test.each([
    ['private', CHAT],
    ['group', GROUP],
  ])('%s: takes nothing of the bot until then', async (_, chatId) => {
    const bot = newBot();
    const chats = { [OTHER_CHAT]: START + 2_000 };
    await store(bot, { nextSlot: START + 10, chats });
    await pauseAfterRefusal(bot.id, chatId, 900, START);

    const state = await stored(bot);
    expect(state).toMatchObject({ nextSlot: START + 10, pausedUntil: 0, chats });
    const grantAt = (time: number) => {
      const plan = planSlots(state, [chatId], time, 30);
      return plan.kind === 'near' ? plan.grants[0]?.kind : plan.kind;
    };
    expect(grantAt(START + 899_999)).toBe('chat-limited');
    expect(grantAt(START + 900_000)).toBe('slot');
  });

  test('is spared for the longer of two times', async () => {
    const bot = newBot();
    await store(bot, {});
    await pauseAfterRefusal(bot.id, CHAT, 900, START);
    await pauseAfterRefusal(bot.id, CHAT, 5, START);
    expect(await refusalOf(bot)).toMatchObject({ freeAt: START + 900_000 });
  });
});
