import type { Outcome } from '../domain/outcomes.ts';
import { momentOf } from '../events/event-time.ts';
import { pageOf } from '../events/notify-pages.ts';
import { cartKey, drop, register, rememberCartOwner, shardOf } from '../store/schedule.ts';
import type { Site } from '../store/sites.ts';
import { abandonedCart, type CartEvent } from './abandoned-cart-event.ts';
import { erasedSince } from './erased-since.ts';
import type { ScheduledEvent } from './scheduled-event.ts';

const HOUR = 3600 * 1000;

/**
 * Schedules a cart for `abandonedCartHours` after it was abandoned. It replaces an older cart of the same user.
 *
 * @param now milliseconds since 1970.
 * @param reportedAt when it was reported: it may have waited in a queue. Milliseconds since 1970.
 * @throws StaleSiteError if the site was changed since it was read; nothing is scheduled then.
 * @throws ServiceUnreachableError
 */
export async function scheduleCart(
  event: CartEvent,
  site: Site,
  now = Date.now(),
  reportedAt = now,
): Promise<Outcome[]> {
  const userId = event.user.id;
  const reason = abandonedCart.skipReason?.(event, site);
  if (reason) return [{ userId, status: 'skipped', reason }];

  const { siteId } = site;
  const { eventId, cart } = event;
  const occurredAt = momentOf(event, now);
  const key = cartKey(siteId, userId);
  const erased = await erasedSince({ reportedAt, now }, [userId], site);
  if (erased.has(userId)) return [{ userId, status: 'skipped', reason: 'erased' }];
  await rememberCartOwner(siteId, cart.id, userId);
  const stored = await register({
    ...key,
    shard: shardOf('cart', key),
    dueAt: new Date(Date.parse(occurredAt) + site.abandonedCartHours * HOUR).toISOString(),
    eventId,
    occurredAt,
    cartId: cart.id,
    event: JSON.stringify({ ...event, occurredAt }),
    occurrence: 0,
  });
  const isOurs = stored.eventId === eventId && stored.ending !== 'dropped';
  return isOurs ? [{ userId, status: 'scheduled' }] : [{ userId, status: 'skipped', reason: 'superseded' }];
}

/** The cart was recovered. */
export function dropRecoveredCart(siteId: string, userId: string): Promise<void> {
  return drop({ key: cartKey(siteId, userId) });
}

/** Due carts, for their poller: each is sent once, as it was reported. */
export const dueCarts: ScheduledEvent = {
  kind: 'cart',
  event: abandonedCart.name,
  page({ item, site }, _now, limits) {
    // The event was validated when it was registered.
    const event = JSON.parse(item.event) as CartEvent;
    return pageOf(abandonedCart, { event, site }, { ...limits, progress: item.progress });
  },
  nextTime: () => undefined,
};
