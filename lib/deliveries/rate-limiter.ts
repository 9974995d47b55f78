import { beforeDeadline, keepDeadline, sleep } from '../aws/deadline.ts';
import {
  newRateLimitState,
  pauseBot,
  type RateLimitState,
  readRateLimitState,
  recordRefusal,
  reserveSlots,
} from '../store/rate-limits.ts';
import type { SiteWithBot } from '../store/sites.ts';
import {
  DEFAULT_PER_SECOND,
  type Grant,
  LATE_MILLISECONDS,
  planSlots,
  releaseMissed,
  type Slot,
  wholeBurstAt,
} from './rate-limit-slots.ts';
import type { SharedClock } from './shared-clock.ts';

/** What a message may do that asked to be sent. */
export type Decision =
  /** It may be sent now. */
  | { kind: 'granted' }
  /** The bot has no slot that is near. `freeAt`: the next one, in milliseconds since 1970. */
  | { kind: 'far'; freeAt: number; isPaused: boolean }
  /** Its chat takes the next message in so many milliseconds. */
  | { kind: 'chat-limited'; milliseconds: number };

/** What the rate limiter has to know of a bot. */
export interface RateLimitedBot {
  id: string;
  perSecond: number;
}

export function rateLimitedBot({ bot, messagesPerSecond }: SiteWithBot): RateLimitedBot {
  return { id: bot.id, perSecond: messagesPerSecond ?? DEFAULT_PER_SECOND };
}

type SlotDecision = Exclude<Grant, { kind: 'far' }> | Extract<Decision, { kind: 'far' }>;

interface SlotRequest {
  bot: RateLimitedBot;
  chatId: number;
  /** The slot that this message had and missed. */
  missed: Slot | undefined;
  resolve: (decision: SlotDecision) => void;
  reject: (error: unknown) => void;
}

/** How often slots are asked for where other functions take them at the same time, or where they were missed. */
const MAX_ROUNDS = 8;

/** How many slots a message may miss; then it is sent late. */
const MAX_MISSED_SLOTS = 2;

/** Refusals of two chats within this time (milliseconds) are not about one chat, but about the bot. */
const SAME_MOMENT = 5_000;

/**
 * Decides when the messages of one run may be sent, so that all functions together keep Telegram's limits. Messages of a
 * bot that ask at the same time, or while others are being answered, are answered with one write.
 */
export class RateLimiter {
  readonly #clock: SharedClock;
  readonly #states = new Map<string, RateLimitState>();
  /** What is decided for several messages together does not end with the time of one of them. */
  readonly #forAll = keepDeadline();
  /** By bot id. A bot that has an entry is being answered; the entry holds what asked since then. */
  readonly #requests = new Map<string, SlotRequest[]>();

  /** @param states what was read of bots at the beginning, by bot id. */
  constructor(clock: SharedClock, states = new Map<string, RateLimitState>()) {
    this.#clock = clock;
    this.learn(states);
  }

