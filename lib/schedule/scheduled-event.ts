import type { EventName } from '../domain/events.ts';
import type { Outcome } from '../domain/outcomes.ts';
import type { EventFields } from '../events/definition.ts';
import type { ScheduleKind, Waiting } from '../store/schedule.ts';
import type { Site } from '../store/sites.ts';

/** An item whose time has come, and its site. */
export interface DueItem {
  item: Waiting;
  site: Site;
}

/** What a poller has to know of the events that it dispatches. */
export interface ScheduledEvent {
  kind: ScheduleKind;
  event: EventName;
  /** Queues the notifications of items that are due. @returns what became of each item, in their order. */
  notify: (due: DueItem[]) => Promise<Outcome[][]>;
  /** When the item is due again; `undefined` where it is not. */
  nextTime: (due: DueItem, now: number) => { dueAt: string; occurrence: number } | undefined;
}

/**
 * When an event happened, ISO 8601 in UTC with milliseconds: moments so written sort as text. Without `occurredAt` it is
 * now; and so it is where that lies in the future: else an event of a shop whose clock was wrong once would be newer than
 * all others until then.
 *
 * @param now milliseconds since 1970.
 */
export function momentOf({ occurredAt }: EventFields, now: number): string {
  return new Date(occurredAt === undefined ? now : Math.min(Date.parse(occurredAt), now)).toISOString();
}
