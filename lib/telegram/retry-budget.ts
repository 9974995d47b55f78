import { setTimeout as sleep } from 'node:timers/promises';
import { classifyError } from './classify-error.ts';

/** Where Telegram asks for a longer wait than this, in seconds, the call fails: Telegram sends the update again later. */
const LONGEST_PAUSE = 2;

/** Together four seconds at most, of the 25 that the function has (serverless.yml). */
const MAX_PAUSES = 2;

/**
 * How often calls to Telegram may be retried while one update is answered. Who presses buttons fast exceeds the limit of
 * their chat, one message a second. A short wait is better then than to fail: Telegram would send the whole update again,
 * and the updates behind it would wait.
 */
export class RetryBudget {
  readonly #sleep: (milliseconds: number) => Promise<unknown>;
  #pausesLeft = MAX_PAUSES;

  constructor(sleepFor: (milliseconds: number) => Promise<unknown> = sleep) {
    this.#sleep = sleepFor;
  }

  /** Calls Telegram, and again after a short 429: a call that was refused so has had no effect. @throws as the call does. */
  async run(call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
    } catch (error) {
      const errorClass = classifyError(error);
      if (errorClass.kind !== 'wait' || errorClass.seconds > LONGEST_PAUSE || this.#pausesLeft === 0)
        throw error;
      this.#pausesLeft -= 1;
      await this.#sleep(errorClass.seconds * 1_000);
      await this.run(call);
    }
  }
}
