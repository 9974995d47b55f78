import { LRUCache } from 'lru-cache';
import { sleep, timeLeft } from '../aws/deadline.ts';
import { log } from '../observability/logger.ts';
import { count, measure } from '../observability/metrics.ts';
import { redact } from '../observability/redact.ts';
import {
  announceOutcomes,
  type Delivery,
  type Failure,
  recordDelivery,
  recordFirst,
  timeOfSame,
} from '../store/deliveries.ts';
import { type ContentKey, keepContent } from './kept-content.ts';
import type { Notification } from './notification.ts';

/** How often the record of a sent message is tried to be written. */
const MAX_TRIES = 4;
/** So long the record of a sent message may wait for what the site's webhook is told, in milliseconds. */
const ANNOUNCED_WITHIN = 1_000;

/** A message that the queue handed out. */
export interface ReceivedMessage {
  notification: Notification;
  /** How often the queue has handed it out, this time included. */
  receives: number;
  /** What was recorded of its delivery before. */
  earlier: Delivery | undefined;
  /** With this key its content is kept; absent: it is not. */
  contentKey?: ContentKey | undefined;
}

/** What is known of its former record is absent where nobody has looked. */
type Received = Omit<ReceivedMessage, 'earlier'> & Partial<Pick<ReceivedMessage, 'earlier'>>;

type WithoutCommonFields<Type> = Type extends unknown
  ? Omit<Type, Exclude<keyof Notification, 'chatId'> | 'recordedAt' | 'attempts' | 'kept'>
  : never;

/** How an attempt went. */
export type DeliveryResult = WithoutCommonFields<Delivery>;

/**
 * Records how an attempt went, and writes one line to the log, never the text of the message.
 *
 * A sent message counts as finished even where its record can't be written: a retry would send it a second time. Any
 * other result that can't be written throws, so that the message is retried.
 *
 * @throws ServiceUnreachableError
 */
export async function recordResult(received: Received, result: DeliveryResult): Promise<void> {
  const delivery = deliveryOf(received, result);
  if (delivery.status === 'sent') await recordSent(delivery);
  else await recordDelivery(delivery);
  report(delivery, received.notification);
}

/**
 * The same for messages that have never been tried: of none of them anything is recorded, and no other function has them.
 *
 * @throws ServiceUnreachableError
 */
export async function recordFirstResults(results: [Received, DeliveryResult][]): Promise<void> {
  const deliveries = results.map(
    ([received, result]) => [deliveryOf(received, result), received.notification] as const,
  );
  await recordFirst(deliveries.map(([delivery]) => delivery));
  for (const [delivery, notification] of deliveries) report(delivery, notification);
}

function deliveryOf(
  { notification, receives, contentKey, earlier }: Received,
  result: DeliveryResult,
): Delivery {
  const { siteId, deliveryId, event, eventId, templateId, userId } = notification;
  const { isTest, source, content, resendOf, collected, step } = notification;
  const kept = contentKey && mayBeResent(result) ? keepContent(notification, contentKey) : undefined;
  // A message that the queue hands out again has not been dropped twice; a repeated event has.
  const same = notification.droppedAt === undefined ? timeOfSame(result, earlier) : undefined;
  const recordedAt = same ?? new Date(Date.now()).toISOString();
  return {
    ...{ siteId, deliveryId, event, eventId, userId, recordedAt, attempts: receives },
    ...{ templateId: templateId || undefined, source, content, isTest, resendOf, kept, collected, step },
    ...result,
  };
}

/** What still waits has its content with it, and what is not true any more is never sent again. */
function mayBeResent(result: DeliveryResult): boolean {
  if (result.status === 'skipped') return result.reason !== 'superseded' && result.reason !== 'past';
  return result.status === 'sent' || result.status === 'failed';
}

function report(delivery: Delivery, { acceptedAt }: Notification): void {
  // The function that accepted the event may have a clock that is a little ahead of this one's.
  const age = Math.max(0, Date.now() - Date.parse(acceptedAt));
  logResult(delivery, age);
  measureResult(delivery, age);
}

type SentDelivery = Delivery & { status: 'sent' };

/**
 * What this instance has sent and could not record. A message that comes again all the same, from the table of the waiting
 * ones, is not sent a second time if it comes to the same instance.
 */
const unrecorded = new LRUCache<string, SentDelivery>({ max: 5_000 });

/** Whether this instance has sent a message, and could not record it. */
export function isUnrecorded({ deliveryId }: Notification): boolean {
  return unrecorded.has(deliveryId);
}

/** Records such a message, if that is possible now. */
export async function recordSentBefore({ deliveryId }: Notification): Promise<void> {
  const delivery = unrecorded.get(deliveryId);
  if (delivery) await recordSent(delivery);
}

async function recordSent(delivery: SentDelivery): Promise<void> {
  for (let round = 1; ; round++) {
    try {
      // The log is in the order in which it is written: the statistics count it from one end. And the record counts for more than
      // the webhook: without it the message could be sent again.
      const now = { ...delivery, recordedAt: new Date(Date.now()).toISOString() };
      await recordDelivery(now, round === 1 ? ANNOUNCED_WITHIN : 0);
      unrecorded.delete(delivery.deliveryId);
      if (round > 1) await announceLate(now);
      return;
    } catch (error) {
      const { siteId, deliveryId, messageId } = delivery;
      log.error('sent, but not recorded', { siteId, deliveryId, messageId, round, error });
      unrecorded.set(deliveryId, delivery);
      if (round === MAX_TRIES || timeLeft() <= 0) return;
      await sleep(125 * 2 ** round).catch(() => undefined);
    }
  }
}

/** The webhook is told of what was recorded without it: if that can't be written now either, it is not told. */
async function announceLate(delivery: SentDelivery): Promise<void> {
  try {
    await announceOutcomes([delivery]);
  } catch (error) {
    const { siteId, deliveryId } = delivery;
    log.warn('sent, but the webhook is not told', { siteId, deliveryId, error });
  }
}

/** @param age from the acceptance of the event to now, in milliseconds. */
function logResult(delivery: Delivery, age: number): void {
  const { siteId, deliveryId, event, eventId, templateId, status, attempts } = delivery;
  const facts = { siteId, deliveryId, event, eventId, templateId, attempts };
  const failure = 'failure' in delivery && delivery.failure && redacted(delivery.failure);
  if (status === 'sent')
    log.info('sent', { ...facts, ageMilliseconds: age, ...(failure && { fault: failure }) });
  else if (status === 'skipped') log.info('skipped', { ...facts, reason: delivery.reason });
  else if (status === 'waiting') log.info('waiting', { ...facts, ...failure, reason: delivery.reason });
  else log.warn(status, { ...facts, ...failure, ...('isDead' in delivery && { isDead: true }) });
}

function redacted({ class: kind, description }: Failure): Failure {
  return { class: kind, description: redact(description) };
}

function measureResult(delivery: Delivery, age: number): void {
  const { siteId, event } = delivery;
  switch (delivery.status) {
    case 'sent':
      count('Sent', { siteId, event });
      measure('AgeAtSending', { siteId, event }, age);
      break;
    case 'skipped':
      count('Skipped', { siteId, event, reason: delivery.reason });
      break;
    case 'failed':
      count('Failed', { siteId, class: delivery.failure.class });
      break;
    case 'retrying':
      count('Retried', { siteId, class: delivery.failure.class });
      break;
    case 'waiting':
      count('Waiting', { siteId, reason: delivery.reason });
  }
}