  /** @param states what was read of bots since, by bot id. */
  learn(states: Map<string, RateLimitState>): void {
    for (const [id, state] of states)
      if (state.version > (this.#states.get(id)?.version ?? -1)) this.#states.set(id, state);
  }

  /**
   * Waits for a slot of the message if one is near.
   *
   * @param whileWaiting is called with the milliseconds until the slot. If it takes longer, the slot is missed, and another
   * one is taken.
   * @throws ServiceUnreachableError
   */
  async acquire(
    bot: RateLimitedBot,
    chatId: number,
    whileWaiting?: (milliseconds: number) => Promise<void>,
  ): Promise<Decision> {
    let missed: Slot | undefined;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const decision = await beforeDeadline(() => this.#requestSlot({ bot, chatId, missed }));
      if (decision.kind === 'far') return decision;
      if (decision.kind === 'chat-limited') {
        return { kind: 'chat-limited', milliseconds: Math.ceil(decision.freeAt - this.#clock.now()) };
      }
      await whileWaiting?.(decision.at - this.#clock.now());
      // After two missed slots the message is sent late: a 429 now and then is better than one that is never sent.
      const isInTime = (await this.#waitFor(decision.at)) || round >= MAX_MISSED_SLOTS;
      // Meanwhile another message of this batch may have had a 429, which paused the bot.
      if (isInTime && this.#stateOf(bot).pausedUntil <= this.#clock.now()) return { kind: 'granted' };
      missed = decision;
    }
    return this.#far(bot, this.#clock.now() + 1_000);
  }

  /** Telegram answered 429 to a message. @throws ServiceUnreachableError */
  async pause(bot: RateLimitedBot, chatId: number, seconds: number): Promise<Pause> {
    const pause = await pauseAfterRefusal(bot.id, chatId, seconds, this.#clock.now());
    this.#states.set(bot.id, await readRateLimitState(bot.id));
    return pause;
  }

  #requestSlot(request: Omit<SlotRequest, 'resolve' | 'reject'>): Promise<SlotDecision> {
    const { bot } = request;
    return new Promise((resolve, reject) => {
      const waiting = this.#requests.get(bot.id);
      if (waiting) return waiting.push({ ...request, resolve, reject });
      this.#requests.set(bot.id, [{ ...request, resolve, reject }]);
      // All groups of a batch ask within one turn of the event loop, so they are answered together.
      return this.#forAll(() => setImmediate(() => this.#decideAll(bot)));
    });
  }

  /** One answer after the other: two at the same time would only make each other's write fail. */
  async #decideAll(bot: RateLimitedBot): Promise<void> {
    for (;;) {
      const requests = this.#requests.get(bot.id) ?? [];
      if (requests.length === 0) break;
      this.#requests.set(bot.id, []);
      await this.#decide(bot, requests).catch((error) => {
        for (const { reject } of requests) reject(error);
      });
    }
    this.#requests.delete(bot.id);
  }

  /** Answers the requests of one bot: takes slots for all of them, if they are near. */
  async #decide(bot: RateLimitedBot, requests: SlotRequest[]): Promise<void> {
    const chatIds = requests.map(({ chatId }) => chatId);
    const missed = requests.flatMap((request) => request.missed ?? []);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const state = this.#stateOf(bot);
      const plan = planSlots(releaseMissed(state, missed), chatIds, this.#clock.now(), bot.perSecond);
      if (plan.kind === 'far') return this.#refuse(bot, requests, plan.freeAt);
      if (await reserveSlots(state, plan.state)) {
        this.#states.set(bot.id, { ...state, ...plan.state, version: state.version + 1 });
        return this.#refuse(bot, resolveGranted(requests, plan.grants), plan.state.nextSlot);
      }
      // Another function was first. After a random time, so that the two don't meet again, it is tried once more.
      await sleep(Math.random() * 10 * round);
      this.#states.set(bot.id, await readRateLimitState(bot.id));
    }
    this.#refuse(bot, requests, this.#clock.now() + 1_000);
  }

  #refuse(bot: RateLimitedBot, requests: SlotRequest[], freeAt: number): void {
    for (const { resolve } of requests) resolve(this.#far(bot, freeAt));
  }

  #far(bot: RateLimitedBot, freeAt: number) {
    return { kind: 'far' as const, freeAt, isPaused: this.#stateOf(bot).pausedUntil > this.#clock.now() };
  }

  #stateOf(bot: RateLimitedBot): RateLimitState {
    return this.#states.get(bot.id) ?? newRateLimitState(bot.id);
  }

  /** Waits until a slot begins. @returns `false` where it was missed, because this process was too slow. */
  async #waitFor(slot: number): Promise<boolean> {
    for (let wait = slot - this.#clock.now(); wait > 0; wait = slot - this.#clock.now())
      await sleep(Math.ceil(wait));
    return this.#clock.now() - slot <= LATE_MILLISECONDS;
  }
}

/** Who is paused, and until when (milliseconds since 1970). */
export interface Pause {
  scope: 'chat' | 'bot';
  until: number;
}

/**
 * Telegram answered 429 to a message: its chat is paused for all functions. Where another chat was refused in the same
 * moment, it is the bot that sends too much, and it is paused too.
 *
 * @param now milliseconds since 1970.
 * @throws ServiceUnreachableError
 */
export async function pauseAfterRefusal(
  botId: string,
  chatId: number,
  seconds: number,
  now: number,
): Promise<Pause> {
  const until = now + seconds * 1_000;
  const before = await recordRefusal(botId, { chatId, at: now, wholeAt: wholeBurstAt(chatId, until) });
  const isOfBot = before !== undefined && before.chatId !== chatId && now - before.at < SAME_MOMENT;
  if (isOfBot) await pauseBot(botId, until);
  return { scope: isOfBot ? 'bot' : 'chat', until };
}

/** Answers the requests that have a slot or a limited chat. @returns the others: their slots would be too far away. */
function resolveGranted(requests: SlotRequest[], grants: Grant[]): SlotRequest[] {
  return requests.filter((request, index) => {
    const grant = grants[index];
    if (grant === undefined || grant.kind === 'far') return true;
    request.resolve(grant);
    return false;
  });
}
