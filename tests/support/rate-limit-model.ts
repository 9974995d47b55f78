/**
 * A second, simpler implementation of Telegram's limits, and functions that send by `planSlots` with their own clocks.
 * All times in milliseconds.
 */

import { planSlots, type SlotState } from '../../lib/deliveries/rate-limit-slots.ts';
import { SharedClock } from '../../lib/deliveries/shared-clock.ts';
import { notification, record } from './sqs-events.ts';

export const START = Date.parse('2026-11-22T10:00:00.000Z');

export interface Sent {
  chatId: number;
  /** When it reaches Telegram, by the true time. */
  at: number;
}

/** One action of a function, some time after the one before. */
export interface Step {
  after: number;
  who: number;
  chatIds: number[];
  /** The time from SQS's time stamp to the function's start, before this step. */
  receiveDelay: number;
  /** How long after its slot each message is sent, by the function's own clock. */
  late: number;
  /** A 429 arrives first: the bot must wait this long. */
  pause?: number | undefined;
}

interface LambdaFunction {
  clock: SharedClock;
  /** The state of the limit that the function knows: outdated if another function was active since. */
  known: { pace: SlotState; version: number };
}

/** Runs the steps on one stored state, with the table's conditional writes. */
export class World {
  now = START;
  readonly sent: Sent[] = [];
  /** Grants before the end of a pause that was in force when they were made. */
  readonly againstPause: number[] = [];
  conflicts = 0;
  readonly #perSecond: number;
  readonly #functions: LambdaFunction[];
  #stored: { pace: SlotState; version: number } = {
    pace: { nextSlot: 0, pausedUntil: 0, chats: {} },
    version: 0,
  };

  /** @param clockErrors the error of each function's clock. */
  constructor(perSecond: number, clockErrors: number[]) {
    this.#perSecond = perSecond;
    this.#functions = clockErrors.map((error) => {
      const clock = new SharedClock(() => this.now + error);
      // The first batch tells little about the clock (see shared-clock.test.ts): here it has passed.
      clock.observe([]);
      return { clock, known: this.#stored };
    });
  }

  run({ after, who, chatIds, receiveDelay, late, pause }: Step): 'near' | 'far' {
    this.now += after;
    const lambda = this.#functions[who % this.#functions.length];
    if (!lambda) throw new Error('There are no functions.');
    lambda.clock.observe([stampedAt(this.now - receiveDelay)]);
    if (pause !== undefined) this.#pause(lambda.clock.now() + pause);
    for (;;) {
      const plan = planSlots(lambda.known.pace, chatIds, lambda.clock.now(), this.#perSecond);
      if (plan.kind === 'far' && lambda.known.version === this.#stored.version) return 'far';
      if (lambda.known.version !== this.#stored.version) {
        this.conflicts += 1;
        lambda.known = this.#stored;
        continue;
      }
      if (plan.kind === 'far') return 'far';
      this.#stored = { pace: plan.state, version: this.#stored.version + 1 };
      lambda.known = this.#stored;
      const behind = this.now - lambda.clock.now();
      for (const [index, grant] of plan.grants.entries()) {
        if (grant.kind !== 'slot') continue;
        if (grant.at < this.#stored.pace.pausedUntil) this.againstPause.push(grant.at);
        // It is sent when the function believes that its slot has begun, or a little later; never before it was
        // requested.
        this.sent.push({ chatId: chatIds[index] ?? 0, at: Math.max(this.now, grant.at + behind) + late });
      }
      return 'near';
    }
  }

  #pause(until: number): void {
    const { pace, version } = this.#stored;
    if (until <= pace.pausedUntil) return;
    this.#stored = { pace: { ...pace, pausedUntil: until }, version: version + 1 };
  }
}

function stampedAt(time: number) {
  const made = record(notification());
  return { ...made, attributes: { ...made.attributes, ApproximateFirstReceiveTimestamp: String(time) } };
}

/** The most messages in any sliding window of this length. */
export function mostIn(window: number, times: number[]): number {
  const sorted = times.toSorted((one, other) => one - other);
  let first = 0;
  let most = 0;
  for (const [index, time] of sorted.entries()) {
    while ((sorted[first] ?? time) <= time - window) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** Whether a bucket of 3, refilled with one a second, ever lacks one. */
export function overflowsBucket(times: number[]): boolean {
  let tokens = 3;
  let filledAt = Number.NEGATIVE_INFINITY;
  for (const time of times.toSorted((one, other) => one - other)) {
    tokens = Math.min(3, tokens + (time - filledAt) / 1_000) - 1;
    filledAt = time;
    // Less than a millionth of a message is a rounding error.
    if (tokens < -1e-6) return true;
  }
  return false;
}
