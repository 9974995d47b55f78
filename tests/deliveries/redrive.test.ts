import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { Delivery } from '../../lib/store/deliveries.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let redrive: typeof import('../../lib/deliveries/redrive.ts').redrive;
let recordDelivery: typeof import('../../lib/store/deliveries.ts').recordDelivery;

beforeAll(async () => {
  stack = await startStack();
  ({ redrive } = await import('../../lib/deliveries/redrive.ts'));
  ({ recordDelivery } = await import('../../lib/store/deliveries.ts'));
});
afterAll(() => stack.close());
beforeEach(async () => {
  for (const QueueUrl of [url('DeliveriesQueue'), url('DeliveriesDeadLetterQueue')]) {
    await stack.aws.sqs.send(new PurgeQueueCommand({ QueueUrl }));
  }
});

const url = (logicalId: string) => stack.refs.get(logicalId) ?? '';

/** Each test has ids of its own: the queues remember deduplication ids for five minutes. */
let testNumber = 0;
beforeEach(() => {
  testNumber++;
});

function letter(number: number, userId = 'anna'): Notification {
  return {
    deliveryId: `delivery-${testNumber}-${number}`,
    siteId: 'demo',
    userId,
    event: 'order-status',
    eventId: `event-${number}`,
    templateId: 'default-order-status',
    text: `message ${number}`,
    acceptedAt: '2026-11-22T10:00:00.000Z',
  };
}

async function addDeadLetter(notification: Notification): Promise<void> {
  await stack.aws.sqs.send(
    new SendMessageCommand({
      QueueUrl: url('DeliveriesDeadLetterQueue'),
      MessageBody: JSON.stringify(notification),
      MessageGroupId: `group-${notification.userId}`,
      MessageDeduplicationId: notification.deliveryId,
    }),
  );
}

async function recorded(notification: Notification, outcome: object): Promise<void> {
  const { siteId, deliveryId, event, eventId, templateId, userId } = notification;
  const facts = { siteId, deliveryId, event, eventId, templateId, userId, attempts: 12 };
  await recordDelivery({ ...facts, recordedAt: '2026-11-22T10:30:00.000Z', ...outcome } as Delivery);
}

function run(onProgress: Parameters<typeof redrive>[0]['onProgress'] = () => undefined) {
  return redrive({
    sqs: stack.aws.sqs,
    deadLettersUrl: url('DeliveriesDeadLetterQueue'),
    deliveriesUrl: url('DeliveriesQueue'),
    onProgress,
  });
}

/** What waits in the deliveries queue, one message of each group after the other. */
async function waiting(): Promise<{ text: string; group: string | undefined }[]> {
  const found: { text: string; group: string | undefined }[] = [];
  for (;;) {
    const { Messages = [] } = await stack.aws.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url('DeliveriesQueue'),
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['MessageGroupId'],
      }),
    );
    if (Messages.length === 0) return found;
    for (const { Body = '', Attributes } of Messages) {
      found.push({ text: JSON.parse(Body).text, group: Attributes?.MessageGroupId });
    }
  }
}

async function deadLetters(): Promise<string | undefined> {
  const AttributeNames = ['ApproximateNumberOfMessages' as const];
  const request = new GetQueueAttributesCommand({
    QueueUrl: url('DeliveriesDeadLetterQueue'),
    AttributeNames,
  });
  return (await stack.aws.sqs.send(request)).Attributes?.ApproximateNumberOfMessages;
}

