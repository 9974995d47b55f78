/** What is remembered of orders and activities, and which carts and reminders that ends. */
import { settleAll } from '../aws/parallel.ts';
import { scheduledKey } from '../domain/ids.ts';
import type { EventFields, Memory, Remembered, Told } from '../events/definition.ts';
import { momentOf } from '../events/event-time.ts';
import {
  cartIdKey,
  cartKey,
  endCart,
  endCartOf,
  endUntold,
  isUntold,
  orderKey,
  rememberOrderedAt,
  rememberStatus,
  reminderKey,
  type ScheduleItem,
  type StatusEffect,
  type StatusNews,
  toldBy,
  type Waiting,
} from '../store/schedule.ts';
import { isOutdated, type Subject } from '../store/subjects.ts';
import { IDLE, shifted, subjectOfCart } from './cart-subjects.ts';
import { dateName } from './recurrence.ts';
import { type OverCart, overCarts, takeBackCarts } from './take-back-carts.ts';

/** The fields of an order that its carts need. */
interface OrderEvent extends EventFields {
  order: { id: string };
  holder: { id: string };
  cartId?: string | undefined;
}

/**
 * The latest status of an order. An order ends the cart that it was made from, even if another user owns it, and a cart
 * that the holder had abandoned by then.
 */
export const orderMemory: Memory<OrderEvent> = {
  keys({ order, holder, cartId }, siteId) {
    const keys = [orderKey(siteId, order.id), cartKey(siteId, holder.id)];
    return cartId === undefined ? keys : [...keys, cartIdKey(siteId, cartId)];
  },
  read(event, siteId, { scheduled }, now) {
    const key = orderKey(siteId, event.order.id);
    const item = scheduled.get(scheduledKey(key));
    const told = toldOf(event, key.key, item, now);
    const cart = scheduled.get(scheduledKey(cartKey(siteId, event.holder.id)));
    const named =
      event.cartId === undefined ? undefined : scheduled.get(scheduledKey(cartIdKey(siteId, event.cartId)));
    // Later statuses of an order end no cart that was abandoned since.
    const { at } = told;
    const orderedAt = item?.orderedAt !== undefined && item.orderedAt < at ? item.orderedAt : at;
    return {
      ...told,
      isFirst: item === undefined || item.firstEventId === event.eventId || isUntold(item),
      async remember(content, { site, first } = {}) {
        const news = { ...key, eventId: event.eventId, at, orderedAt, content, first };
        const status = tellStatus(told, news, item);
        const ended = endCarts(event, siteId, orderedAt, { cart, named });
        const isEarlier = told.isSuperseded && orderedAt < (item?.orderedAt ?? '');
        await settleAll<unknown>([
          ...[status, ended, ...(isEarlier ? [rememberOrderedAt(key, orderedAt)] : [])],
          // By itself: the event may have been told before, or be older than the one that found the site off.
          ...(site && isUntold(item) ? [endUntold(key, first && event.eventId)] : []),
        ]);
        const { waited, over } = await ended;
        if (site?.cartSeries) await takeBackCarts(site, over);
        return { isSuperseded: (await status).isSuperseded, ended: waited };
      },
    };
  },
};

/** What an event tells of an order or an activity, without what it changes. */
interface StatusTold extends Omit<Told, 'remember'> {
  at: string;
}

/** @param date of an activity: where it recurs, each date has statuses of its own. */
function toldOf(
  event: EventFields,
  key: string,
  item: ScheduleItem | undefined,
  now: number,
  date?: string,
): StatusTold {
  const earlier = toldBy(item, event.eventId);
  const at = event.occurredAt === undefined && earlier ? earlier.at : momentOf(event, now);
  const subject: Subject = { kind: 'status', key, at, ...(date !== undefined && { date }) };
  return { at, earlier, subjects: [subject], isSuperseded: isOutdated(subject, item) };
}

/** A status that was told before changes nothing: what it changed was written together with it. */
async function tellStatus(
  { isSuperseded, earlier }: StatusTold,
  news: StatusNews,
  item: ScheduleItem | undefined,
): Promise<{ isSuperseded: boolean; ended?: Waiting | undefined }> {
  return earlier ? { isSuperseded } : rememberStatus(news, item);
}

