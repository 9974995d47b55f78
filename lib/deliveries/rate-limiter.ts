import { setTimeout as sleep } from 'node:timers/promises';
import {
  newRateLimitState,
  pauseBot,
  type RateLimitState,
  readRateLimitState,
  reserveBacklog,
  reserveSlots,
} from '../store/rate-limits.ts';
import type { Site } from '../store/sites.ts';
import type { SharedClock } from './shared-clock.ts';
import {
  DEFAULT_PER_SECOND,
  type Grant,
  LATE_MILLISECONDS,
  NEAR_MILLISECONDS,
  planSlots,
  releaseMissed,
  type Slot,
  slotInterval,
} from './slots.ts';

interface Deferred {
  kind: 'later';
  seconds: number;
  /** The bot stands still until another token is saved. */
  isTokenRefused?: boolean;
}

/** What a message is told that wants to go out. */
export type Permission =
  /** Now. */
  | { kind: 'now' }
  /** Come back in some seconds: the bot has no slot that is near. */
  | Deferred
  /** The chat has had its share: it takes the next message in so many milliseconds. */
  | { kind: 'chat-full'; milliseconds: number };

/** A bot as far as its pace is concerned. */
export interface RateLimitedBot {
  id: string;
  perSecond: number;
  /** Tells one token from another without saying it. */
  tokenFingerprint: string;
}

export function rateLimitedBot(site: Site & { bot: NonNullable<Site['bot']> }): RateLimitedBot {
  return {
    id: site.bot.id,
    perSecond: site.messagesPerSecond ?? DEFAULT_PER_SECOND,
    // The seal has a random part, so each saved token has a seal of its own.
    tokenFingerprint: site.bot.sealedToken.slice(-16),
  };
}

type SlotDecision = Exclude<Grant, { kind: 'far' }> | Deferred;

interface SlotRequest {
  bot: RateLimitedBot;
  chatId: number;
  /** First time out of the queue: goes to the end of the line where there is one. */
  isFresh: boolean;
  /** The slot that this message had and let pass. */
  missed: Slot | undefined;
  settle: (outcome: SlotDecision) => void;
  fail: (error: unknown) => void;
}

/** How often slots are tried for when other functions take them at the same time, or when they were missed. */
const MAX_ROUNDS = 8;

/** How many slots a message lets pass because it is late for them. */
const MISSED_SLOTS = 2;

/** The longest that SQS hides a message, in seconds. */
const MAX_VISIBILITY_SECONDS = 43_200;

/**
 * Gives the messages of one batch their turn, at the pace that all functions share. What asks at the same time is
 * answered with one write for each bot.
 */
export class RateLimiter {
  readonly #clock: SharedClock;
  readonly #paces: Map<string, RateLimitState>;
  #wishes: SlotRequest[] = [];

  /** @param paces what was read of the bots' paces at the beginning of the batch, by bot id. */
  constructor(clock: SharedClock, paces: Map<string, RateLimitState>) {
    this.#clock = clock;
    this.#paces = paces;
  }

