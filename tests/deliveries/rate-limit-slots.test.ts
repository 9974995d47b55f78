/** The planning of slots, compared with Telegram's limits as written down a second time (rate-limit-model.ts). */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  JITTER_MILLISECONDS,
  LATE_MILLISECONDS,
  NEAR_MILLISECONDS,
  planSlots,
  releaseMissed,
  type Slot,
  type SlotState,
} from '../../lib/deliveries/rate-limit-slots.ts';
import { mostIn, overflowsBucket, START, type Step, World } from '../support/rate-limit-model.ts';

const FRESH: SlotState = { nextSlot: 0, pausedUntil: 0, chats: {} };

describe('one plan', () => {
  test('each message has a slot of its own, and takes its share of its chat', () => {
    // 1,050 ms for ten messages: 105 each.
    expect(planSlots({ ...FRESH, chats: { 2: START + 500 } }, [1, 2, -3], START, 10)).toEqual({
      kind: 'near',
      grants: [
        { kind: 'slot', at: START, allowance: { chatId: 1, before: 0, after: START + 1_050 } },
        {
          kind: 'slot',
          at: START + 105,
          allowance: { chatId: 2, before: START + 500, after: START + 1_550 },
        },
        { kind: 'slot', at: START + 210, allowance: { chatId: -3, before: 0, after: START + 210 + 3_075 } },
      ],
      state: {
        ...{ nextSlot: START + 315, pausedUntil: 0 },
        chats: { 1: START + 1_050, 2: START + 1_550, '-3': START + 210 + 3_075 },
      },
    });
  });

  test.each([
    ['the next free slot', { nextSlot: START + 400, pausedUntil: START + 300 }, START + 400],
    ['the end of a pause', { nextSlot: START + 300, pausedUntil: START + 400 }, START + 400],
    ['now, where both are past', { nextSlot: START - 400, pausedUntil: START - 300 }, START],
  ])('the first slot is %s', (_, state, at) => {
    expect(planSlots({ ...FRESH, ...state }, [1], START, 30)).toMatchObject({
      grants: [{ at }],
      state: { pausedUntil: state.pausedUntil },
    });
  });

  test('a bot without a near slot: when the next one begins', () => {
    expect(planSlots({ ...FRESH, nextSlot: START + 5_000 }, [1], START, 30)).toEqual({
      kind: 'far',
      freeAt: START + 5_000,
    });
  });

  test('of a slow bot’s batch the slots within two seconds are taken', () => {
    // 800 ms from slot to slot.
    const plan = planSlots({ ...FRESH, nextSlot: START + 400 }, [1, 2, 3, 4, 5], START, 1_050 / 800);

    expect(plan).toMatchObject({
      grants: [
        { at: START + 400 },
        { at: START + 1_200 },
        { at: START + 2_000 },
        { kind: 'far' },
        { kind: 'far' },
      ],
      state: { nextSlot: START + 2_800 },
    });
    expect(plan.kind === 'near' && Object.keys(plan.state.chats)).toEqual(['1', '2', '3']);
  });

  test.each([
    [-1, 1, START + 3_075],
    [1, 3, START + 1_050],
  ])('chat %d takes %d at once, the next one when its interval is over', (chatId, burst, freeAt) => {
    const plan = planSlots(FRESH, Array(burst + 1).fill(chatId), START, 30);

    const limited = plan.kind === 'near' ? plan.grants.slice(burst) : [];
    expect(limited).toEqual([{ kind: 'chat-limited', freeAt }]);
  });

  test.each([
    [NEAR_MILLISECONDS, 'near'],
    [NEAR_MILLISECONDS + 1, 'far'],
  ])('a slot in %d ms is %s', (wait, kind) => {
    expect(planSlots({ ...FRESH, nextSlot: START + wait }, [1], START, 30).kind).toBe(kind);
    expect(planSlots({ ...FRESH, pausedUntil: START + wait }, [1], START, 30).kind).toBe(kind);
  });

  test('a limited chat takes no slot from the others', () => {
    const plan = planSlots(FRESH, [1, 1, 1, 1, 2], START, 30);
    if (plan.kind !== 'near') throw new Error('It was free.');
    const kinds = plan.grants.map(({ kind }) => kind);
    const [, , third, , last] = plan.grants;

    expect(kinds).toEqual(['slot', 'slot', 'slot', 'chat-limited', 'slot']);
    expect(third?.kind === 'slot' && last?.kind === 'slot' && last.at - third.at).toBeLessThan(40);
  });

  test('a limited chat takes the next message at freeAt, and not before', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, -1), fc.integer({ min: 1, max: 6 }), (chatId, messages) => {
        const first = planSlots(FRESH, Array(messages).fill(chatId), START, 30);
        if (first.kind !== 'near') throw new Error('It was free.');
        const limited = first.grants.find((grant) => grant.kind === 'chat-limited');
        if (limited?.kind !== 'chat-limited') return;
        const planAt = (now: number) => planSlots(first.state, [chatId], now, 30);
        expect(planAt(limited.freeAt)).toMatchObject({ grants: [{ kind: 'slot', at: limited.freeAt }] });
        expect(planAt(limited.freeAt - 100)).toMatchObject({
          grants: [{ kind: 'chat-limited', freeAt: limited.freeAt }],
        });
      }),
    );
  });

  test('a missed slot returns what it took from its chat, unless the chat had a message since', () => {
    const chats = { 1: START + 500 };
    const slotsOf = (plan: ReturnType<typeof planSlots>): Slot[] =>
      plan.kind === 'near' ? plan.grants.filter((grant) => grant.kind === 'slot') : [];
    const first = planSlots({ ...FRESH, chats }, [1], START, 30);
    if (first.kind !== 'near') throw new Error('It was free.');
    expect(releaseMissed(first.state, slotsOf(first))).toEqual({ ...first.state, chats });

    const second = planSlots(first.state, [1], START + 100, 30);
    if (second.kind !== 'near') throw new Error('It was free.');
    expect(releaseMissed(second.state, slotsOf(first))).toEqual(second.state);
  });

  test('a chat that may have a whole burst again is forgotten', () => {
    const plan = planSlots({ ...FRESH, chats: { 1: START, 2: START + 1 } }, [4], START, 30);

    expect(plan.kind === 'near' && Object.keys(plan.state.chats)).toEqual(['2', '4']);
  });

  test('does not change the state that it was given', () => {
    const state = { nextSlot: START, pausedUntil: 0, chats: { 1: START + 500 } };
    planSlots(state, [1, 2], START, 30);
    expect(state).toEqual({ nextSlot: START, pausedUntil: 0, chats: { 1: START + 500 } });
  });
});

