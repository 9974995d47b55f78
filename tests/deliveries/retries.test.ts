/** Retries through the queue: after how long, that the queue obeys, and when they end. */

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
import { notification, record } from '../support/sqs-events.ts';
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
      process.env.DELIVERIES_QUEUE_URL = sqs.url + new URL(refs.get('DeliveriesQueue') ?? '').pathname;
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

/** What the function asked the queue to do: receipt handle and seconds. */
function deferred(): [string, number][] {
  return sqs.seen
    .filter(({ operation }) => operation === 'AmazonSQS.ChangeMessageVisibilityBatch')
    .flatMap(({ body }) => JSON.parse(body).Entries as { ReceiptHandle: string; VisibilityTimeout: number }[])
    .map(({ ReceiptHandle, VisibilityTimeout }) => [ReceiptHandle, VisibilityTimeout]);
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

describe('the queue is told', () => {
  test.each([
    [1, 1, 2],
    [4, 8, 16],
    [11, 450, 900],
  ])('after failure %d: from %d to %d seconds', async (failures, shortest, longest) => {
    const message = notification();
    if (failures > 1) await recordFailures(message, failures - 1);
    await app.telegram.fault({ status: 500, times: 1 });
    const before = Date.now();

    // Not every receive is a failure; the backoff depends on the failures only.
    await app.deliver([record(message, 11)]);

    const [[receipt, seconds] = ['', 0]] = deferred();
    expect(receipt).toBe(`receipt ${message.deliveryId}`);
    expect(seconds).toBeGreaterThanOrEqual(shortest);
    expect(seconds).toBeLessThanOrEqual(longest);
    const found = await app.findDelivery(message);
    expect(found).toMatchObject({ status: 'retrying', failures, attempts: 11 });
    const next = found?.status === 'retrying' ? Date.parse(found.nextAttemptAt) : 0;
    expect(next).toBeGreaterThanOrEqual(before + seconds * 1_000);
    expect(next).toBeLessThanOrEqual(Date.now() + seconds * 1_000);
  });

  test('once for the batch: the failed one and those behind it, with the same seconds', async () => {
    await app.telegram.fault({ status: 500, chatId: 1001, times: 1 });
    const messages = [notification(), notification(), notification({ userId: 'bruno' })];

    await app.deliver(messages.map((message) => record(message, 6)));

    expect(deferred().map(([receipt]) => receipt)).toEqual(
      messages.slice(0, 2).map(({ deliveryId }) => `receipt ${deliveryId}`),
    );
    expect(new Set(deferred().map(([, seconds]) => seconds)).size).toBe(1);
    expect(sqs.seen).toHaveLength(1);
  });

  test('nothing, where everything was acknowledged', async () => {
    await app.deliver([record(notification())]);

    expect(sqs.seen).toEqual([]);
  });

  test.each([13_999, 1_000, 0])(
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

test('with 14,000 ms left a message is begun', async () => {
  expect(await app.deliver([record(notification())], 14_000)).toEqual([]);
  expect(await app.telegram.textsIn(1001)).toHaveLength(1);
});

async function recordFailures(message: Notification, failures: number): Promise<void> {
  const { recordDelivery } = await import('../../lib/store/deliveries.ts');
  const { text: _, acceptedAt: recordedAt, ...facts } = message;
  await recordDelivery({
    ...{ ...facts, recordedAt, attempts: failures, status: 'retrying', failures },
    failure: { class: 'retry', description: 'Internal Server Error' },
    nextAttemptAt: recordedAt,
  });
}

describe('through the queue itself', () => {
  test('a deferred message is received after its seconds, for the second time', async () => {
    await app.telegram.fault({ status: 500, times: 1 });
    const message = notification();
    await enqueue([message]);
    const [first] = await receive('DeliveriesQueue', 1);
    if (!first) throw new Error('Nothing was received.');
    expect(await app.deliver([first])).toEqual([first.messageId]);

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

  test('twelve receives, then the dead letters; the record says so, the next one of the user is sent', async () => {
    await app.telegram.fault({ status: 500, times: 1, chatId: 1001 });
    const [failing, next] = [notification(), notification()];
    await enqueue([failing]);
    let last: SQSRecord | undefined;
    for (let receives = 1; receives <= 12; receives++) {
      if (last) await makeVisible(last);
      [last] = await receive('DeliveriesQueue', 1);
      expect(last?.attributes.ApproximateReceiveCount).toBe(String(receives));
    }
    if (!last) throw new Error('Nothing was received.');

    expect(await app.deliver([last])).toEqual([last.messageId]);
    await enqueue([next]);
    const received = await receive('DeliveriesQueue', 10);

    expect(received.map(({ body }) => JSON.parse(body).deliveryId)).toEqual([next.deliveryId]);
    expect((await receive('DeliveriesDeadLetterQueue', 1)).map(({ body }) => JSON.parse(body))).toEqual([
      failing,
    ]);
    expect(await app.findDelivery(failing)).toMatchObject({ status: 'failed', isDead: true, attempts: 12 });
  });
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
    expect(MAX_RECEIVES).toBe(12);
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
