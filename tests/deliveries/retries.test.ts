/** Retries: after how long the drain looks at a message again, and what the queue itself hands out again. */

import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { type App, startApp } from '../support/app.ts';
import { packagedResources } from '../support/package.ts';
import { notification, record, ticketBatch } from '../support/sqs-events.ts';
import { startTripwire, type Tripwire } from '../support/tripwire.ts';

let app: App;
let sqs: Tripwire;
let enqueue: (notifications: Notification[]) => Promise<void>;
beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    forDeliveries: true,
    beforeLoading: async ({ aws, refs }) => {
      sqs = await startTripwire(`http://127.0.0.1:${aws.sqsPort}`);
      process.env.AWS_ENDPOINT_URL_SQS = sqs.url;
      const throughTripwire = (queue: string) => sqs.url + new URL(refs.get(queue) ?? '').pathname;
      process.env.DELIVERIES_QUEUE_URL = throughTripwire('DeliveriesQueue');
      process.env.DRAIN_QUEUE_URL = throughTripwire('DrainQueue');
      process.env.DELIVERIES_DEAD_LETTER_QUEUE_URL = throughTripwire('DeliveriesDeadLetterQueue');
    },
  });
  ({ enqueue } = await import('../../lib/deliveries/queue.ts'));
});
afterAll(async () => {
  await sqs.close();
  await app.close();
});
beforeEach(async () => {
  await app.reset();
  sqs.seen.length = 0;
});

/** What the function asked the deliveries queue to do: receipt handle and seconds. */
function deferred(): [string, number][] {
  return sqs.seen
    .filter(({ operation }) => operation === 'AmazonSQS.ChangeMessageVisibilityBatch')
    .flatMap(({ body }) => JSON.parse(body).Entries as { ReceiptHandle: string; VisibilityTimeout: number }[])
    .map(({ ReceiptHandle, VisibilityTimeout }) => [ReceiptHandle, VisibilityTimeout]);
}

/** What the drain was told: the site, and the seconds until it looks at its messages. */
function tickets(): [string, number][] {
  return sqs.seen
    .filter(({ operation }) => operation === 'AmazonSQS.SendMessageBatch')
    .flatMap(({ body }) => JSON.parse(body).Entries as { MessageBody: string; DelaySeconds: number }[])
    .map(({ MessageBody, DelaySeconds }) => [JSON.parse(MessageBody).siteId, DelaySeconds]);
}

/** Receives from a queue of the stack, waiting for as long as SQS does. */
async function receive(logicalId: string, WaitTimeSeconds = 0): Promise<SQSRecord[]> {
  const { Messages = [] } = await app.stack.aws.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: app.stack.refs.get(logicalId),
      MaxNumberOfMessages: 10,
      WaitTimeSeconds,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }) => ({
    ...record(JSON.parse(Body)),
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes as unknown as SQSRecord['attributes'],
  }));
}

