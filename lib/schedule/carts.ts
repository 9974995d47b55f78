import { settleAll } from '../aws/parallel.ts';
import type { Outcome } from '../domain/outcomes.ts';
import type { EventDefinition, EventFields } from '../events/definition.ts';
import { type EventFacts, findEventFacts, type WantedFacts } from '../store/facts.ts';
import {
  cartKey,
  cartOwnerKey,
  drop,
  dropCart,
  isWaiting,
  register,
  rememberCartOwner,
  shardOf,
} from '../store/schedule.ts';
import { checkSiteVersion, type Site } from '../store/sites.ts';
import type { ScheduledEvent } from './kind.ts';
import { momentOf } from './moment.ts';

/** As much of an abandoned cart as its schedule needs. */
interface CartEvent extends EventFields {
  cart: { id: string };
  user: { id: string };
}

const HOUR = 3600 * 1000;

/**
 * Lets a cart wait for its time, `abandonedCartHours` after it was abandoned, in place of an older one of the same user.
 *
 * @param now milliseconds since 1970.
 * @throws StaleSiteError where the site was changed since it was read; nothing waits then.
 * @throws ServiceUnreachableError
 */
export async function scheduleCart<Event extends CartEvent>(
  definition: EventDefinition<Event>,
  event: Event,
  site: Site,
  now = Date.now(),
): Promise<Outcome[]> {
  const userId = event.user.id;
  const reason = definition.skipReason?.(event, site);
  if (reason) return [{ userId, status: 'skipped', reason }];

  const { siteId } = site;
  const { eventId, cart } = event;
  const occurredAt = momentOf(event, now);
  const key = cartKey(siteId, userId);
  await settleAll([checkSiteVersion(site), rememberCartOwner(siteId, cart.id, userId)]);
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
  return drop(cartKey(siteId, userId));
}

/** As much of an order as its carts need. */
interface OrderEvent extends EventFields {
  holder: { id: string };
  cartId?: string | undefined;
}

/**
 * Drops the carts that an order makes pointless: the one that it was made of, whosever it is, and one that its holder
 * had abandoned by then. It reads them together with what the order has to know, and writes only where one waits.
 *
 * @param now milliseconds since 1970.
 * @returns what the order has to know.
 * @throws ServiceUnreachableError
 */
export async function dropOrderedCarts(
  event: OrderEvent,
  siteId: string,
  wanted: WantedFacts,
  now = Date.now(),
): Promise<EventFacts> {
  const { holder, cartId } = event;
  const holdersKey = cartKey(siteId, holder.id);
  const ownerKey = cartId === undefined ? undefined : cartOwnerKey(siteId, cartId);
  const scheduleKeys = ownerKey ? [holdersKey, ownerKey] : [holdersKey];
  const facts = await findEventFacts(siteId, { ...wanted, scheduleKeys });
  const { items, owners } = facts;
  const drops: Promise<void>[] = [];
  if (isWaiting(items.get(holdersKey.key)))
    drops.push(
      dropCart(holdersKey, { ...(cartId !== undefined && { cartId }), until: momentOf(event, now) }),
    );
  const owner = ownerKey && owners.get(ownerKey.key);
  if (owner !== undefined && owner !== holder.id && cartId !== undefined)
    drops.push(dropCart(cartKey(siteId, owner), { cartId }));
  await settleAll(drops);
  return facts;
}

/** Abandoned carts as their clock hands them over: each once, as it was reported. */
export function dueCarts<Event extends CartEvent>(definition: EventDefinition<Event>): ScheduledEvent<Event> {
  return {
    name: 'cart',
    definition,
    // What waits was validated when it was registered.
    eventOf: ({ event }) => JSON.parse(event) as Event,
    nextTime: () => undefined,
  };
}
