import type { EventName } from '../domain/events.ts';
import type { Outcome } from '../domain/outcomes.ts';
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
