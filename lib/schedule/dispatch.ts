import { inParallel } from '../aws/parallel.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import type { Outcome } from '../domain/outcomes.ts';
import { countOutcomes } from '../events/outcome-counts.ts';
import { log } from '../observability/logger.ts';
import { finish, moveToNextOccurrence } from '../store/schedule.ts';
import type { DueItem, ScheduledEvent } from './scheduled-event.ts';

/** Writes under way at once. */
export const PARALLEL_WRITES = 25;

/** An item that fails by itself is tried in every run for so long, and then given up. Milliseconds. */
const GIVEN_UP_AFTER = 24 * 3600 * 1000;

/**
 * Dispatches what is due: queues the notifications, then reschedules each item.
 *
 * In this order nothing is lost: what is cut off in between is done again. And nothing goes out twice: an event always
 * makes the same delivery ids, which the queue takes once in five minutes, and `deliver` never sends twice.
 *
 * @param now milliseconds since 1970.
 * @returns what became of each item, in their order; `undefined` for one that failed and stays.
 * @throws ServiceUnreachableError
 */
export async function dispatch(
  scheduled: ScheduledEvent,
  due: DueItem[],
  now: number,
): Promise<(Outcome[] | undefined)[]> {
  const outcomes = await notifyEach(scheduled, due, now);
  const entries = due.map((dueItem, index) => ({ dueItem, outcomes: outcomes[index] }));
  await inParallel(entries, PARALLEL_WRITES, async ({ dueItem, outcomes }) => {
    if (!outcomes) return;
    await reschedule(scheduled, dueItem, now);
    const lateMilliseconds = Math.max(0, now - Date.parse(dueItem.item.dueAt));
    log.info('event due', { ...logFields(scheduled, dueItem), lateMilliseconds, ...countOutcomes(outcomes) });
  });
  return outcomes;
}

/** Lets an item wait for its next time; or no more, where it has none. */
export async function reschedule(scheduled: ScheduledEvent, dueItem: DueItem, now: number): Promise<void> {
  const next = scheduled.nextTime(dueItem, now);
  await (next ? moveToNextOccurrence(dueItem.item, next) : finish(dueItem.item));
}

export function logFields({ event }: ScheduledEvent, { item }: Pick<DueItem, 'item'>) {
  return { siteId: item.siteId, event, eventId: item.eventId, dueAt: item.dueAt };
}

async function notifyEach(
  scheduled: ScheduledEvent,
  due: DueItem[],
  now: number,
): Promise<(Outcome[] | undefined)[]> {
  try {
    return await scheduled.notify(due);
  } catch (error) {
    if (error instanceof ServiceUnreachableError) throw error;
  }
  // One of them can't be made into messages: the others go out, one by one.
  const outcomes: (Outcome[] | undefined)[] = [];
  for (const dueItem of due) outcomes.push(await notifyAlone(scheduled, dueItem, now));
  return outcomes;
}

async function notifyAlone(
  scheduled: ScheduledEvent,
  dueItem: DueItem,
  now: number,
): Promise<Outcome[] | undefined> {
  try {
    return (await scheduled.notify([dueItem]))[0];
  } catch (error) {
    if (error instanceof ServiceUnreachableError) throw error;
    const isGivenUp = now - Date.parse(dueItem.item.dueAt) > GIVEN_UP_AFTER;
    log.error(isGivenUp ? 'due item given up' : 'due item failed, and is tried again in the next run', {
      ...logFields(scheduled, dueItem),
      error,
    });
    return isGivenUp ? [] : undefined;
  }
}
