/** Events that are repeated after other things have happened (docs/events.md, "The same event again"). */
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { webhookOf } from '../support/bot-updates.ts';
import { endLater, later } from '../support/later.ts';
import { type Fields, payload } from '../support/payloads.ts';
import { cartEvent, pollDue, reminderEvent } from '../support/schedule.ts';
import { eventBatch, record } from '../support/sqs-events.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let app: App;
let count = 0;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());
afterEach(endLater);

const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();
const newId = () => `repeated-${++count}`;
const SUPERSEDED = { repeated: true, notifications: [{ status: 'skipped', reason: 'superseded' }] };

/** A cart of anna, as it is reported each time. */
function cart(changes: Fields = {}) {
  const body = cartEvent({ eventId: newId(), ...changes });
  return async () => (await app.report('abandoned-cart', body)).json;
}
/** A reminder of anna's activity. */
function reminder(activity: string, date: string, changes: Fields = {}) {
  const body = reminderEvent(
    { eventId: newId(), recipients: [{ id: 'anna' }], ...changes },
    { id: activity, date },
  );
  return async () => (await app.report('activity-reminder', body)).json;
}
async function dueAfter(milliseconds: number) {
  await pollDue('abandoned-cart', Date.now() + milliseconds);
  await pollDue('activity-reminder', Date.now() + milliseconds);
  return (await app.takeQueued()).filter(({ skipped, event }) => !skipped && event !== 'order-status');
}
const deliver = async () => app.deliver((await app.takeQueued()).map((each) => record(each)));

describe('the older of two, without a time, once more: it has been replaced', () => {
  test('carts, the newer one withdrawn', async () => {
    const older = cart();
    await older();
    await cart()();
    await app.withdraw('abandoned-cart', 'anna');
    expect(await older()).toMatchObject(SUPERSEDED);
    expect(await dueAfter(4 * HOUR)).toEqual([]);
  });

  test('carts, an order since', async () => {
    const older = cart();
    await older();
    await cart()();
    await app.report('order-status', payload('order-status', { eventId: newId() }));
    expect(await older()).toMatchObject(SUPERSEDED);
    expect(await dueAfter(4 * HOUR)).toEqual([]);
  });

  test('carts of the same time', async () => {
    const occurredAt = ago(HOUR);
    const older = cart({ occurredAt });
    await older();
    const newer = cart({ occurredAt });
    await newer();
    expect(await older()).toMatchObject(SUPERSEDED);
    expect(await newer()).toMatchObject({ repeated: true, notifications: [{ status: 'scheduled' }] });
  });

  test('reminders, the activity moved', async () => {
    const older = reminder('moved', '2027-03-15T09:30:00+01:00');
    await older();
    await reminder('moved', '2027-03-16T09:30:00+01:00')();
    expect(await older()).toMatchObject(SUPERSEDED);
    expect(await app.stack.items('ScheduleTable')).toMatchObject([{ dueAt: '2027-03-16T07:30:00.000Z' }]);
  });

  test('reminders, withdrawn since; through the queue', async () => {
    const body = reminderEvent({ eventId: newId(), recipients: [{ id: 'anna' }] }, { id: 'withdrawn' });
    await app.report('activity-reminder', body);
    await reminder('withdrawn', '2027-03-15T09:30:00+01:00')();
    await app.withdraw('activity-reminder', 'withdrawn');
    await app.receive('activity-reminder', [{ siteId: 'demo', ...body }]);
    expect((await app.stack.items('ScheduleTable')).filter(({ shard }) => shard)).toEqual([]);
  });

  test('what the former release has registered is known too, once it is replaced', async () => {
    const older = cart();
    await older();
    const [item] = (await app.stack.items('ScheduleTable')).filter(({ shard }) => shard);
    const former = Object.entries(item ?? {}).filter(([name]) => !name.startsWith('told#'));
    const Item = Object.fromEntries(former);
    await DynamoDBDocumentClient.from(app.stack.aws.dynamodb).send(
      new PutCommand({ TableName: app.stack.refs.get('ScheduleTable'), Item }),
    );
    await cart()();
    expect(await older()).toMatchObject(SUPERSEDED);
  });

  test('with other content: 409', async () => {
    const eventId = newId();
    await cart({ eventId })();
    await cart()();
    expect(await cart({ eventId, language: 'en' })()).toMatchObject({ code: 'event-id-reused' });
  });
});

