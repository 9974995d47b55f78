/**
 * Everything that a function can reach (tables, queues, Telegram) goes through here: it can be out of reach, and a function
 * can die at any of its calls. For the world outside a process that was killed is one that calls nothing any more.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { VirtualTime } from './virtual-time.ts';

export type Service = 'tables' | 'queues' | 'telegram';

/** A function dies at this call, before it reaches the service, or after, before the answer. */
export interface Death {
  call: number;
  isBefore: boolean;
}

export interface Invocation {
  calls: number;
  isDead: boolean;
  /** Whether a call has failed, or the function has died. */
  hasFailed: boolean;
  death: Death | undefined;
}

export class Services {
  readonly down = new Set<Service>();
  readonly #time: VirtualTime;
  readonly #context = new AsyncLocalStorage<Invocation | undefined>();

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** Runs a function that may die. @returns the invocation, and its result: `undefined` if it died or threw. */
  async invoke<Result>(
    death: Death | undefined,
    run: () => Promise<Result>,
  ): Promise<{ invocation: Invocation; result?: Result; error?: unknown }> {
    const invocation: Invocation = { calls: 0, isDead: false, hasFailed: false, death };
    try {
      const result = await this.#context.run(invocation, run);
      return invocation.isDead ? { invocation } : { invocation, result };
    } catch (error) {
      return { invocation, error };
    }
  }

  get invocation(): Invocation | undefined {
    return this.#context.getStore();
  }

  /** Does something outside of the running function, which waits for it. */
  async outside<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#time.inFlight -= 1;
    try {
      return await this.#context.run(undefined, work);
    } finally {
      this.#time.inFlight += 1;
    }
  }

  /** A call of a service by the running function. */
  async call<Result>(service: Service, perform: () => Promise<Result> | Result): Promise<Result> {
    const invocation = this.invocation;
    if (invocation?.isDead) throw new Error('The process is dead.');
    if (invocation) invocation.calls += 1;
    const isLast = invocation?.death?.call === invocation?.calls && invocation !== undefined;
    if (isLast && invocation.death?.isBefore) throw died(invocation);
    this.#time.inFlight += 1;
    try {
      if (this.down.has(service)) {
        if (invocation) invocation.hasFailed = true;
        throw Object.assign(new Error(`${service} out of reach`), { name: 'TimeoutError' });
      }
      const result = await perform();
      if (isLast) throw died(invocation);
      if (invocation?.isDead) throw new Error('The process is dead.');
      return result;
    } finally {
      this.#time.inFlight -= 1;
    }
  }
}

function died(invocation: Invocation): Error {
  invocation.isDead = true;
  invocation.hasFailed = true;
  return new Error('The process was killed.');
}
