/** For events whose notices may wait for others, and become one message with them. */
import type { Outcome } from '../domain/outcomes.ts';
import type { Facts } from '../store/facts.ts';
import type { ScheduleKey } from '../store/schedule.ts';
import type { EventFields } from './definition.ts';
import type { Collected, Intent } from './plan.ts';

export interface Collector<Event extends EventFields> {
  /** The items that the others need: they are read together with the other facts. */
  keys: (intent: Intent<Event>) => ScheduleKey[];
  /** What is known of the event, where it waits already. */
  earlier: (intent: Intent<Event>, facts: Pick<Facts, 'scheduled'>) => { content?: string }[];
  /**
   * Adds a notice to those that wait. Repeated, it adds nothing.
   *
   * @param now milliseconds since 1970.
   * @returns what became of it; `undefined`: it can't wait, and is to be sent by itself.
   * @throws ServiceUnreachableError
   */
  collect: (
    intent: Intent<Event>,
    notice: Collected,
    facts: Pick<Facts, 'scheduled'>,
    now: number,
  ) => Promise<Outcome | undefined>;
}