describe('redrive', () => {
  test('requeues dead letters in their groups, and empties the dead-letter queue', async () => {
    await addDeadLetter(letter(1, 'anna'));
    await addDeadLetter(letter(2, 'bruno'));
    await recorded(letter(1, 'anna'), {
      status: 'failed',
      isDead: true,
      failure: { class: 'retry', description: 'Bad Gateway' },
    });

    expect(await run()).toEqual({ requeued: 2, dropped: 0, hidden: 0, unreadable: 0 });

    expect(await waiting()).toEqual([
      { text: 'message 1', group: 'group-anna' },
      { text: 'message 2', group: 'group-bruno' },
    ]);
    expect(await deadLetters()).toBe('0');
  });

  test.each([
    ['sent', { status: 'sent', messageId: 7, chatId: 1001 }],
    ['refused for good', { status: 'failed', failure: { class: 'refused', description: 'Bad Request' } }],
    ['skipped', { status: 'skipped', reason: 'opted-out' }],
  ])('only deletes what was %s', async (_what, outcome) => {
    await addDeadLetter(letter(1));
    await recorded(letter(1), outcome);

    expect(await run()).toEqual({ requeued: 0, dropped: 1, hidden: 0, unreadable: 0 });

    expect(await waiting()).toEqual([]);
    expect(await deadLetters()).toBe('0');
  });

  test('killed before it deletes a requeued dead letter, then run once more: the message is in the queue once', async () => {
    await addDeadLetter(letter(1));
    const { sqs } = stack.aws;
    // The process dies before the first deletion.
    const send = jest.spyOn(sqs, 'send') as unknown as jest.Mock<(command: object) => Promise<unknown>>;
    const reallySend = SQSClient.prototype.send as (this: SQSClient, command: object) => Promise<unknown>;
    send.mockImplementation(async (command) => {
      if (command instanceof DeleteMessageBatchCommand) throw new Error('killed');
      return reallySend.call(sqs, command);
    });
    await expect(run()).rejects.toThrow('killed');
    jest.restoreAllMocks();
    // The dead letter is hidden for two minutes; a redrive after that finds it.
    await stack.aws.releaseReceived(url('DeliveriesDeadLetterQueue'));

    expect(await run()).toEqual({ requeued: 1, dropped: 0, hidden: 0, unreadable: 0 });
    expect(await waiting()).toEqual([{ text: 'message 1', group: 'group-anna' }]);
  });

  test('reports its progress after each batch', async () => {
    for (let number = 1; number <= 12; number++) await addDeadLetter(letter(number, `user-${number}`));
    const seen: { done: number; total: number }[] = [];

    await run(({ requeued, dropped, total }) => seen.push({ done: requeued + dropped, total }));

    expect(seen).toEqual([
      { done: 10, total: 12 },
      { done: 12, total: 12 },
    ]);
  });

  test('dead letters that somebody has just looked at are counted: they are hidden, not gone', async () => {
    await addDeadLetter(letter(1, 'anna'));
    await addDeadLetter(letter(2, 'bruno'));
    const QueueUrl = url('DeliveriesDeadLetterQueue');
    await stack.aws.sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 60 }));

    expect(await run()).toEqual({ requeued: 1, dropped: 0, hidden: 1, unreadable: 0 });
    await stack.aws.releaseReceived(QueueUrl);
    expect(await run()).toEqual({ requeued: 1, dropped: 0, hidden: 0, unreadable: 0 });
  });

  test('the same with the dead letters of an event', async () => {
    const { redriveEvents } = await import('../../lib/events/redrive-events.ts');
    const { sqs } = stack.aws;
    const [queueUrl, deadLettersUrl] = [url('FileUploadQueue'), url('FileUploadDeadLetterQueue')];
    const runEvents = () => redriveEvents({ sqs, queueUrl, deadLettersUrl, onProgress: () => undefined });
    await sqs.send(new SendMessageCommand({ QueueUrl: deadLettersUrl, MessageBody: '{}' }));
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: deadLettersUrl, VisibilityTimeout: 60 }));

    expect(await runEvents()).toEqual({ requeued: 0, hidden: 1, tooLarge: 0 });
    await stack.aws.releaseReceived(deadLettersUrl);
    expect(await runEvents()).toEqual({ requeued: 1, hidden: 0, tooLarge: 0 });
  });

  test('dead letters of an event that are large: each is sent again, and what is larger than an event may be stays', async () => {
    const { redriveEvents } = await import('../../lib/events/redrive-events.ts');
    const { sqs } = stack.aws;
    const [queueUrl, deadLettersUrl] = [url('FileAccessQueue'), url('FileAccessDeadLetterQueue')];
    const bodies = Array.from({ length: 10 }, (_, index) => String(index).padEnd(262_144, '.'));
    for (const MessageBody of [...bodies, 'x'.repeat(1_048_576)])
      await sqs.send(new SendMessageCommand({ QueueUrl: deadLettersUrl, MessageBody }));
    const done = await redriveEvents({ sqs, queueUrl, deadLettersUrl, onProgress: () => undefined });

    expect(done).toEqual({ requeued: 10, hidden: 0, tooLarge: 1 });
    const sent = (await stack.takeMessages('FileAccessQueue')).map(({ Body }) => Body);
    expect(sent.toSorted()).toEqual(bodies);
    const { queueLength } = await import('../../lib/aws/queue-length.ts');
    expect(await queueLength(sqs, deadLettersUrl)).toEqual({ visible: 0, hidden: 1 });
  });

  test('a dead letter of an event that SQS has moved has the attributes of its sender: they are no time of ours', async () => {
    const { redriveEvents } = await import('../../lib/events/redrive-events.ts');
    const { sqs } = stack.aws;
    const [queueUrl, deadLettersUrl] = [url('MessageReadQueue'), url('MessageReadDeadLetterQueue')];
    const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
    const before = Date.now();
    for (const [name, value] of [
      ['sentAt', '1700000000000'],
      ['passweb-telegram-sent-at', '4102444800000'],
    ] as const) {
      const MessageAttributes = { [name]: attribute(value) };
      const message = { QueueUrl: deadLettersUrl, MessageBody: '{}', MessageAttributes };
      await sqs.send(new SendMessageCommand(message));
    }
    await redriveEvents({ sqs, queueUrl, deadLettersUrl, onProgress: () => undefined });

    const sent = await stack.takeMessages('MessageReadQueue');
    const times = sent.map((message) =>
      Number(message.MessageAttributes?.['passweb-telegram-sent-at']?.StringValue),
    );
    expect(times).toHaveLength(2);
    for (const time of times) {
      expect(time).toBeGreaterThanOrEqual(before);
      expect(time).toBeLessThanOrEqual(Date.now());
    }
  });

  test('what is no notification stays, and does not keep others back', async () => {
    const QueueUrl = url('DeliveriesDeadLetterQueue');
    for (const [MessageBody, id] of [
      ['not json', 'a'],
      ['{"x":1}', 'b'],
    ])
      await stack.aws.sqs.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody,
          MessageGroupId: `g${id}`,
          MessageDeduplicationId: id,
        }),
      );
    await addDeadLetter(letter(9));
    expect(await run()).toEqual({ requeued: 1, dropped: 0, hidden: 0, unreadable: 2 });
    const { queueLength } = await import('../../lib/aws/queue-length.ts');
    expect(await queueLength(stack.aws.sqs, QueueUrl)).toEqual({ visible: 0, hidden: 2 });
  });

  test('nothing to do is no error', async () => {
    expect(await run()).toEqual({ requeued: 0, dropped: 0, hidden: 0, unreadable: 0 });
  });
});
