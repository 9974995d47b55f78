/** The tables and queues of the package, made in the embedded DynamoDB and SQS. */

import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type EmbeddedAws, startEmbeddedAws } from '../../local/embedded-aws.ts';
import { type Created, createResources, type Resources, resolve } from '../../local/resources.ts';
import { packagedResources } from '../support/package.ts';

let aws: EmbeddedAws;
let resources: Resources;
let created: Created;
beforeAll(async () => {
  aws = await startEmbeddedAws({ region: 'eu-south-1' });
  resources = await packagedResources();
  created = await createResources(resources, aws);
});
afterAll(() => aws.close());

async function keysOf(logicalId: string) {
  const { Table } = await aws.dynamodb.send(
    new DescribeTableCommand({ TableName: created.refs.get(logicalId) }),
  );
  const names = (schema: { AttributeName?: string | undefined }[] = []) =>
    schema.map(({ AttributeName }) => AttributeName).join();
  const indexes = Object.fromEntries(
    (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName = '', KeySchema }) => [
      IndexName,
      names(KeySchema),
    ]),
  );
  return { key: names(Table?.KeySchema), indexes };
}

async function attributesOf(logicalId: string): Promise<Record<string, string>> {
  const QueueUrl = created.refs.get(logicalId);
  const { Attributes } = await aws.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return Attributes ?? {};
}

// DESIGN: "Tables".
test.each<[string, string, Record<string, string>]>([
  ['SitesTable', 'siteId', {}],
  ['UsersTable', 'siteId,userId', { 'by-chat': 'siteChat', 'by-change': 'siteId,changedAt' }],
  ['PeopleTable', 'siteId,key', { 'by-state': 'siteState,key', 'by-due-time': 'shard,dueAt' }],
  ['LinksTable', 'token', { 'by-user': 'siteUser' }],
  ['ScheduleTable', 'siteId,key', { 'by-due-time': 'shard,dueAt' }],
  [
    'DeliveriesTable',
    'siteId,deliveryId',
    {
      ...{ 'by-time': 'siteId,recordedAt', 'by-user': 'siteUser,recordedAt' },
      ...{ 'by-event': 'siteId,eventId', 'by-new-click': 'siteId,newClickAt' },
    },
  ],
  ['WaitingTable', 'siteId,key', { 'by-next-time': 'shard,nextAt' }],
  ['StatisticsTable', 'siteId,key', {}],
  ['OutgoingTable', 'siteId,key', { 'by-next-time': 'shard,nextAt' }],
])('%s has the key %s and its indexes', async (logicalId, key, indexes) => {
  expect(await keysOf(logicalId)).toEqual({ key, indexes });
});

test('the deliveries queue keeps each person in order and gives up after 100 receives', async () => {
  const attributes = await attributesOf('DeliveriesQueue');
  expect(attributes).toMatchObject({
    FifoQueue: 'true',
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
    VisibilityTimeout: '180',
    MessageRetentionPeriod: '1209600',
  });
  expect(JSON.parse(attributes.RedrivePolicy ?? '{}')).toEqual({
    deadLetterTargetArn: created.arns.get('DeliveriesDeadLetterQueue'),
    maxReceiveCount: 100,
  });
  expect(attributes.QueueArn).toMatch(
    /^arn:aws:sqs:eu-south-1:\d{12}:passweb-telegram-test-deliveries\.fifo$/,
  );
});

describe('when they exist already', () => {
  test('they stay, and queues take what is described now', async () => {
    const changed = structuredClone(resources);
    Object.assign(changed.DeliveriesQueue?.Properties ?? {}, { VisibilityTimeout: 240 });
    const again = await createResources(changed, aws);
    expect(again.refs).toEqual(created.refs);
    expect(await attributesOf('DeliveriesQueue')).toMatchObject({ VisibilityTimeout: '240' });
  });

  test('a table with other indexes is refused in a sentence', async () => {
    const changed = structuredClone(resources);
    const { Properties = {} } = changed.UsersTable ?? {};
    Object.assign(Properties, {
      AttributeDefinitions: [
        { AttributeName: 'siteId', AttributeType: 'S' },
        { AttributeName: 'userId', AttributeType: 'S' },
        { AttributeName: 'language', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-language',
          KeySchema: [{ AttributeName: 'language', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
    await expect(createResources(changed, aws)).rejects.toThrow(
      /was kept by another version.*Delete the folder/,
    );
  });
});

test('a table whose making was cut off is refused in a sentence', async () => {
  const send = async (command: DescribeTableCommand) => {
    const answer = await aws.dynamodb.send(command);
    if (answer.Table) answer.Table.TableStatus = 'CREATING';
    return answer;
  };
  const dynamodb = { send } as unknown as EmbeddedAws['dynamodb'];
  await expect(createResources(resources, { ...aws, dynamodb })).rejects.toThrow(
    /^The table passweb-telegram-test-\w+ was left unfinished\. Delete the folder/,
  );
});

test('references are replaced by what they stand for, anywhere', () => {
  const made: Created = { refs: new Map([['Table', 'name']]), arns: new Map([['Queue', 'arn:queue']]) };
  const value = {
    a: [{ Ref: 'Table' }, { 'Fn::GetAtt': ['Queue', 'Arn'] }],
    b: { 'Fn::GetAtt': 'Queue.Arn' },
    c: 1,
    d: null,
  };
  expect(resolve(value, made)).toEqual({ a: ['name', 'arn:queue'], b: 'arn:queue', c: 1, d: null });
  expect(resolve({ Ref: 'AWS::Region' }, made)).toEqual({ Ref: 'AWS::Region' });
});
