import { createHash } from 'node:crypto';

/** A user of a site as one string: ids may hold any character but the line feed between them. */
export function userKey({ siteId, userId }: { siteId: string; userId: string }): string {
  return `${siteId}\n${userId}`;
}

/** A scheduled item of a site as one string. */
export function scheduledKey({ siteId, key }: { siteId: string; key: string }): string {
  return `${siteId}\n${key}`;
}

/**
 * The same event, template, user and chat always give the same id: an event reported twice makes the same deliveries. The
 * id is 192 bits of SHA-256 in base64url: 32 characters.
 *
 * @param delivery.ownChatId only for a chat whose deliveries have ids of their own: not for a user's first chat.
 */
export function deliveryIdOf(delivery: {
  siteId: string;
  eventId: string;
  templateId: string;
  userId: string;
  ownChatId?: number | undefined;
}): string {
  const { siteId, eventId, templateId, userId, ownChatId } = delivery;
  return digest([siteId, eventId, templateId, userId, ...ownPart(ownChatId)]);
}

/** The ids of the log's lines for a user who gets nothing. No template has such an id. */
const NOTHING_SENT = { skipped: '#skipped', ended: '#ended' };

/**
 * The id of the log's line for a user who gets nothing of an event: `skipped` when it was reported or due, or because what
 * waited was `ended` without a message. Events of two kinds may have the same id.
 *
 * @param occurrence of a recurring activity, the number of the date that was ended; of a series, that of the message.
 */
export function skippedIdOf(
  { event, ...ids }: { siteId: string; event: string; eventId: string; userId: string },
  kind: keyof typeof NOTHING_SENT = 'skipped',
  occurrence = 0,
): string {
  const date = occurrence === 0 ? '' : ` ${occurrence}`;
  return deliveryIdOf({ ...ids, templateId: `${NOTHING_SENT[kind]} ${event}${date}` });
}

/**
 * The message group of a user in one chat: SQS keeps the order of their messages there, even if one of them fails, and no
 * chat waits for another.
 */
export function messageGroupOf(siteId: string, userId: string, ownChatId?: number): string {
  return digest([siteId, userId, ...ownPart(ownChatId)]);
}

function ownPart(ownChatId: number | undefined): string[] {
  return ownChatId === undefined ? [] : [String(ownChatId)];
}

/** A short text for a list of texts: others have another one. */
export function digest(parts: string[]): string {
  // As JSON: two different lists of parts never give the same string.
  return createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 24).toString('base64url');
}
