import type { EventName } from '../domain/events.ts';
import type { Page, PageLimits } from '../events/notify-pages.ts';
import type { Plan } from '../events/plan.ts';
import type { ScheduleKind, Waiting } from '../store/schedule.ts';
import type { Site } from '../store/sites.ts';

/** An item whose time has come, and its site. */
export interface DueItem {
  item: Waiting;
  site: Site;
}

/** What became of one time of an item. */
export type TimeResult = Pick<Plan, 'outcomes' | 'quietUntil'>;

/** The parts of an event that its poller needs. They may throw: what is stored may be broken. */
export interface ScheduledEvent {
  kind: ScheduleKind;
  /** The event, or the name of what collects several. */
  event: EventName | 'file-digest';
  /** Nothing may be added to an item while it is dispatched: it is closed before. */
  closes?: true;
  /** Who is notified of a due item, from where the last page ended. `now` is milliseconds since 1970. */
  page: (due: DueItem, now: number, limits?: Pick<PageLimits, 'messages'>) => Page;
  /**
   * When the item is due again; `undefined` if it is not.
   *
   * @param result what became of this time; absent where nobody was looked at: its site was off, or it was given up.
   */
  nextTime: (
    due: DueItem,
    now: number,
    result?: TimeResult,
  ) => { dueAt: string; occurrence: number } | undefined;
}