/**
 * Ends the cart that an order names, and that of its holder.
 *
 * @returns what waited until now; and the carts that are over, of which messages may have to be taken back.
 */
async function endCarts(
  { order, holder, cartId }: OrderEvent,
  siteId: string,
  at: string,
  { cart, named }: { cart: ScheduleItem | undefined; named: ScheduleItem | undefined },
): Promise<{ waited: Waiting[]; over: OverCart[] }> {
  const ordered =
    cartId === undefined ? undefined : await endCart(siteId, { cartId, orderId: order.id, at }, named);
  const ended: (Waiting | undefined)[] = [];
  // As it is remembered since the site has a series, or of the holder's own cart.
  const isUndated = named?.isUndated || (cart !== undefined && cart.cartId === cartId && !cart.isDated);
  const over = ordered
    ? namedCart({ cartId, orderId: order.id, at }, siteId, ordered.endedAt, named && { ...named, isUndated })
    : [];
  // One write for each cart: later statuses of the order find that it was ended.
  if (cart?.occurredAt !== undefined && !isOutdated(subjectOfCart(siteId, holder.id, cart), cart)) {
    const isNamed = cartId !== undefined && cart.cartId === cartId;
    const until = latest(at, isNamed ? ordered?.endedAt : undefined);
    // One that did not say when it was touched was so before it was reported.
    const abandonedUntil = cart.isDated ? until : shifted(until, IDLE);
    const endedAt = latest(until, cart.occurredAt);
    if (cart.occurredAt <= abandonedUntil) {
      ended.push(await endCartOf(siteId, holder.id, { abandonedUntil, endedAt }));
      if (!isNamed) over.push(...overCarts(holder.id, { ...cart, endedAt }));
    }
  } else if (cart?.cartId !== cartId) {
    over.push(...overCarts(holder.id, cart));
  }
  const owner = ordered?.userId;
  if (owner !== undefined && owner !== holder.id) {
    const endedAt = ordered?.endedAt ?? at;
    ended.push(await endCartOf(siteId, owner, { cartId, abandonedUntil: endedAt, endedAt }));
  }
  return { waited: ended.filter((item) => item !== undefined), over };
}

/** The cart that an order names, if it was abandoned before and nobody has taken its messages back yet. */
function namedCart(
  { cartId = '', orderId, at }: { cartId: string | undefined; orderId: string; at: string },
  siteId: string,
  endedAt: string,
  item: (Pick<ScheduleItem, 'userId' | 'abandonedAt' | 'takenBackFor'> & { isUndated: boolean }) | undefined,
): OverCart[] {
  const { userId, abandonedAt, isUndated, takenBackFor } = item ?? {};
  if (userId === undefined || abandonedAt === undefined) return [];
  if ((abandonedAt > endedAt && !isUndated) || takenBackFor === abandonedAt) return [];
  return [{ userId, cartId, at: abandonedAt, key: cartIdKey(siteId, cartId), ordered: { orderId, at } }];
}

function latest(one: string, other = ''): string {
  return one > other ? one : other;
}

/** The fields of an event that tells the status of an activity. */
interface ActivityEvent extends EventFields {
  activity: { id: string; date: string };
}

/**
 * The latest status of an activity. If the event says that the activity is over, its reminder ends; of one that recurs,
 * only that of the event's date. A later status may take that back.
 */
export function activityMemory<Event>(
  effectOf: (event: Event) => StatusEffect,
): Memory<Event & ActivityEvent> {
  return {
    keys: ({ activity }, siteId) => [reminderKey(siteId, activity.id)],
    read(event, siteId, { scheduled }, now) {
      const key = reminderKey(siteId, event.activity.id);
      const item = scheduled.get(scheduledKey(key));
      const activity = { date: dateName(event.activity.date), effect: effectOf(event) };
      const told = toldOf(event, key.key, item, now, activity.date);
      return {
        ...told,
        async remember(content): Promise<Remembered> {
          const news = { ...key, eventId: event.eventId, at: told.at, content, activity };
          const { isSuperseded, ended } = await tellStatus(told, news, item);
          return { isSuperseded, ended: ended ? [ended] : [] };
        },
      };
    },
  };
}