describe('the drain is told', () => {
  test.each([
    [1, 1, 2],
    [2, 2, 4],
    [4, 8, 16],
    [11, 450, 900],
  ])('after failure %d: from %d to %d seconds', async (failures, shortest, longest) => {
    const message = notification();
    if (failures > 1) await recordFailures(message, failures - 1);
    await app.telegram.fault({ status: 500, times: 1 });
    const before = Date.now();

    // Not every receive is a failure; the backoff depends on the failures only.
    expect(await app.deliver([record(message, 11)])).toEqual([]);

    const found = await app.findDelivery(message);
    expect(found).toMatchObject({ status: 'retrying', failures, attempts: 11 });
    const next = found?.status === 'retrying' ? Date.parse(found.nextAttemptAt) : 0;
    expect(next).toBeGreaterThanOrEqual(before + shortest * 1_000);
    expect(next).toBeLessThanOrEqual(Date.now() + longest * 1_000);
    expect(await app.stack.lane()).toMatchObject({
      // Counting the lane up moves the time of the chat by a millisecond.
      ...{ mode: 'some', paused: { 1001: expect.closeTo(next, -1) }, nextAt: new Date(next).toISOString() },
    });
    const [[siteId, seconds] = ['', 0]] = tickets();
    expect(siteId).toBe('demo');
    expect(seconds).toBeGreaterThanOrEqual(shortest);
    expect(seconds).toBeLessThanOrEqual(longest);
    expect(deferred()).toEqual([]);
  });

  test('after an attempt that ended in another way, the pauses begin anew', async () => {
    const message = notification();
    await recordFailures(message, 8, { status: 'waiting', reason: 'chat-paused' });
    await app.telegram.fault({ status: 500, times: 1 });

    await app.deliver([record(message)]);

    expect(await app.findDelivery(message)).toMatchObject({ status: 'retrying', failures: 1 });
  });

  test('once for the batch: the failed one and those behind it wait for the same time', async () => {
    await app.telegram.fault({ status: 500, chatId: 1001, times: 1 });
    const messages = [notification(), notification(), notification({ userId: 'bruno' })];

    await app.deliver(messages.map((message) => record(message, 6)));

    expect(await app.stack.waitingNotifications()).toEqual(messages.slice(0, 2));
    expect(tickets()).toHaveLength(1);
    expect(sqs.seen).toHaveLength(1);
  });

  test('once for all that comes behind', async () => {
    await app.telegram.fault({ status: 500, chatId: 1001, times: 1 });
    for (let message = 0; message < 3; message++) await app.deliver([record(notification())]);

    expect(await app.stack.waiting()).toHaveLength(3);
    expect(tickets()).toHaveLength(1);
  });

  test('by the drain itself: a message that fails again waits longer', async () => {
    const message = notification();
    await app.telegram.fault({ status: 500, times: 3 });
    await app.deliver([record(message)]);
    for (let attempts = 2; attempts <= 3; attempts++) await app.drainLater();

    const found = await app.findDelivery(message);
    expect(found).toMatchObject({ status: 'retrying', failures: 3 });
    // 8 seconds, of which up to a half is taken off.
    expect(tickets().at(-1)?.[1]).toBeGreaterThanOrEqual(4);
    await app.drainLater();
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent' });
  });

  test('nothing, where everything was sent', async () => {
    await app.deliver([record(notification())]);

    expect(sqs.seen).toEqual([]);
  });
});

describe('the queue is told', () => {
  test.each([19_999, 5_000, 1_000])(
    'with %d ms left nothing is begun: all are retried soon',
    async (remaining) => {
      const messages = [notification(), notification(), notification({ userId: 'bruno' })];

      const retried = await app.deliver(
        messages.map((message) => record(message)),
        remaining,
      );

      expect(retried).toEqual(messages.map(({ deliveryId }) => deliveryId));
      expect(deferred()).toEqual(messages.map(({ deliveryId }) => [`receipt ${deliveryId}`, 1]));
      expect(await app.telegram.calls()).toEqual([]);
      expect(await app.stack.allDeliveries()).not.toContainEqual(
        expect.objectContaining({ deliveryId: messages[0]?.deliveryId }),
      );
    },
  );
});

test('with 20,000 ms left a message is begun', async () => {
  expect(await app.deliver([record(notification())], 20_000)).toEqual([]);
  expect(await app.telegram.textsIn(1001)).toHaveLength(1);
});

async function recordFailures(message: Notification, failures: number, changes: object = {}): Promise<void> {
  const { text: _, acceptedAt: recordedAt, ...facts } = message;
  await app.stack.putDelivery({
    ...{ ...facts, recordedAt, attempts: failures, status: 'retrying', failures },
    failure: { class: 'retry', description: 'Internal Server Error' },
    ...{ nextAttemptAt: recordedAt, ...changes },
  });
}

