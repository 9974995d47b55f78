/** When a bot's messages may be sent: pure functions, tested against a model. All times are milliseconds since 1970. */

/** A slot that begins within this time is waited for in the function; a later one is not taken. */
export const NEAR_MILLISECONDS = 1_000;

/** The last slot of a batch may begin this much later than now. */
const FARTHEST_MILLISECONDS = 2 * NEAR_MILLISECONDS;

/**
 * How much later than its slot a message may reach Telegram without more than the limit in any second. The slots are so
 * far apart that a second and this margin together hold no more than `perSecond` of them.
 */
export const JITTER_MILLISECONDS = 50;

/**
 * A message that would be sent later than this after its slot takes another slot. The rest of the jitter is for the
 * network.
 */
export const LATE_MILLISECONDS = 15;

/** Telegram's limit for all messages of a bot: https://core.telegram.org/bots/faq#broadcasting-to-users */
export const DEFAULT_PER_SECOND = 30;

/** To a private chat one message a second, after a short burst; to a group 20 a minute. Both with a small margin. */
const PRIVATE_CHAT = { interval: 1_050, burst: 3 };
const GROUP_CHAT = { interval: 3_075, burst: 1 };

/** The rate limits of one bot. */
export interface SlotState {
  /** When the next free slot begins. */
  nextSlot: number;
  /** Nothing is sent before this: Telegram answered 429, or refused the bot's token. */
  pausedUntil: number;
  /**
   * For each chat that had a message lately: when it may have a whole burst again (the "theoretical arrival time" of the
   * generic cell rate algorithm, GCRA).
   */
  chats: Record<string, number>;
}

/** A slot that begins at `at`; and the time in `SlotState.chats` of its chat, before and after it was taken. */
export interface Slot {
  kind: 'slot';
  at: number;
  allowance: { chatId: number; before: number; after: number };
}

/** The message may be sent at `at`; or its chat takes none before `freeAt`; or its slot would be too far away. */
export type Grant = Slot | { kind: 'chat-limited'; freeAt: number } | { kind: 'far' };

export type Plan =
  /** No slot is near: the next one begins at `freeAt`. */
  | { kind: 'far'; freeAt: number }
  /** One grant for each chat in the request, and the state after them. */
  | { kind: 'near'; grants: Grant[]; state: SlotState };

/** The time between two slots of a bot. */
export function slotInterval(perSecond: number): number {
  return (1_000 + JITTER_MILLISECONDS) / perSecond;
}

/** Plans one message to each of the chats, in this order. */
export function planSlots(state: SlotState, chatIds: number[], now: number, perSecond: number): Plan {
  const start = Math.max(state.nextSlot, state.pausedUntil, now);
  if (start > now + NEAR_MILLISECONDS) return { kind: 'far', freeAt: start };

  const chats = withoutIdle(state.chats, now);
  let slot = start;
  const grants = chatIds.map((chatId): Grant => {
    const { interval, burst } = chatId < 0 ? GROUP_CHAT : PRIVATE_CHAT;
    const before = chats[chatId] ?? 0;
    const freeAt = before - (burst - 1) * interval;
    if (freeAt > slot) return { kind: 'chat-limited', freeAt };
    // A slow bot's batch reaches far: only its first slots are near enough to be waited for.
    if (slot > now + FARTHEST_MILLISECONDS) return { kind: 'far' };
    const at = slot;
    const after = Math.max(before, at) + interval;
    chats[chatId] = after;
    slot += slotInterval(perSecond);
    return { kind: 'slot', at, allowance: { chatId, before, after } };
  });
  return { kind: 'near', grants, state: { ...state, nextSlot: slot, chats } };
}

/**
 * The state without what missed slots took from their chats, because no message was sent in them. If a chat had another
 * message since then, its time stays as it is: it may wait too long, but it never gets too much.
 */
export function releaseMissed(state: SlotState, missed: Slot[]): SlotState {
  const chats = { ...state.chats };
  for (const { allowance } of missed)
    if (chats[allowance.chatId] === allowance.after) chats[allowance.chatId] = allowance.before;
  return { ...state, chats };
}

/** The time in `SlotState.chats` with which a chat takes no message before `freeAt`. */
export function wholeBurstAt(chatId: number, freeAt: number): number {
  const { interval, burst } = chatId < 0 ? GROUP_CHAT : PRIVATE_CHAT;
  return freeAt + (burst - 1) * interval;
}

/** A chat that may have a whole burst again is like one that never had a message. */
function withoutIdle(chats: SlotState['chats'], now: number): SlotState['chats'] {
  return Object.fromEntries(Object.entries(chats).filter(([, wholeAt]) => wholeAt > now));
}
