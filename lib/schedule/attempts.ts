/**
 * Attempts at an item that may fail, or end the whole run. An attempt is written into the item before it begins, and
 * moves the item to a later time: whatever happens then, the next run begins with others.
 */
import { log } from '../observability/logger.ts';
import { redact } from '../observability/redact.ts';
import { recordAttempt, type Waiting } from '../store/schedule.ts';
import type { ScheduledEvent } from './scheduled-event.ts';

/** The pause after a first attempt: in the next run, and not in this one. It doubles each time. Milliseconds. */
const FIRST_PAUSE = 50_000;
const LONGEST_PAUSE = 3600 * 1000;

/** An item that is so late is given up after this number of attempts: at least an hour after the first of them. */
const GIVEN_UP_AFTER = 24 * 3600 * 1000;
const LEAST_ATTEMPTS = 7;

/** A reason that is kept in the item has at most so many characters. */
const LONGEST_REASON = 200;

/** The time for which an item was scheduled, in milliseconds since 1970. */
export function scheduledTime({ scheduledFor, dueAt }: Waiting): number {
  return Date.parse(scheduledFor ?? dueAt);
}

/** Whether it has to be dropped: it could not be dispatched in a whole day of attempts. */
export function isGivenUp(item: Waiting, now: number): boolean {
  return (item.attempts ?? 0) >= LEAST_ATTEMPTS && now - scheduledTime(item) > GIVEN_UP_AFTER;
}

/** Whether the last attempt did not come to an end: it may have ended the run. */
export function isSuspect({ attempts = 0, failure }: Waiting): boolean {
  return attempts > 0 && failure === undefined;
}

/**
 * Counts an attempt that begins now.
 *
 * @returns the changed item; `undefined` if the item is not there any more as it was read.
 * @throws ServiceUnreachableError
 */
export function beginAttempt(
  item: Waiting,
  now: number,
  { closes }: Pick<ScheduledEvent, 'closes'>,
): Promise<Waiting | undefined> {
  const next = nextAttempt(item, (item.attempts ?? 0) + 1, now);
  return recordAttempt(item, { ...next, ...(closes && { isClosed: true }) });
}

/** The attempt has failed. @param before the item before the attempt. @throws ServiceUnreachableError */
export async function recordFailure(
  item: Waiting,
  before: Waiting,
  { error, now }: { error: unknown; now: number },
): Promise<{ attempts: number; retryAt: string }> {
  const attempts = (before.attempts ?? 0) + 1;
  const next = nextAttempt(item, attempts, now);
  await recordAttempt(item, { ...next, failure: reasonOf(error) });
  return { attempts, retryAt: next.dueAt };
}

/**
 * Writes how far the attempt came. It counts no more, and the rest is due in the next run, if not before.
 *
 * @returns the changed item; `undefined` if the item is not there any more as it was read.
 * @throws ServiceUnreachableError
 */
export function recordProgress(
  item: Waiting,
  progress: NonNullable<Waiting['progress']>,
  now: number,
): Promise<Waiting | undefined> {
  const { attempts = 0 } = item;
  const dueAt = new Date(now + FIRST_PAUSE).toISOString();
  const next = { progress, attempts: undefined, failure: undefined };
  return recordAttempt(item, attempts > 1 ? { ...next, dueAt } : next);
}

/**
 * Takes an attempt back that could not be made because a service was out of reach: the item is due at once, and has no
 * longer pause because of it.
 */
export async function takeBackAttempt(item: Waiting, { dueAt, ...before }: Waiting): Promise<void> {
  const { attempts, failure, scheduledFor } = before;
  try {
    await recordAttempt(item, { dueAt, attempts, failure, scheduledFor });
  } catch (error) {
    // It is due a minute later, then.
    log.warn('attempt not taken back', { siteId: item.siteId, error });
  }
}

function nextAttempt(item: Waiting, attempts: number, now: number) {
  const pause = Math.min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE);
  return {
    attempts,
    failure: undefined,
    dueAt: new Date(now + pause).toISOString(),
    scheduledFor: new Date(scheduledTime(item)).toISOString(),
  };
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${redact(error.message)}` : 'unknown';
  return text.slice(0, LONGEST_REASON);
}
