import { setTimeout } from 'node:timers/promises';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { type EmbeddedAws, startEmbeddedAws } from '../../local/embedded-aws.ts';
import { checkTimeout, type Polling, startQueueTrigger } from '../../local/queue-triggers.ts';
import { until } from '../support/local-run.ts';

let aws: EmbeddedAws;
let queueUrl: string;
let polling: Polling | undefined;
let queues = 0;

beforeAll(async () => {
  process.env.LOG_LEVEL = 'off';
  aws = await startEmbeddedAws({ region: 'eu-south-1' });
});
afterAll(() => aws.close());
beforeEach(async () => {
  queues += 1;
  const QueueName = `triggers-${queues}.fifo`;
  const Attributes = { FifoQueue: 'true', VisibilityTimeout: '1' };
  await aws.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  queueUrl = `http://127.0.0.1:${aws.sqsPort}/000000000000/${QueueName}`;
});
afterEach(async () => {
  await polling?.stop();
  polling = undefined;
});

async function send(body: string, group: string): Promise<void> {
  const deduplication = { MessageGroupId: group, MessageDeduplicationId: body };
  await aws.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, ...deduplication }));
}

/** Starts the trigger; gives the batches that the function got. */
function trigger(answer: (records: SQSRecord[]) => unknown, reportsBatchItemFailures = true): string[][] {
  const batches: string[][] = [];
  polling = startQueueTrigger(aws.sqs, {
    queueUrl,
    queueArn: 'arn:aws:sqs:eu-south-1:000000000000:triggers.fifo',
    batchSize: 10,
    concurrency: 2,
    reportsBatchItemFailures,
    invoke: async ({ Records }: SQSEvent) => {
      batches.push(Records.map(({ body }) => body));
      return answer(Records);
    },
  });
  return batches;
}

async function isEmpty(): Promise<boolean> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await aws.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...AttributeNames] }),
  );
  return AttributeNames.every((name) => Attributes[name] === '0');
}

const failing = (records: SQSRecord[], body: string) => ({
  batchItemFailures: records
    .filter((record) => record.body === body)
    .map(({ messageId }) => ({ itemIdentifier: messageId })),
});

describe('a queue trigger', () => {
  test('hands out messages of several groups in one batch, as Lambda does, and deletes them', async () => {
    await send('one', 'a');
    await send('two', 'b');
    let first: SQSRecord | undefined;
    const batches = trigger((records) => {
      first ??= records[0];
    });
    await until(isEmpty, 'the queue to be empty');
    expect(batches).toEqual([['one', 'two']]);
    expect(first).toMatchObject({
      body: 'one',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-south-1:000000000000:triggers.fifo',
      awsRegion: 'eu-south-1',
      attributes: { MessageGroupId: 'a', MessageDeduplicationId: 'one', ApproximateReceiveCount: '1' },
    });
  });

  test('keeps what the function reports as failed, and no other', async () => {
    await send('good', 'a');
    await send('bad', 'b');
    let failures = 0;
    const batches = trigger((records) => (failures++ === 0 ? failing(records, 'bad') : undefined));
    await until(isEmpty, 'the queue to be empty');
    expect(batches).toEqual([['good', 'bad'], ['bad']]);
  });

  test.each([
    ['throws', () => Promise.reject(new Error('on purpose'))],
    [
      'names a message that is not of its batch',
      () => ({ batchItemFailures: [{ itemIdentifier: 'stranger' }] }),
    ],
  ])(
    'gives the whole batch once more after the visibility time-out when the function %s',
    async (_, fail) => {
      await send('one', 'a');
      await send('two', 'b');
      let calls = 0;
      const batches = trigger(() => (calls++ === 0 ? fail() : undefined));
      await until(isEmpty, 'the queue to be empty');
      expect(batches.flat().sort()).toEqual(['one', 'one', 'two', 'two']);
    },
  );

  test('lets no message overtake a failed one of its group', async () => {
    for (const body of ['first', 'second', 'third']) await send(body, 'a');
    let failures = 0;
    const batches = trigger((records) =>
      records.some(({ body }) => body === 'first') && failures++ === 0
        ? failing(records, 'first')
        : undefined,
    );
    await until(isEmpty, 'the queue to be empty');
    expect(batches.flat()).toEqual(['first', 'first', 'second', 'third']);
  });

  test('does not look at reports of a function that makes none', async () => {
    await send('one', 'a');
    const batches = trigger((records) => failing(records, 'one'), false);
    await until(isEmpty, 'the queue to be empty');
    expect(batches).toEqual([['one']]);
  });

  test('hands out nothing once it is stopped', async () => {
    const batches = trigger(() => undefined);
    await polling?.stop();
    await send('late', 'a');
    const { Messages = [] } = await aws.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 2 }),
    );
    expect(Messages.map(({ Body }) => Body)).toEqual(['late']);
    expect(batches).toEqual([]);
  });

  test('that finishes receives nothing that comes afterwards, and handles what came before', async () => {
    const batches = trigger(() => undefined);
    // Its request waits for messages by then.
    await send('first', 'a');
    await until(() => batches.length > 0, 'the first batch');
    await polling?.finish();
    await send('late', 'a');
    await setTimeout(500);
    const { Attributes = {} } = await aws.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
    expect(batches).toEqual([['first']]);
  });
});

test('a queue that gives messages out again while the function may still run is refused, in the words of AWS', async () => {
  await checkTimeout(aws.sqs, queueUrl, 1);
  await expect(checkTimeout(aws.sqs, queueUrl, 2)).rejects.toThrow(
    'Queue visibility timeout: 1 seconds is less than Function timeout: 2 seconds',
  );
});
