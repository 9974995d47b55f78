/**
 * DynamoDB and SQS as a test wants them, without a package and without a network: for tests of what is asked of them.
 * What they do with it is tested with the package's own tables and queues.
 */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import {
  BatchGetCommand,
  BatchWriteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { jest } from '@jest/globals';
import { database, type Table } from '../../lib/aws/dynamodb.ts';
import { sqs } from '../../lib/aws/sqs.ts';
import type { Notification } from '../../lib/deliveries/notification.ts';

type Item = Record<string, unknown>;

const TABLES: Table[] = [
  ...(['SITES_TABLE', 'USERS_TABLE', 'LINKS_TABLE'] as const),
  ...(['SCHEDULE_TABLE', 'PACES_TABLE', 'DELIVERIES_TABLE'] as const),
];

export interface FakeAws {
  /** What reads find, by table. Each table has the name of its variable. */
  stored: Partial<Record<Table, Item[]>>;
  /** Items that were put, one by one or many at once, in order, whether they were taken or not. */
  put: { table: string; item: Item }[];
  /** Updates, in order, whether they were taken or not: see `changesOf`. */
  updates: UpdateCommandInput[];
  /** Bodies of the messages sent to the deliveries queue. */
  queued: Notification[];
  /** Whether the condition of a write to this table does not hold. */
  refuses: (table: string) => boolean;
  /** What a query finds. */
  answer: (query: QueryCommandInput) => { Items: Item[]; LastEvaluatedKey?: Item };
}

/** Takes the place of the two clients until `jest.restoreAllMocks`. */
export function fakeAws(): FakeAws {
  const fake: FakeAws = {
    ...{ stored: {}, put: [], updates: [], queued: [] },
    refuses: () => false,
    answer: () => ({ Items: [] }),
  };
  for (const name of TABLES) process.env[name] = name;
  process.env.DELIVERIES_QUEUE_URL = 'https://sqs.example/deliveries.fifo';
  jest.spyOn(database, 'send').mockImplementation((async (command: unknown) => run(fake, command)) as never);
  jest.spyOn(sqs, 'send').mockImplementation((async (command: unknown) => run(fake, command)) as never);
  return fake;
}

function run(fake: FakeAws, command: unknown): object {
  if (command instanceof GetCommand) {
    const { TableName, Key } = command.input;
    return { Item: find(fake, TableName, Key) };
  }
  if (command instanceof BatchGetCommand) return { Responses: findAll(fake, command) };
  if (command instanceof QueryCommand) return fake.answer(command.input);
  if (command instanceof PutCommand) {
    const { TableName = '', Item = {} } = command.input;
    fake.put.push({ table: TableName, item: Item });
    if (fake.refuses(TableName)) throw conditionFailed();
    return {};
  }
  if (command instanceof BatchWriteCommand) {
    for (const [table, requests] of Object.entries(command.input.RequestItems ?? {}))
      for (const { PutRequest } of requests) fake.put.push({ table, item: PutRequest?.Item ?? {} });
    return {};
  }
  if (command instanceof UpdateCommand) {
    fake.updates.push(command.input);
    if (fake.refuses(command.input.TableName ?? '')) throw conditionFailed();
    return {};
  }
  if (command instanceof SendMessageBatchCommand) {
    const bodies = (command.input.Entries ?? []).map(({ MessageBody = '' }) => JSON.parse(MessageBody));
    fake.queued.push(...bodies);
    return {};
  }
  throw new Error('This fake knows no such command.');
}

/** What an update writes, by attribute; an attribute that it removes is `undefined`. */
export function changesOf({
  UpdateExpression = '',
  ExpressionAttributeNames: names = {},
  ExpressionAttributeValues: values = {},
}: UpdateCommandInput): Item {
  const [, sets = '', removes = ''] = /^(?:SET (.*?))?(?: ?REMOVE (.*))?$/.exec(UpdateExpression) ?? [];
  const parts = (list: string) => list.split(/, (?=#)/).filter(Boolean);
  const set = parts(sets).map((part) => {
    const [, name = '', value = ''] = /^(#\w+) = (?:.*, )?(:\w+)\)?$/.exec(part) ?? [];
    return [names[name], values[value]] as const;
  });
  return Object.fromEntries([...set, ...parts(removes).map((name) => [names[name], undefined] as const)]);
}

function conditionFailed(): Error {
  return new ConditionalCheckFailedException({ $metadata: {}, message: 'The conditional request failed' });
}

function find({ stored }: FakeAws, table: string | undefined, key: Item = {}): Item | undefined {
  const items: Item[] = stored[table as Table] ?? [];
  return items.find((item) => Object.entries(key).every(([name, value]) => item[name] === value));
}

function findAll(fake: FakeAws, { input }: BatchGetCommand): Record<string, Item[]> {
  const tables = Object.entries(input.RequestItems ?? {});
  return Object.fromEntries(
    tables.map(([table, { Keys = [] }]) => [
      table,
      Keys.map((key) => find(fake, table, key)).filter((item) => item !== undefined),
    ]),
  );
}
