import { setTimeout as sleep } from 'node:timers/promises';
import {
  newRateLimitState,
  pauseBot,
  type RateLimitState,
  readRateLimitState,
  reserveBacklog,
  reserveSlots,
} from '../store/rate-limits.ts';
import type { SiteWithBot } from '../store/sites.ts';
import {
  DEFAULT_PER_SECOND,
  type Grant,
  LATE_MILLISECONDS,
  NEAR_MILLISECONDS,
  planSlots,
  releaseMissed,
  type Slot,
  slotInterval,
} from './rate-limit-slots.ts';
import type { SharedClock } from './shared-clock.ts';

/** The bot has no slot that is near. */
interface Deferred {
  kind: 'deferred';
  /** When the message shall be received again. */
  seconds: number;
  /** The bot is paused until another token is saved. */
  isTokenRefused?: boolean;
}

/** What a message may do that asked to be sent. */
export type Decision =
  /** It may be sent now. */
  | { kind: 'granted' }
  | Deferred
  /** Its chat takes the next message in so many milliseconds. */
  | { kind: 'chat-limited'; milliseconds: number };

/** What the rate limiter has to know of a bot. */
export interface RateLimitedBot {
  id: string;
  perSecond: number;
  /** Tells one token from another, and is no secret. */
  tokenFingerprint: string;
}

export function rateLimitedBot({ bot, messagesPerSecond }: SiteWithBot): RateLimitedBot {
  return {
    id: bot.id,
    perSecond: messagesPerSecond ?? DEFAULT_PER_SECOND,
    // Encryption adds random bytes, so each saved token has an ending of its own.
    tokenFingerprint: bot.sealedToken.slice(-16),
  };
}

type SlotDecision = Exclude<Grant, { kind: 'far' }> | Deferred;

interface SlotRequest {
  bot: RateLimitedBot;
  chatId: number;
  /** Received for the first time: it may not be sent before the backlog. */
  isFirstReceive: boolean;
  /** The slot that this message had and missed. */
  missed: Slot | undefined;
  resolve: (decision: SlotDecision) => void;
  reject: (error: unknown) => void;
}

/** How often slots are asked for where other functions take them at the same time, or where they were missed. */
const MAX_ROUNDS = 8;

/** How many slots a message may miss; then it is sent late. */
const MAX_MISSED_SLOTS = 2;

/** The longest that SQS can hide a message, in seconds. */
const MAX_VISIBILITY_SECONDS = 43_200;

/**
 * Decides when the messages of one batch may be sent, so that all functions together keep Telegram's limits. Messages that
 * ask at the same time are answered with one write for each bot.
 *
 * A bot's *backlog* are its deferred messages. They are received again one after the other, at the bot's rate.
 */
export class RateLimiter {
  readonly #clock: SharedClock;
  readonly #states: Map<string, RateLimitState>;
  #requests: SlotRequest[] = [];

  /** @param states what was read of the bots at the beginning of the batch, by bot id. */
  constructor(clock: SharedClock, states: Map<string, RateLimitState>) {
    this.#clock = clock;
    this.#states = states;
  }

