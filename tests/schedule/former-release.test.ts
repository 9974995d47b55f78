/**
 * What the former release has left: it remembered nothing of orders and activities, wrote no time and no hash of the content
 * to what waits, and queued messages that say nothing of their subjects. All of it goes on.
 */
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { type App, startApp } from '../support/app.ts';
import { endLater } from '../support/later.ts';
import { type Fields, payload } from '../support/payloads.ts';
import { cartEvent, pollDue, reminderEvent } from '../support/schedule.ts';
import { notification, record } from '../support/sqs-events.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let app: App;
let schedule: typeof import('../../lib/store/schedule.ts');
let count = 0;

beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
  schedule = await import('../../lib/store/schedule.ts');
});
afterAll(() => app.close());
beforeEach(() => app.reset());
afterEach(endLater);

const newId = () => `former-${++count}`;
const at = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();

async function put(table: string, Item: object): Promise<void> {
  const tables = DynamoDBDocumentClient.from(app.stack.aws.dynamodb);
  await tables.send(new PutCommand({ TableName: app.stack.refs.get(table), Item }));
}

/** A cart of anna, abandoned an hour ago, that waits for two hours more; and whose it is. */
async function putCart(): Promise<Fields> {
  const occurredAt = at(-HOUR);
  const key = schedule.cartKey('demo', 'anna');
  const event = cartEvent({ eventId: newId(), occurredAt });
  await put('ScheduleTable', {
    ...{ ...key, shard: schedule.shardOf('cart', key), dueAt: at(2 * HOUR), occurrence: 0 },
    ...{ eventId: event.eventId, occurredAt, cartId: '30977', event: JSON.stringify(event) },
  });
  const expiresAt = Math.floor(Date.now() / 1000) + 90 * 24 * 3600;
  await put('ScheduleTable', { siteId: 'demo', key: 'cart-id#30977', userId: 'anna', expiresAt });
  return event;
}

/** The reminder of an activity that begins tomorrow; anna is reminded an hour before. */
async function putReminder(changes: Fields = {}): Promise<Fields & { activity: { date: string } }> {
  const occurredAt = at(-HOUR);
  const key = schedule.reminderKey('demo', '720');
  const date = at(DAY);
  const event = reminderEvent(
    { eventId: newId(), occurredAt, recipients: [{ id: 'anna' }], ...changes },
    { date },
  );
  await put('ScheduleTable', {
    ...{ ...key, shard: schedule.shardOf('reminder', key), dueAt: at(DAY - HOUR), occurrence: 0 },
    ...{ eventId: event.eventId, occurredAt, event: JSON.stringify(event) },
  });
  return { ...event, activity: { ...(event.activity as Fields), date } };
}

async function dueAfter(milliseconds: number): Promise<Notification[]> {
  await pollDue('abandoned-cart', Date.now() + milliseconds);
  await pollDue('activity-reminder', Date.now() + milliseconds);
  const queued = await app.takeQueued();
  return queued.filter(
    ({ event, skipped }) => !skipped && ['abandoned-cart', 'activity-reminder'].includes(event),
  );
}
const deliver = (queued: Notification[]) => app.deliver(queued.map((each) => record(each)));
const textsOfAnna = () => app.telegram.textsIn(1001);
const log = async (query: string) =>
  (await app.call('GET', '/v1/sites/demo/deliveries', { query })).json.deliveries;
const order = (changes: Fields = {}) =>
  app.report('order-status', payload('order-status', { eventId: newId(), ...changes }));
const status = (newStatus: string, date: string) => {
  const activity = { id: '720', subject: 'Riunione', date };
  return app.report(
    'activity-status',
    payload('activity-status', { eventId: newId(), newStatus, activity, creator: { id: 'bruno' } }),
  );
};

