/** Messages to one chat keep their order whatever happens to one of them; other chats don't wait. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { type App, startApp } from '../support/app.ts';
import { GROUP } from '../support/fixtures.ts';
import { notification, record } from '../support/sqs-events.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const three = (userId = 'anna') => ['uno', 'due', 'tre'].map((text) => notification({ userId, text }));

test('a user’s messages go out in the order of the batch', async () => {
  expect(await app.deliver(three().map((message) => record(message)))).toEqual([]);

  expect(await app.telegram.textsIn(1001)).toEqual(['uno', 'due', 'tre']);
});

test('the second message of a user is sent after the first one is recorded', async () => {
  await app.telegram.fault({ delayMs: 300, chatId: 1001, times: 1 });
  const [first = notification(), second = notification()] = three();

  await app.deliver([record(first), record(second)]);

  const [, secondCall] = await app.telegram.calls();
  const firstRecord = await app.findDelivery(first);
  expect(firstRecord).toMatchObject({ status: 'sent' });
  expect(Date.parse(secondCall?.time ?? '')).toBeGreaterThanOrEqual(
    Date.parse(firstRecord?.recordedAt ?? ''),
  );
});

describe.each<[string, (app: App) => Promise<void>]>([
  ['Telegram failed', (app) => app.telegram.fault({ status: 500, chatId: 1001, times: 1 })],
  ['the connection broke', (app) => app.telegram.fault({ drop: 'before', chatId: 1001, times: 1 })],
  [
    'Telegram said wait',
    (app) =>
      app.telegram.refuse(429, 'Too Many Requests: retry after 1', {
        parameters: { retry_after: 1 },
        times: 1,
      }),
  ],
])('the first has to wait: %s', (_, disturb) => {
  test('none of the later ones overtakes it', async () => {
    await disturb(app);
    const messages = three();
    const [last] = messages.slice(-1);

    expect(await app.deliver(messages.slice(0, 2).map((message) => record(message)))).toEqual([]);
    // Telegram would take this one.
    expect(last && (await app.deliver([record(last)]))).toEqual([]);
    expect(await app.telegram.textsIn(1001)).toEqual([]);
    expect(await app.stack.waitingNotifications()).toEqual(messages);
    await app.drainLater();

    expect(await app.telegram.textsIn(1001)).toEqual(['uno', 'due', 'tre']);
    expect(await app.stack.waiting()).toEqual([]);
  });
});

test('the one in the middle has to wait: the first is sent, the last waits behind it', async () => {
  const [one, two, three_] = three();
  if (!one || !two || !three_) throw new Error('Three were made.');
  // Sent one after the other: the second call into this chat is the second message.
  await app.telegram.fault({ delayMs: 1, chatId: 1001, times: 1 });
  await app.telegram.fault({ status: 502, chatId: 1001, times: 1 });

  expect(await app.deliver([record(one), record(two), record(three_)])).toEqual([]);

  expect(await app.telegram.textsIn(1001)).toEqual(['uno']);
  expect(await app.stack.waitingNotifications()).toEqual([two, three_]);
  expect(await app.findDelivery(two)).toMatchObject({ status: 'retrying' });
  expect(await app.findDelivery(three_)).toMatchObject({ status: 'waiting' });
  await app.drainLater();
  expect(await app.telegram.textsIn(1001)).toEqual(['uno', 'due', 'tre']);
});

test('one that is refused for good stops no other', async () => {
  await app.telegram.refuse(400, 'Bad Request: TOPIC_CLOSED', { times: 1 });

  expect(await app.deliver(three().map((message) => record(message)))).toEqual([]);

  expect(await app.telegram.textsIn(1001)).toEqual(['due', 'tre']);
});

test('a partial batch: other users’ messages go out, whatever place they have in it', async () => {
  await app.telegram.fault({ status: 500, chatId: 1001 });
  const [anna, bruno, carla] = [three('anna'), three('bruno'), three('carla')];
  const mixed = [0, 1, 2].flatMap((index) =>
    [anna, bruno, carla].flatMap((messages) => messages[index] ?? []),
  );

  expect(await app.deliver(mixed.map((message) => record(message)))).toEqual([]);

  expect(await app.stack.waitingNotifications()).toEqual(anna);
  expect(await app.telegram.textsIn(1002)).toEqual(['uno', 'due', 'tre']);
  expect(await app.telegram.textsIn(1003)).toEqual(['uno', 'due', 'tre']);
});

describe('a first one that is given up', () => {
  const WEEK = 7 * 24 * 3_600_000;
  const threeAfter = (milliseconds: number) => {
    const [first, ...later] = three();
    const acceptedAt = new Date(Date.now() - milliseconds).toISOString();
    return { first: { ...first, acceptedAt } as Notification, later };
  };
  beforeEach(() => app.telegram.fault({ status: 500, chatId: 1001, times: 1 }));

  test('no longer stops the later ones', async () => {
    const { first, later } = threeAfter(WEEK);

    expect(await app.deliver([first, ...later].map((message) => record(message)))).toEqual([]);

    expect(await app.telegram.textsIn(1001)).toEqual(['due', 'tre']);
    expect(await app.findDelivery(first)).toMatchObject({
      status: 'failed',
      failure: { class: 'retry', description: 'Internal Server Error' },
    });
  });

  test('nor those that wait behind it', async () => {
    const { first, later } = threeAfter(WEEK - 60_000);
    await app.deliver([first, ...later].map((message) => record(message)));
    expect(await app.stack.waiting()).toHaveLength(3);
    await app.telegram.fault({ status: 500, chatId: 1001, times: 1 });
    await app.stack.ageWaiting(60_000);

    await app.drainLater();

    expect(await app.telegram.textsIn(1001)).toEqual(['due', 'tre']);
    expect(await app.findDelivery(first)).toMatchObject({ status: 'failed', failure: { class: 'retry' } });
  });
});

test('more messages than a chat takes at once: the others wait in their order', async () => {
  const texts = ['uno', 'due', 'tre'];
  const messages = texts.map((text) => notification({ userId: 'gruppo', text }));
  expect(await app.deliver(messages.map((message) => record(message)))).toEqual([]);
  await app.drain();

  // A group takes one message in three seconds: the first was sent, the others still wait.
  expect(await app.telegram.textsIn(GROUP)).toEqual(['uno']);
  expect(await app.stack.waitingNotifications()).toEqual(messages.slice(1));

  for (let turn = 0; turn < 2; turn++) await app.drainLater();
  expect(await app.telegram.textsIn(GROUP)).toEqual(texts);
  expect((await app.telegram.calls()).filter(({ status }) => status === 429)).toEqual([]);
});
