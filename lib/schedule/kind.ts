import type { EventDefinition, EventFields } from '../events/definition.ts';
import type { ScheduleKind, Waiting } from '../store/schedule.ts';
import type { Site } from '../store/sites.ts';

/** What a clock has to know of the things that it hands over. */
export interface ScheduledEvent<Event extends EventFields> {
  name: ScheduleKind;
  definition: EventDefinition<Event>;
  /** The event to report for an item that is due. */
  eventOf: (item: Waiting, site: Site) => Event;
  /** When the item is due again, if ever. */
  nextTime: (item: Waiting, site: Site, now: number) => { dueAt: string; occurrence: number } | undefined;
}