describe('a cart that waits', () => {
  test('is sent once, when it is due', async () => {
    await putCart();
    expect(await dueAfter(HOUR)).toEqual([]);
    await deliver(await dueAfter(2 * HOUR + MINUTE));
    await deliver(await dueAfter(3 * HOUR));
    expect(await textsOfAnna()).toHaveLength(1);
  });

  test.each<[string, () => Promise<{ status: number | undefined }>]>([
    ['an order of its user', () => order()],
    ['an order made of it', () => order({ cartId: '30977', holder: { id: 'bruno' } })],
    ['DELETE', () => app.withdraw('abandoned-cart', 'anna')],
  ])('is ended by %s, and the log says so', async (_, ends) => {
    const { eventId } = await putCart();
    expect([202, 204]).toContain((await ends()).status);
    await deliver((await app.takeQueued()).filter(({ skipped }) => skipped));
    expect(await dueAfter(4 * HOUR)).toEqual([]);
    expect(await log('userId=anna&event=abandoned-cart')).toMatchObject([
      { eventId, status: 'skipped', reason: 'superseded' },
    ]);
  });

  test('is ended while its message waits', async () => {
    await putCart();
    const waiting = await dueAfter(2 * HOUR + MINUTE);
    expect(waiting).toHaveLength(1);
    await order({ cartId: '30977' });
    await deliver(waiting);
    expect(await textsOfAnna()).toEqual([]);
  });

  test('gives way to a newer one', async () => {
    await putCart();
    const newer = cartEvent({ eventId: newId(), occurredAt: at(-MINUTE) });
    expect((await app.report('abandoned-cart', newer)).json.notifications).toMatchObject([
      { status: 'scheduled' },
    ]);
    expect(await dueAfter(4 * HOUR)).toMatchObject([{ eventId: newer.eventId }]);
  });

  test('reported again, with the same content or with another: as before, once', async () => {
    const event = await putCart();
    const other = { ...event, cart: { ...(event.cart as Fields), itemCount: 3 } };
    for (const body of [event, other])
      expect((await app.report('abandoned-cart', body)).json).toMatchObject({
        repeated: true,
        notifications: [{ userId: 'anna', status: 'scheduled' }],
      });
    expect(await dueAfter(4 * HOUR)).toHaveLength(1);
  });
});

describe('a cart that waits no more', () => {
  test.each([
    ['handed-over', { status: 'queued' }],
    ['dropped', { status: 'skipped', reason: 'superseded' }],
  ])('%s: reported again it does not wait again', async (ending, outcome) => {
    const occurredAt = at(-HOUR);
    const event = cartEvent({ eventId: newId(), occurredAt });
    const key = schedule.cartKey('demo', 'anna');
    await put('ScheduleTable', { ...key, eventId: event.eventId, occurredAt, cartId: '30977', ending });
    expect((await app.report('abandoned-cart', event)).json.notifications).toMatchObject([
      { userId: 'anna', ...outcome },
    ]);
    await app.takeQueued();
    expect(await dueAfter(4 * HOUR)).toEqual([]);
  });
});

describe('a reminder that waits', () => {
  const weekly = { recurrence: { frequency: 'weekly' } };

  test('is sent once, when it is due', async () => {
    await putReminder();
    await deliver(await dueAfter(DAY - HOUR + MINUTE));
    await deliver(await dueAfter(DAY - HOUR + 2 * MINUTE));
    expect(await textsOfAnna()).toHaveLength(1);
  });

  test.each<[string, (date: string) => Promise<unknown>]>([
    ['Annullata', (date) => status('Annullata', date)],
    ['DELETE', () => app.withdraw('activity-reminder', '720')],
  ])('is ended by %s, and the log says so', async (_, ends) => {
    const { eventId, activity } = await putReminder();
    await ends(activity.date);
    await deliver((await app.takeQueued()).filter(({ skipped }) => skipped));
    expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
    expect(await log('userId=anna')).toMatchObject([{ eventId, status: 'skipped', reason: 'superseded' }]);
  });

  test('is ended while its message waits', async () => {
    const { activity } = await putReminder();
    const waiting = await dueAfter(DAY - HOUR + MINUTE);
    await status('Annullata', activity.date);
    await deliver(waiting);
    expect(await textsOfAnna()).toEqual([]);
  });

  test('registered again, with the same content or with another: as before, once', async () => {
    const event = await putReminder();
    for (const body of [event, { ...event, remindMinutesBefore: 30 }])
      expect((await app.report('activity-reminder', body)).json).toMatchObject({
        repeated: true,
        notifications: [{ userId: 'anna', status: 'scheduled' }],
      });
    expect(await dueAfter(DAY - HOUR + MINUTE)).toHaveLength(1);
  });

  test('gives way to a newer registration', async () => {
    await putReminder();
    const newer = reminderEvent({ eventId: newId(), recipients: [{ id: 'anna' }] }, { date: at(2 * DAY) });
    await app.report('activity-reminder', newer);
    expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
    expect(await dueAfter(2 * DAY - HOUR + MINUTE)).toMatchObject([{ eventId: newer.eventId }]);
  });

  test('of each week: one message for each date', async () => {
    const { eventId } = await putReminder(weekly);
    for (const days of [1, 8, 15]) {
      const [message, ...more] = await dueAfter(days * DAY - HOUR + MINUTE);
      expect(more).toEqual([]);
      expect(message?.eventId).toMatch(new RegExp(`^${eventId}#`));
    }
  });

  test.each<[string, (date: string) => Promise<unknown>]>([
    ['Annullata', (date) => status('Annullata', date)],
    [
      'DELETE with its occurrence',
      (occurrence) =>
        app.call('DELETE', '/v1/sites/demo/events/activity-reminder/720', { query: { occurrence } }),
    ],
  ])('of each week: %s ends one date, the others come', async (_, ends) => {
    const { activity } = await putReminder(weekly);
    await ends(activity.date);
    expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
    expect(await dueAfter(8 * DAY - HOUR + MINUTE)).toHaveLength(1);
  });

  test('is among what is still to come', async () => {
    const { eventId } = await putReminder();
    const lines = await log('status=scheduled');
    expect(lines).toMatchObject([
      { eventId, userId: 'anna', status: 'scheduled', dueAt: expect.any(String) },
    ]);
    expect(lines[0]).not.toHaveProperty('source');
  });
});