const PER_SECOND = [1, 5, 30, 100];
/** What the jitter leaves for the way of SQS's timestamp: by so much a function believes that it is earlier than it is. */
const LONGEST_RECEIVE_DELAY = JITTER_MILLISECONDS - LATE_MILLISECONDS;

const privateChat = fc.integer({ min: 1, max: 40 });
const group = fc.integer({ min: -2, max: -1 });
const chats = fc.array(fc.oneof({ weight: 9, arbitrary: privateChat }, { weight: 1, arbitrary: group }), {
  minLength: 1,
  maxLength: 10,
});
const clockErrors = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 5 });

/** The ends of a range are what most often breaks a limit. */
const upTo = (max: number) => fc.oneof(fc.constantFrom(0, max), fc.integer({ min: 0, max }));

const stepAfter = (
  after: fc.Arbitrary<number>,
  pause: fc.Arbitrary<number | undefined>,
): fc.Arbitrary<Step> =>
  fc.record({
    after,
    who: fc.nat(4),
    chatIds: chats,
    receiveDelay: upTo(LONGEST_RECEIVE_DELAY),
    late: upTo(LATE_MILLISECONDS),
    pause,
  });
const never = fc.constant(undefined);
const seldom = fc.option(fc.integer({ min: 0, max: 3_000 }), { nil: undefined, freq: 9 });
const crowded = fc.array(stepAfter(fc.integer({ min: 0, max: 60 }), seldom), {
  minLength: 20,
  maxLength: 80,
});
const mixed = fc.array(stepAfter(fc.integer({ min: 0, max: 900 }), never), { minLength: 20, maxLength: 120 });

function ran(perSecond: number, errors: number[], steps: Step[]): World {
  const world = new World(perSecond, errors);
  for (const step of steps) world.run(step);
  return world;
}

