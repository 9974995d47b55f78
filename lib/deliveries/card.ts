/** The one message of an order in a chat: which message a notification changes, and what is remembered of it. */
import { withDeadline } from '../aws/deadline.ts';
import { log } from '../observability/logger.ts';
import { asCard, type Card, cardKeyOf, claimCard, oweSound, saveCard } from '../store/cards.ts';
import type { ScheduleItem, ScheduleKey } from '../store/schedule.ts';
import type { ChatLink } from '../store/user.ts';
import type { Notification } from './notification.ts';

/** So long it may take to remember a card, in milliseconds: the record of the message waits for it. */
export const REMEMBERED_WITHIN = 1_000;

/** A message that shows an order's status, or changes the one that does. */
interface CardSubject {
  key: ScheduleKey;
  chatId: number;
  /** When the status was entered. */
  statusAt: string;
}

/** @returns `undefined` for any other message. */
function subjectOf({ siteId, card, chatId, about }: Notification): CardSubject | undefined {
  const status = about?.find(({ kind }) => kind === 'status');
  if (!card || chatId === undefined || !status) return undefined;
  return { key: cardKeyOf(siteId, chatId, status.key), chatId, statusAt: status.at };
}

/** The item that is read before the message is sent. */
export function cardKeysOf(notification: Notification): ScheduleKey[] {
  const subject = subjectOf(notification);
  return subject ? [subject.key] : [];
}

/** What is known of the card of its order. */
export function cardOf(
  notification: Notification,
  find: (key: ScheduleKey) => ScheduleItem | undefined,
): Card | undefined {
  const subject = subjectOf(notification);
  return subject && asCard(find(subject.key));
}

/** The card shows a newer status than the message would. */
export function isOlderThan(notification: Notification, card: Card | undefined): boolean {
  const subject = subjectOf(notification);
  return subject !== undefined && card !== undefined && card.statusAt > subject.statusAt;
}

/** The message that is changed; `undefined` where a new one is sent. @param bot the one that sends now. */
export function editableCard(
  notification: Notification,
  card: Card | undefined,
  link: ChatLink,
  bot: { id: string },
): Card | undefined {
  const isChange = notification.card === 'edit' && !owesSound(notification, card);
  return card && isChange && isPresent(card, link, bot) && !isFarAbove(card, link) ? card : undefined;
}

/**
 * Whether the person has begun anew in the chat since the message was sent: with `/start`, which everybody writes who
 * unblocks the bot, or has deleted the chat. The message is far above, or gone.
 */
function isFarAbove({ sentAt }: Card, { resumedAt }: ChatLink): boolean {
  return resumedAt !== undefined && resumedAt > sentAt;
}

/** Whether a status before this one had to ring, and was dropped, and none has rung since. */
function owesSound(notification: Notification, { owedAt, rangAt }: Partial<Card> = {}): boolean {
  const statusAt = subjectOf(notification)?.statusAt;
  if (owedAt === undefined || statusAt === undefined || statusAt < owedAt) return false;
  return rangAt === undefined || rangAt < owedAt;
}

/**
 * Called before it is recorded that a message was dropped, since something newer is known: where the merchant has chosen
 * that it rings, the next status rings in its place. The first message of an order rings anyway.
 *
 * @returns the card as it is from now on, where that has changed.
 * @throws ServiceUnreachableError: a repeated call goes on.
 */
export async function passOnSound(
  notification: Notification,
  card: Card | undefined,
): Promise<Card | undefined> {
  const subject = subjectOf(notification);
  // What is resent does not ring because of its status.
  const rings = notification.card === 'new' && notification.resendOf === undefined;
  if (!subject || !card || !rings) return undefined;
  const owedAt = subject.statusAt;
  return (await oweSound(card, owedAt)) ? { ...card, owedAt } : undefined;
}

/** Whether it is in the chat that the person has linked now, and by the bot of now. */
function isPresent({ chatId, linkedAt, botId }: Card, link: ChatLink, bot: { id: string }): boolean {
  return chatId === link.chatId && linkedAt === link.linkedAt && botId === bot.id;
}

/**
 * Notes that the card is about to show what the message says.
 *
 * @returns the card as it is from now on; `undefined` where it must not be changed: it shows something newer.
 * @throws ServiceUnreachableError
 */
export async function claim(notification: Notification, card: Card): Promise<Card | undefined> {
  const subject = subjectOf(notification);
  const claimed = { ...card, userId: notification.userId, statusAt: subject?.statusAt ?? card.statusAt };
  return (await claimCard(claimed)) ? claimed : undefined;
}

/** A message that was sent, and its place. */
interface Sent {
  notification: Notification;
  link: ChatLink;
  bot: { id: string };
  chatId: number;
  messageId: number;
  /** The card until now. */
  former: Card | undefined;
}

/**
 * The message is the card of its order from now on. It is in the chat: an error changes nothing.
 *
 * @returns `undefined` where it is no card.
 */
export async function keepCard(sent: Sent): Promise<Card | undefined> {
  const { notification, link, bot, chatId, messageId, former } = sent;
  const subject = subjectOf(notification);
  if (!subject) return undefined;
  const isInChat = former?.chatId === chatId && isPresent(former, link, bot);
  // No change was possible: that message makes no sound.
  const isReplaced = editableCard(notification, former, link, bot) !== undefined;
  const card: Card = {
    ...subject.key,
    ...{ userId: notification.userId, chatId, messageId, botId: bot.id },
    ...(link.linkedAt !== undefined && { linkedAt: link.linkedAt }),
    ...{
      sentAt: new Date(Date.now()).toISOString(),
      sentBy: notification.deliveryId,
      statusAt: subject.statusAt,
    },
    ...{ owedAt: former?.owedAt, rangAt: isReplaced ? former?.rangAt : subject.statusAt },
    ...(isInChat && { former: former.messageId, formerSentAt: former.sentAt, left: former.left }),
  };
  try {
    await withDeadline(REMEMBERED_WITHIN, () => saveCard(card));
  } catch (error) {
    const { siteId, deliveryId } = notification;
    log.error('sent, but not remembered as the message of its order', {
      siteId,
      deliveryId,
      messageId,
      error,
    });
  }
  return card;
}
