import { sleep } from '../aws/deadline.ts';
import { classifyError } from './classify-error.ts';

/** The longest pause that is waited for, in seconds. */
const LONGEST_PAUSE_SECONDS = 2;

/** At most four seconds of pauses, of the 25 seconds that a function has (serverless.yml). */
const MAX_PAUSES = 2;

/**
 * Limits how many times the calls of one conversation wait for Telegram's rate limit (429). A person who taps buttons
 * quickly reaches the limit of a private chat, one message a second. To wait is faster than to fail: Telegram would
 * send the whole update again, and the updates after it would wait.
 */
export class RetryBudget {
  readonly #sleep: (milliseconds: number) => Promise<unknown>;
  #pausesLeft = MAX_PAUSES;

  constructor(sleepFor: (milliseconds: number) => Promise<unknown> = sleep) {
    this.#sleep = sleepFor;
  }

  /**
   * Calls Telegram, and repeats the call after a short 429, which means that the call had no effect. @throws as `call`
   * does.
   */
  async run<Result>(call: () => Promise<Result>): Promise<Result> {
    try {
      return await call();
    } catch (error) {
      const errorClass = classifyError(error);
      if (errorClass.kind !== 'wait' || errorClass.seconds > LONGEST_PAUSE_SECONDS || this.#pausesLeft === 0)
        throw error;
      this.#pausesLeft -= 1;
      await this.#sleep(errorClass.seconds * 1_000);
      return this.run(call);
    }
  }
}