const timesOf = ({ sent }: World): number[] => sent.map(({ at }) => at);

function timesByChat({ sent }: World): [number, number[]][] {
  const byChat = Map.groupBy(sent, ({ chatId }) => chatId);
  return [...byChat].map(([chatId, messages]) => [chatId, messages.map(({ at }) => at)]);
}

describe.each(PER_SECOND)('%d a second, whatever several functions do with wrong clocks', (perSecond) => {
  test.each([
    ['crowded, with pauses', crowded],
    ['over minutes', mixed],
  ])('%s: no sliding second holds more, no chat gets more than it takes', (_, steps) => {
    fc.assert(
      fc.property(clockErrors, steps, (errors, given) => {
        const world = ran(perSecond, errors, given);
        expect(mostIn(1_000, timesOf(world))).toBeLessThanOrEqual(perSecond);
        for (const [chatId, times] of timesByChat(world)) {
          if (chatId < 0) expect(mostIn(60_000, times)).toBeLessThanOrEqual(20);
          else expect(overflowsBucket(times)).toBe(false);
        }
        expect(world.againstPause).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('a bot with more messages than its limit uses at least 94 % of it', () => {
    const world = new World(perSecond, [0, 800, -800]);
    const milliseconds = perSecond < 10 ? 200_000 : 40_000;
    let person = 0;
    for (let turn = 0; world.now < START + milliseconds; turn++) {
      const chatIds = Array.from({ length: 10 }, () => (person = (person % 50_000) + 1));
      const outcome = world.run({ after: 0, who: turn, chatIds, receiveDelay: 20, late: 5 });
      if (outcome === 'far') world.now += 40;
    }
    const inTime = world.sent.filter(({ at }) => at < START + milliseconds);

    expect(inTime.length).toBeGreaterThanOrEqual(0.94 * perSecond * (milliseconds / 1_000));
    expect(mostIn(1_000, timesOf(world))).toBeLessThanOrEqual(perSecond);
  });
});

test('the worst that the jitter allows: the slowest function, then the fastest', () => {
  const world = new World(30, [0, 0]);
  const worst = { receiveDelay: LONGEST_RECEIVE_DELAY, late: LATE_MILLISECONDS };
  world.run({ after: 0, who: 0, chatIds: [1], ...worst });
  for (let chatId = 2; chatId <= 62; chatId++)
    world.run({ after: 20, who: 1, chatIds: [chatId], receiveDelay: 0, late: 0 });

  expect(mostIn(1_000, timesOf(world))).toBeLessThanOrEqual(30);
});

test('a group with more messages than its limit: 20 in any minute, and not fewer than 19', () => {
  const world = new World(30, [0, 300]);
  for (let turn = 0; world.now < START + 300_000; turn++)
    world.run({ after: 50, who: turn, chatIds: [-7], receiveDelay: 0, late: 0 });

  expect(mostIn(60_000, timesOf(world))).toBeLessThanOrEqual(20);
  expect(world.sent.length).toBeGreaterThanOrEqual(5 * 19);
});

test('the model really has conflicts and full seconds', () => {
  const chatIds = (turn: number) => [1, 2, 3, 4, 5, 6].map((chat) => chat + 6 * turn);
  const world = new World(30, [0, 500, -500]);
  for (let turn = 0; turn < 40; turn++)
    world.run({ after: 50, who: turn, chatIds: chatIds(turn), receiveDelay: 3, late: 0 });

  expect(world.conflicts).toBeGreaterThan(5);
  expect(mostIn(1_000, timesOf(world))).toBeGreaterThanOrEqual(29);
});

describe('the model itself', () => {
  test('counts a sliding second without its beginning', () => {
    expect(mostIn(1_000, [0, 999, 1_000])).toBe(2);
    expect(mostIn(1_000, [0, 0, 999])).toBe(3);
    expect(mostIn(1_000, [])).toBe(0);
  });

  test('lets three through a bucket at once, then one a second', () => {
    expect(overflowsBucket([0, 0, 0, 1_000, 2_000])).toBe(false);
    expect(overflowsBucket([0, 0, 0, 999])).toBe(true);
    expect(overflowsBucket([0, 0, 0, 0])).toBe(true);
    expect(overflowsBucket([0, 0, 0, 3_000, 3_000, 3_000])).toBe(false);
  });
});
