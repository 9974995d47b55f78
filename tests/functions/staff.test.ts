/** People who work in the shop are told what happens there. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { StaffMember } from '../../lib/domain/staff.ts';
import { type App, startApp } from '../support/app.ts';
import { ANNA, BRUNO, CARLA, UGO } from '../support/fixtures.ts';
import { type Gate, startGates } from '../support/gate.ts';
import { type Fields, payload } from '../support/payloads.ts';
import { eventBatch, record } from '../support/sqs-events.ts';

let app: App;
let dynamodb: Gate;
let sqs: Gate;
beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    forDeliveries: true,
    beforeLoading: async (stack) => {
      ({ dynamodb, sqs } = await startGates(stack));
    },
  });
});
afterAll(async () => {
  await app.close();
  await Promise.all([dynamodb.close(), sqs.close()]);
});
beforeEach(() => {
  run += 1;
  return app.reset();
});

const CARLA_ORDERS: StaffMember = { userId: 'carla', notices: ['new-order'] };

/** The queue remembers the messages of former tests for minutes: each test has ids of its own. */
let run = 0;
const order = (id: string, changes: Fields = {}) =>
  payload('order-status', {
    ...changes,
    eventId: `${run}-${changes.eventId ?? 'event'}`,
    order: { ...(payload('order-status').order as Fields), id: `${run}-${id}`, reference: `OC ${id}` },
  });

const report = (body: Fields) => app.report('order-status', body);

async function deliver(): Promise<void> {
  for (const each of await app.takeQueued()) {
    await app.stack.empty('PacesTable');
    expect(await app.deliver([record(each)])).toEqual([]);
  }
}

const staffTexts = async (chatId: number) =>
  (await app.telegram.textsIn(chatId)).filter((text) => text.startsWith('🛒'));

