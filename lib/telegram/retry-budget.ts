import { setTimeout as sleep } from 'node:timers/promises';
import { classifyError } from './classify-error.ts';

/** A longer pause than this, in seconds, is left to Telegram: it repeats the update. */
const LONGEST_PAUSE = 2;

/** Together four seconds at most, of the 25 that the function has (serverless.yml). */
const MAX_PAUSES = 2;

/**
 * The patience with Telegram while one update is answered. Whoever presses buttons fast meets the limit of their chat, a
 * message a second: to wait for it is quicker than to have the whole update repeated, which keeps back those behind it.
 */
export class RetryBudget {
  #pausesLeft = MAX_PAUSES;

  /** Calls Telegram, and again after a short pause where it asks for one: what met a 429 has had no effect. @throws as the call does. */
  async run(call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
    } catch (error) {
      const reaction = classifyError(error);
      if (reaction.kind !== 'wait' || reaction.seconds > LONGEST_PAUSE || this.#pausesLeft === 0) throw error;
      this.#pausesLeft -= 1;
      await sleep(reaction.seconds * 1_000);
      await this.run(call);
    }
  }
}
