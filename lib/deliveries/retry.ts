import type { WaitReason } from '../store/deliveries.ts';
import type { Notification } from './notification.ts';

/**
 * After this many receives SQS moves a message to the dead-letter queue: `maxReceiveCount` in serverless.yml. A message is
 * received again only where our own tables can't be reached; with the pauses in between, that may last for half a day.
 */
export const MAX_RECEIVES = 100;

/** How long a message waits for a bot, or a Telegram, that works; in milliseconds: a week. */
const MAX_WAIT = 7 * 24 * 3600 * 1000;

/** What happens to a message. */
export type Action =
  /**
   * It is finished. `isSent`: it is in the chat. `isUnrecorded`: it is, but the record could not be written. `isOpen`: the
   * delivery is not finished with it, and another message of the same delivery is looked at for itself.
   */
  { kind: 'acknowledge'; isSent?: true; isUnrecorded?: true; isOpen?: true } | Hold;

/** It can't be sent now, and waits in the table `waiting`. */
export interface Hold {
  kind: 'hold';
  /**
   * Whose later messages wait with it: those to the same chat, or all of the bot. `night`: those to the same chat, for hours,
   * as those to thousands of other chats may.
   */
  scope: 'chat' | 'night' | 'bot';
  reason: WaitReason;
  /** When it may be tried again, in milliseconds since 1970. */
  until: number;
  /** `night`: the messages to the chat are looked at at `until`, also if they were to wait longer. */
  isAtOnce?: true;
  /** The attempt has recorded it. */
  isRecorded?: true;
}

/** Whether a message has waited for so long that it is not tried any more. */
export function hasWaitedTooLong({ acceptedAt }: Notification, now: number): boolean {
  return now - Date.parse(acceptedAt) >= MAX_WAIT;
}
