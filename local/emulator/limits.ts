import { BotApiError } from './errors.ts';

/** How much a bot may send. The defaults are the limits in Telegram's FAQ. */
export type Limits = {
  /** Messages of one bot to all its chats in any second. */
  botPerSecond: number;
  /** Messages to one private chat that may follow each other at once. */
  chatBurst: number;
  /** Messages to one private chat a second, once the burst is used up. */
  chatPerSecond: number;
  /** Messages to one group in any minute. */
  groupPerMinute: number;
};

export const DEFAULT_LIMITS: Limits = {
  botPerSecond: 30,
  chatBurst: 3,
  chatPerSecond: 1,
  groupPerMinute: 20,
};

const SECOND = 1000;
const MINUTE = 60_000;

type Bucket = { tokens: number; filledAt: number };

/**
 * Telegram's rate limits for every bot. After a limit is exceeded, calls are refused until the time in
 * `retry_after` is over: all calls of the bot for the bot's limit, those to one chat for the chat's limit.
 */
export class Limiter {
  readonly #limits: Limits;
  readonly #now: () => number;
  #sentByBot = new Map<number, number[]>();
  #sentToGroup = new Map<string, number[]>();
  #buckets = new Map<string, Bucket>();
  #refusedUntil = new Map<string, number>();

  /** @param now the clock, in milliseconds. */
  constructor(limits: Limits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  clear(): void {
    this.#sentByBot.clear();
    this.#sentToGroup.clear();
    this.#buckets.clear();
    this.#refusedUntil.clear();
  }

  /**
   * Counts one message, or refuses it.
   * @throws {BotApiError} 429 with `retry_after` in whole seconds, at least 1.
   */
  take(botId: number, chatId: number): void {
    const bot = String(botId);
    const chat = `${botId}:${chatId}`;
    this.#refuseDuringPenalty(bot);
    this.#refuseDuringPenalty(chat);
    const botFreeIn = this.#windowFreeIn(this.#sentByBot.get(botId), this.#limits.botPerSecond, SECOND);
    if (botFreeIn > 0) throw this.#penalise(bot, botFreeIn);
    const chatFreeIn = chatId < 0 ? this.#groupFreeIn(chat) : this.#bucketFreeIn(chat);
    if (chatFreeIn > 0) throw this.#penalise(chat, chatFreeIn);
    this.#record(botId, chatId, chat);
  }

  #refuseDuringPenalty(key: string): void {
    const until = this.#refusedUntil.get(key);
    if (until === undefined) return;
    const left = until - this.#now();
    if (left > 0) throw tooManyRequests(left);
    this.#refusedUntil.delete(key);
  }

  #penalise(key: string, milliseconds: number): BotApiError {
    const seconds = Math.max(1, Math.ceil(milliseconds / SECOND));
    this.#refusedUntil.set(key, this.#now() + seconds * SECOND);
    return tooManyRequests(milliseconds);
  }

  #record(botId: number, chatId: number, chat: string): void {
    const now = this.#now();
    this.#sentByBot.set(botId, [...recent(this.#sentByBot.get(botId), now - SECOND), now]);
    if (chatId < 0) {
      this.#sentToGroup.set(chat, [...recent(this.#sentToGroup.get(chat), now - MINUTE), now]);
      return;
    }
    this.#buckets.set(chat, { tokens: this.#tokens(chat) - 1, filledAt: now });
  }

  #groupFreeIn(chat: string): number {
    return this.#windowFreeIn(this.#sentToGroup.get(chat), this.#limits.groupPerMinute, MINUTE);
  }

  /** Milliseconds until a message fits into the sliding window; 0 when it does now. */
  #windowFreeIn(times: number[] | undefined, limit: number, window: number): number {
    const now = this.#now();
    const inWindow = recent(times, now - window);
    if (inWindow.length < limit) return 0;
    const mustLeave = inWindow[inWindow.length - limit] ?? now;
    return mustLeave + window - now;
  }

  #tokens(chat: string): number {
    const bucket = this.#buckets.get(chat);
    if (bucket === undefined) return this.#limits.chatBurst;
    const gained = ((this.#now() - bucket.filledAt) / SECOND) * this.#limits.chatPerSecond;
    return Math.min(this.#limits.chatBurst, bucket.tokens + gained);
  }

  #bucketFreeIn(chat: string): number {
    const missing = 1 - this.#tokens(chat);
    // A rounding error of the division above must not refuse a message that is due to the millisecond.
    return missing <= 1e-9 ? 0 : (missing / this.#limits.chatPerSecond) * SECOND;
  }
}

function recent(times: number[] | undefined, after: number): number[] {
  return (times ?? []).filter((time) => time > after);
}

function tooManyRequests(milliseconds: number): BotApiError {
  const seconds = Math.max(1, Math.ceil(milliseconds / SECOND));
  return new BotApiError(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
}
