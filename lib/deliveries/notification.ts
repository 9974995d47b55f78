/** One rendered message for one user: the body of a message in `deliveries.fifo`. */
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