describe('a message in the queue that says nothing of its subjects', () => {
  test('is sent, and its line has no source', async () => {
    await order({ occurredAt: at(-MINUTE) });
    await app.takeQueued();
    const former = notification({ userId: 'anna', deliveryId: newId(), text: 'Ciao' });
    await deliver([former]);
    expect(await textsOfAnna()).toEqual(['Ciao']);
    expect(await app.findDelivery(former)).toMatchObject({ status: 'sent' });
    expect(await app.findDelivery(former)).not.toHaveProperty('source');
  });
});

describe('a delivery that is recorded without the content of its event', () => {
  test.each([
    ['sent', { status: 'sent', messageId: 1, chatId: 1001 }],
    ['refused', { status: 'failed', failure: { class: 'refused', description: 'Bad Request' } }],
  ])(
    '%s: reported again, with the same content or with another: as before, and nothing more is sent',
    async (_, result) => {
      const body = payload('order-status', { eventId: newId() });
      const { notifications } = (await app.report('order-status', body)).json;
      const [queued] = await app.takeQueued();
      if (!queued) throw new Error('Nothing was queued.');
      await app.stack.empty('ScheduleTable');
      const { siteId, deliveryId, userId, templateId, event, eventId } = queued;
      await app.stack.putDelivery({
        ...{ siteId, deliveryId, userId, templateId, event, eventId },
        ...{ recordedAt: at(-DAY), attempts: 1, ...result },
      } as never);
      for (const itemCount of [3, 4]) {
        await app.stack.empty('ScheduleTable');
        const again = { ...body, order: { ...(body.order as Fields), itemCount } };
        expect((await app.report('order-status', again)).json).toEqual({
          ...{ eventId, repeated: true, notifications },
        });
      }
      expect(await app.takeQueued()).toEqual([]);
    },
  );
});

describe('a reminder that was named by its series too', () => {
  const date = at(25 * MINUTE);
  const eventId = newId();
  const recipients = [{ id: 'anna' }];
  const report = (id: string, changes: Fields = {}) =>
    app.report('activity-reminder', reminderEvent({ eventId: id, recipients, ...changes }, { date }));
  /** It was handed over, and its delivery is recorded under that name. */
  async function putSent(): Promise<void> {
    const { deliveryIdOf } = await import('../../lib/domain/ids.ts');
    const occurredAt = at(-HOUR);
    await put('ScheduleTable', {
      ...schedule.reminderKey('demo', '720'),
      ...{ eventId, occurredAt, registeredAt: occurredAt, series: date, lateOccurrence: 0 },
      ending: 'handed-over',
    });
    const ids = { siteId: 'demo', userId: 'anna', templateId: 'default-activity-reminder' };
    const identity = JSON.stringify(['reminder', '720', date, date]);
    await app.stack.putDelivery({
      ...{ ...ids, deliveryId: deliveryIdOf({ ...ids, eventId: identity }) },
      ...{ event: 'activity-reminder', eventId, recordedAt: at(-MINUTE), attempts: 1 },
      ...{ status: 'sent', messageId: 1, chatId: 1001 },
    } as never);
  }

  test.each<[string, string, Fields]>([
    ['reported again', eventId, {}],
    ['edited', newId(), { recurrence: { frequency: 'weekly' } }],
  ])('and was sent: %s, nobody gets it twice', async (_, id, changes) => {
    await putSent();
    expect((await report(id, changes)).json.notifications).toMatchObject([{ status: 'queued' }]);
    await report(newId());
    await deliver(await app.takeQueued());
    expect(await textsOfAnna()).toEqual([]);
  });

  test('a message of it that waits says nothing of its event: it is sent, unless the activity was moved', async () => {
    await report(eventId);
    const [message] = await app.takeQueued();
    const former = { ...message, about: message?.about?.map(({ eventId: _, ...about }: Fields) => about) };
    await deliver([former as unknown as Notification]);
    expect(await textsOfAnna()).toHaveLength(1);
    const other = { ...former, deliveryId: newId() } as unknown as Notification;
    const moved = reminderEvent({ eventId: newId(), recipients }, { date: at(DAY) });
    await app.report('activity-reminder', moved);
    await deliver([other]);
    expect(await textsOfAnna()).toHaveLength(1);
  });
});