  /** Waits for the message's turn where that is near; else tells it to come back. */
  async acquire(bot: RateLimitedBot, chatId: number, isFresh: boolean): Promise<Permission> {
    let missed: Slot | undefined;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const outcome = await this.#wish({ bot, chatId, isFresh: isFresh && round === 0, missed });
      if (outcome.kind === 'later') return outcome;
      if (outcome.kind === 'chat-full') {
        return { kind: 'chat-full', milliseconds: Math.ceil(outcome.freeAt - this.#clock.now()) };
      }
      // Whoever is held up each time goes late rather than never: better a 429 now and then than a message that waits.
      const isInTime = (await this.#waitFor(outcome.at)) || round >= MISSED_SLOTS;
      // Meanwhile another message of this batch may have been told to wait, and with it the whole bot.
      if (isInTime && this.#pausedUntil(bot) <= this.#clock.now()) return { kind: 'now' };
      missed = outcome;
    }
    return { kind: 'later', seconds: 1 };
  }

  /** A place at the end of the line: how many seconds until this message should come back. */
  async joinBacklog(bot: RateLimitedBot): Promise<number> {
    const now = this.#clock.now();
    const [seconds = 1] = await this.#joinLine(
      bot,
      Math.max(this.#pausedUntil(bot), now + NEAR_MILLISECONDS),
      1,
    );
    return seconds;
  }

  /** Stops the bot for all functions. With `forToken`: until another token is saved, if that is sooner. */
  async pause(bot: RateLimitedBot, seconds: number, options: { forToken?: boolean } = {}): Promise<void> {
    const until = this.#clock.now() + seconds * 1_000;
    const pace = this.#paceOf(bot);
    const pausedToken = options.forToken ? bot.tokenFingerprint : undefined;
    if (until > this.#inForce(pace, bot).pausedUntil)
      this.#paces.set(bot.id, withPause(pace, until, pausedToken));
    await pauseBot(bot.id, until, { current: bot.tokenFingerprint, refused: pausedToken });
  }

  #wish(wish: Omit<SlotRequest, 'settle' | 'fail'>): Promise<SlotDecision> {
    return new Promise((settle, fail) => {
      this.#wishes.push({ ...wish, settle, fail });
      // All groups of a batch come here within one turn of the event loop: they are answered together.
      if (this.#wishes.length === 1) setImmediate(() => this.#answerWishes());
    });
  }

  #answerWishes(): void {
    const wishes = this.#wishes;
    this.#wishes = [];
    for (const group of Map.groupBy(wishes, ({ bot }) => bot.id).values()) {
      this.#answerBot(group).catch((error) => {
        for (const { fail } of group) fail(error);
      });
    }
  }

  async #answerBot(wishes: SlotRequest[]): Promise<void> {
    const [{ bot } = this.#missing()] = wishes;
    const isAtTheBack = this.#isLineWaiting(bot);
    const [behind, ahead] = partition(wishes, ({ isFresh }) => isFresh && isAtTheBack);
    const [granted] = await Promise.all([this.#grant(bot, ahead), this.#sendToTheBack(bot, behind)]);
    if (!granted) await this.#sendToTheBack(bot, ahead);
  }

  /** Takes slots for all of the wishes; `false` where none is near. */
  async #grant(bot: RateLimitedBot, wishes: SlotRequest[]): Promise<boolean> {
    if (wishes.length === 0) return true;
    const chatIds = wishes.map(({ chatId }) => chatId);
    const missed = wishes.flatMap((wish) => wish.missed ?? []);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const pace = this.#paceOf(bot);
      const before = releaseMissed(this.#inForce(pace, bot), missed);
      const plan = planSlots(before, chatIds, this.#clock.now(), bot.perSecond);
      if (plan.kind === 'far') return false;
      if (await reserveSlots(pace, plan.pace)) {
        this.#paces.set(bot.id, { ...pace, ...plan.pace, version: pace.version + 1 });
        const far = settleGranted(wishes, plan.grants);
        await this.#sendToTheBack(bot, far);
        return true;
      }
      // Another function was first. A moment of random length, so that they don't meet again.
      await sleep(Math.random() * 10 * round);
      this.#paces.set(bot.id, await readRateLimitState(bot.id));
    }
    return false;
  }

  async #sendToTheBack(bot: RateLimitedBot, wishes: SlotRequest[]): Promise<void> {
    if (wishes.length === 0) return;
    const pace = this.#inForce(this.#paceOf(bot), bot);
    const from = Math.max(pace.nextSlot, pace.pausedUntil, this.#clock.now() + NEAR_MILLISECONDS);
    const isTokenRefused = pace.pausedToken !== undefined && pace.pausedUntil > this.#clock.now();
    const seconds = await this.#joinLine(bot, from, wishes.length);
    for (const [index, { settle }] of wishes.entries())
      settle({ kind: 'later', seconds: seconds[index] ?? 1, ...(isTokenRefused && { isTokenRefused }) });
  }

  async #joinLine(bot: RateLimitedBot, from: number, count: number): Promise<number[]> {
    const interval = slotInterval(bot.perSecond);
    const start = await reserveBacklog(this.#paceOf(bot), from, count * interval);
    const now = this.#clock.now();
    return Array.from({ length: count }, (_, index) => {
      // SQS counts in whole seconds. Rounded down, a message is back in time to wait the rest for its slot.
      const seconds = Math.floor((start + index * interval - now) / 1_000);
      return Math.min(Math.max(seconds, 1), MAX_VISIBILITY_SECONDS);
    });
  }

  /**
   * Whether deferred messages are to come back before a fresh one may go. A bot that has not sent for two seconds has
   * no line, whatever is noted: those who stood in it have opted out, or were sent by another way.
   */
  #isLineWaiting(bot: RateLimitedBot): boolean {
    const now = this.#clock.now();
    const { lineEnd, nextSlot } = this.#paceOf(bot);
    return lineEnd > now + NEAR_MILLISECONDS && nextSlot > now - 2 * NEAR_MILLISECONDS;
  }

  #paceOf(bot: RateLimitedBot): RateLimitState {
    return this.#paces.get(bot.id) ?? newRateLimitState(bot.id);
  }

  /** A pause for a token ends when another token is saved. */
  #inForce(pace: RateLimitState, bot: RateLimitedBot): RateLimitState {
    const isOver = pace.pausedToken !== undefined && pace.pausedToken !== bot.tokenFingerprint;
    return isOver ? { ...pace, pausedUntil: 0 } : pace;
  }

  #pausedUntil(bot: RateLimitedBot): number {
    return this.#inForce(this.#paceOf(bot), bot).pausedUntil;
  }

  /** Waits until a slot begins; `false` where it was missed, because this process was held up. */
  async #waitFor(slot: number): Promise<boolean> {
    for (let wait = slot - this.#clock.now(); wait > 0; wait = slot - this.#clock.now())
      await sleep(Math.ceil(wait));
    return this.#clock.now() - slot <= LATE_MILLISECONDS;
  }

  #missing(): never {
    throw new Error('A wish without a bot or a grant: each is made with the other.');
  }
}

/** Tells those who got something what they got; the others are returned. */
function settleGranted(wishes: SlotRequest[], grants: Grant[]): SlotRequest[] {
  return wishes.filter((wish, index) => {
    const grant = grants[index];
    if (grant === undefined || grant.kind === 'far') return true;
    wish.settle(grant);
    return false;
  });
}

function withPause(pace: RateLimitState, until: number, pausedToken: string | undefined): RateLimitState {
  const { pausedToken: _, ...rest } = pace;
  return { ...rest, pausedUntil: until, version: pace.version + 1, ...(pausedToken && { pausedToken }) };
}

function partition<Item>(items: Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
