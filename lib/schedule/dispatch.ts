import { inParallel } from '../aws/parallel.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import type { Outcome } from '../domain/outcomes.ts';
import { countOutcomes } from '../events/outcome-counts.ts';
import { log } from '../observability/logger.ts';
import { finish, moveToNextOccurrence } from '../store/schedule.ts';
import type { DueItem, ScheduledEvent } from './scheduled-event.ts';

/** The number of writes at the same time. */
export const PARALLEL_WRITES = 25;

/** An item whose notifications can't be made is tried in every run for this time, and then given up. Milliseconds. */
const GIVEN_UP_AFTER = 24 * 3600 * 1000;

/**
 * Dispatches due items: enqueues the notifications, then reschedules each item.
 *
 * With this order nothing is lost: if the function dies between the two, both are done again. And nothing is sent
 * twice: an event always has the same delivery ids, which the queue accepts once in five minutes, and `deliver` never
 * sends one twice.
 *
 * @param now milliseconds since 1970.
 * @returns the outcomes of each item, in the items' order; `undefined` for one that failed and is still due.
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

/** Reschedules an item for its next time, or ends it if there is none. */
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
  // One of them can't be made into messages: each is now tried alone, so that the others are sent.
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
