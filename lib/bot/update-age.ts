import type { TelegramUpdate } from '../telegram/update-schema.ts';

/** From this age on (milliseconds) an answer surprises more than it helps. */
const OLD_MILLISECONDS = 5 * 60_000;

/**
 * When the person did what an update reports: milliseconds since 1970, by Telegram's clock to the second. Nothing tells
 * when a button was pressed or a message edited: that counts as now.
 */
export function timeOf({ message, my_chat_member: member }: TelegramUpdate): number {
  const seconds = message?.date ?? member?.date;
  // Nobody has said anything in the future: it would hold against all that is said until then.
  return seconds === undefined ? Date.now() : Math.min(seconds * 1_000, Date.now());
}

/** Whether an answer at this time comes too late to be of use. */
export function isTooLate(writtenAt: number, answeredAt = Date.now()): boolean {
  return answeredAt - writtenAt > OLD_MILLISECONDS;
}