  /** Waits for a slot of the message if one is near. @throws ServiceUnreachableError */
  async acquire(bot: RateLimitedBot, chatId: number, isFirstReceive: boolean): Promise<Decision> {
    let missed: Slot | undefined;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const isNew = isFirstReceive && round === 0;
      const decision = await this.#requestSlot({ bot, chatId, isFirstReceive: isNew, missed });
      if (decision.kind === 'deferred') return decision;
      if (decision.kind === 'chat-limited') {
        return { kind: 'chat-limited', milliseconds: Math.ceil(decision.freeAt - this.#clock.now()) };
      }
      // After two missed slots the message is sent late: a 429 now and then is better than one that is never sent.
      const isInTime = (await this.#waitFor(decision.at)) || round >= MAX_MISSED_SLOTS;
      // Meanwhile another message of this batch may have had a 429, which paused the bot.
      if (isInTime && this.#stateOf(bot).pausedUntil <= this.#clock.now()) return { kind: 'granted' };
      missed = decision;
    }
    return { kind: 'deferred', seconds: 1 };
  }

  /** Adds one message to the backlog. @returns the seconds after which it shall be received again. */
  async joinBacklog(bot: RateLimitedBot): Promise<number> {
    const from = Math.max(this.#stateOf(bot).pausedUntil, this.#clock.now() + NEAR_MILLISECONDS);
    const [seconds = 1] = await this.#reserveBacklog(bot, from, 1);
    return seconds;
  }

  /** Pauses the bot for all functions. With `forToken` the pause ends earlier if another token is saved. */
  async pause(bot: RateLimitedBot, seconds: number, options: { forToken?: boolean } = {}): Promise<void> {
    const until = this.#clock.now() + seconds * 1_000;
    const { pausedToken: _, ...state } = this.#stateOf(bot);
    const refused = options.forToken ? bot.tokenFingerprint : undefined;
    if (until > state.pausedUntil) {
      const paused = { ...state, pausedUntil: until, version: state.version + 1 };
      this.#states.set(bot.id, { ...paused, ...(refused && { pausedToken: refused }) });
    }
    await pauseBot(bot.id, until, { current: bot.tokenFingerprint, refused });
  }

  #requestSlot(request: Omit<SlotRequest, 'resolve' | 'reject'>): Promise<SlotDecision> {
    return new Promise((resolve, reject) => {
      this.#requests.push({ ...request, resolve, reject });
      // All groups of a batch ask within one turn of the event loop, so they are answered together.
      if (this.#requests.length === 1) setImmediate(() => this.#decideAll());
    });
  }

  #decideAll(): void {
    const byBot = Map.groupBy(this.#requests, ({ bot }) => bot.id);
    this.#requests = [];
    for (const requests of byBot.values()) {
      this.#decide(requests).catch((error) => {
        for (const { reject } of requests) reject(error);
      });
    }
  }

  /** Answers the requests of one bot. */
  async #decide(requests: SlotRequest[]): Promise<void> {
    const [first] = requests;
    if (!first) return;
    const { bot } = first;
    const hasBacklog = this.#hasBacklog(bot);
    const goesBehind = ({ isFirstReceive }: SlotRequest) => isFirstReceive && hasBacklog;
    const ahead = requests.filter((request) => !goesBehind(request));
    const [isGranted] = await Promise.all([
      this.#grantSlots(bot, ahead),
      this.#defer(bot, requests.filter(goesBehind)),
    ]);
    if (!isGranted) await this.#defer(bot, ahead);
  }

  /** Takes slots for all of the requests. @returns `false` where none is near. */
  async #grantSlots(bot: RateLimitedBot, requests: SlotRequest[]): Promise<boolean> {
    if (requests.length === 0) return true;
    const chatIds = requests.map(({ chatId }) => chatId);
    const missed = requests.flatMap((request) => request.missed ?? []);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const state = this.#stateOf(bot);
      const plan = planSlots(releaseMissed(state, missed), chatIds, this.#clock.now(), bot.perSecond);
      if (plan.kind === 'far') return false;
      if (await reserveSlots(state, plan.state)) {
        this.#states.set(bot.id, { ...state, ...plan.state, version: state.version + 1 });
        await this.#defer(bot, resolveGranted(requests, plan.grants));
        return true;
      }
      // Another function was first. After a random time, so that the two don't meet again, it is tried once more.
      await sleep(Math.random() * 10 * round);
      this.#states.set(bot.id, await readRateLimitState(bot.id));
    }
    return false;
  }

  async #defer(bot: RateLimitedBot, requests: SlotRequest[]): Promise<void> {
    if (requests.length === 0) return;
    const { nextSlot, pausedUntil, pausedToken } = this.#stateOf(bot);
    const now = this.#clock.now();
    const isTokenRefused = pausedToken !== undefined && pausedUntil > now;
    const from = Math.max(nextSlot, pausedUntil, now + NEAR_MILLISECONDS);
    const seconds = await this.#reserveBacklog(bot, from, requests.length);
    for (const [index, { resolve }] of requests.entries())
      resolve({ kind: 'deferred', seconds: seconds[index] ?? 1, ...(isTokenRefused && { isTokenRefused }) });
  }

  async #reserveBacklog(bot: RateLimitedBot, from: number, count: number): Promise<number[]> {
    const interval = slotInterval(bot.perSecond);
    const start = await reserveBacklog(this.#stateOf(bot), from, count * interval);
    const now = this.#clock.now();
    return Array.from({ length: count }, (_, index) => {
      // SQS takes whole seconds. They are rounded down: the message waits for the rest of its time in the function.
      const seconds = Math.floor((start + index * interval - now) / 1_000);
      return Math.min(Math.max(seconds, 1), MAX_VISIBILITY_SECONDS);
    });
  }

  /**
   * Whether deferred messages are to be sent before new ones. If the bot has sent nothing for two seconds it has no
   * backlog, whatever its state says: the deferred messages were skipped, or sent earlier than expected.
   */
  #hasBacklog(bot: RateLimitedBot): boolean {
    const now = this.#clock.now();
    const { lineEnd, nextSlot } = this.#stateOf(bot);
    return lineEnd > now + NEAR_MILLISECONDS && nextSlot > now - 2 * NEAR_MILLISECONDS;
  }

  /** What is known of the bot; a pause for a token is over for another token. */
  #stateOf(bot: RateLimitedBot): RateLimitState {
    const state = this.#states.get(bot.id) ?? newRateLimitState(bot.id);
    const isForOtherToken = state.pausedToken !== undefined && state.pausedToken !== bot.tokenFingerprint;
    return isForOtherToken ? { ...state, pausedUntil: 0 } : state;
  }

  /** Waits until a slot begins. @returns `false` where it was missed, because this process was too slow. */
  async #waitFor(slot: number): Promise<boolean> {
    for (let wait = slot - this.#clock.now(); wait > 0; wait = slot - this.#clock.now())
      await sleep(Math.ceil(wait));
    return this.#clock.now() - slot <= LATE_MILLISECONDS;
  }
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