describe('through the queue, an event without a time counts as of when it was put there', () => {
  async function receiveAfter(milliseconds: number, event: string, body: Fields): Promise<void> {
    const batch = eventBatch(event, [{ siteId: 'demo', ...body }]);
    const [message] = batch.Records;
    if (message) message.attributes.SentTimestamp = String(Date.now() - milliseconds);
    await app.invoke(event, batch);
  }

  test('an older status of an order', async () => {
    const order = (payload('order-status').order as Fields) ?? {};
    await app.report(
      'order-status',
      payload('order-status', { eventId: newId(), order: { ...order, status: 'Evaso' } }),
    );
    await app.takeQueued();
    const late = payload('order-status', { eventId: newId(), order: { ...order, status: 'Confermato' } });
    await receiveAfter(MINUTE, 'order-status', late);
    expect((await app.takeQueued()).filter(({ skipped }) => !skipped)).toEqual([]);
  });

  test('an older cart', async () => {
    await cart()();
    const [newer] = await app.stack.items('ScheduleTable');
    await receiveAfter(MINUTE, 'abandoned-cart', cartEvent({ eventId: newId() }));
    const [item] = (await app.stack.items('ScheduleTable')).filter(({ shard }) => shard);
    expect(item?.eventId).toBe(newer?.eventId);
  });
});

test('the late first status of an order: a later one ends no cart that was abandoned since', async () => {
  const order = (status: string, occurredAt: string) => {
    const fields = payload('order-status').order as Fields;
    return app.report(
      'order-status',
      payload('order-status', { eventId: newId(), occurredAt, order: { ...fields, status } }),
    );
  };
  await order('Confermato', ago(100_000));
  await order('Nuovo', ago(1_000_000));
  await cart({ occurredAt: ago(500_000) })();
  await order('Evaso', ago(5_000));
  expect(await dueAfter(4 * HOUR)).toMatchObject([{ event: 'abandoned-cart' }]);
});

describe('within five minutes, what was dropped', () => {
  const message = () => payload('message-sent', { recipients: [{ id: 'anna' }] });

  test('after /stop and /start: sent', async () => {
    const body = { ...message(), eventId: newId() };
    await app.report('message-sent', body);
    await webhookOf(app).write(1001, '/stop');
    await deliver();
    expect(await app.telegram.textsIn(1001)).not.toContainEqual(expect.stringContaining('✉️'));
    await webhookOf(app).write(1001, '/start');
    expect((await app.report('message-sent', body)).json).toMatchObject({
      notifications: [{ status: 'queued' }],
    });
    await deliver();
    expect((await app.telegram.textsIn(1001)).filter((text) => text.includes('✉️'))).toHaveLength(1);
  });
});

test('within five minutes, what was dropped since the site was off: sent', async () => {
  const body = payload('message-sent', { eventId: newId(), recipients: [{ id: 'anna' }] });
  await app.report('message-sent', body);
  await app.setSite({ active: false });
  await deliver();
  expect(await app.telegram.textsIn(1001)).toEqual([]);
  await app.setSite({ active: true });
  expect((await app.report('message-sent', body)).json).toMatchObject({
    notifications: [{ status: 'queued' }],
  });
  await deliver();
  expect(await app.telegram.textsIn(1001)).toHaveLength(1);
});

