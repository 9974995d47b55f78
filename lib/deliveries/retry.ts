import { backoffSeconds } from '../aws/defer-messages.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import type { Failure } from '../store/deliveries.ts';
import type { Notification } from './notification.ts';
import { type ReceivedMessage, recordResult } from './record.ts';

/** After this many receives SQS moves a message to the dead-letter queue: `maxReceiveCount` in serverless.yml. */
export const MAX_RECEIVES = 12;

/** How long messages wait for a bot with a working token, in milliseconds: a week. */
const MAX_BOT_WAIT = 7 * 24 * 3600 * 1000;

/** Failures of the bot and not of the message: they end when the merchant saves a working token. */
const BOT_FAILURES = ['bot-unauthorized', 'bot-missing'];

/** What happens to a message of the queue. */
export type QueueAction =
  /** It is finished: SQS deletes it. */
  | { kind: 'acknowledge' }
  /** SQS hands it out again after these seconds. */
  | { kind: 'retry'; seconds: number }
  /** It is sent to the queue once more as a new message, which has all its receives before it. */
  | { kind: 'requeue' };

/** Whether a message is sent to the queue once more after its last receive, instead of going to the dead letters. */
export function waitsForBot({ acceptedAt }: Notification, failure: Failure, now = Date.now()): boolean {
  return BOT_FAILURES.includes(failure.class) && now - Date.parse(acceptedAt) < MAX_BOT_WAIT;
}

/**
 * Records a failed attempt and has the message retried, as often as the queue allows.
 *
 * @param leastSeconds where there is a reason to wait longer than the usual backoff.
 */
export async function retry(
  message: ReceivedMessage,
  failure: Failure,
  leastSeconds = 0,
): Promise<QueueAction> {
  const { notification, receives, earlier } = message;
  const failures = earlier?.status === 'retrying' ? earlier.failures + 1 : 1;
  const seconds = Math.max(leastSeconds, backoffSeconds(failures));
  const isLastReceive = receives >= MAX_RECEIVES;
  if (isLastReceive && !waitsForBot(notification, failure)) {
    // At the next receive SQS moves it to the dead-letter queue.
    await recordResult(message, { status: 'failed', failure, isDead: true });
    return { kind: 'retry', seconds };
  }
  const nextAttemptAt = new Date(Date.now() + seconds * 1_000).toISOString();
  await recordResult(message, { status: 'retrying', failure, failures, nextAttemptAt });
  return isLastReceive ? { kind: 'requeue' } : { kind: 'retry', seconds };
}

/**
 * Has a message retried that found no free slot. That is no failed attempt and needs no record, except on the last
 * receive: then it is treated as one, or the message would disappear into the dead letters without a trace.
 *
 * @param wait.isTokenRefused the bot is paused because of its token. That may last for days, so the message is retried
 * less and less often, and its receives last longer.
 */
export async function defer(
  message: ReceivedMessage,
  wait: { seconds: number; isTokenRefused?: boolean },
): Promise<QueueAction> {
  const { notification, receives } = message;
  const seconds = wait.isTokenRefused ? Math.max(wait.seconds, backoffSeconds(receives)) : wait.seconds;
  if (receives < MAX_RECEIVES) {
    const { siteId, deliveryId, event, eventId } = notification;
    log.info('deferred', { siteId, deliveryId, event, eventId, attempts: receives, seconds });
    count('Deferred', { siteId });
    return { kind: 'retry', seconds };
  }
  const failure = wait.isTokenRefused
    ? { class: 'bot-unauthorized', description: 'The bot has no working token.' }
    : { class: 'postponed', description: 'The bot was paused, or had no free slot, each time.' };
  return retry(message, failure, seconds);
}
