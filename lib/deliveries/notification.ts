import type { CopyButton, LinkButton } from '../domain/buttons.ts';
import { deliveryIdOf } from '../domain/ids.ts';
import type { Advertising } from '../domain/marketing-consent.ts';
import type { RichContent } from '../domain/order-table.ts';
import type { SkipReason } from '../domain/outcomes.ts';
import type { SkippedDelivery } from '../store/deliveries.ts';
import type { Source } from '../store/schedule.ts';
import type { Subject } from '../store/subjects.ts';
import type { ChatLink } from '../store/user.ts';

/** One rendered message for one user: the body of a message in `deliveries.fifo`. */
export interface Notification {
  deliveryId: string;
  siteId: string;
  userId: string;
  /** The chat that it is for; absent in a message that the former release has queued: it is for the first chat. */
  chatId?: number;
  /** When the user has linked the chat, ISO 8601. */
  linkedAt?: string;
  /** The chat is not the user's first: its deliveries have ids, and an order, of their own. */
  ownIds?: true;
  event: string;
  eventId: string;
  templateId: string;
  /** Telegram's HTML, at most 4096 UTF-16 units once parsed. */
  text: string;
  button?: LinkButton;
  /** Those below it; absent in a message that the former release has queued. */
  moreButtons?: (LinkButton | CopyButton)[];
  /** The same with the articles of the order as a table: sent in the place of `text`, where Telegram takes it. */
  rich?: RichContent;
  /** A button that sends its data back to the bot, instead of one with a link. */
  callbackButton?: { text: string; callback_data: string };
  /** When the event was accepted, ISO 8601. */
  acceptedAt: string;
  /** When what it says is past, ISO 8601 in UTC: then it is not sent any more. */
  pastAt?: string;
  /** What it speaks of: it is not sent where something newer is known of that. */
  about?: Subject[];
  /** Set: only people who want advertising get it. */
  advertising?: Advertising;
  /** Which message of a series it is. */
  step?: number;
  /** How the event came here. */
  source?: Source;
  /** The hash of what the event says: see events/content.ts. */
  content?: string;
  /** When an earlier message of this delivery was dropped, ISO 8601: this one comes after a repeated event. */
  droppedAt?: string;
  /** Set: there is nothing to send, but messages to take back. No record is made of it. */
  takesBack?: TakesBack;
  /** Set: there is nothing to send, only a line of the log to write. */
  skipped?: { reason: SkipReason; dueAt?: string | undefined };
  /**
   * What it says is the status of an order that has one message in the chat: that one is changed (`edit`), or this one is
   * sent in its place (`new`).
   */
  card?: 'edit' | 'new';
  /** How many notices of one folder it collects; absent: it is about one event. */
  collected?: number;
  /** A merchant's test of a template: the record says so. */
  isTest?: true;
  /** The delivery whose message this is, once more. */
  resendOf?: string;
}

/** Messages that are not true any more. */
export interface TakesBack {
  /** Their deliveries, as far as they may have been made. */
  deliveryIds: string[];
  /** Those of carts that this one has replaced: they don't count where it was recovered. */
  replacedIds?: string[];
  /** The cart was ordered. `id`: the same in every repetition; `at`: when, ISO 8601 in UTC. */
  recovered?: { id: string; at: string };
}

/** What a notification is about. Its delivery is named by these, with `identity` instead of the event's id if it is given. */
type Subjects = Pick<Notification, 'siteId' | 'eventId' | 'templateId' | 'userId'> & {
  identity?: string | undefined;
};

/** The fields of a notification for one chat of a user. */
export function chatFields({ identity, ...subject }: Subjects, { chatId, ownIds, linkedAt }: ChatLink) {
  const names = { ...subject, eventId: identity ?? subject.eventId };
  const deliveryId = deliveryIdOf({ ...names, ownChatId: ownIds && chatId });
  return { deliveryId, ...subject, chatId, ...(linkedAt && { linkedAt }), ...(ownIds && { ownIds }) };
}

/** The lines as messages of the deliveries queue: `deliver` writes them into the log. */
export function asNotifications(lines: SkippedDelivery[], acceptedAt: string): Notification[] {
  return lines.map(({ reason, dueAt, source, content, ...ids }) => ({
    ...ids,
    templateId: '',
    text: '',
    acceptedAt,
    ...(source && { source }),
    ...(content && { content }),
    skipped: { reason: reason as SkipReason, dueAt },
  }));
}