describe('through the queue itself', () => {
  test('a message that was not begun is received after its seconds, for the second time', async () => {
    const message = notification();
    await enqueue([message]);
    const [first] = await receive('DeliveriesQueue', 1);
    if (!first) throw new Error('Nothing was received.');
    expect(await app.deliver([first], 1_000)).toEqual([first.messageId]);

    const [second] = await receive('DeliveriesQueue', 10);

    expect(second?.attributes.ApproximateReceiveCount).toBe('2');
    expect(second && (await app.deliver([second]))).toEqual([]);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent', attempts: 2 });
    await app.stack.aws.sqs.send(
      new DeleteMessageCommand({
        QueueUrl: app.stack.refs.get('DeliveriesQueue'),
        ReceiptHandle: second?.receiptHandle,
      }),
    );
  });

  test('a hundred receives, then the dead letters; the next one of the user is sent', async () => {
    const [failing, next] = [notification(), notification()];
    await enqueue([failing]);
    let last: SQSRecord | undefined;
    for (let receives = 1; receives <= 100; receives++) {
      if (last) await makeVisible(last);
      [last] = await receive('DeliveriesQueue', 1);
      expect(last?.attributes.ApproximateReceiveCount).toBe(String(receives));
    }
    if (!last) throw new Error('Nothing was received.');

    await makeVisible(last);
    await enqueue([next]);
    const received = await receive('DeliveriesQueue', 10);

    expect(received.map(({ body }) => JSON.parse(body).deliveryId)).toEqual([next.deliveryId]);
    expect((await receive('DeliveriesDeadLetterQueue', 1)).map(({ body }) => JSON.parse(body))).toEqual([
      failing,
    ]);
    expect(await app.deliver(received)).toEqual([]);
    expect(await app.findDelivery(next)).toMatchObject({ status: 'sent' });
  });
});

describe('a message that is no notification', () => {
  const JUNK = ['not json', '{"x":1}', 'null', '[]', '"text"', '{"siteId":1}'];
  // Of a group of its own: a dead letter of another test is still hidden.
  const junk = (body: string): SQSRecord => ({ ...record(notification({ userId: 'bruno' })), body });

  test.each(JUNK)('%s: in the dead letters at once, unchanged; its neighbours are sent', async (body) => {
    const [before, after] = [notification(), notification()];
    expect(await app.deliver([record(before), junk(body), record(after)])).toEqual([]);
    for (const each of [before, after])
      expect(await app.findDelivery(each)).toMatchObject({ status: 'sent' });
    const dead = await app.stack.takeMessages('DeliveriesDeadLetterQueue');
    expect(dead.map(({ Body }) => Body)).toEqual([body]);
  });

  test('while the dead letters are out of reach it comes again, and its neighbours are sent', async () => {
    const url = process.env.DELIVERIES_DEAD_LETTER_QUEUE_URL;
    process.env.DELIVERIES_DEAD_LETTER_QUEUE_URL = `${url}-not-there`;
    const [bad, good] = [junk('not json'), notification()];
    expect(await app.deliver([bad, record(good)])).toEqual([bad.messageId]);
    process.env.DELIVERIES_DEAD_LETTER_QUEUE_URL = url;
    expect(await app.findDelivery(good)).toMatchObject({ status: 'sent' });
  });

  test.each(['not json', '{"x":1}', 'null', '{"siteId":"../x"}'])(
    '%s as a ticket of the drain: dropped, and no other site waits for it',
    async (body) => {
      const batch = ticketBatch('demo', 'demo');
      if (batch.Records[0]) batch.Records[0].body = body;
      await expect(app.invoke('drain', batch)).resolves.toBeUndefined();
    },
  );
});

async function makeVisible({ receiptHandle }: SQSRecord): Promise<void> {
  await app.stack.aws.sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: app.stack.refs.get('DeliveriesQueue'),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: 0,
    }),
  );
}

describe('the package', () => {
  test('counts receives as the function does', async () => {
    const { DeliveriesQueue } = await packagedResources();
    const { MAX_RECEIVES } = await import('../../lib/deliveries/retry.ts');
    expect(DeliveriesQueue?.Properties.RedrivePolicy).toMatchObject({ maxReceiveCount: MAX_RECEIVES });
    expect(MAX_RECEIVES).toBe(100);
  });

  test('hides a message for at least six times what the function may take', async () => {
    const resources = await packagedResources();
    const deliver = Object.values(resources).find(
      ({ Type, Properties }) =>
        Type === 'AWS::Lambda::Function' && Properties.Handler === 'dist/deliver.handler',
    );
    const timeout = Number(deliver?.Properties.Timeout);
    expect(timeout).toBeGreaterThan(0);
    expect(Number(resources.DeliveriesQueue?.Properties.VisibilityTimeout)).toBeGreaterThanOrEqual(
      6 * timeout,
    );
  });

  test('reports failed messages one by one', async () => {
    const mapping = Object.values(await packagedResources()).find(
      ({ Type, Properties }) =>
        Type === 'AWS::Lambda::EventSourceMapping' && JSON.stringify(Properties).includes('DeliveriesQueue'),
    );
    expect(mapping?.Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
  });
});
