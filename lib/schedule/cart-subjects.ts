/** What messages about a cart speak of. */
import { cartIdKey, cartKey, type Registration, type ScheduleItem } from '../store/schedule.ts';
import type { Subject } from '../store/subjects.ts';

/** A cart counts as abandoned after 30 idle minutes: one that is reported now was touched before. Milliseconds. */
export const IDLE = 30 * 60_000;

type Cart = Pick<ScheduleItem, 'occurredAt' | 'eventId'>;

/** The cart of a user. */
export function subjectOfCart(siteId: string, userId: string, cart: Cart): Subject {
  const { occurredAt = '', eventId = '' } = cart;
  return { kind: 'cart', key: cartKey(siteId, userId).key, at: occurredAt, eventId };
}

/** That cart, and the same by its id. */
export function subjectsOfCart(siteId: string, userId: string, cart: Registration): Subject[] {
  const { occurredAt, isDated, cartId } = cart;
  const subject = subjectOfCart(siteId, userId, cart);
  if (cartId === undefined) return [subject];
  const { key } = cartIdKey(siteId, cartId);
  return [subject, { kind: 'ordered-cart', key, at: occurredAt, ...(isDated && { isDated }) }];
}

/** A time so much later. @param at ISO 8601. */
export function shifted(at: string, milliseconds: number): string {
  return new Date(Date.parse(at) + milliseconds).toISOString();
}
