import { ServiceUnreachableError } from '../domain/errors.ts';
import type { Outcome } from '../domain/outcomes.ts';
import { notifyPages } from '../events/notify-pages.ts';
import { countOutcomes } from '../events/outcome-counts.ts';
import { log } from '../observability/logger.ts';
import { finish, moveToNextOccurrence } from '../store/schedule.ts';
import { scheduledTime } from './attempts.ts';
import type { DueItem, ScheduledEvent, TimeResult } from './scheduled-event.ts';

/** An event with more messages is not written by the function that registers it: it has to answer within seconds. */
const MOST_AT_ONCE = 1_000;
/** Nor one that takes longer, in milliseconds. */
const TIME_AT_ONCE = 10_000;

/**
 * Dispatches an item that was due when it was registered: enqueues the notifications, then reschedules the item.
 *
 * With this order nothing is lost: if the function dies between the two, the poller does both again. And nothing is sent
 * twice: an event always has the same delivery ids, which the queue accepts once in five minutes, and `deliver` never
 * sends one twice.
 *
 * @param now milliseconds since 1970.
 * @returns `undefined` if it is left to the poller, because it is large or has failed.
 * @throws ServiceUnreachableError
 */
export async function dispatchAtOnce(
  scheduled: ScheduledEvent,
  dueItem: DueItem,
  now: number,
): Promise<Outcome[] | undefined> {
  try {
    const page = scheduled.page(dueItem, now, { messages: MOST_AT_ONCE });
    if (page.from > 0 || !page.isWhole) return undefined;
    const [result] = await notifyPages([page], { now: Date.now, each: TIME_AT_ONCE, all: TIME_AT_ONCE });
    if (result && 'error' in result) throw result.error;
    if (!result || result.done < page.of) return undefined;
    await reschedule(scheduled, dueItem, now, result);
    logDispatched(scheduled, dueItem, { ...page, ...result }, now);
    return result.outcomes;
  } catch (error) {
    if (error instanceof ServiceUnreachableError) throw error;
    log.error('due item failed, and is left to the poller', { ...logFields(scheduled, dueItem), error });
    return undefined;
  }
}

/**
 * Reschedules an item for its next time, or ends it if there is none.
 *
 * @param result absent where nobody was looked at.
 */
export async function reschedule(
  scheduled: ScheduledEvent,
  dueItem: DueItem,
  now: number,
  result?: TimeResult,
): Promise<void> {
  const next = scheduled.nextTime(dueItem, now, result);
  const ending = result ? 'handed-over' : 'not-sent';
  await (next ? moveToNextOccurrence(dueItem.item, next) : finish(dueItem.item, ending));
}

/** @param page `done` of its event's recipients were notified with it, and with those before it. */
export function logDispatched(
  scheduled: ScheduledEvent,
  dueItem: DueItem,
  { outcomes, done, of }: { outcomes: Outcome[]; done: number; of: number },
  now: number,
): void {
  const lateMilliseconds = Math.max(0, now - scheduledTime(dueItem.item));
  log.info('event due', {
    ...logFields(scheduled, dueItem),
    lateMilliseconds,
    ...(done < of && { done, of }),
    ...countOutcomes(outcomes),
  });
}

export function logFields({ event }: ScheduledEvent, { item }: Pick<DueItem, 'item'>) {
  const { siteId, eventId, scheduledFor, dueAt } = item;
  return { siteId, event, eventId, dueAt: scheduledFor ?? dueAt };
}
