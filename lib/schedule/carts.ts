import { isDeepStrictEqual } from 'node:util';
import { quietFor } from '../deliveries/quiet.ts';
import { hoursOfStep } from '../domain/cart-series.ts';
import { scheduledKey, userKey } from '../domain/ids.ts';
import { latestConsent, type MarketingConsent } from '../domain/marketing-consent.ts';
import type { Outcome, SkipReason } from '../domain/outcomes.ts';
import { contentOf } from '../events/content.ts';
import { endedLines } from '../events/ended-lines.ts';
import { momentOf } from '../events/event-time.ts';
import { type Accepted, type ReportedBy, skipAll, wasReported } from '../events/notify.ts';
import { NOBODY, notifyPage, type Page, pageOf } from '../events/notify-pages.ts';
import { skippedKeyOf } from '../events/plan.ts';
import { recordSkipped } from '../store/deliveries.ts';
import { readFacts } from '../store/facts.ts';
import {
  cartKey,
  ofEvent,
  readScheduled,
  register,
  rememberCart,
  shardOf,
  type Waiting,
  wasReplaced,
  withdraw,
} from '../store/schedule.ts';
import { requireLatest, type Site } from '../store/sites.ts';
import type { User } from '../store/user.ts';
import { updateUser } from '../store/users.ts';
import { abandonedCart, type CartEvent, laterMessage } from './abandoned-cart-event.ts';
import { IDLE, shifted, subjectsOfCart } from './cart-subjects.ts';
import { erasedSince, hasWaited } from './erased-since.ts';
import type { ScheduledEvent } from './scheduled-event.ts';
import { overCarts, reportsOfReplaced, takeBackCarts } from './take-back-carts.ts';

const HOUR = 3600 * 1000;

/**
 * Schedules a cart for `abandonedCartHours` after it was abandoned. It replaces an older cart of the same user. One that
 * was ordered or withdrawn since it was abandoned is superseded.
 *
 * @param now milliseconds since 1970.
 * @param reportedAt when it was reported: it may have waited in a queue. Milliseconds since 1970.
 * @throws StaleSiteError if the site was changed since it was read; nothing is scheduled then.
 * @throws EventIdReusedError
 * @throws ServiceUnreachableError
 */
export async function scheduleCart(reported: ReportedBy<CartEvent>, now = Date.now()): Promise<Accepted> {
  const { event, site } = reported;
  const item = toItem(reported, reported.reportedAt ?? now);
  const { siteId, occurredAt, isDated, cartId = '', eventId, content } = item;
  const key = cartKey(siteId, event.user.id);
  const lines = [skippedKeyOf(abandonedCart, reported, event.user)];
  const { marketingConsent } = event.user;
  const needsUser = hasWaited(reported, now) || marketingConsent !== undefined;
  const users = needsUser ? [{ siteId, userId: event.user.id }] : [];
  const facts = await readFacts({ siteIds: [siteId], users, scheduled: [key], deliveries: lines });
  requireLatest(site, facts.siteVersions.get(siteId));
  if (erasedSince(reported, now, facts).size > 0)
    return { notifications: [{ userId: event.user.id, status: 'skipped', reason: 'erased' }] };
  if (marketingConsent)
    await noteConsent(facts.users.get(userKey({ siteId, userId: event.user.id })), marketingConsent);
  const before = facts.scheduled.get(scheduledKey(key));
  const records = [...facts.deliveries.values(), ...ofEvent(eventId, before)];
  let isRepeated = wasReported(eventId, content, records);
  const skipped = (reason: SkipReason) => skipAll(abandonedCart, { ...reported, isRepeated }, reason);
  const reason = abandonedCart.skipReason?.(event, site);
  if (reason) return skipped(reason);
  // Another cart has taken its place since.
  if (wasReplaced(eventId, before)) return skipped('superseded');

  const abandoned = { userId: event.user.id, abandonedAt: occurredAt };
  const { endedAt } = await rememberCart(siteId, cartId, {
    ...abandoned,
    ...(site.cartSeries && {
      report: { eventId, isDated, replaced: await reportsOfReplaced(event.user.id, before, item) },
    }),
  });
  if (endedAt !== undefined && (!isDated || endedAt >= occurredAt)) return skipped('superseded');
  // Nothing says that it is not the same cart, reported once more.
  const isOrdered = before?.endedAt !== undefined && before.cartId === cartId;
  if (!isDated && isOrdered && before.eventId !== eventId) return skipped('superseded');
  const { stored, isNew, replaced } = await register(item, {
    now: new Date(now).toISOString(),
    endedBefore: occurredAt,
    before,
  });
  if (replaced) await recordSkipped(endedLines(replaced));
  // It may have been reported at the same moment.
  if (!isNew) isRepeated ||= wasReported(eventId, content, ofEvent(eventId, stored));
  if (stored.eventId !== eventId || stored.ending === 'dropped') return skipped('superseded');
  const { dueAt } = stored;
  const outcomes =
    stored.ending === 'handed-over' &&
    (await sendAgain(site, { ...item, occurredAt: stored.occurredAt ?? occurredAt }));
  return {
    notifications: outcomes || [{ userId: event.user.id, status: 'scheduled', ...(dueAt && { dueAt }) }],
    ...(isRepeated && { repeated: true }),
  };
}

