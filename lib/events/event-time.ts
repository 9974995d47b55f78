import type { EventFields } from './definition.ts';

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