describe('a new order', () => {
  test('is told to the staff, in their language, with a button to the order, and shown in the log as what it is', async () => {
    await app.setSite({ staff: [CARLA_ORDERS, { userId: 'bruno', notices: ['new-order'] }] });
    const { json } = await report(order('1'));
    // The answer is about whom the event is for.
    expect(json.notifications.map(({ userId }: { userId: string }) => userId)).toEqual(['anna']);
    await deliver();

    expect(await app.telegram.textsIn(CARLA)).toEqual([
      '🛒 Nuovo ordine OC 1\n\nCliente: Anna Rossi\nArticoli: 3\nTotale: 149,90\u00a0€\nStato: Evaso',
    ]);
    expect(await app.telegram.textsIn(BRUNO)).toEqual([
      '🛒 New order OC 1\n\nCustomer: Anna Rossi\nItems: 3\nTotal: €149.90\nStatus: Evaso',
    ]);
    const [button] = (await app.telegram.lastIn(CARLA)).reply_markup?.inline_keyboard?.flat() ?? [];
    expect(button).toMatchObject({ text: 'Apri l’ordine', url: 'https://shop.example/ordini/84512' });
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);

    const log = await app.call('GET', '/v1/sites/demo/deliveries', { query: 'event=staff-new-order' });
    expect(log.json.deliveries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          userId: 'carla',
          event: 'staff-new-order',
          status: 'sent',
          eventId: `${run}-event`,
        }),
      ]),
    );
    expect(log.json.deliveries).toHaveLength(2);
  });

  test('says with which status it was reported, as it was then: it may be cancelled already', async () => {
    await app.setSite({ staff: [CARLA_ORDERS] });
    const cancelled = order('1');
    await report({ ...cancelled, order: { ...(cancelled.order as Fields), status: 'Annullato' } });
    await deliver();
    expect(await staffTexts(CARLA)).toEqual([expect.stringMatching(/\nStato: Annullato$/)]);
  });

  test('costs no call more, and none at all where nobody is to be told', async () => {
    const two: StaffMember[] = [CARLA_ORDERS, { userId: 'bruno', notices: ['new-order'] }];
    // Also somebody who is not linked costs none: their line of the log goes with the messages.
    const three: StaffMember[] = [...two, { userId: 'dario', notices: ['new-order'] }];
    const calls: number[] = [];
    for (const staff of [undefined, two, three]) {
      await app.setSite(staff && { staff });
      const name = `${calls.length}`;
      await report(order(`warm-${name}`, { eventId: `warm-${name}` }));
      await dynamodb.open();
      await sqs.open();
      await report(order(name, { eventId: name }));
      calls.push(dynamodb.passed() + sqs.passed());
    }
    expect(calls).toEqual([3, 3, 3]);
  });

  test('is told once: not of a later status, a late older one, or the same event again', async () => {
    await app.setSite({ staff: [CARLA_ORDERS] });
    const at = (id: string, occurredAt: string) => order('1', { eventId: id, occurredAt });
    await report(at('first', '2026-11-22T10:00:00Z'));
    await deliver();
    expect(await staffTexts(CARLA)).toHaveLength(1);
    await report(at('later', '2026-11-22T11:00:00Z'));
    await report(at('older', '2026-11-22T09:00:00Z'));
    await report(at('first', '2026-11-22T10:00:00Z'));
    await deliver();
    expect(await staffTexts(CARLA)).toHaveLength(1);
    await report(order('2', { eventId: 'other' }));
    await deliver();
    expect(await staffTexts(CARLA)).toHaveLength(2);
  });

  test('of two events that are both the first, one is told', async () => {
    await app.setSite({ staff: [CARLA_ORDERS] });
    await report(order('warm', { eventId: 'warm' }));
    await deliver();
    await Promise.all(['a', 'b', 'c'].map((eventId) => report(order('1', { eventId }))));
    await deliver();
    expect((await staffTexts(CARLA)).filter((text) => text.includes('OC 1'))).toHaveLength(1);
  });

  test('does not name a customer who was erased since the event was put into the queue', async () => {
    await app.setSite({ staff: [CARLA_ORDERS], templates: [] });
    await app.setUser('eva');
    await app.call('DELETE', '/v1/sites/demo/users/eva');
    const message = order('1', { holder: { id: 'eva', firstName: 'Eva', lastName: 'Neri' } });
    const batch = eventBatch('order-status', [{ ...message, siteId: 'demo' }]);
    for (const { attributes } of batch.Records) attributes.SentTimestamp = String(Date.now() - 60_000);
    await app.invoke('order-status', batch);
    await deliver();
    expect(await staffTexts(CARLA)).toEqual([expect.stringMatching(/^🛒 Nuovo ordine OC 1\n\nArticoli: 3/)]);
  });

  test('an order that was known before anybody was to be told is none', async () => {
    await report(order('1', { eventId: 'before' }));
    await app.setSite({ staff: [CARLA_ORDERS] });
    await report(order('1', { eventId: 'before' }));
    await report(order('1', { eventId: 'after' }));
    await deliver();
    expect(await staffTexts(CARLA)).toEqual([]);
  });

  describe('first reported while the site is off', () => {
    const off = () => app.call('PATCH', '/v1/sites/demo', { body: { active: false } });
    const on = () => app.call('PATCH', '/v1/sites/demo', { body: { active: true } });
    const at = (id: string, occurredAt: string) => order('1', { eventId: id, occurredAt });
    const OFF_OF = (id: string) => order(id, { eventId: `off ${id}` });

    test.each([
      ['a later status', 'later', '2026-11-22T11:00:00Z'],
      ['an older one', 'older', '2026-11-22T09:00:00Z'],
      ['the same event again', 'off', '2026-11-22T10:00:00Z'],
    ])('is told with the first status that is accepted, once: %s', async (_, id, time) => {
      await app.setSite({ staff: [CARLA_ORDERS] });
      await off();
      expect((await report(at('off', '2026-11-22T10:00:00Z'))).status).toBe(403);
      await report(at('off', '2026-11-22T10:00:00Z'));
      await on();
      expect((await report(at(id, time))).status).toBe(202);
      const queued = await app.takeQueued();
      // The same event may come again, as after a crash; others are not the first.
      await report(at(id, time));
      await report(at('next', '2026-11-22T12:00:00Z'));
      for (const each of [...queued, ...(await app.takeQueued())]) {
        await app.stack.empty('PacesTable');
        await app.deliver([record(each)]);
      }
      expect(await staffTexts(CARLA)).toHaveLength(1);
      const { json } = await app.call('GET', '/v1/sites/demo/deliveries', { query: 'event=staff-new-order' });
      expect(json.deliveries.map(({ eventId }: Fields) => eventId)).toEqual([`${run}-${id}`]);
      expect(await app.stack.items('ScheduleTable')).toContainEqual(
        expect.objectContaining({ firstEventId: `${run}-${id}` }),
      );
    });

    test('is not told where nobody was to be told then, or when it was accepted', async () => {
      await off();
      await report(OFF_OF('1'));
      await app.setSite({ staff: [CARLA_ORDERS] });
      await report(order('1', { eventId: 'on' }));
      await off();
      await report(OFF_OF('2'));
      await app.setSite({});
      await report(order('2', { eventId: 'on 2' }));
      await app.setSite({ staff: [CARLA_ORDERS] });
      await report(order('2', { eventId: 'on 2' }));
      await report(order('2', { eventId: 'later 2' }));
      await deliver();
      expect(await staffTexts(CARLA)).toEqual([]);
    });
  });

  test('is told where the customer gets nothing, and of an order that has moved on meanwhile', async () => {
    await app.setSite({ staff: [CARLA_ORDERS], templates: [] });
    await report(order('1', { eventId: 'a', occurredAt: '2026-11-22T10:00:00Z' }));
    const queued = await app.takeQueued();
    await report(order('1', { eventId: 'b', occurredAt: '2026-11-22T11:00:00Z' }));
    for (const each of queued) await app.deliver([record(each)]);
    expect(await staffTexts(CARLA)).toHaveLength(1);
  });

  test('a person who is customer and staff gets both', async () => {
    await app.setSite({ staff: [{ userId: 'anna', notices: ['new-order'] }] });
    await report(order('1'));
    await deliver();
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(2);
    expect(await staffTexts(ANNA)).toHaveLength(1);
  });

  test('goes to nobody who has stopped, muted it, is not linked, or has no such notice', async () => {
    await app.setUser('carla', { mutedEvents: ['staff-new-order'] });
    await app.setUser('bruno', { optedOut: true });
    await app.setSite({
      staff: [
        CARLA_ORDERS,
        { userId: 'bruno', notices: ['new-order'] },
        { userId: 'dario', notices: ['new-order'] },
        { userId: 'nobody', notices: ['new-order'] },
        { userId: 'anna', notices: ['failures'] },
      ],
    });
    await report(order('1'));
    await deliver();
    for (const chat of [ANNA, BRUNO, CARLA]) expect(await staffTexts(chat)).toEqual([]);
    const { json } = await app.call('GET', '/v1/sites/demo/deliveries', { query: 'event=staff-new-order' });
    const reasons = json.deliveries.map(({ userId, reason }: Fields) => [userId, reason]);
    expect(new Map(reasons)).toEqual(
      new Map([
        ['carla', 'muted'],
        ['bruno', 'opted-out'],
        ['dario', 'not-linked'],
        ['nobody', 'not-linked'],
      ]),
    );
  });

  test('one who is no longer among the staff gets nothing, also of what was queued before', async () => {
    await app.setSite({ staff: [CARLA_ORDERS, { userId: 'bruno', notices: ['new-order'] }] });
    await report(order('1'));
    const { status } = await app.call('PATCH', '/v1/sites/demo', {
      body: { staff: [{ userId: 'bruno', notices: ['failures'] }] },
    });
    expect(status).toBe(200);
    await deliver();
    for (const chat of [BRUNO, CARLA]) expect(await staffTexts(chat)).toEqual([]);
    const { json } = await app.call('GET', '/v1/sites/demo/deliveries', { query: 'event=staff-new-order' });
    expect(json.deliveries.map(({ reason }: Fields) => reason)).toEqual(['not-staff', 'not-staff']);
  });

  test('a person of another shop with the same id is told nothing of this one', async () => {
    await app.stack.putUser({ siteId: 'altro', userId: 'carla', chatId: UGO, siteChat: `altro#${UGO}` });
    await app.setSite({ staff: [CARLA_ORDERS, { userId: 'ugo', notices: ['new-order'] }] });
    await report(order('1'));
    await deliver();
    expect(await app.telegram.textsIn(UGO)).toEqual([]);
    expect(await staffTexts(CARLA)).toHaveLength(1);
  });
});
