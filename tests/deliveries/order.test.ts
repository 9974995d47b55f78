/** Messages of one user keep their order whatever happens to one of them; other users don't wait. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
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
const idsOf = (messages: { deliveryId: string }[]) => messages.map(({ deliveryId }) => deliveryId);

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
])('the first must be retried: %s', (_, disturb) => {
  test('none of the later ones overtakes it', async () => {
    await disturb(app);
    const messages = three();

    expect(await app.deliver(messages.map((message) => record(message)))).toEqual(idsOf(messages));
    expect(await app.telegram.textsIn(1001)).toEqual([]);
    expect(await app.deliver(messages.map((message) => record(message, 2)))).toEqual([]);

    expect(await app.telegram.textsIn(1001)).toEqual(['uno', 'due', 'tre']);
  });
});

test('the one in the middle must be retried: the first is acknowledged, the last is retried with it', async () => {
  const [one, two, three_] = three();
  if (!one || !two || !three_) throw new Error('Three were made.');
  // Sent one after the other: the second call into this chat is the second message.
  await app.telegram.fault({ delayMs: 1, chatId: 1001, times: 1 });
  await app.telegram.fault({ status: 502, chatId: 1001, times: 1 });

  expect(await app.deliver([record(one), record(two), record(three_)])).toEqual(idsOf([two, three_]));

  expect(await app.telegram.textsIn(1001)).toEqual(['uno']);
  expect(await app.findDelivery(three_)).toBeUndefined();
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

  expect(await app.deliver(mixed.map((message) => record(message)))).toEqual(idsOf(anna));

  expect(await app.telegram.textsIn(1002)).toEqual(['uno', 'due', 'tre']);
  expect(await app.telegram.textsIn(1003)).toEqual(['uno', 'due', 'tre']);
});

describe('a first one that fails for the last time', () => {
  test('on its 12th receive it no longer stops the later ones', async () => {
    await app.telegram.fault({ status: 500, chatId: 1001, times: 1 });
    const [first, ...later] = three();
    if (!first) throw new Error('Three were made.');

    const retried = await app.deliver([record(first, 12), ...later.map((message) => record(message, 3))]);

    expect(retried).toEqual([first.deliveryId]);
    expect(await app.telegram.textsIn(1001)).toEqual(['due', 'tre']);
    expect(await app.findDelivery(first)).toMatchObject({
      status: 'failed',
      isDead: true,
      attempts: 12,
      failure: { class: 'retry', description: 'Internal Server Error' },
    });
  });

  test('on its 11th receive they are retried with it', async () => {
    await app.telegram.fault({ status: 500, chatId: 1001, times: 1 });
    const messages = three();

    const retried = await app.deliver(messages.map((message) => record(message, 11)));

    expect(retried).toEqual(idsOf(messages));
    expect(await app.findDelivery(messages[0] ?? notification())).toMatchObject({ status: 'retrying' });
  });
});

test('more messages than a chat takes at once: the others are retried in their order', async () => {
  const texts = ['uno', 'due', 'tre', 'quattro'];
  const waiting = texts.map((text) => notification({ userId: 'gruppo', text }));
  for (let receives = 1; receives <= 2; receives++)
    await app.deliver(waiting.map((message) => record(message, receives)));

  // A group takes one message in three seconds: the first was sent, the others still wait.
  expect(await app.telegram.textsIn(GROUP)).toEqual(['uno']);
  expect((await app.telegram.calls()).filter(({ status }) => status === 429)).toEqual([]);
});
