import { createHash } from 'node:crypto';

/** One rendered message for one user: what waits in `deliveries.fifo`. */
export interface Notification {
  deliveryId: string;
  siteId: string;
  userId: string;
  event: string;
  eventId: string;
  templateId: string;
  /** Telegram's HTML, at most 4096 UTF-16 units once parsed. */
  text: string;
  button?: { text: string; url: string };
  /** When the event was accepted, ISO 8601. */
  acceptedAt: string;
  /** A merchant's test of a template: the record says so. */
  isTest?: true;
}

/**
 * The same event, template and user always give the same id: an event reported twice makes the same deliveries. 192
 * bits of SHA-256, base64url: 32 characters.
 */
export function deliveryIdOf(delivery: {
  siteId: string;
  eventId: string;
  templateId: string;
  userId: string;
}): string {
  const { siteId, eventId, templateId, userId } = delivery;
  return digest([siteId, eventId, templateId, userId]);
}

/** The message group of a user: their messages keep their order, whatever happens to one of them. */
export function messageGroupOf(siteId: string, userId: string): string {
  return digest([siteId, userId]);
}

function digest(parts: string[]): string {
  // As JSON, so that no two lists of parts can run together into the same text.
  return createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 24).toString('base64url');
}
