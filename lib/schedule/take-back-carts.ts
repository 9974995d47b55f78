/** A cart of a series is ordered or recovered: the messages about it that were sent are taken back. */
import { inParallel } from '../aws/parallel.ts';
import { chatFields, type Notification } from '../deliveries/notification.ts';
import { enqueue } from '../deliveries/queue.ts';
import { digest, scheduledKey, userKey } from '../domain/ids.ts';
import { type Facts, readFacts } from '../store/facts.ts';
import {
  cartIdKey,
  cartKey,
  type Registration,
  type ReportOfCart,
  readScheduled,
  rememberTakenBack,
  reportsOfCart,
  type ScheduleItem,
  type ScheduleKey,
} from '../store/schedule.ts';
import type { Site } from '../store/sites.ts';
import { isOutdated } from '../store/subjects.ts';
import type { User } from '../store/user.ts';
import { subjectOfCart } from './cart-subjects.ts';

/** A cart about which nothing is true any more. */
export interface OverCart {
  userId: string;
  cartId: string;
  /** When it was abandoned, ISO 8601. */
  at: string;
  /** Where it is remembered that its messages are taken back. */
  key: ScheduleKey;
  /** Set: it was ordered, by this order and then. */
  ordered?: { orderId: string; at: string };
}

/** No template has such an id. */
const TAKEN_BACK = '#taken-back';
/** So many deliveries are looked for at once. */
const MOST_DELIVERIES = 100;

/** The cart of a user, if it is over and nobody has taken its messages back yet. @param item what is known of it. */
export function overCarts(userId: string, item: ScheduleItem | undefined): OverCart[] {
  if (item?.occurredAt === undefined || item.cartId === undefined) return [];
  const { siteId, key, cartId, occurredAt: at, takenBackFor } = item;
  const isOver = isOutdated(subjectOfCart(siteId, userId, item), item);
  return isOver && takenBackFor !== at ? [{ userId, cartId, at, key: { siteId, key } }] : [];
}

/**
 * Has the messages about these carts taken back: through the queue of the deliveries, behind those that are still in it.
 * What is remembered comes last: whatever dies before it, the next report of the order sees to it again.
 *
 * @throws ServiceUnreachableError
 */
export async function takeBackCarts(site: Site, carts: OverCart[]): Promise<void> {
  if (carts.length === 0) return;
  const { siteId } = site;
  const keys = carts.flatMap(({ cartId, userId }) => [cartIdKey(siteId, cartId), cartKey(siteId, userId)]);
  const facts = await readFacts({
    users: carts.map(({ userId }) => ({ siteId, userId })),
    scheduled: keys,
  });
  const acceptedAt = new Date(Date.now()).toISOString();
  const notifications = carts.flatMap((cart) => {
    const user = facts.users.get(userKey({ siteId, userId: cart.userId }));
    const events = eventsOf(siteId, cart, facts);
    return user && !user.renamed ? toNotifications(site, cart, { user, events, acceptedAt }) : [];
  });
  if (notifications.length > 0) await enqueue(notifications);
  await inParallel(carts, carts.length, ({ key, at }) => rememberTakenBack(key, at));
}

/** The events that have reported a cart, also the one before the site had a series; and those of carts that it has replaced. */
function eventsOf(siteId: string, { cartId, userId }: OverCart, { scheduled }: Facts): Reports {
  const present = scheduled.get(scheduledKey(cartKey(siteId, userId)));
  const reports = reportsOfCart(scheduled.get(scheduledKey(cartIdKey(siteId, cartId))));
  const isSame = present?.cartId === cartId && present.eventId !== undefined;
  const own = new Set([
    ...(isSame ? [present.eventId ?? ''] : []),
    ...reports.own.map(({ eventId }) => eventId),
  ]);
  const replaced = reports.replaced.map(({ eventId }) => eventId).filter((eventId) => !own.has(eventId));
  return { own: [...own], replaced };
}

/**
 * What a cart takes over from the one whose place it takes, and from those before: unless that one is over, and its messages
 * are taken back already.
 *
 * @param before what is known of the user's cart, as it was read.
 * @returns the latest first.
 * @throws ServiceUnreachableError
 */
export async function reportsOfReplaced(
  userId: string,
  before: ScheduleItem | undefined,
  { cartId, occurredAt }: Pick<Registration, 'cartId' | 'occurredAt'>,
): Promise<ReportOfCart[]> {
  const { siteId = '', eventId, occurredAt: at, cartId: oldId } = before ?? {};
  if (!before || eventId === undefined || at === undefined || oldId === undefined) return [];
  if (oldId === cartId || at > occurredAt || isOutdated(subjectOfCart(siteId, userId, before), before))
    return [];
  const { own, replaced } = reportsOfCart(await readScheduled(cartIdKey(siteId, oldId)));
  const reports = new Map([...replaced, ...own, { eventId, at }].map((each) => [each.eventId, each]));
  return [...reports.values()];
}

/** The ids of events that have reported a cart, and those that it has replaced. */
interface Reports {
  own: string[];
  replaced: string[];
}

interface Known {
  user: User;
  events: Reports;
  acceptedAt: string;
}

/** One for each chat, in whose group it is behind the messages to be taken back. */
function toNotifications(
  { siteId, templates }: Site,
  { cartId, at, ordered }: OverCart,
  { user, events, acceptedAt }: Known,
): Notification[] {
  const ofCarts = templates.filter(({ event }) => event === 'abandoned-cart');
  const [eventId] = events.own;
  if (eventId === undefined) return [];
  const recovered = ordered && { id: digest([cartId, ordered.orderId]), at: ordered.at };
  return user.chats.map((link) => {
    const idsOf = (reports: string[]) =>
      reports.flatMap((each) =>
        ofCarts.flatMap(({ id: templateId }) =>
          [user.userId, ...(user.formerIds ?? [])].map(
            (userId) => chatFields({ siteId, eventId: each, templateId, userId }, link).deliveryId,
          ),
        ),
      );
    const deliveryIds = idsOf(events.own).slice(0, MOST_DELIVERIES);
    const replacedIds = idsOf(events.replaced).slice(0, MOST_DELIVERIES - deliveryIds.length);
    const { userId } = user;
    const subject = { siteId, eventId, templateId: '', userId, identity: `${TAKEN_BACK} ${cartId} ${at}` };
    return {
      ...chatFields(subject, link),
      ...{ event: 'abandoned-cart', text: '', acceptedAt },
      takesBack: {
        deliveryIds,
        ...(replacedIds.length > 0 && { replacedIds }),
        ...(recovered && { recovered }),
      },
    };
  });
}
