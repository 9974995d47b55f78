/** How long a cart waits, what an order does to it, and what its poller sends (docs/schedule.md, "Abandoned carts"). */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { linkOf } from '../../lib/http/schemas.ts';
import { abandonedCart, type CartEvent } from '../../lib/schedule/abandoned-cart-event.ts';
import { dueCarts, scheduleCart } from '../../lib/schedule/carts.ts';
import { orderMemory } from '../../lib/schedule/memory.ts';
import { type ScheduleItem, shardOf, type Waiting } from '../../lib/store/schedule.ts';
import { StaleSiteError } from '../../lib/store/sites.ts';
import { site } from '../events/reports.ts';
import { changesOf, type FakeAws, fakeAws } from '../support/fake-aws.ts';
import { notifyDue } from '../support/schedule.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const CART = { siteId: 'demo', key: 'cart#anna' };
const template = {
  ...{ id: 'carrello', name: 'Carrello', event: 'abandoned-cart' as const, enabled: true },
  text: { it: '{{numeroArticoliCarrello}} per {{nome}}: {{totaleCarrello}}', en: '{{totaleCarrello}}' },
  button: { it: 'Completa', en: 'Complete' },
};
const shop = { ...site, templates: [template] };

const cartEvent = (changes: Partial<CartEvent> = {}): CartEvent => ({
  eventId: 'cart-event',
  cart: {
    ...{ id: '30977', itemCount: 2, total: { amount: '89.00', currency: 'EUR' } },
    url: 'https://shop.example/carrello/30977',
  },
  user: { id: 'anna', firstName: 'Anna' },
  ...changes,
});

const waiting = (changes: Partial<Waiting> = {}): Waiting => ({
  ...CART,
  ...{ eventId: 'cart-event', occurredAt: '2026-11-22T10:00:00.000Z', cartId: '30977' },
  ...{ shard: 'cart-0', dueAt: '2026-11-22T13:00:00.000Z', occurrence: 0 },
  event: JSON.stringify(cartEvent()),
  ...changes,
});

let aws: FakeAws;
beforeEach(() => {
  aws = fakeAws();
});
afterEach(() => {
  jest.restoreAllMocks();
});

const schedule = (event: CartEvent, changes: Partial<typeof shop> = {}, now?: number) =>
  scheduleCart({ event, site: { ...shop, ...changes }, source: 'https' }, now);
/** What was written into the schedule under a key, by default that of the user. */
const registered = (key = CART.key) => aws.updates.filter(({ Key }) => Key?.key === key).map(changesOf);
/** The lines of the log that were written. */
const lines = () => aws.put.filter(({ table }) => table === 'DELIVERIES_TABLE').map(({ item }) => item);

describe('a cart is reported', () => {
  test('it waits three hours from its time, and is found by its id', async () => {
    const event = cartEvent({ occurredAt: '2026-11-22T10:00:00.000Z', language: 'it' });
    const dueAt = '2026-11-22T13:00:00.000Z';
    await expect(schedule(event, {}, NOW)).resolves.toEqual({
      notifications: [{ userId: 'anna', status: 'scheduled', dueAt }],
    });

    expect(registered()).toMatchObject([
      {
        ...{ shard: shardOf('cart', CART), dueAt, eventId: 'cart-event', cartId: '30977' },
        ...{ occurredAt: '2026-11-22T10:00:00.000Z', isDated: true, source: 'https' },
        ...{ event: JSON.stringify(event), occurrence: 0 },
        // Nothing of what was registered before stays.
        ...{ ending: undefined, attempts: undefined, expiresAt: undefined },
      },
    ]);
    expect(registered('cart-id#30977')).toMatchObject([
      { userId: 'anna', abandonedAt: '2026-11-22T10:00:00.000Z' },
    ]);
    expect(lines()).toEqual([]);
  });

  test.each<[string, string | undefined, number, string, string]>([
    [
      'half an hour',
      '2026-11-22T11:00:00+01:00',
      0.5,
      '2026-11-22T10:00:00.000Z',
      '2026-11-22T10:30:00.000Z',
    ],
    ['after its arrival', undefined, 3, '2026-11-22T12:00:00.000Z', '2026-11-22T15:00:00.000Z'],
    ['of the future', '2026-11-22T14:00:00Z', 3, '2026-11-22T12:00:00.000Z', '2026-11-22T15:00:00.000Z'],
  ])('%s', async (_what, occurredAt, abandonedCartHours, counted, dueAt) => {
    await schedule(cartEvent({ occurredAt }), { abandonedCartHours }, NOW);
    const [item] = registered();
    expect(item).toMatchObject({ occurredAt: counted, dueAt });
    expect(item?.isDated).toBe(occurredAt === undefined ? undefined : true);
    expect(JSON.parse(String(item?.event))).toMatchObject({ occurredAt: counted });
  });

  test('without a moment given, it arrives now', async () => {
    const before = Date.now();
    await schedule(cartEvent());
    const occurredAt = Date.parse(String(registered()[0]?.occurredAt));
    expect(occurredAt).toBeGreaterThanOrEqual(before);
    expect(occurredAt).toBeLessThanOrEqual(Date.now());
  });

  test('a cart of an agent does not wait; the log says why', async () => {
    const event = cartEvent({ user: { id: 'anna', kind: 'agent' } });
    const skipped = { userId: 'anna', status: 'skipped', reason: 'agent-cart' };
    await expect(schedule(event, {}, NOW)).resolves.toEqual({ notifications: [skipped] });
    expect(aws.updates).toEqual([]);
    expect(lines()).toMatchObject([
      { ...skipped, siteId: 'demo', event: 'abandoned-cart', eventId: 'cart-event', source: 'https' },
    ]);
  });

  test.each<[string, Partial<ScheduleItem>, object]>([
    ['a newer one', { eventId: 'newer' }, { status: 'skipped', reason: 'superseded' }],
    ['the same, withdrawn', { ending: 'dropped' }, { status: 'skipped', reason: 'superseded' }],
    ['the same', {}, { status: 'scheduled', dueAt: '2026-11-22T13:00:00.000Z' }],
    // It is looked at again, and nobody has linked anna here.
    [
      'the same, dispatched by now,',
      { ending: 'handed-over', dueAt: undefined },
      { status: 'skipped', reason: 'not-linked' },
    ],
  ])('where %s is there before it', async (_what, there, outcome) => {
    aws.stored.SCHEDULE_TABLE = [{ ...waiting(there as Partial<Waiting>) }];
    aws.refuses = (table) => table === 'SCHEDULE_TABLE';
    const { notifications, repeated } = await schedule(cartEvent(), {}, NOW);
    expect(notifications).toEqual([{ userId: 'anna', ...outcome }]);
    expect(repeated).toBe(there.eventId === 'newer' ? undefined : true);
  });

  test('a site that was changed since it was read: nothing waits', async () => {
    aws.stored.SITES_TABLE = [{ siteId: 'demo#version', version: 4 }];
    await expect(schedule(cartEvent(), { version: 3 }, NOW)).rejects.toThrow(StaleSiteError);
    expect(aws.updates).toEqual([]);
  });
});

