/** The messages of an order in whose place another one was sent: they would show a former status. */
import { withDeadline } from '../aws/deadline.ts';
import { settleAll } from '../aws/parallel.ts';
import { log } from '../observability/logger.ts';
import { type Card, type FormerMessage, saveLeft } from '../store/cards.ts';
import { classifyError } from '../telegram/classify-error.ts';
import { deleteMessage } from '../telegram/client.ts';
import { REMEMBERED_WITHIN } from './card.ts';
import { timeToAnswer } from './send-time.ts';

/** So long a bot may delete its messages, in milliseconds. */
const DELETABLE = 48 * 3_600_000;

/** So long it may take to delete them, in milliseconds. */
const DELETED_WITHIN = 2_000;

/** Of so many that could not be deleted is it tried again. */
const MAX_LEFT = 3;

/**
 * Deletes the message in whose place a card was sent, and those that could not be deleted before. An error changes
 * nothing: it is tried again with the next change of the card.
 *
 * @returns the card with those that are left.
 */
export async function deleteFormer({ former, formerSentAt, ...card }: Card, token: string): Promise<Card> {
  const { sentAt, left = [] } = card;
  const replaced = former === undefined ? [] : [{ messageId: former, sentAt: formerSentAt ?? sentAt }];
  const time = timeToAnswer();
  const tried = [...left, ...replaced].filter(isDeletable).map(async (message) => {
    const isGone = time !== undefined && (await isDeleted(card, message, token, time));
    return isGone ? [] : [message];
  });
  const remaining = (await settleAll(tried)).flat().slice(-MAX_LEFT);
  if (remaining.length === left.length && remaining.every((message) => left.includes(message))) return card;
  try {
    await withDeadline(REMEMBERED_WITHIN, () => saveLeft(card, remaining));
  } catch (error) {
    log.warn('not remembered which messages of an order are still to be deleted', {
      siteId: card.siteId,
      error,
    });
  }
  return { ...card, left: remaining };
}

function isDeletable({ sentAt }: FormerMessage): boolean {
  return Date.now() - Date.parse(sentAt) < DELETABLE;
}

/** Whether there is nothing more to try: it is deleted, was so before, or Telegram refuses that for good. */
async function isDeleted(
  { siteId, chatId }: Card,
  { messageId }: FormerMessage,
  token: string,
  time: number,
): Promise<boolean> {
  try {
    const timeoutMilliseconds = Math.min(time, DELETED_WITHIN);
    await deleteMessage(token, { chatId, messageId }, { timeoutMilliseconds });
    return true;
  } catch (error) {
    log.info('the former message of an order stays', { siteId, messageId, error });
    return !['wait', 'retry', 'bot-unauthorized'].includes(classifyError(error).kind);
  }
}
