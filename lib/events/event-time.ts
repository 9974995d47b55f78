import type { EventFields } from './definition.ts';

/**
 * When an event happened, in ISO 8601, UTC, with milliseconds: such texts sort by time. It is the time of its arrival if
 * `occurredAt` is absent or in the future: a shop whose clock is wrong could otherwise report an event that counts as later
 * than all others for a long time.
 *
 * @param arrivedAt when it was reported, also where it has waited in a queue since; milliseconds since 1970.
 */
export function momentOf({ occurredAt }: EventFields, arrivedAt: number): string {
  return new Date(
    occurredAt === undefined ? arrivedAt : Math.min(Date.parse(occurredAt), arrivedAt),
  ).toISOString();
}
