import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { forgetDelivery } from '../store/deliveries.ts';
import type { ReceivedMessage } from './record.ts';
import type { Action } from './retry.ts';

/** Why nothing may be kept of a message. */
export type ForgottenReason =
  /** Whom it is for was erased since it was accepted. */
  | 'erased'
  /** Its site does not exist any more, or is another one since. */
  | 'site-gone';

/**
 * Drops a message of which nothing may be kept. It gets no record, which would name the person again; one that was made
 * while they were erased is removed.
 *
 * @throws ServiceUnreachableError
 */
export async function dropForgotten(
  { notification, earlier }: Pick<ReceivedMessage, 'notification' | 'earlier'>,
  reason: ForgottenReason,
): Promise<Action> {
  const { siteId, deliveryId, event, eventId, templateId } = notification;
  if (earlier) await forgetDelivery(notification);
  log.info('skipped', { siteId, deliveryId, event, eventId, templateId, reason });
  count('Skipped', { siteId, event, reason });
  return { kind: 'acknowledge' };
}
