import { sleep } from '../aws/deadline.ts';
import { type RateLimitState, readRateLimitState, reserveSlots } from '../store/rate-limits.ts';
import { takeSlotAlone } from '../store/reply-slots.ts';
import {
  LATE_MILLISECONDS,
  planSlots,
  releaseMissed,
  type Slot,
  type SlotState,
  slotInterval,
} from './rate-limit-slots.ts';
import type { RateLimitedBot } from './rate-limiter.ts';

/** A slot that begins later than this is not waited for: Telegram sends the update again. */
const LONGEST_WAIT_MILLISECONDS = 4_000;

/** A slot begins so much later than now at least: until then it is written, and not missed. */
const HEAD_START_MILLISECONDS = 30;

/** How often a slot is asked for where other functions take theirs at the same moment. */
const MAX_ROUNDS = 20;

/** The longest pause before the second round, in milliseconds; before the third it is twice as long, and so on. */
const CONFLICT_MILLISECONDS = 40;

/** Each reply adds its chat to the state. When it has more than so many, those that are free again are removed. */
const MAX_CHATS = 60;

/** How many slots a reply may miss; then it is sent late. */
const MAX_MISSED_SLOTS = 2;

/** The time (milliseconds since 1970), and how a function waits. */
interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

const OWN_CLOCK: Clock = { now: () => Date.now(), sleep };

/** Telegram takes no message of the bot, or none to this chat, before `freeAt` (milliseconds since 1970). */
export class NoSlotError extends Error {
  override readonly name = 'NoSlotError';
  readonly freeAt: number;

  constructor(freeAt: number) {
    super('No message may be sent there now.');
    this.freeAt = freeAt;
  }
}

/**
 * Takes a slot of the bot for a reply to what a person has just done, and waits until it begins.
 *
 * The reply gets the first slot behind those that were given out already, also where that is further away than a
 * notification may wait: so it goes before the backlog, within a second or two, and the bot never exceeds its limit.
 *
 * @throws NoSlotError if it would begin too late; ServiceUnreachableError.
 */
export async function waitForReplySlot(
  bot: RateLimitedBot,
  chatId: number,
  clock = OWN_CLOCK,
): Promise<void> {
  const latest = clock.now() + LONGEST_WAIT_MILLISECONDS;
  const missed: Slot[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const stored = await readRateLimitState(bot.id);
    const request = { bot, chatId, missed, earliest: clock.now() + HEAD_START_MILLISECONDS, latest };
    const { grant, state } = planReply(stored, request);
    const at = grant.kind === 'slot' ? grant.at : grant.freeAt;
    if (at > latest) throw new NoSlotError(at);
    if (grant.kind === 'chat-limited') {
      await sleepUntil(at - HEAD_START_MILLISECONDS, clock);
      continue;
    }
    const slot = await takeSlot(stored, { grant, state }, request);
    if (!slot) {
      await sleepAfterConflict(round, clock);
      continue;
    }
    await sleepUntil(slot.at, clock);
    if (clock.now() - slot.at <= LATE_MILLISECONDS || missed.length >= MAX_MISSED_SLOTS) return;
    missed.push(slot);
  }
  throw new NoSlotError(clock.now() + 1_000);
}

interface SlotRequest {
  bot: RateLimitedBot;
  chatId: number;
  /** The slots that this reply had and missed. */
  missed: Slot[];
  /** Milliseconds since 1970. */
  earliest: number;
  latest: number;
}

/** Plans one reply: the first slot that is not given out. */
function planReply(stored: RateLimitState, { bot, chatId, missed, earliest }: SlotRequest) {
  const before = releaseMissed(stored, missed);
  const begin = Math.max(before.nextSlot, before.pausedUntil, earliest);
  const plan = planSlots(before, [chatId], begin, bot.perSecond);
  const grant = plan.kind === 'near' ? plan.grants[0] : undefined;
  // It was planned for the moment at which its slot begins: no slot is nearer than that.
  if (plan.kind === 'far' || grant === undefined || grant.kind === 'far') throw new NoSlotError(begin);
  return { grant, state: plan.state };
}

/** @returns the slot that was taken; `undefined` where another function was first. */
async function takeSlot(
  stored: RateLimitState,
  { grant, state }: { grant: Slot; state: SlotState },
  { bot, chatId, missed, earliest, latest }: SlotRequest,
): Promise<Slot | undefined> {
  const { at, allowance } = grant;
  const ofChat = stored.chats[chatId] ?? 0;
  const missedTime = missed.at(-1)?.allowance.after;
  const isFreeChat = ofChat <= at || ofChat === missedTime;
  const isKnown = stored.nextSlot > 0;
  // Who takes a slot alone forgets no chat, so from time to time the whole state is written.
  if (!isFreeChat || !isKnown || Object.keys(stored.chats).length > MAX_CHATS)
    return (await reserveSlots(stored, state)) ? grant : undefined;
  const chatInterval = allowance.after - at;
  const botInterval = slotInterval(bot.perSecond);
  const slot = { botId: bot.id, chatId, earliest, latest, botInterval, chatInterval, missed: missedTime };
  const taken = await takeSlotAlone(slot, at === stored.nextSlot);
  if (taken === undefined) return undefined;
  return { kind: 'slot', at: taken, allowance: { chatId, before: 0, after: taken + chatInterval } };
}

/** Another function was first. After a random time, so that the two don't meet again, it is tried once more. */
async function sleepAfterConflict(round: number, clock: Clock): Promise<void> {
  await clock.sleep(Math.random() * CONFLICT_MILLISECONDS * (round + 1));
}

async function sleepUntil(time: number, clock: Clock): Promise<void> {
  // A timer may end a part of a millisecond early.
  const milliseconds = Math.ceil(time - clock.now());
  if (milliseconds > 0) await clock.sleep(milliseconds + 1);
}
