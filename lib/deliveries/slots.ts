/** The arithmetic of a bot's pace: pure, so that it can be held against a model. All times are milliseconds since 1970. */

/** A slot that begins within this time is waited for; a later one is left to others. */
export const NEAR_MILLISECONDS = 1_000;

/** The last slot of a batch may begin this much later than now. */
const FARTHEST_MILLISECONDS = 2 * NEAR_MILLISECONDS;

/**
 * How much later than its slot a message may reach Telegram without a sliding second ever holding more than the limit.
 * Slots lie so far apart that a second and this margin hold no more than `perSecond` of them.
 */
export const JITTER_MILLISECONDS = 50;

/** A message that would go out later than this after its slot lets it pass and takes another: the rest is the network's. */
export const LATE_MILLISECONDS = 15;

/** Telegram's limit for all messages of a bot: https://core.telegram.org/bots/faq#broadcasting-to-users */
export const DEFAULT_PER_SECOND = 30;

/** Into one chat: one a second after a short burst; into a group 20 a minute. With a little air for jitter. */
const PRIVATE_CHAT = { interval: 1_050, burst: 3 };
const GROUP_CHAT = { interval: 3_075, burst: 1 };

/** What is known of a bot's pace. */
export interface SlotState {
  /** When the next free slot begins. */
  nextSlot: number;
  /** Nothing is sent before this: Telegram said so with a 429, or the bot has no working token. */
  pausedUntil: number;
  /**
   * For each chat written to lately, when its allowance is whole again (the "theoretical arrival time" of the generic
   * cell rate algorithm).
   */
  chats: Record<string, number>;
}

/** A slot beginning at `at`, and what it made of its chat's allowance (see `Pace.chats`). */
export interface Slot {
  kind: 'slot';
  at: number;
  allowance: { chatId: number; before: number; after: number };
}

/** A message may go out at `at`; or its chat takes nothing before `freeAt`; or its slot would be too far off. */
export type Grant = Slot | { kind: 'chat-full'; freeAt: number } | { kind: 'far' };

export type Plan =
  /** No slot is near: the next one begins at `freeAt`. */
  | { kind: 'far'; freeAt: number }
  /** One grant for each chat that was asked for, and the pace after them. */
  | { kind: 'near'; grants: Grant[]; pace: SlotState };

/** The time between two slots of a bot. */
export function slotInterval(perSecond: number): number {
  return (1_000 + JITTER_MILLISECONDS) / perSecond;
}

/** Plans one message into each of the chats, in this order, at a bot's pace. */
export function planSlots(pace: SlotState, chatIds: number[], now: number, perSecond: number): Plan {
  const start = Math.max(pace.nextSlot, pace.pausedUntil, now);
  if (start > now + NEAR_MILLISECONDS) return { kind: 'far', freeAt: start };

  const chats = withoutIdle(pace.chats, now);
  let slot = start;
  const grants = chatIds.map((chatId): Grant => {
    const { interval, burst } = chatId < 0 ? GROUP_CHAT : PRIVATE_CHAT;
    const wholeAt = chats[chatId] ?? 0;
    const freeAt = wholeAt - (burst - 1) * interval;
    if (freeAt > slot) return { kind: 'chat-full', freeAt };
    // Of a slow bot's batch only the first slots are near enough to be waited for.
    if (slot > now + FARTHEST_MILLISECONDS) return { kind: 'far' };
    const at = slot;
    const after = Math.max(wholeAt, at) + interval;
    chats[chatId] = after;
    slot += slotInterval(perSecond);
    return { kind: 'slot', at, allowance: { chatId, before: wholeAt, after } };
  });
  return { kind: 'near', grants, pace: { ...pace, nextSlot: slot, chats } };
}

/**
 * The pace without what slots that were let pass took from their chats: nothing reached these. Where a chat was written to
 * since, its allowance stays as it is: rather too little than too much.
 */
export function releaseMissed(pace: SlotState, missed: Slot[]): SlotState {
  const chats = { ...pace.chats };
  for (const { allowance } of missed)
    if (chats[allowance.chatId] === allowance.after) chats[allowance.chatId] = allowance.before;
  return { ...pace, chats };
}

/** A chat whose allowance is whole is like one that was never written to. */
function withoutIdle(chats: SlotState['chats'], now: number): SlotState['chats'] {
  return Object.fromEntries(Object.entries(chats).filter(([, wholeAt]) => wholeAt > now));
}
