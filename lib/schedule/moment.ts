import type { EventFields } from '../events/definition.ts';

/**
 * When an event happened, ISO 8601 in UTC with milliseconds: moments so written sort as text. Without `occurredAt` it is
 * now; and so it is where that lies ahead, lest a clock that is wrong for once outdo all events until then.
 *
 * @param now milliseconds since 1970.
 */
export function momentOf({ occurredAt }: EventFields, now: number): string {
  return new Date(occurredAt === undefined ? now : Math.min(Date.parse(occurredAt), now)).toISOString();
}
