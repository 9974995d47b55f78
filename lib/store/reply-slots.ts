import { conditionalUpdate } from '../aws/dynamodb.ts';
import type { RateLimitState } from './rate-limits.ts';

/** A slot for one message of a bot. Times are milliseconds since 1970, lengths are milliseconds. */
export interface SlotToTake {
  botId: string;
  chatId: number;
  /** The slot may begin between these. */
  earliest: number;
  latest: number;
  botInterval: number;
  chatInterval: number;
  /** The time of the chat in `RateLimitState.chats`, if it comes from a slot that was missed: it does not count. */
  missed: number | undefined;
}

/**
 * Takes a slot in one write that depends on no earlier read: any number of functions may do this at the same time, and
 * each gets a slot of its own. Whoever takes slots by `reserveSlots` notices it by the version.
 *
 * @param isBusy the bot has given out slots after `earliest`: the one behind them is taken, else the one at `earliest`.
 * @returns when the slot begins; `undefined` if that is not between the two times, if the bot is paused then, or if the
 * chat had a message lately: `reserveSlots` is for these cases.
 * @throws ServiceUnreachableError
 */
export async function takeSlotAlone(
  { botId, chatId, earliest, latest, botInterval, chatInterval, missed }: SlotToTake,
  isBusy: boolean,
): Promise<number | undefined> {
  const at = isBusy ? 'nextSlot' : ':earliest';
  const isInTime = isBusy ? 'nextSlot BETWEEN :earliest AND :latest' : 'nextSlot < :earliest';
  const isNotPaused = `attribute_not_exists(pausedUntil) OR pausedUntil <= ${at}`;
  const isFreeChat = `attribute_not_exists(chats.#chat) OR chats.#chat <= ${at} OR chats.#chat = :missed`;
  const before = await conditionalUpdate<RateLimitState>(
    'PACES_TABLE',
    { botId },
    {
      UpdateExpression: `SET chats.#chat = ${at} + :chat, nextSlot = ${at} + :bot, version = version + :one`,
      ConditionExpression: `attribute_exists(chats) AND ${isInTime} AND (${isNotPaused}) AND (${isFreeChat})`,
      ExpressionAttributeNames: { '#chat': String(chatId) },
      ExpressionAttributeValues: {
        ':earliest': earliest,
        ...(isBusy && { ':latest': latest }),
        ':bot': botInterval,
        ':chat': chatInterval,
        ':missed': missed ?? 0,
        ':one': 1,
      },
      ReturnValues: 'UPDATED_OLD',
    },
  );
  return before && (isBusy ? before.nextSlot : earliest);
}
