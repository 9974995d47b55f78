import { setTimeout as sleep } from 'node:timers/promises';
import { classifyError } from './classify-error.ts';

/** A longer pause is not waited for, in seconds. */
const LONGEST_PAUSE_SECONDS = 2;

/** Four seconds of pauses at most: few of the 25 seconds that a function has (serverless.yml). */
const MAX_PAUSES = 2;

/**
 * How often the calls of one conversation may wait for Telegram's rate limit (429). Who taps buttons quickly reaches the
 * limit of a private chat, one message a second. To wait for it is faster than to fail: Telegram would send the whole
 * update again, and the updates after it would wait.
 */
export class RetryBudget {
  #pausesLeft = MAX_PAUSES;

  /**
   * Calls Telegram. Where it answers 429 and asks for a short pause, the call is repeated after it: a call that was
   * answered with 429 has had no effect.
   *
   * @throws what the call throws, where the pause is too long or the budget is used up.
   */
  async run(call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
    } catch (error) {
      const asked = classifyError(error);
      if (asked.kind !== 'wait' || asked.seconds > LONGEST_PAUSE_SECONDS || this.#pausesLeft === 0)
        throw error;
      this.#pausesLeft -= 1;
      await sleep(asked.seconds * 1_000);
      await this.run(call);
    }
  }
}
