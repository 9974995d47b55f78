import { LRUCache } from 'lru-cache';
import { sleep, timeLeft } from '../aws/deadline.ts';
import { log } from '../observability/logger.ts';
import { count, measure } from '../observability/metrics.ts';
import { redact } from '../observability/redact.ts';
import { type Delivery, type Failure, recordDelivery, recordFirst } from '../store/deliveries.ts';
import type { Notification } from './notification.ts';

/** How often the record of a sent message is tried to be written. */
const MAX_TRIES = 4;

/** A message that the queue handed out. */
export interface ReceivedMessage {
  notification: Notification;
  /** How often the queue has handed it out, this time included. */
  receives: number;
  /** What was recorded of its delivery before. */
  earlier: Delivery | undefined;
}

type WithoutCommonFields<Type> = Type extends unknown
  ? Omit<Type, Exclude<keyof Notification, 'chatId'> | 'recordedAt' | 'attempts'>
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
export async function recordResult(
  received: Omit<ReceivedMessage, 'earlier'>,
  result: DeliveryResult,
): Promise<void> {
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
export async function recordFirstResults(
  results: [Omit<ReceivedMessage, 'earlier'>, DeliveryResult][],
): Promise<void> {
  const deliveries = results.map(
    ([received, result]) => [deliveryOf(received, result), received.notification] as const,
  );
  await recordFirst(deliveries.map(([delivery]) => delivery));
  for (const [delivery, notification] of deliveries) report(delivery, notification);
}

function deliveryOf(
  { notification, receives }: Omit<ReceivedMessage, 'earlier'>,
  result: DeliveryResult,
): Delivery {
  const { siteId, deliveryId, event, eventId, templateId, userId } = notification;
  const { isTest, source, content } = notification;
  const recordedAt = new Date(Date.now()).toISOString();
  return {
    ...{ siteId, deliveryId, event, eventId, userId, recordedAt, attempts: receives },
    ...{ templateId: templateId || undefined, source, content, isTest },
    ...result,
  };
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
      await recordDelivery(delivery);
      unrecorded.delete(delivery.deliveryId);
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
