import { inParallel } from '../aws/parallel.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import type { Outcome } from '../domain/outcomes.ts';
import type { EventFields } from '../events/definition.ts';
import { notifyAll } from '../events/notify.ts';
import { countOutcomes } from '../events/outcome-counts.ts';
import { log } from '../observability/logger.ts';
import { finish, moveToNextOccurrence, type Waiting } from '../store/schedule.ts';
import type { Site } from '../store/sites.ts';
import type { ScheduledEvent } from './kind.ts';

/** Writes under way at once. */
const PARALLEL_WRITES = 25;

/** An item that fails by itself is tried in every run for so long, and then given up. */
const GIVEN_UP_AFTER = 24 * 3600 * 1000;

/** An item whose time has come, and its site. */
export interface DueItem {
  item: Waiting;
  site: Site;
}

/**
 * Hands over what is due: queues the notifications, then lets each item wait for its next time or not at all.
 *
 * In this order nothing is lost: what is cut off in between is done again. And nothing goes out twice: an event always
 * makes the same delivery ids, which the queue takes once in five minutes, and `deliver` sends once for ever.
 *
 * @returns what became of each item, in their order; `undefined` for one that failed and stays.
 * @throws ServiceUnreachableError
 */
export async function dispatch<Event extends EventFields>(
  kind: ScheduledEvent<Event>,
  due: DueItem[],
  now: number,
): Promise<(Outcome[] | undefined)[]> {
  const outcomes = await notifyEach(kind, due, now);
  const entries = due.map((dueItem, index) => ({ ...dueItem, outcomes: outcomes[index] }));
  await inParallel(entries, PARALLEL_WRITES, async ({ item, site, outcomes }) => {
    if (!outcomes) return;
    await reschedule(kind, { item, site }, now);
    logDispatched(kind, item, outcomes, now);
  });
  return outcomes;
}

/** Lets an item wait for its next time; for none where it has none. */
export async function reschedule<Event extends EventFields>(
  kind: ScheduledEvent<Event>,
  { item, site }: DueItem,
  now: number,
): Promise<void> {
  const next = kind.nextTime(item, site, now);
  await (next ? moveToNextOccurrence(item, next) : finish(item));
}

async function notifyEach<Event extends EventFields>(
  kind: ScheduledEvent<Event>,
  due: DueItem[],
  now: number,
): Promise<(Outcome[] | undefined)[]> {
  try {
    return await notifyTogether(kind, due);
  } catch (error) {
    if (error instanceof ServiceUnreachableError) throw error;
  }
  // One of them can't be made into messages: it must not hold up the others.
  const outcomes: (Outcome[] | undefined)[] = [];
  for (const dueItem of due) outcomes.push(await notifyAlone(kind, dueItem, now));
  return outcomes;
}

function notifyTogether<Event extends EventFields>(
  kind: ScheduledEvent<Event>,
  due: DueItem[],
): Promise<Outcome[][]> {
  return notifyAll(
    kind.definition,
    due.map(({ item, site }) => ({ event: kind.eventOf(item, site), site })),
  );
}

async function notifyAlone<Event extends EventFields>(
  kind: ScheduledEvent<Event>,
  dueItem: DueItem,
  now: number,
): Promise<Outcome[] | undefined> {
  try {
    const [outcomes] = await notifyTogether(kind, [dueItem]);
    return outcomes;
  } catch (error) {
    if (error instanceof ServiceUnreachableError) throw error;
    const { siteId, eventId, dueAt } = dueItem.item;
    const isGivenUp = now - Date.parse(dueAt) > GIVEN_UP_AFTER;
    log.error(isGivenUp ? 'due item given up' : 'due item failed, and is tried again in the next run', {
      siteId,
      event: kind.definition.name,
      eventId,
      dueAt,
      error,
    });
    return isGivenUp ? [] : undefined;
  }
}

function logDispatched<Event extends EventFields>(
  { definition }: ScheduledEvent<Event>,
  { siteId, eventId, dueAt }: Waiting,
  outcomes: Outcome[],
  now: number,
): void {
  const lateMilliseconds = Math.max(0, now - Date.parse(dueAt));
  log.info('event due', {
    siteId,
    event: definition.name,
    eventId,
    dueAt,
    lateMilliseconds,
    ...countOutcomes(outcomes),
  });
}
