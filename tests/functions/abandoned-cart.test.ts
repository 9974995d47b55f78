/** Abandoned carts, from the report to the queue: sent on time, once, and not when there is no cart any more. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { type Gate, startGates } from '../support/gate.ts';
import { endLater, later } from '../support/later.ts';
import { type Fields, payload } from '../support/payloads.ts';
import { cartEvent, pollDue } from '../support/schedule.ts';

let app: App;
let dynamodb: Gate;
let sqs: Gate;
let count = 0;

beforeAll(async () => {
  app = await startApp({
    beforeLoading: async (stack) => {
      ({ dynamodb, sqs } = await startGates(stack));
    },
  });
  // The demo shop as it was, before `app.setUser` of these tests changes it.
  await app.setUser('anna', { chatId: 1001, language: 'it' });
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close()]);
  await app.close();
});
beforeEach(async () => {
  await Promise.all([dynamodb.open(), sqs.open()]);
  await app.reset();
});

afterEach(endLater);

const MORNING = '2026-11-20T10:00:00+01:00';
const IN_TIME = '2026-11-20T13:00:00+01:00';

const report = (changes: Fields = {}) =>
  app.report('abandoned-cart', cartEvent({ eventId: `cart-${++count}`, occurredAt: MORNING, ...changes }));
const outcome = async (answer: ReturnType<typeof report>) => (await answer).json.notifications[0];
const runAt = (at: string | number) => pollDue('abandoned-cart', at);
const queued = () => app.takeQueued();
const cart = (id: string, changes: Fields = {}) => ({ ...(cartEvent().cart as Fields), id, ...changes });

const SCHEDULED = { userId: 'anna', status: 'scheduled', dueAt: '2026-11-20T12:00:00.000Z' };
const SUPERSEDED = { userId: 'anna', status: 'skipped', reason: 'superseded' };

describe('a cart', () => {
  test('is accepted, waits three hours, and is sent with a button that leads to it', async () => {
    const answer = await report({ eventId: 'first' });
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({ eventId: 'first', notifications: [SCHEDULED] });
    await runAt('2026-11-20T12:59:59.999+01:00');
    expect(await queued()).toEqual([]);

    await runAt(IN_TIME);
    const [notification, ...more] = await queued();
    expect(more).toEqual([]);
    expect(notification).toMatchObject({
      event: 'abandoned-cart',
      eventId: 'first',
      userId: 'anna',
      button: { text: "Completa l'acquisto", url: 'https://shop.example/carrello/30977' },
    });
    expect(notification?.text).toContain('89,00');
  });

  test('is sent by no later run', async () => {
    await report();
    await runAt(IN_TIME);
    await queued();
    await runAt('2026-11-21T13:00:00+01:00');
    expect(await queued()).toEqual([]);
  });

  test.each([
    [0.5, '2026-11-20T10:30:00+01:00'],
    [0.01, '2026-11-20T10:00:36+01:00'],
    [72, '2026-11-23T10:00:00+01:00'],
  ])('waits %d hours where the merchant wants it so', async (abandonedCartHours, due) => {
    await app.setSite({ abandonedCartHours });
    await report();
    await runAt(Date.parse(due) - 1);
    expect(await queued()).toEqual([]);
    await runAt(due);
    expect(await queued()).toHaveLength(1);
  });

  test('without a time counts from its arrival', async () => {
    const before = Date.now();
    await report({ occurredAt: undefined });
    const after = Date.now();
    await runAt(before + 3 * 3_600_000 - 1);
    expect(await queued()).toEqual([]);
    await runAt(after + 3 * 3_600_000);
    expect(await queued()).toHaveLength(1);
  });

  test('of the future counts from now', async () => {
    await report({ occurredAt: '2099-12-31T23:59:59Z' });
    await runAt(Date.now() + 3 * 3_600_000);
    expect(await queued()).toHaveLength(1);
  });

  test('is written in the language of the session', async () => {
    await report({ language: 'en' });
    await runAt(IN_TIME);
    expect((await queued())[0]?.button?.text).toBe('Complete your purchase');
  });

  test('of an agent is never sent', async () => {
    const answer = report({ user: { id: 'anna', kind: 'agent' } });
    expect(await outcome(answer)).toEqual({ userId: 'anna', status: 'skipped', reason: 'agent-cart' });
    await runAt(IN_TIME);
    expect(await queued()).toEqual([]);
    expect(await app.stack.items('ScheduleTable')).toEqual([]);
  });

  test('of a user whose id holds anything', async () => {
    const id = 'a/b#c \n ünï 😀';
    await app.setUser(id);
    await report({ user: { id }, cart: cart('c#1/2') });
    await runAt(IN_TIME);
    expect((await queued()).map(({ userId }) => userId)).toEqual([id]);
  });
});

describe('reported again', () => {
  test('with the same event id it repeats nothing, waiting or sent', async () => {
    await report({ eventId: 'same' });
    expect(await outcome(report({ eventId: 'same', occurredAt: IN_TIME }))).toEqual(SCHEDULED);
    await runAt(IN_TIME);
    expect(await queued()).toHaveLength(1);
    const again = await report({ eventId: 'same' });
    // It is not to come any more.
    expect(again.json).toMatchObject({
      eventId: 'same',
      repeated: true,
      notifications: [{ userId: 'anna', status: 'queued', templateId: 'default-abandoned-cart' }],
    });
    expect(await queued()).toEqual([]);
    await runAt('2026-11-21T13:00:00+01:00');
    expect(await queued()).toEqual([]);
  });

  test('a newer cart takes the place of the older one and moves the time', async () => {
    await report({ cart: cart('old') });
    const later = { occurredAt: '2026-11-20T11:30:00+01:00', cart: cart('new', { itemCount: 7 }) };
    const dueAt = '2026-11-20T13:30:00.000Z';
    expect(await outcome(report({ eventId: 'newer', ...later }))).toEqual({ ...SCHEDULED, dueAt });
    await runAt(IN_TIME);
    expect(await queued()).toEqual([]);
    await runAt('2026-11-20T14:30:00+01:00');
    expect((await queued()).map(({ eventId }) => eventId)).toEqual(['newer']);
  });

  test('an older cart that comes late is superseded', async () => {
    await report({ eventId: 'came-first', occurredAt: '2026-11-20T11:30:00+01:00' });
    expect(await outcome(report({ cart: cart('old') }))).toEqual(SUPERSEDED);
    await runAt('2026-11-20T14:30:00+01:00');
    expect((await queued()).map(({ eventId }) => eventId)).toEqual(['came-first']);
  });

  test('moments are compared, not texts', async () => {
    await report({ occurredAt: '2026-11-20T09:30:00Z' });
    expect(await outcome(report({ occurredAt: '2026-11-20T10:00:00+01:00' }))).toEqual(SUPERSEDED);
  });

  test('of two of the same moment the later arrival counts', async () => {
    await report();
    await report({ eventId: 'second' });
    await runAt(IN_TIME);
    expect((await queued()).map(({ eventId }) => eventId)).toEqual(['second']);
  });

  test('users do not disturb each other', async () => {
    await report();
    await report({ user: { id: 'bruno' }, cart: cart('2'), occurredAt: '2026-11-20T09:00:00+01:00' });
    await runAt(IN_TIME);
    expect((await queued()).map(({ userId }) => userId).sort()).toEqual(['anna', 'bruno']);
  });
});

describe('a recovered cart', () => {
  test('is not sent, and its event repeated is superseded', async () => {
    await report({ eventId: 'recovered' });
    const answer = await app.withdraw('abandoned-cart', 'anna');
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await outcome(report({ eventId: 'recovered' }))).toEqual(SUPERSEDED);
    await runAt(IN_TIME);
    expect(await queued()).toEqual([]);
  });

  test('leaves nothing of the person behind', async () => {
    await report();
    await app.withdraw('abandoned-cart', 'anna');
    expect(JSON.stringify(await app.stack.items('ScheduleTable'))).not.toContain('Rossi');
  });

  test('gives way to one that is abandoned later', async () => {
    await report();
    await app.withdraw('abandoned-cart', 'anna');
    later(60_000);
    const occurredAt = new Date(Date.now()).toISOString();
    await report({ eventId: 'next', occurredAt });
    await runAt(Date.now() + 3 * 3_600_000);
    expect((await queued()).map(({ eventId }) => eventId)).toEqual(['next']);
  });

  test.each([
    // An id that no user can have is not remembered.
    ['anna', 1],
    ['nobody', 1],
    ['x'.repeat(129), 0],
    ['€'.repeat(2000), 0],
  ])('204 also where nothing waits: %s', async (id, remembered) => {
    expect((await app.withdraw('abandoned-cart', id)).status).toBe(204);
    expect(await app.stack.items('ScheduleTable')).toHaveLength(remembered);
  });

  test('leaves the carts of others alone', async () => {
    await report();
    await app.withdraw('abandoned-cart', 'bruno');
    await runAt(IN_TIME);
    expect(await queued()).toHaveLength(1);
  });

  test('401: nothing is dropped', async () => {
    await report();
    expect((await app.withdraw('abandoned-cart', 'anna', { key: 'pwtg_wrong' })).status).toBe(401);
    await runAt(IN_TIME);
    expect(await queued()).toHaveLength(1);
  });
});

describe('an order', () => {
  const order = (changes: Fields = {}) =>
    app.report('order-status', payload('order-status', { eventId: `order-${++count}`, ...changes }));
  const sentCarts = async () => {
    await queued();
    await runAt(IN_TIME);
    return (await queued()).length;
  };

  test('of the same user drops the cart', async () => {
    await report();
    expect((await order()).json.notifications[0].status).toBe('queued');
    expect(await sentCarts()).toBe(0);
  });

  test.each([
    [
      'a status that no template manages',
      { order: { ...(payload('order-status').order as Fields), status: 'X' } },
    ],
    ['the moment of the cart itself', { occurredAt: MORNING }],
  ])('with %s drops it', async (_, changes) => {
    await report();
    await order(changes);
    expect(await sentCarts()).toBe(0);
  });

  test('from before the cart leaves it', async () => {
    await report();
    await order({ occurredAt: '2026-11-20T09:59:59+01:00' });
    expect(await sentCarts()).toBe(1);
  });

  test('made of that very cart drops it, whatever the clocks say', async () => {
    await report();
    await order({ occurredAt: '2026-11-20T09:59:59+01:00', cartId: '30977' });
    expect(await sentCarts()).toBe(0);
  });

  test('made of that very cart drops it, whoever holds the order', async () => {
    await report();
    await order({ holder: { id: 'bruno' }, cartId: '30977' });
    expect(await sentCarts()).toBe(0);
  });

  test('made of a cart that was replaced leaves the one that waits', async () => {
    await report({ cart: cart('first') });
    await report({ cart: cart('second') });
    await order({ holder: { id: 'bruno' }, cartId: 'first' });
    expect(await sentCarts()).toBe(1);
  });

  test.each([
    ['of another user', { holder: { id: 'bruno' } }],
    ['of another cart of another user', { holder: { id: 'bruno' }, cartId: '1' }],
  ])('%s leaves it', async (_, changes) => {
    await report();
    await order(changes);
    expect(await sentCarts()).toBe(1);
  });

  test.each<[string, Fields, number]>([
    // One read, one write to remember it, one message; and one write where it names a cart.
    ['an order', {}, 2],
    ['one that names its cart', { cartId: '30977' }, 3],
  ])('%s: what it costs, and one write more where it ends a waiting cart', async (_, changes, tables) => {
    const newOrder = () => {
      const id = `order-${++count}`;
      return order({ ...changes, order: { ...(payload('order-status').order as Fields), id } });
    };
    const calls = async () => {
      await Promise.all([dynamodb.open(), sqs.open()]);
      await newOrder();
      return [dynamodb.passed(), sqs.passed()];
    };
    await newOrder();
    expect(await calls()).toEqual([tables, 1]);
    await report({ occurredAt: undefined, cart: cart('31000') });
    expect(await calls()).toEqual([tables + 1, 1]);
    expect(await calls()).toEqual([tables, 1]);
  });
});

test('a cart costs one read and two writes', async () => {
  await report({ user: { id: 'bruno' } });
  await Promise.all([dynamodb.open(), sqs.open()]);
  await report();
  expect([dynamodb.passed(), sqs.passed()]).toEqual([3, 0]);
});

describe('decided when it is due', () => {
  test('who links meanwhile gets it', async () => {
    await report({ user: { id: 'late' } });
    await app.setUser('late');
    await runAt(IN_TIME);
    expect((await queued()).map(({ userId }) => userId)).toEqual(['late']);
  });

  test.each([
    ['opted out', { optedOut: true }],
    ['muted carts', { mutedEvents: ['abandoned-cart'] }],
    ['unlinked', { chatId: undefined }],
  ])('who %s meanwhile gets nothing, then or later', async (_, changes) => {
    await app.setUser('changing');
    await report({ user: { id: 'changing' } });
    await app.setUser('changing', changes);
    await runAt(IN_TIME);
    await app.setUser('changing');
    await runAt('2026-11-21T13:00:00+01:00');
    expect(await queued()).toEqual([]);
  });

  test('templates, their groups and the language of the site', async () => {
    await app.setUser('muta');
    await report({ language: undefined, user: { id: 'muta', groups: ['Privati'] } });
    await app.setSite({
      defaultLanguage: 'en',
      templates: [
        template('abandoned-cart', 'everyone', { text: { it: 'sì', en: 'yes' } }),
        template('abandoned-cart', 'companies', { groups: ['Aziende'] }),
      ],
    });
    await runAt(IN_TIME);
    expect((await queued()).map(({ text }) => text)).toEqual(['yes']);
  });

  test.each([
    ['made after it', '2026-11-20T10:00:00.001+01:00', 0],
    ['made with it', MORNING, 1],
    ['made before it', '2026-11-01T00:00:00Z', 1],
    ['of unknown age', undefined, 1],
  ])('a template %s', async (_, createdAt, sent) => {
    await report();
    await app.setTemplates(template('abandoned-cart', 'one', createdAt ? { createdAt } : {}));
    await runAt(IN_TIME);
    expect(await queued()).toHaveLength(sent);
  });

  test.each([{ active: false }, { moduleActive: false }])('a site that is %j sends nothing', async (site) => {
    await report();
    await app.setSite(site);
    await runAt(IN_TIME);
    await app.setSite();
    await runAt(IN_TIME);
    expect(await queued()).toEqual([]);
  });
});

describe('refused', () => {
  test.each<[string, Fields, string]>([
    ['a link to another host', { cart: cart('1', { url: 'https://evil.example/' }) }, '/cart/url'],
    ['no cart', { cart: undefined }, '/cart'],
    ['an unknown property', { carts: 1 }, '/carts'],
    ['a time without offset', { occurredAt: '2026-11-20T10:00:00' }, '/occurredAt'],
  ])('%s', async (_, changes, pointer) => {
    const answer = await report(changes);
    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ pointer }]);
    expect(await app.stack.items('ScheduleTable')).toEqual([]);
  });

  test('503 while DynamoDB is away; the same request, repeated, is accepted', async () => {
    await report({ user: { id: 'bruno' } });
    await dynamodb.shut();
    expect((await report({ eventId: 'again' })).status).toBe(503);
    expect((await app.withdraw('abandoned-cart', 'anna')).status).toBe(503);
    await dynamodb.open();
    expect(await outcome(report({ eventId: 'again' }))).toEqual(SCHEDULED);
  });
});
