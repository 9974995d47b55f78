import { timeLeft } from '../aws/deadline.ts';
import { CALL_TIMEOUT_MILLISECONDS } from '../telegram/client.ts';

/*
 * The time for one message, in milliseconds. It bounds all its steps together: the wait for a slot, what is read again,
 * Telegram's answer, the record. So a message that a function has begun with is finished before the function ends, and
 * its record tells that it was sent, or the queue hears that it was.
 */

/** With less time left, no message is begun. */
export const TIME_FOR_ONE_SEND = 14_000;

/** Of that, the part after Telegram's answer: longer than one attempt to write the record takes (aws/dynamodb.ts). */
export const TIME_TO_RECORD = 2_500;

/** With less than this for Telegram's answer, the message is not sent: what became of it might stay unknown. */
export const LEAST_TIME_TO_ANSWER = 5_000;

/** What a function needs after its last message: to park messages, or remove them, and to answer. */
export const TIME_AFTER_SENDS = 6_000;

/** Of that, the part of `deliver` after the parking: to defer messages. */
export const TIME_TO_DEFER = 2_500;

/** How long Telegram may take for the present message; `undefined`: too little is left, and it must not be sent now. */
export function timeToAnswer(): number | undefined {
  const milliseconds = Math.floor(Math.min(timeLeft() - TIME_TO_RECORD, CALL_TIMEOUT_MILLISECONDS));
  return milliseconds < LEAST_TIME_TO_ANSWER ? undefined : milliseconds;
}
