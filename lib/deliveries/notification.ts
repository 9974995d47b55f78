import { deliveryIdOf } from '../domain/ids.ts';
import type { ChatLink } from '../store/user.ts';

/** One rendered message for one user: the body of a message in `deliveries.fifo`. */
export interface Notification {
  deliveryId: string;
  siteId: string;
  userId: string;
  /** The chat that it is for; absent in a message that the former release has queued: it is for the first chat. */
  chatId?: number;
  /** The chat is not the user's first: its deliveries have ids, and an order, of their own. */
  ownIds?: true;
  event: string;
  eventId: string;
  templateId: string;
  /** Telegram's HTML, at most 4096 UTF-16 units once parsed. */
  text: string;
  button?: { text: string; url: string };
  /** A button that sends its data back to the bot, instead of one with a link. */
  callbackButton?: { text: string; callback_data: string };
  /** When the event was accepted, ISO 8601. */
  acceptedAt: string;
  /** When what it says is past, ISO 8601 in UTC: then it is not sent any more. */
  pastAt?: string;
  /** A merchant's test of a template: the record says so. */
  isTest?: true;
}

/** What a notification is about: these make its delivery id. */
type Subject = Pick<Notification, 'siteId' | 'eventId' | 'templateId' | 'userId'>;

/** The fields of a notification for one chat of a user. */
export function chatFields(subject: Subject, { chatId, ownIds }: ChatLink) {
  const deliveryId = deliveryIdOf({ ...subject, ownChatId: ownIds && chatId });
  return { deliveryId, ...subject, chatId, ...(ownIds && { ownIds }) };
}
