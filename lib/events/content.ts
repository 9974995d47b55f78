import { createHash } from 'node:crypto';
import type { EventDefinition, EventFields } from './definition.ts';

/**
 * The hash of what an event says (96 bits of SHA-256 in base64url): of everything but when it happened and who receives it.
 * More recipients may be added under the same id; another content is another event.
 */
export function contentOf<Event extends EventFields>(
  { recipients }: EventDefinition<Event>,
  event: Event,
): string {
  const receiving = new Set<unknown>(recipients(event));
  const isOfRecipients = (value: unknown) =>
    // A list without anybody says no more than none.
    receiving.has(value) || (Array.isArray(value) && value.every((one) => receiving.has(one)));
  // Validation has put the fields into one order.
  const said = Object.entries(event).filter(
    ([name, value]) => name !== 'eventId' && name !== 'occurredAt' && !isOfRecipients(value),
  );
  return createHash('sha256').update(JSON.stringify(said)).digest().subarray(0, 12).toString('base64url');
}