/** What the event says of a known person's consent is kept, unless they have said something since. */
async function noteConsent(user: User | undefined, consent: MarketingConsent): Promise<void> {
  if (!user || user.renamed) return;
  const change = (current: User) => {
    const latest = latestConsent(current.marketingConsent, consent);
    return isDeepStrictEqual(latest, current.marketingConsent)
      ? current
      : { ...current, marketingConsent: latest };
  };
  await updateUser(user, change, { known: user });
}

/** A cart that was dispatched is reported again: who has got it does not get it again, and who was missed gets it now. */
function sendAgain(site: Site, item: Waiting): Promise<Outcome[]> {
  return notifyPage(dueCarts.page({ item, site }, Date.parse(item.dueAt)));
}

function toItem({ event, site, source }: ReportedBy<CartEvent>, arrivedAt: number): Waiting {
  const { eventId, cart, user } = event;
  const key = cartKey(site.siteId, user.id);
  const occurredAt = momentOf(event, arrivedAt);
  return {
    ...key,
    shard: shardOf('cart', key),
    dueAt: shifted(occurredAt, site.abandonedCartHours * HOUR),
    ...{ eventId, occurredAt, source },
    content: contentOf(abandonedCart, event),
    ...(event.occurredAt !== undefined && { isDated: true }),
    cartId: cart.id,
    event: JSON.stringify({ ...event, occurredAt }),
    occurrence: 0,
  };
}

/** The cart was recovered: messages of a series are taken back. @returns the one that waited until now. */
export async function withdrawCart(site: Site, userId: string): Promise<Waiting | undefined> {
  const key = cartKey(site.siteId, userId);
  const meantFor = { registered: 0, unknown: IDLE };
  const ended = await withdraw({ ...key, at: new Date(Date.now()).toISOString(), meantFor });
  if (site.cartSeries) await takeBackCarts(site, overCarts(userId, await readScheduled(key)));
  return ended;
}

/** The series ends where the person wants nothing of it, or the cart is no longer abandoned. */
const ENDS_SERIES: ReadonlySet<SkipReason> = new Set([
  'opted-out',
  'muted',
  'superseded',
  'erased',
  'agent-cart',
]);

/** Due carts, for their poller: each is sent as it was reported, and later once more where the site has a series. */
export const dueCarts: ScheduledEvent = {
  kind: 'cart',
  event: abandonedCart.name,
  page({ item, site }, now, limits) {
    // The event was validated when it was registered.
    const event = JSON.parse(item.event) as CartEvent;
    const about = subjectsOfCart(site.siteId, event.user.id, item);
    const { source, content, dueAt, scheduledFor = dueAt } = item;
    const step = item.occurrence + 1;
    // The series was switched off, or shortened, since.
    if (hoursOfStep(site, step) === undefined) return NOBODY;
    const page = pageOf(
      step === 1 ? abandonedCart : laterMessage(step),
      {
        ...{ event, site, about, source, content, dueAt: scheduledFor },
        ...(site.cartSeries && { step }),
      },
      { ...limits, progress: item.progress },
    );
    if (!site.cartSeries) return page;
    const planOf = (...given: Parameters<Page['plan']>) => {
      const user = given[0].users.get(userKey({ siteId: site.siteId, userId: event.user.id }));
      const quiet =
        user && !user.renamed ? quietFor({ event: abandonedCart.name }, site, user, now) : undefined;
      return { ...page.plan(...given), ...(quiet?.kind === 'wait' && { quietUntil: quiet.until }) };
    };
    return { ...page, plan: planOf };
  },
  nextTime({ item, site }, now, result) {
    const { outcomes, quietUntil = now } = result ?? {};
    const step = item.occurrence + 1;
    const [hours, next] = [hoursOfStep(site, step), hoursOfStep(site, step + 1)];
    const isOver = outcomes?.some((outcome) => 'reason' in outcome && ENDS_SERIES.has(outcome.reason));
    if (!outcomes || isOver || hours === undefined || next === undefined) return undefined;
    // Where this one was late, or waits for the end of a night, the next one does not follow at once.
    const soonest = Math.max(now, quietUntil) + ((next - hours) * HOUR) / 2;
    const dueAt = Math.max(Date.parse(shifted(item.occurredAt, next * HOUR)), soonest);
    return { dueAt: new Date(dueAt).toISOString(), occurrence: item.occurrence + 1 };
  },
};
