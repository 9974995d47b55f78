import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { ServiceUnreachableError } from '../domain/errors.ts';

/** Until when a piece of work may go on. */
interface Deadline {
  /** Aborted when the time is over, and also when the work has ended. */
  signal: AbortSignal;
  /** By `performance.now`, which no correction of the clock changes. */
  at: number;
}

const deadlines = new AsyncLocalStorage<Deadline>();

/**
 * Gives a piece of work so much time, or what is left for the work that it is a part of. All calls to AWS and Telegram,
 * and all pauses, that are made in it end then with an error, and none begins any more. The same when it has ended, well
 * or not: nothing goes on in the background. Lambda freezes a function that has answered, and what it had begun would go
 * on in the middle of a later invocation.
 *
 * @param milliseconds `Infinity`: no limit but the end of the work.
 */
export async function withDeadline<Result>(
  milliseconds: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const outer = deadlines.getStore();
  const controller = new AbortController();
  const end = () => controller.abort(outOfTime());
  const own = performance.now() + milliseconds;
  const timer = Number.isFinite(milliseconds) ? setTimeout(end, Math.max(0, milliseconds)) : undefined;
  outer?.signal.addEventListener('abort', end, { once: true });
  if (outer?.signal.aborted) end();
  const deadline = { signal: controller.signal, at: Math.min(own, outer?.at ?? own) };
  try {
    return await deadlines.run(deadline, work);
  } finally {
    clearTimeout(timer);
    outer?.signal.removeEventListener('abort', end);
    end();
  }
}

function outOfTime(): ServiceUnreachableError {
  return new ServiceUnreachableError('AWS', { cause: new Error('the time for this work is over') });
}

/** The milliseconds that are left for the present work; `Infinity` where it has no deadline. */
export function timeLeft(): number {
  const { at } = deadlines.getStore() ?? {};
  return at === undefined ? Number.POSITIVE_INFINITY : at - performance.now();
}

/** Ends what is given to it when the present work ends; `undefined` where it has no deadline. */
export function deadlineSignal(): AbortSignal | undefined {
  return deadlines.getStore()?.signal;
}

/** A signal that ends a call after so many milliseconds, or when the present work ends. */
export function endsWithin(milliseconds: number): AbortSignal {
  const timeout = AbortSignal.timeout(milliseconds);
  const { signal } = deadlines.getStore() ?? {};
  return signal ? AbortSignal.any([timeout, signal]) : timeout;
}

/** How a request is sent: with it the SDK cancels a request whose time is over, and makes no further attempt. */
export interface SendOptions {
  abortSignal?: AbortSignal;
}

/**
 * Starts a call, unless the time is over, and waits for it no longer than the present work may go on.
 *
 * @param start gets the signal that cancels the call. The wait ends also where it is not heeded.
 * @throws ServiceUnreachableError
 */
export async function beforeDeadline<Result>(
  start: (options: SendOptions) => Promise<Result>,
): Promise<Result> {
  const signal = deadlineSignal();
  if (!signal) return start({});
  signal.throwIfAborted();
  const ended = Promise.withResolvers<never>();
  const end = () => ended.reject(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([start({ abortSignal: signal }), ended.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Waits, as long as the present work may go on. @throws ServiceUnreachableError where its time ends before. */
export async function sleep(milliseconds: number): Promise<void> {
  const ended = new AbortController();
  try {
    await beforeDeadline(() => setTimeoutPromise(milliseconds, undefined, { signal: ended.signal }));
  } finally {
    ended.abort();
  }
}

/** Runs work that is shared by several callers within the deadline of where this was called, not of its first caller. */
export function keepDeadline(): <Result>(work: () => Result) => Result {
  const deadline = deadlines.getStore();
  return (work) => (deadline ? deadlines.run(deadline, work) : deadlines.exit(work));
}
