import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '../observability/logger.ts';
import { count, measure } from '../observability/metrics.ts';
import { redact } from '../observability/redact.ts';
import { type Delivery, type Failure, recordDelivery } from '../store/deliveries.ts';
import type { Notification } from './notification.ts';

/** After this many receives the queue moves a message to its dead letters: `maxReceiveCount` in serverless.yml. */
export const MAX_RECEIVES = 12;

/** How often writing the record of a sent message is repeated. */
const ROUNDS = 4;

type WithoutFacts<Type> = Type extends unknown
  ? Omit<
      Type,
      | 'siteId'
      | 'deliveryId'
      | 'event'
      | 'eventId'
      | 'templateId'
      | 'userId'
      | 'recordedAt'
      | 'attempts'
      | 'isTest'
    >
  : never;

/** How an attempt went. */
export type DeliveryResult = WithoutFacts<Delivery>;

/**
 * Records how an attempt went, and logs it: one line an outcome, never the text.
 *
 * What Telegram has already shown to the user is done even where its record can't be written: giving the message back
 * would show it a second time. Anything else throws, so that the message comes again.
 *
 * @throws ServiceUnreachableError
 */
export async function recordResult(
  notification: Notification,
  attempts: number,
  outcome: DeliveryResult,
): Promise<void> {
  const { siteId, deliveryId, event, eventId, templateId, userId, isTest } = notification;
  const recordedAt = new Date().toISOString();
  const facts = {
    ...{ siteId, deliveryId, event, eventId, templateId, userId, recordedAt, attempts },
    ...(isTest && { isTest }),
  };
  const delivery = { ...facts, ...outcome } as Delivery;
  if (delivery.status === 'sent') await recordSent(delivery);
  else await recordDelivery(delivery);
  // The clock of the function that accepted the event may be a little ahead of this one's.
  const age = Math.max(0, Date.now() - Date.parse(notification.acceptedAt));
  logOutcome(delivery, age);
  measureOutcome(delivery, age);
}

async function recordSent(delivery: Delivery & { status: 'sent' }): Promise<void> {
  for (let round = 1; ; round++) {
    try {
      return await recordDelivery(delivery);
    } catch (error) {
      const { siteId, deliveryId, messageId } = delivery;
      log.error('sent, but not recorded', { siteId, deliveryId, messageId, round, error });
      if (round === ROUNDS) return;
      await sleep(125 * 2 ** round);
    }
  }
}

/** @param age from the acceptance of the event to now, in milliseconds. */
function logOutcome(delivery: Delivery, age: number): void {
  const { siteId, deliveryId, event, eventId, templateId, status, attempts } = delivery;
  const facts = { siteId, deliveryId, event, eventId, templateId, attempts };
  const failure = 'failure' in delivery && delivery.failure && logged(delivery.failure);
  if (status === 'sent')
    log.info('sent', { ...facts, ageMilliseconds: age, ...(failure && { fault: failure }) });
  else if (status === 'skipped') log.info('skipped', { ...facts, reason: delivery.reason });
  else log.warn(status, { ...facts, ...failure, ...('isDead' in delivery && { isDead: true }) });
}

function logged({ class: kind, description }: Failure): Failure {
  return { class: kind, description: redact(description) };
}

function measureOutcome(delivery: Delivery, age: number): void {
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
  }
}
