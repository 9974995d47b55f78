/** Time that stands still until a history, or a function that sleeps, moves it: days pass within milliseconds. */
import { jest } from '@jest/globals';

/**
 * The clock is ours, and so are timers: they are limits of what takes long, and here nothing does, however busy the machine
 * is. Everything else stays real: promises need it.
 */
const REAL: Parameters<typeof jest.useFakeTimers>[0] = {
  doNotFake: [
    ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask'] as const),
    ...(['requestAnimationFrame', 'cancelAnimationFrame', 'requestIdleCallback'] as const),
    ...(['cancelIdleCallback', 'setImmediate', 'clearImmediate'] as const),
    ...(['setInterval', 'clearInterval'] as const),
  ],
};

interface Sleeper {
  until: number;
  wake: () => void;
}

export class VirtualTime {
  /** Calls of services that are not answered yet: while there is one, nobody's sleep ends. */
  inFlight = 0;
  #sleepers: Sleeper[] = [];
  #isWaking = false;

  /** Milliseconds since 1970. */
  get now(): number {
    return Date.now();
  }

  /** Begins a history at this time; what still sleeps belongs to an earlier one. */
  begin(at: number): void {
    jest.useFakeTimers({ ...REAL, now: at });
    this.#sleepers = [];
    this.inFlight = 0;
  }

  end(): void {
    jest.useRealTimers();
  }

  /** It never goes back. */
  moveTo(time: number): void {
    if (time > this.now) jest.setSystemTime(time);
  }

  /** Replaces `setTimeout` of `node:timers/promises`: the clock is set to the end of the sleep as soon as nothing else is done. */
  sleep = <Value>(milliseconds = 0, value?: Value): Promise<Value | undefined> => {
    const until = this.now + Math.max(0, Math.ceil(milliseconds));
    return new Promise((resolve) => {
      this.#sleepers.push({ until, wake: () => resolve(value) });
      void this.#wakeAll();
    });
  };

  async #wakeAll(): Promise<void> {
    if (this.#isWaking) return;
    this.#isWaking = true;
    while (this.#sleepers.length > 0) {
      await this.#nothingElse();
      const next = this.#sleepers.toSorted((one, other) => one.until - other.until)[0];
      if (!next) break;
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      this.moveTo(next.until);
      next.wake();
    }
    this.#isWaking = false;
  }

  async #nothingElse(): Promise<void> {
    for (let turns = 0; turns < 3; ) {
      await new Promise((resolve) => setImmediate(resolve));
      turns = this.inFlight > 0 ? 0 : turns + 1;
    }
  }
}
