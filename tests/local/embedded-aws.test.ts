import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import { claimDataDirectory } from '../../local/data-directory.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../local/embedded-aws.ts';
import { anyFreePort, isFree } from '../../local/ports.ts';
import { createResources } from '../../local/resources.ts';
import { occupy, until } from '../support/local-run.ts';
import { packagedResources } from '../support/package.ts';

const region = 'eu-south-1';

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const done = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('timeout', () => done(false));
  });
}

test('nobody else in the network reaches it', async () => {
  const aws = await startEmbeddedAws({ region });
  const addresses = Object.values(networkInterfaces()).flatMap((list = []) => list);
  const outside = addresses.filter(({ internal, family }) => !internal && family === 'IPv4');
  for (const port of [aws.dynamodbPort, aws.sqsPort]) {
    expect(await answers('127.0.0.1', port)).toBe(true);
    for (const { address } of outside) expect(await answers(address, port)).toBe(false);
  }
  await aws.close();
});

test('takes any port where the requested one is taken and another will do', async () => {
  const { port, release } = await occupy();
  const requested = { port, anyIfTaken: true };
  const aws = await startEmbeddedAws({ region, dynamodb: requested, sqs: requested });
  expect(aws.dynamodbPort).not.toBe(port);
  expect(aws.sqsPort).not.toBe(port);
  await aws.close();
  await expect(startEmbeddedAws({ region, sqs: { port, anyIfTaken: false } })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await release();
});

test('names queues at its own address, so that any client can use what it is told, in a later run as well', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'embedded-aws-'));
  const dataDirectory = await claimDataDirectory(directory);
  const urlsOf = async ({ sqs }: EmbeddedAws) => [
    (await sqs.send(new CreateQueueCommand({ QueueName: 'plain' }))).QueueUrl,
    (await sqs.send(new GetQueueUrlCommand({ QueueName: 'plain' }))).QueueUrl,
    ...((await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []),
  ];
  for (const MessageBody of ['one', '"http://sqs.eu-south-1.localhost:1/000000000000/plain"']) {
    const aws = await startEmbeddedAws({ region, dataDirectory });
    try {
      const QueueUrl = `http://127.0.0.1:${aws.sqsPort}/000000000000/plain`;
      expect(await urlsOf(aws)).toEqual([QueueUrl, QueueUrl, QueueUrl]);
      await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      // What a message says stays as it is.
      const { Messages = [] } = await aws.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      expect(Messages.map(({ Body }) => Body)).toContain(MessageBody);
    } finally {
      await aws.close();
    }
  }
  await rm(directory, { recursive: true });
});

test('keeps tables and messages, and releases what was received when it ended', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'embedded-aws-'));
  const dataDirectory = await claimDataDirectory(directory);
  const resources = await packagedResources();
  const first = await startEmbeddedAws({ region, dataDirectory });
  await createResources(resources, first);
  const { TableNames } = await first.dynamodb.send(new ListTablesCommand({}));
  const Attributes = { FifoQueue: 'true', VisibilityTimeout: '3600' };
  await first.sqs.send(new CreateQueueCommand({ QueueName: 'kept.fifo', Attributes }));
  const QueueUrl = `http://127.0.0.1:${first.sqsPort}/000000000000/kept.fifo`;
  for (const MessageBody of ['one', 'two']) {
    const ids = { MessageGroupId: 'group', MessageDeduplicationId: MessageBody };
    await first.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...ids }));
  }
  expect((await first.sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0]?.Body).toBe('one');
  await first.close();

  const second = await startEmbeddedAws({ region, dataDirectory });
  expect((await second.dynamodb.send(new ListTablesCommand({}))).TableNames).toEqual(TableNames);
  const again = `http://127.0.0.1:${second.sqsPort}/000000000000/kept.fifo`;
  const receive = async () =>
    (await second.sqs.send(new ReceiveMessageCommand({ QueueUrl: again }))).Messages?.[0]?.Body;
  expect(await receive()).toBeUndefined();
  await second.releaseReceived(again);
  expect(await until(receive, 'the message to come back')).toBe('one');
  await second.close();
  await rm(directory, { recursive: true });
});

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html, "MessageBody"
test('takes the characters that SQS takes, and no others', async () => {
  const { sqs, close } = await startEmbeddedAws({ region });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'characters' }));
  const edges = '\t\n\r \u{d7ff}\u{e000}\u{fffd}\u{10000}😀\u{10ffff}';
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: edges }));
  const refused = ['\u{0}', '\u{b}', '\u{1f}', '\u{fffe}', '\u{ffff}'];
  for (const MessageBody of refused)
    await expect(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }))).rejects.toThrow(
      /Invalid characters/,
    );
  const Entries = [edges, ...refused].map((MessageBody, id) => ({ Id: String(id), MessageBody }));
  const { Successful, Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  expect(Successful?.map(({ Id }) => Id)).toEqual(['0']);
  expect(Failed?.map(({ Id }) => Id)).toEqual(['1', '2', '3', '4', '5']);
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  expect(Messages?.map(({ Body }) => Body)).toEqual([edges, edges]);
  await close();
});

test('a port is free until somebody has it', async () => {
  const port = await anyFreePort();
  expect(await isFree(port)).toBe(true);
  const { release } = await occupy(port);
  expect(await isFree(port)).toBe(false);
  await release();
});
