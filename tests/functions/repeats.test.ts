/** The same event again: it sends nothing twice and is answered the same, whatever has become of its person since. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { StoredUser } from '../../lib/store/stored-user.ts';
import { demoSite } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { deadDelivery, template } from '../support/fixtures.ts';
import {
  EVENTS,
  type EventKind,
  type Fields,
  payload,
  payloadFor,
  payloadForAll,
} from '../support/payloads.ts';
import { record } from '../support/sqs-events.ts';

let app: App;
let count = 0;

beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.reset();
  await takeQueued();
});

const report = async (event: EventKind, body: Fields) => (await app.report(event, body)).json;
const throughQueue = (event: EventKind, body: Fields) => app.receive(event, [{ ...body, siteId: 'demo' }]);
const takeQueued = (): Promise<Notification[]> => app.takeQueued();

/** Sends what is in the queue, as `deliver` does. */
async function deliverQueued(): Promise<number> {
  const queued = await takeQueued();
  await app.deliver(queued.map((notification) => record(notification)));
  return queued.length;
}

const anna = (changes: Partial<StoredUser> = {}): StoredUser => ({
  siteId: 'demo',
  userId: 'anna',
  chatId: 1001,
  siteChat: 'demo#1001',
  ...changes,
});

describe.each(EVENTS)('%s, delivered, and reported again', (event) => {
  test.each<[string, () => Promise<void>]>([
    ['as it was', async () => undefined],
    ['when its person has opted out', () => app.stack.putUser(anna({ optedOut: true }))],
    ['when its person has muted it', () => app.stack.putUser(anna({ mutedEvents: [event] }))],
    ['when its person has unlinked', () => app.stack.putUser({ siteId: 'demo', userId: 'anna' })],
  ])('%s: the same answer, and nothing is queued', async (_, changeSomething) => {
    const body = payload(event, { eventId: `repeated-${++count}` });
    const first = await report(event, body);
    expect(first.notifications).toMatchObject([{ userId: 'anna', status: 'queued' }]);
    expect(await deliverQueued()).toBe(1);

    await changeSomething();

    expect(await report(event, body)).toEqual({ ...first, repeated: true });
    expect(await throughQueue(event, body)).toEqual([]);
    expect(await takeQueued()).toEqual([]);
    expect(await app.telegram.textsIn(1001)).toHaveLength(1);
  });
});

test('what Telegram refused for good is answered the same, and not tried again', async () => {
  const body = payload('order-status', { eventId: 'refused' });
  await app.telegram.refuse(403, 'Forbidden: bot was blocked by the user', { times: 1 });
  const first = await report('order-status', body);
  expect(await deliverQueued()).toBe(1);

  expect(await report('order-status', body)).toEqual({ ...first, repeated: true });
  expect(await takeQueued()).toEqual([]);
  // Another event knows better by now.
  const other = await report('order-status', payload('order-status', { eventId: 'refused, the next' }));
  expect(other.notifications).toEqual([{ userId: 'anna', status: 'skipped', reason: 'unreachable' }]);
});

test('ten times at the same time, through both adapters: one message, and every answer the same', async () => {
  const body = payloadForAll('message-sent', [{ id: 'anna' }, { id: 'dario' }, { id: 'bruno' }], {
    eventId: 'at once',
  });

  const answers = await Promise.all(
    Array.from({ length: 5 }, () => [
      report('message-sent', body),
      throughQueue('message-sent', body),
    ]).flat(),
  );

  const [first, ...others] = answers.filter((answer) => 'eventId' in answer);
  expect(first?.notifications).toMatchObject([
    { userId: 'anna', status: 'queued' },
    { userId: 'dario', status: 'skipped', reason: 'not-linked' },
    { userId: 'bruno', status: 'queued' },
  ]);
  // While its messages are in the queue, whether the event is repeated may not be known.
  for (const other of others) expect(other.notifications).toEqual(first?.notifications);
  expect(others).toHaveLength(4);
  expect(await deliverQueued()).toBe(2);
});

test('with somebody more: only they get it', async () => {
  const body = (...ids: string[]) =>
    payloadForAll(
      'message-sent',
      ids.map((id) => ({ id })),
      { eventId: 'with more' },
    );
  await report('message-sent', body('anna'));
  await deliverQueued();

  expect((await report('message-sent', body('anna', 'bruno'))).notifications).toMatchObject([
    { userId: 'anna', status: 'queued' },
    { userId: 'bruno', status: 'queued' },
  ]);
  expect((await takeQueued()).map(({ userId }) => userId)).toEqual(['bruno']);
});

test('of two templates the one that was not sent yet goes out', async () => {
  const [one, other] = [template('message-sent', 'one'), template('message-sent', 'other')];
  const body = payloadFor('message-sent', { id: 'anna' }, { eventId: 'two templates' });
  await app.setSite({ ...demoSite(), templates: [one] });
  await report('message-sent', body);
  await deliverQueued();
  await app.setSite({ ...demoSite(), templates: [one, other] });

  expect((await report('message-sent', body)).notifications).toMatchObject([
    { templateId: 'one', status: 'queued' },
    { templateId: 'other', status: 'queued' },
  ]);
  expect((await takeQueued()).map(({ templateId }) => templateId)).toEqual(['other']);
});

test('what the former release had given up is queued again: whoever repeats it wants it sent', async () => {
  const body = payload('order-status', { eventId: 'dead' });
  const first = await report('order-status', body);
  const [notification] = await takeQueued();
  if (!notification) throw new Error('Nothing was queued.');
  await app.stack.putDelivery(deadDelivery(notification));

  expect(await report('order-status', body)).toEqual({ ...first, repeated: true });
});

test('what waits is answered the same, and is sent once', async () => {
  const body = payload('order-status', { eventId: 'waiting' });
  await app.telegram.fault({ status: 500, times: 1 });
  const first = await report('order-status', body);
  expect(await deliverQueued()).toBe(1);
  expect(await app.stack.waiting()).toHaveLength(1);

  expect(await report('order-status', body)).toEqual({ ...first, repeated: true });
  await deliverQueued();
  await app.drainLater();

  expect(await app.telegram.textsIn(1001)).toHaveLength(1);
});
