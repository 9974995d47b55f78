/** Decides which carts and reminders an event ends. It only looks at facts that were read before, and writes nothing. */
import { scheduledKey } from '../domain/ids.ts';
import type { Endings, EventFields } from '../events/definition.ts';
import { momentOf } from '../events/event-time.ts';
import { cartKey, cartOwnerKey, type Drop, isWaiting, reminderKey } from '../store/schedule.ts';

/** The fields of an order that its carts need. */
interface OrderEvent extends EventFields {
  holder: { id: string };
  cartId?: string | undefined;
}

/**
 * An order ends the cart that it was made from, even if another user owns it, and a cart that the holder had abandoned
 * by then.
 */
export const cartsEndedByOrder: Endings<OrderEvent> = {
  keys({ holder, cartId }, siteId) {
    const holders = cartKey(siteId, holder.id);
    return cartId === undefined ? [holders] : [holders, cartOwnerKey(siteId, cartId)];
  },
  drops(event, siteId, { scheduled, cartOwners }, now) {
    const { holder, cartId } = event;
    const drops: Drop[] = [];
    const key = cartKey(siteId, holder.id);
    if (isWaiting(scheduled.get(scheduledKey(key))))
      drops.push({ key, onlyCart: { cartId, abandonedUntil: momentOf(event, now) } });
    if (cartId === undefined) return drops;
    const owner = cartOwners.get(scheduledKey(cartOwnerKey(siteId, cartId)));
    if (owner !== undefined && owner !== holder.id)
      drops.push({ key: cartKey(siteId, owner), onlyCart: { cartId } });
    return drops;
  },
};

/** The fields of an event that name its activity. */
interface ActivityEvent extends EventFields {
  activity: { id: string };
}

/** Ends the reminder of an activity if the event says that the activity is over. */
export function remindersEndedBy<Event>(isOver: (event: Event) => boolean): Endings<Event & ActivityEvent> {
  const keys: Endings<Event & ActivityEvent>['keys'] = (event, siteId) =>
    isOver(event) ? [reminderKey(siteId, event.activity.id)] : [];
  return {
    keys,
    drops: (event, siteId, { scheduled }) =>
      keys(event, siteId).flatMap((key) => (isWaiting(scheduled.get(scheduledKey(key))) ? [{ key }] : [])),
  };
}