test('within five minutes of it, somebody who was erased and has linked anew: the shop says it anew', async () => {
  const body = payload('message-sent', { eventId: newId(), recipients: [{ id: 'anna' }] });
  await app.report('message-sent', body);
  await app.call('DELETE', '/v1/sites/demo/users/anna');
  await deliver();
  expect(await app.telegram.textsIn(1001)).toEqual([]);
  await webhookOf(app).write(1001, `/start ${await app.linkToken('anna')}`);
  await app.takeQueued();
  await app.report('message-sent', body);
  expect((await app.takeQueued()).map(({ event }) => event)).toContain('message-sent');
});

test('a cart whose user was not linked when it was due, reported again when they are: sent, once', async () => {
  const again = cart({ user: { id: 'dario' }, occurredAt: ago(4 * HOUR) });
  await again();
  expect(await dueAfter(0)).toEqual([]);
  await app.stack.putUser({ siteId: 'demo', userId: 'dario', chatId: 1002 });
  for (const _ of [1, 2]) {
    expect(await again()).toMatchObject({
      repeated: true,
      notifications: [{ userId: 'dario', status: 'queued' }],
    });
    await deliver();
  }
  expect(await app.telegram.textsIn(1002)).toHaveLength(1);
});

test('a recipient who is added while the activity is cancelled is reminded when it is not any more', async () => {
  const date = new Date(Date.now() + 20 * HOUR).toISOString();
  const eventId = newId();
  const activity = { ...(payload('activity-status').activity as Fields), id: 'reopened', date };
  const status = (newStatus: string) =>
    app.report('activity-status', payload('activity-status', { eventId: newId(), newStatus, activity }));
  await reminder('reopened', date, { eventId })();
  await status('Annullata');
  const both = { eventId, recipients: [{ id: 'anna' }, { id: 'bruno' }] };
  expect(await reminder('reopened', date, both)()).toMatchObject({
    notifications: [{ reason: 'superseded' }, { reason: 'superseded' }],
  });
  await status('Pianificata');
  await app.takeQueued();
  const due = await dueAfter(19 * HOUR + MINUTE);
  expect(due.filter(({ event }) => event === 'activity-reminder').map(({ userId }) => userId)).toEqual([
    'anna',
    'bruno',
  ]);
});

test('a line of the log does not wait while the chat is paused', async () => {
  const parameters = { retry_after: 60 };
  await app.telegram.refuse(429, 'Too Many Requests: retry after 60', { chatId: 1001, times: 1, parameters });
  await app.report(
    'message-sent',
    payload('message-sent', { eventId: newId(), recipients: [{ id: 'anna' }] }),
  );
  await deliver();
  await cart({ occurredAt: ago(HOUR) })();
  await app.report('order-status', payload('order-status', { eventId: newId() }));
  await deliver();
  const { deliveries } = (
    await app.call('GET', '/v1/sites/demo/deliveries', { query: 'event=abandoned-cart' })
  ).json;
  expect(deliveries).toMatchObject([{ status: 'skipped', reason: 'superseded' }]);
});

describe('what fell due while the site was off, reported again when it is on', () => {
  test('a cart is sent', async () => {
    const again = cart({ occurredAt: ago(HOUR) });
    await again();
    await app.setSite({ active: false });
    expect(await dueAfter(3 * HOUR)).toEqual([]);
    await app.setSite({ active: true });
    expect(await again()).toMatchObject({ notifications: [{ status: 'scheduled' }] });
    expect(await dueAfter(3 * HOUR)).toMatchObject([{ event: 'abandoned-cart' }]);
  });

  test('a reminder is sent while its activity is ahead', async () => {
    const date = new Date(Date.now() + 2 * HOUR).toISOString();
    const again = reminder('off', date);
    await again();
    await app.setSite({ active: false });
    expect(await dueAfter(HOUR + MINUTE)).toEqual([]);
    await app.setSite({ active: true });
    later(HOUR + 2 * MINUTE);
    expect(await again()).toMatchObject({ notifications: [{ status: 'queued' }] });
  });
});
