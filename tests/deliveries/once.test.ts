/** A message is sent once: received twice, twice in a batch, or with a record that can't be written. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { DeliveryResult } from '../../lib/deliveries/record.ts';
import { type App, startApp } from '../support/app.ts';
import { deadDelivery } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { notification, record } from '../support/sqs-events.ts';

let app: App;
let dynamodb: Gate;
beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    forDeliveries: true,
    beforeLoading: async ({ aws }) => {
      dynamodb = await startGate(`http://127.0.0.1:${aws.dynamodbPort}`);
      process.env.AWS_ENDPOINT_URL_DYNAMODB = dynamodb.url;
    },
  });
});
afterAll(async () => {
  await dynamodb.close();
  await app.close();
});
beforeEach(async () => {
  await dynamodb.open();
  await app.reset();
});

/** Waits until Telegram has got so many calls. */
async function called(times: number): Promise<void> {
  while ((await app.telegram.calls()).length < times) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Another message of the queue with the same notification: it has a number of its own. */
function secondOf(message: Notification): SQSRecord {
  const { attributes, ...made } = record(message);
  return {
    ...{ ...made, messageId: 'the second' },
    attributes: { ...attributes, SequenceNumber: `${attributes.SequenceNumber}1` },
  };
}

test('a redelivered message whose delivery is recorded as sent is dropped', async () => {
  const message = notification();
  await app.deliver([record(message)]);
  const recorded = await app.findDelivery(message);

  expect(await app.deliver([record(message, 2)])).toEqual([]);

  expect(await app.telegram.textsIn(1001)).toHaveLength(1);
  expect(await app.findDelivery(message)).toEqual(recorded);
});

test('so is one that has failed for good', async () => {
  await app.telegram.refuse(400, 'Bad Request: TOPIC_CLOSED', { times: 1 });
  const failed = notification();
  await app.deliver([record(failed)]);

  expect(await app.deliver([record(failed, 2)])).toEqual([]);

  expect(await app.telegram.textsIn(1001)).toEqual([]);
});

test('one that was skipped is looked at again', async () => {
  const skipped = notification({ userId: 'dario' });
  await app.deliver([record(skipped)]);
  expect(await app.findDelivery(skipped)).toMatchObject({ status: 'skipped', reason: 'not-linked' });
  await app.stack.putUser({ siteId: 'demo', userId: 'dario', chatId: 1002 });

  expect(await app.deliver([record(skipped, 2)])).toEqual([]);

  expect(await app.telegram.textsIn(1002)).toHaveLength(1);
  expect(await app.findDelivery(skipped)).toMatchObject({ status: 'sent' });
});

test('one that the former release has given up is sent after a redrive', async () => {
  const message = notification();
  await app.stack.putDelivery(deadDelivery(message));

  expect(await app.deliver([record(message, 1)])).toEqual([]);

  expect(await app.telegram.textsIn(1001)).toHaveLength(1);
  expect(await app.findDelivery(message)).toMatchObject({ status: 'sent' });
});

test('the same deliveryId twice in one batch is sent once, and both messages are acknowledged', async () => {
  const message = notification();

  const retried = await app.deliver([record(message), secondOf(message)]);

  expect(retried).toEqual([]);
  expect(await app.telegram.textsIn(1001)).toHaveLength(1);
});

test('the same deliveryId twice, and the first has to wait: both do, and one is sent', async () => {
  await app.telegram.fault({ status: 500, times: 1 });
  const message = notification();

  expect(await app.deliver([record(message), secondOf(message)])).toEqual([]);

  expect(await app.telegram.calls()).toHaveLength(1);
  expect(await app.stack.waitingNotifications()).toEqual([message, message]);
  await app.drainLater();
  expect(await app.telegram.textsIn(1001)).toHaveLength(1);
  expect(await app.stack.waiting()).toEqual([]);
});

test('one that comes again while it waits is sent once', async () => {
  await app.telegram.fault({ status: 500, times: 1 });
  const message = notification();
  await app.deliver([record(message)]);

  // The same message, as after a function that was killed; and the same event, reported again.
  expect(await app.deliver([record(message, 2)])).toEqual([]);
  expect(await app.deliver([secondOf(message)])).toEqual([]);

  expect(await app.stack.waiting()).toHaveLength(2);
  await app.drainLater();
  expect(await app.telegram.textsIn(1001)).toHaveLength(1);
  expect(await app.stack.waiting()).toEqual([]);
});

test('two functions that have the same message at once: the first record stays', async () => {
  const message = notification();
  await Promise.all([app.deliver([record(message)]), app.deliver([record(message)])]);
  const found = await app.findDelivery(message);

  expect(found).toMatchObject({ status: 'sent' });
  const shown = (await app.telegram.messagesIn(1001)).map(({ message_id }) => message_id);
  expect(shown).toContain(found?.status === 'sent' && found.messageId);
  await app.deliver([record(message, 2)]);
  expect(await app.findDelivery(message)).toEqual(found);
  expect(await app.telegram.messagesIn(1001)).toHaveLength(shown.length);
});

describe('a delivery recorded as sent stays so', () => {
  test.each<[string, DeliveryResult]>([
    ['skipped', { status: 'skipped', reason: 'opted-out' }],
    ['failed', { status: 'failed', failure: { class: 'refused', description: 'Bad Request' } }],
    [
      'retrying',
      {
        status: 'retrying',
        failure: { class: 'retry', description: 'Bad Gateway' },
        failures: 1,
        nextAttemptAt: '2026-11-22T10:00:00.000Z',
      },
    ],
    ['waiting', { status: 'waiting', reason: 'rate-limit', until: '2026-11-22T10:00:00.000Z' }],
    ['sent', { status: 'sent', messageId: 999_999, chatId: 1001 }],
  ])('when another function records it as %s afterwards', async (_, result) => {
    const message = notification();
    await app.deliver([record(message)]);
    const recorded = await app.findDelivery(message);
    const { recordResult } = await import('../../lib/deliveries/record.ts');

    await recordResult({ notification: message, receives: 2 }, result);

    expect(recorded).toMatchObject({ status: 'sent' });
    expect(await app.findDelivery(message)).toEqual(recorded);
  });

  test('when a function that began before it learns later that its own attempt failed', async () => {
    await app.telegram.fault({ status: 500, delayMs: 1_500, times: 1 });
    const message = notification();
    const slow = app.deliver([record(message)]);
    await called(1);
    expect(await app.deliver([record(message, 2)])).toEqual([]);

    expect(await slow).toEqual([]);

    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent', attempts: 2 });
    await app.drainLater();
    expect(await app.telegram.textsIn(1001)).toHaveLength(1);
    expect(await app.stack.waiting()).toEqual([]);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent', attempts: 2 });
  });
});

describe('DynamoDB goes away after Telegram has sent the message', () => {
  test('for good: the message is acknowledged all the same, and its copy in this batch too', async () => {
    await app.telegram.fault({ delayMs: 300, times: 1 });
    const message = notification();
    const delivering = app.deliver([record(message), secondOf(message)]);
    await called(1);
    await dynamodb.shut();

    expect(await delivering).toEqual([]);

    expect(await app.telegram.textsIn(1001)).toHaveLength(1);
    expect(await app.findDelivery(message)).toBeUndefined();
  });

  test('while the site shows a problem with the bot: acknowledged too', async () => {
    const site = await app.stack.findSite('demo');
    const problem = { kind: 'bot-unauthorized' as const, since: '2026-11-22T10:00:00.000Z', description: '' };
    await app.setSite({ ...site, ...(site?.bot && { bot: { ...site.bot, problem } }) });
    await app.telegram.fault({ delayMs: 300, times: 1 });
    const message = notification();
    const delivering = app.deliver([record(message)]);
    await called(1);
    await dynamodb.shut();

    expect(await delivering).toEqual([]);
  });

  test('for a moment: the record is written when it is back', async () => {
    await app.telegram.fault({ delayMs: 300, times: 1 });
    const message = notification();
    const delivering = app.deliver([record(message)]);
    await called(1);
    await dynamodb.shut();
    setTimeout(() => dynamodb.open(), 900);

    expect(await delivering).toEqual([]);

    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent', attempts: 1 });
  });

  test('with the record written and only the answer lost: one record, one message', async () => {
    await app.telegram.fault({ delayMs: 300, times: 1 });
    const message = notification();
    const delivering = app.deliver([record(message)]);
    await called(1);
    dynamodb.loseAnswers(4);

    expect(await delivering).toEqual([]);

    expect(await app.telegram.textsIn(1001)).toHaveLength(1);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent' });
  });
});

describe('DynamoDB is away from the beginning', () => {
  test('nothing is sent, everything is retried, and sent when it is back', async () => {
    const batch = [notification(), notification({ userId: 'bruno' })];
    await dynamodb.shut();

    expect(await app.deliver(batch.map((message) => record(message)))).toEqual(
      batch.map(({ deliveryId }) => deliveryId),
    );
    expect(await app.telegram.calls()).toEqual([]);

    await dynamodb.open();
    expect(await app.deliver(batch.map((message) => record(message, 2)))).toEqual([]);
    expect(await app.telegram.textsIn(1001)).toHaveLength(1);
    expect(await app.telegram.textsIn(1002)).toHaveLength(1);
  });

  test('goes away between the read and the slot: nothing is sent, everything is retried', async () => {
    await app.deliver([record(notification({ userId: 'carla' }))]);
    const before = (await app.telegram.calls()).length;
    // The site is remembered; what is known before is read; the slot is not taken.
    dynamodb.shutAfter(1);
    const message = notification();

    expect(await app.deliver([record(message)])).toEqual([message.deliveryId]);

    expect(await app.telegram.calls()).toHaveLength(before);
  });

  test('goes away before a message is put where it waits: it stays in the queue, and those behind it', async () => {
    const { bot: _, ...withoutBot } = await app.storedSite();
    await app.setSite({ ...withoutBot, bot: undefined });
    const messages = [notification(), notification()];
    // The site is remembered, and what is known before is read.
    await app.deliver([record(notification({ userId: 'dario' }))]);
    dynamodb.shutAfter(1);

    expect(await app.deliver(messages.map((message) => record(message)))).toEqual(
      messages.map(({ deliveryId }) => deliveryId),
    );
    await dynamodb.open();
    expect(await app.stack.waiting()).toEqual([]);
    expect(await app.stack.lane()).toBeUndefined();
  });
});