test('an order has to know its own status, the cart of its holder, and the cart that it was made of', () => {
  const order = { eventId: 'order-event', order: { id: '77' }, holder: { id: 'anna' } };
  const ofOrder = { siteId: 'demo', key: 'order#77' };
  expect(orderMemory.keys(order, 'demo')).toEqual([ofOrder, CART]);
  expect(orderMemory.keys({ ...order, cartId: '30977' }, 'demo')).toEqual([
    ofOrder,
    CART,
    { siteId: 'demo', key: 'cart-id#30977' },
  ]);
});

describe('a cart is due', () => {
  const anna = { siteId: 'demo', userId: 'anna', chatId: 1001, botId: '100' };

  test('its message is written as it was reported', async () => {
    aws.stored.USERS_TABLE = [anna];
    const outcomes = await notifyDue(dueCarts, { item: waiting(), site: shop }, NOW);
    expect(outcomes).toMatchObject([{ userId: 'anna', templateId: 'carrello', status: 'queued' }]);
    expect(aws.queued).toMatchObject([
      {
        ...{ siteId: 'demo', userId: 'anna', event: 'abandoned-cart', eventId: 'cart-event' },
        text: expect.stringMatching(/^2 per Anna: 89,00\s€$/),
        button: { text: 'Completa', url: 'https://shop.example/carrello/30977' },
      },
    ]);
  });

  test('in the language of the session', async () => {
    aws.stored.USERS_TABLE = [{ ...anna, language: 'it' }];
    await notifyDue(
      dueCarts,
      { item: waiting({ event: JSON.stringify(cartEvent({ language: 'en' })) }), site: shop },
      NOW,
    );
    expect(aws.queued).toMatchObject([{ text: '€89.00' }]);
  });

  test.each<[string, string | undefined, string | undefined, object]>([
    ['older than the cart', '2026-11-22T10:00:00.000Z', '2026-11-22T10:00:00.000Z', { status: 'queued' }],
    [
      'newer than the cart',
      '2026-11-22T10:00:00.001Z',
      '2026-11-22T11:00:00+01:00',
      { status: 'skipped', reason: 'no-template' },
    ],
    ['of a new site', undefined, '2026-11-22T10:00:00.000Z', { status: 'queued' }],
    ['of any age, for a cart without a time', '2026-11-22T10:00:00.000Z', undefined, { status: 'queued' }],
  ])('a template %s', async (_what, createdAt, occurredAt, outcome) => {
    aws.stored.USERS_TABLE = [anna];
    const templates = [{ ...template, ...(createdAt && { createdAt }) }];
    const item = waiting({ event: JSON.stringify(cartEvent({ occurredAt })) });
    const outcomes = await notifyDue(dueCarts, { item, site: { ...shop, templates } }, NOW);
    expect(outcomes).toMatchObject([{ userId: 'anna', ...outcome }]);
  });

  test('it is sent once, under the name of its event', () => {
    expect(dueCarts).toMatchObject({ kind: 'cart', event: 'abandoned-cart' });
    expect(dueCarts.nextTime({ item: waiting(), site: shop }, NOW)).toBeUndefined();
  });
});

describe('the payload', () => {
  const takes = (payload: object) =>
    abandonedCart.schema(linkOf('https://shop.example')).safeParse(payload).success;

  test('is taken with and without what is optional', () => {
    expect(takes(cartEvent())).toBe(true);
    expect(takes(cartEvent({ occurredAt: '2026-11-22T10:00:00Z', language: 'it' }))).toBe(true);
  });

  test.each([
    ['an unknown property', { note: 'x' }],
    ['an unknown property of the cart', { cart: { ...cartEvent().cart, note: 'x' } }],
    ['no cart', { cart: undefined }],
    ['a cart without its link', { cart: { ...cartEvent().cart, url: undefined } }],
    ['a link to elsewhere', { cart: { ...cartEvent().cart, url: 'https://evil.example/' } }],
    ['no user', { user: undefined }],
    ['no event id', { eventId: undefined }],
  ])('with %s it is refused', (_what, changes) => {
    expect(takes({ ...cartEvent(), ...changes })).toBe(false);
  });
});
