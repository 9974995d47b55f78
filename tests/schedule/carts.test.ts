/** How long a cart waits, what an order does to it, and what its poller sends (docs/schedule.md, "Abandoned carts"). */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { linkOf } from '../../lib/http/schemas.ts';
import { abandonedCart, type CartEvent } from '../../lib/schedule/abandoned-cart-event.ts';
import { dropRecoveredCart, dueCarts, scheduleCart } from '../../lib/schedule/carts.ts';
import { cartsEndedByOrder } from '../../lib/schedule/endings.ts';
import { type CartOwner, type ScheduleItem, shardOf, type Waiting } from '../../lib/store/schedule.ts';
import { StaleSiteError } from '../../lib/store/sites.ts';
import { site } from '../events/reports.ts';
import { type FakeAws, fakeAws } from '../support/fake-aws.ts';
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

/** What was written into the schedule under the key of the user. */
const registered = () => aws.put.map(({ item }) => item).filter(({ key }) => key === CART.key);

describe('a cart is reported', () => {
  test('it waits three hours from its time, and is found by its id', async () => {
    const event = cartEvent({ occurredAt: '2026-11-22T10:00:00.000Z', language: 'it' });
    await expect(scheduleCart(event, shop, NOW)).resolves.toEqual([{ userId: 'anna', status: 'scheduled' }]);

    expect(registered()).toEqual([
      {
        ...CART,
        shard: shardOf('cart', CART),
        dueAt: '2026-11-22T13:00:00.000Z',
        eventId: 'cart-event',
        occurredAt: '2026-11-22T10:00:00.000Z',
        cartId: '30977',
        event: JSON.stringify(event),
        occurrence: 0,
      },
    ]);
    expect(aws.put.map(({ item }) => item)).toContainEqual(
      expect.objectContaining({ siteId: 'demo', key: 'cart-id#30977', userId: 'anna' }),
    );
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
    await scheduleCart(cartEvent({ occurredAt }), { ...shop, abandonedCartHours }, NOW);
    const [item] = registered();
    expect(item).toMatchObject({ occurredAt: counted, dueAt });
    expect(JSON.parse(String(item?.event))).toMatchObject({ occurredAt: counted });
  });

  test('without a moment given, it arrives now', async () => {
    const before = Date.now();
    await scheduleCart(cartEvent(), shop);
    const occurredAt = Date.parse(String(registered()[0]?.occurredAt));
    expect(occurredAt).toBeGreaterThanOrEqual(before);
    expect(occurredAt).toBeLessThanOrEqual(Date.now());
  });

  test('a cart of an agent does not wait', async () => {
    const event = cartEvent({ user: { id: 'anna', kind: 'agent' } });
    await expect(scheduleCart(event, shop, NOW)).resolves.toEqual([
      { userId: 'anna', status: 'skipped', reason: 'agent-cart' },
    ]);
    expect(aws.put).toEqual([]);
  });

  test.each<[string, Partial<ScheduleItem>, object]>([
    ['a newer one', { eventId: 'newer' }, { status: 'skipped', reason: 'superseded' }],
    ['the same, withdrawn', { ending: 'dropped' }, { status: 'skipped', reason: 'superseded' }],
    ['the same', {}, { status: 'scheduled' }],
    ['the same, sent by now', { ending: 'handed-over' }, { status: 'scheduled' }],
  ])('where %s is there before it', async (_what, there, outcome) => {
    aws.stored.SCHEDULE_TABLE = [{ ...waiting(there as Partial<Waiting>) }];
    aws.refuses = (table) => table === 'SCHEDULE_TABLE';
    await expect(scheduleCart(cartEvent(), shop, NOW)).resolves.toEqual([{ userId: 'anna', ...outcome }]);
  });

  test('a site that was changed since it was read: nothing waits', async () => {
    aws.stored.SITES_TABLE = [{ siteId: 'demo#version', version: 4 }];
    await expect(scheduleCart(cartEvent(), { ...shop, version: 3 }, NOW)).rejects.toThrow(StaleSiteError);
    expect(registered()).toEqual([]);
  });
});

test('a cart that was recovered is dropped', async () => {
  await dropRecoveredCart('demo', 'anna');
  expect(aws.updates).toMatchObject([{ Key: CART, ExpressionAttributeValues: { ':ending': 'dropped' } }]);
});

describe('an order', () => {
  const order = (cartId?: string, occurredAt?: string) => ({
    eventId: 'order-event',
    holder: { id: 'anna' },
    ...(cartId && { cartId }),
    ...(occurredAt && { occurredAt }),
  });

  const dropsOf = (
    event: ReturnType<typeof order>,
    { items = [], owners = [] }: { items?: ScheduleItem[]; owners?: CartOwner[] },
  ) =>
    cartsEndedByOrder.drops(
      event,
      'demo',
      {
        scheduled: new Map(items.map((item) => [`${item.siteId}\n${item.key}`, item])),
        cartOwners: new Map(owners.map((item) => [`${item.siteId}\n${item.key}`, item.userId])),
        ...{
          users: new Map(),
          chats: new Map(),
          deliveries: new Map(),
          rateLimits: new Map(),
          siteVersions: new Map(),
          lanes: new Map(),
        },
      },
      NOW,
    );
  const ownedBy = (userId: string): CartOwner => ({ siteId: 'demo', key: 'cart-id#30977', userId });

  test('has to know the cart of its holder, and whose the cart is that it was made of', () => {
    expect(cartsEndedByOrder.keys(order(), 'demo')).toEqual([CART]);
    expect(cartsEndedByOrder.keys(order('30977'), 'demo')).toEqual([
      CART,
      { siteId: 'demo', key: 'cart-id#30977' },
    ]);
  });

  test('drops what its holder had abandoned until then', () => {
    expect(dropsOf(order(undefined, '2026-11-22T11:00:00+01:00'), { items: [waiting()] })).toEqual([
      { key: CART, onlyCart: { cartId: undefined, abandonedUntil: '2026-11-22T10:00:00.000Z' } },
    ]);
    expect(dropsOf(order(), { items: [waiting()] })).toEqual([
      { key: CART, onlyCart: { cartId: undefined, abandonedUntil: '2026-11-22T12:00:00.000Z' } },
    ]);
  });

  test('drops nothing where nothing waits', () => {
    const { shard: _shard, dueAt: _dueAt, ...ended } = waiting();
    expect(dropsOf(order('30977'), {})).toEqual([]);
    expect(dropsOf(order('30977'), { items: [{ ...ended, ending: 'dropped' }] })).toEqual([]);
    expect(dropsOf(order(), { owners: [ownedBy('bruno')] })).toEqual([]);
  });

  test('drops the cart that it was made of, also that of another person', () => {
    const until = { abandonedUntil: '2026-11-22T12:00:00.000Z' };
    const brunos = { key: { siteId: 'demo', key: 'cart#bruno' }, onlyCart: { cartId: '30977' } };
    expect(dropsOf(order('30977'), { owners: [ownedBy('bruno')] })).toEqual([brunos]);
    expect(dropsOf(order('30977'), { items: [waiting()], owners: [ownedBy('bruno')] })).toEqual([
      { key: CART, onlyCart: { cartId: '30977', ...until } },
      brunos,
    ]);
    expect(dropsOf(order('30977'), { items: [waiting()], owners: [ownedBy('anna')] })).toEqual([
      { key: CART, onlyCart: { cartId: '30977', ...until } },
    ]);
  });
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
