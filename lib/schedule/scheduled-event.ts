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

/** The parts of an event that its poller needs. */
export interface ScheduledEvent {
  kind: ScheduleKind;
  event: EventName;
  /** Enqueues the notifications of due items. @returns the outcomes of each item, in the items' order. */
  notify: (due: DueItem[]) => Promise<Outcome[][]>;
  /** When the item is due again; `undefined` if it is not. */
  nextTime: (due: DueItem, now: number) => { dueAt: string; occurrence: number } | undefined;
}

/**
 * When an event happened, in ISO 8601, UTC, with milliseconds: such texts sort by time. It is `now` if `occurredAt` is
 * absent or in the future: a shop whose clock is wrong could otherwise report an event that counts as later than all
 * others for a long time.
 *
 * @param now milliseconds since 1970.
 */
export function momentOf({ occurredAt }: EventFields, now: number): string {
  return new Date(occurredAt === undefined ? now : Math.min(Date.parse(occurredAt), now)).toISOString();
}
