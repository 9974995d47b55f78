import { createHash } from 'node:crypto';

/** What a site id may look like: anything else can't exist, and costs no read. */
export const SITE_ID = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

/** One text for a user of a site: ids may hold any character but the line feed between them. */
export function userKey({ siteId, userId }: { siteId: string; userId: string }): string {
  return `${siteId}\n${userId}`;
}

/** One text for what waits for its time at a site. */
export function scheduledKey({ siteId, key }: { siteId: string; key: string }): string {
  return `${siteId}\n${key}`;
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
