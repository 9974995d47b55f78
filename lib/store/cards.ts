import { conditionalUpdate, setFields } from '../aws/dynamodb.ts';
import type { ScheduleItem, ScheduleKey } from './schedule.ts';

/**
 * The one message of an order in a chat, which is changed with the order's status. It lies beside what is remembered of
 * the order, for as long, and is read with it.
 */
export interface Card extends ScheduleKey {
  /** Whose order it is. */
  userId: string;
  chatId: number;
  messageId: number;
  /** The bot that has sent it: no other one can change it. */
  botId: string;
  /** When the person had linked the chat: after another link it is not theirs. */
  linkedAt?: string | undefined;
  /** When it was sent, ISO 8601, and the delivery that sent it. */
  sentAt: string;
  sentBy: string;
  /** When the status was entered that it shows, or is about to show; ISO 8601 in UTC with milliseconds. */
  statusAt: string;
  /** When the status was entered of the last one that was a new message, and no change without a sound. */
  rangAt?: string | undefined;
  /** When the last status was entered that had to ring, and was dropped since a newer one was known. */
  owedAt?: string | undefined;
  /** The message in whose place it was sent: that one is deleted. */
  former?: number | undefined;
  /** When that one was sent, ISO 8601; absent where an earlier release has replaced it. */
  formerSentAt?: string | undefined;
  /** Former ones that could not be deleted so far, the oldest first: that is tried again with the next change. */
  left?: FormerMessage[] | undefined;
}

export interface FormerMessage {
  messageId: number;
  /** ISO 8601. */
  sentAt: string;
}

const KEPT_SECONDS = 90 * 24 * 3600;

/** All cards of a site begin with it. They lie apart from what waits, which is listed by its keys. */
export const CARD_PREFIX = 'order-card#';

/** @param subject the key of what is remembered of the order. */
export function cardKeyOf(siteId: string, chatId: number, subject: string): ScheduleKey {
  return { siteId, key: `${CARD_PREFIX}${chatId}#${subject}` };
}

/** What was read under the key of a card. */
export function asCard(item: ScheduleItem | undefined): Card | undefined {
  return item && 'messageId' in item ? (item as unknown as Card) : undefined;
}

/**
 * Notes that a card is about to show a status: before it is changed, since nothing can take that back.
 *
 * @returns `false` where it shows a newer one, or is erased: then it must not be changed.
 * @throws ServiceUnreachableError
 */
export async function claimCard({ siteId, key, userId, statusAt }: Card): Promise<boolean> {
  const fields = setFields({ statusAt, userId, expiresAt: expiry() });
  const change = { ...fields, ConditionExpression: '#statusAt <= :statusAt', ReturnValues: 'NONE' as const };
  return (await conditionalUpdate('SCHEDULE_TABLE', { siteId, key }, change)) !== undefined;
}

/**
 * Notes that a status was dropped whose message had to ring: a newer one rings in its place, unless one has done so.
 *
 * @returns whether it was noted now.
 * @throws ServiceUnreachableError: a repeated call goes on.
 */
export async function oweSound({ siteId, key }: Card, owedAt: string): Promise<boolean> {
  const isOwedNow = '(attribute_not_exists(rangAt) OR rangAt < :owedAt)';
  const isNews = '(attribute_not_exists(#owedAt) OR #owedAt < :owedAt)';
  const change = {
    ...setFields({ owedAt }),
    // Not where the card is erased.
    ConditionExpression: `attribute_exists(messageId) AND ${isOwedNow} AND ${isNews}`,
    ReturnValues: 'NONE' as const,
  };
  return (await conditionalUpdate('SCHEDULE_TABLE', { siteId, key }, change)) !== undefined;
}

/**
 * Remembers a message that was sent as the card of an order from now on, unless another one shows a newer status.
 *
 * @throws ServiceUnreachableError
 */
export async function saveCard(card: Card): Promise<void> {
  const { siteId, key, linkedAt, former, formerSentAt, left, rangAt, owedAt: _, ...rest } = card;
  await conditionalUpdate(
    'SCHEDULE_TABLE',
    { siteId, key },
    {
      // What the former card had, and this one has not, is removed.
      ...setFields({
        ...{ ...rest, linkedAt, former, formerSentAt, left, expiresAt: expiry() },
        ...(rangAt && { rangAt }),
      }),
      ConditionExpression: 'attribute_not_exists(#statusAt) OR #statusAt <= :statusAt',
      ReturnValues: 'NONE',
    },
  );
}

/**
 * Notes which former messages are still to be deleted, as long as the card is this message.
 *
 * @throws ServiceUnreachableError: a repeated call goes on.
 */
export async function saveLeft({ siteId, key, messageId }: Card, left: FormerMessage[]): Promise<void> {
  const { ExpressionAttributeValues, ...fields } = setFields({ left: left.length > 0 ? left : undefined });
  await conditionalUpdate(
    'SCHEDULE_TABLE',
    { siteId, key },
    {
      ...fields,
      ExpressionAttributeValues: { ...ExpressionAttributeValues, ':messageId': messageId },
      ConditionExpression: 'messageId = :messageId',
      ReturnValues: 'NONE',
    },
  );
}

/** In seconds since 1970, the unit of DynamoDB's time to live. */
function expiry(): number {
  return Math.floor(Date.now() / 1_000) + KEPT_SECONDS;
}
