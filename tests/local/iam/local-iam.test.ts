/** The local run's IAM in front of the embedded DynamoDB and SQS, asked as functions ask: with AWS's own clients. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type EmbeddedAws, startEmbeddedAws } from '../../../local/embedded-aws.ts';
import { LocalIam } from '../../../local/iam/local-iam.ts';
import type { Template } from '../../../local/iam/template.ts';
import { createResources } from '../../../local/resources.ts';
import { packagedResources } from '../../support/package.ts';

const REGION = 'eu-south-1';
const SITES = 'passweb-telegram-test-sites';
const USERS = 'passweb-telegram-test-users';

const allow = (Action: string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const role = (...Statement: object[]): Template['Resources'][string] => ({
  Type: 'AWS::IAM::Role',
  Properties: { Policies: [{ PolicyDocument: { Statement } }] },
});

let aws: EmbeddedAws;
let iam: LocalIam;
let queueUrl = '';
beforeAll(async () => {
  const resources = await packagedResources();
  const roles = {
    ReaderRole: role(
      allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem'], arnOf('SitesTable')),
      allow(['dynamodb:Query'], { 'Fn::Sub': `\${UsersTable.Arn}/index/by-chat` }),
      allow(['sqs:SendMessage'], arnOf('DeliveriesQueue')),
      {
        ...allow(['dynamodb:UpdateItem'], arnOf('SitesTable')),
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['*#version'] } },
      },
    ),
    CountingRole: role({
      ...allow(['dynamodb:UpdateItem', 'dynamodb:GetItem'], arnOf('UsersTable')),
      Condition: {
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['siteId', 'userId', 'links', 'clicks'] },
        StringEqualsIfExists: {
          'dynamodb:Select': ['SPECIFIC_ATTRIBUTES'],
          'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'],
        },
      },
    }),
    OtherRole: role(allow(['dynamodb:GetItem'], arnOf('UsersTable'))),
  };
  iam = new LocalIam(
    { Resources: { ...resources, ...roles } },
    { reader: { role: 'ReaderRole' }, counting: { role: 'CountingRole' }, other: { role: 'OtherRole' } },
    REGION,
  );
  aws = await startEmbeddedAws({ region: REGION, interceptor: (request) => iam.intercept(request) });
  const { refs } = await createResources(resources, aws);
  queueUrl = refs.get('DeliveriesQueue') ?? '';
});
afterAll(() => aws?.close());

const credentialsOf = (accessKeyId: string) => ({ accessKeyId, secretAccessKey: 'local' });

function tablesOf(name: string): DynamoDBDocumentClient {
  const endpoint = `http://127.0.0.1:${aws.dynamodbPort}`;
  return DynamoDBDocumentClient.from(
    new DynamoDBClient({ region: REGION, endpoint, credentials: credentialsOf(name) }),
  );
}

function queuesOf(name: string): SQSClient {
  const endpoint = `http://127.0.0.1:${aws.sqsPort}`;
  return new SQSClient({ region: REGION, endpoint, credentials: credentialsOf(name) });
}

const site = { TableName: SITES, Key: { siteId: 'demo' } };
const query = {
  TableName: USERS,
  KeyConditionExpression: 'siteChat = :chat',
  ExpressionAttributeValues: { ':chat': 'demo#1' },
};
const batch = (...tables: string[]) => ({
  RequestItems: Object.fromEntries(
    tables.map((table) => [table, { Keys: [{ siteId: 'demo', ...(table === USERS && { userId: '1' }) }] }]),
  ),
});
const denied = { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } };

test('what the role allows is done', async () => {
  const item = { siteId: 'demo', text: 'è 😀'.repeat(50_000) };
  // Nobody's role: the run itself, or a person who looks into a table.
  await tablesOf('local').send(new PutCommand({ TableName: SITES, Item: item }));
  expect((await tablesOf('reader').send(new GetCommand(site))).Item).toEqual(item);
  expect((await tablesOf('reader').send(new BatchGetCommand(batch(SITES)))).Responses).toEqual({
    [SITES]: [item],
  });
  const { Items } = await tablesOf('reader').send(new QueryCommand({ ...query, IndexName: 'by-chat' }));
  expect(Items).toEqual([]);
});

test('items of a table that the role names by the end of their keys are changed, and no others', async () => {
  const change = (siteId: string) =>
    tablesOf('reader').send(new UpdateCommand({ TableName: SITES, Key: { siteId } }));
  await change('demo#version');
  await expect(change('demo')).rejects.toMatchObject(denied);
  await change('altro#version');
  await expect(change('demo#version#')).rejects.toMatchObject(denied);
});

test('attributes that the role names are used and returned, and no others', async () => {
  const item = { TableName: USERS, Key: { siteId: 'demo', userId: 'anna' } };
  const counting = tablesOf('counting');
  const update = (more: object) =>
    counting.send(
      new UpdateCommand({
        ...item,
        UpdateExpression: 'SET #c = if_not_exists(clicks, :none), links = :list',
        ExpressionAttributeNames: { '#c': 'clicks' },
        ExpressionAttributeValues: { ':none': 0, ':list': ['a'] },
        ...more,
      }),
    );
  const { Attributes } = await update({ ReturnValues: 'UPDATED_NEW' });
  expect(Attributes).toEqual({ clicks: 0, links: ['a'] });
  await update({ ConditionExpression: 'attribute_exists(links[0])' });
  await expect(update({ ReturnValues: 'ALL_NEW' })).rejects.toMatchObject(denied);
  await expect(update({ ConditionExpression: 'attribute_exists(lastName)' })).rejects.toMatchObject(denied);
  await expect(
    update({ UpdateExpression: 'SET #c = :none, links = :list, lastName = :none' }),
  ).rejects.toMatchObject(denied);

  const read = await counting.send(new GetCommand({ ...item, ProjectionExpression: 'links' }));
  expect(read.Item).toEqual({ links: ['a'] });
  await expect(counting.send(new GetCommand(item))).rejects.toMatchObject(denied);
  await expect(
    counting.send(new GetCommand({ ...item, ProjectionExpression: 'links, lastName' })),
  ).rejects.toMatchObject(denied);
});

test('many messages at once are allowed as one is', async () => {
  const Entries = [{ Id: '1', MessageBody: 'a', MessageGroupId: 'g', MessageDeduplicationId: 'd' }];
  const { Successful } = await queuesOf('reader').send(
    new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
  );
  expect(Successful).toHaveLength(1);
});

test.each<[string, (name: string) => Promise<unknown>, string]>([
  [
    'another table',
    (name) => tablesOf(name).send(new GetCommand({ TableName: USERS, Key: {} })),
    `table/${USERS} `,
  ],
  [
    'another action',
    (name) => tablesOf(name).send(new PutCommand({ TableName: SITES, Item: {} })),
    'dynamodb:PutItem',
  ],
  ['the table behind an index', (name) => tablesOf(name).send(new QueryCommand(query)), `table/${USERS} `],
  [
    'one table of several',
    (name) => tablesOf(name).send(new BatchGetCommand(batch(SITES, USERS))),
    `table/${USERS} `,
  ],
  [
    'another action on a queue',
    (name) => queuesOf(name).send(new ReceiveMessageCommand({ QueueUrl: queueUrl })),
    'sqs:ReceiveMessage',
  ],
])('%s is refused, as AWS does it', async (_, ask, named) => {
  await expect(ask('reader')).rejects.toMatchObject({ ...denied, message: expect.stringContaining(named) });
});

test('the role of one function says nothing of another', async () => {
  await expect(tablesOf('other').send(new GetCommand(site))).rejects.toMatchObject(denied);
});

test('it tells what was used, what was not, and what was missing', async () => {
  const answer = await fetch(`http://127.0.0.1:${aws.dynamodbPort}/permissions`);
  const all = (await answer.json()) as ReturnType<LocalIam['permissions']>;
  const others = all.filter(({ function: name }) => name !== 'counting');
  expect(others.filter(({ action }) => action === 'dynamodb:GetItem')).toEqual([
    {
      function: 'reader',
      action: 'dynamodb:GetItem',
      resource: expect.stringMatching(/sites$/),
      state: 'used',
    },
    {
      function: 'reader',
      action: 'dynamodb:GetItem',
      resource: expect.stringMatching(/users$/),
      state: 'missing',
    },
    {
      function: 'other',
      action: 'dynamodb:GetItem',
      resource: expect.stringMatching(/users$/),
      state: 'unused',
    },
    {
      function: 'other',
      action: 'dynamodb:GetItem',
      resource: expect.stringMatching(/sites$/),
      state: 'missing',
    },
  ]);
});

test('a request that is cut off in the middle does no harm', async () => {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{'));
      controller.error(new Error('cut off'));
    },
  });
  const request = new Request(`http://127.0.0.1:${aws.dynamodbPort}`, {
    method: 'POST',
    headers: { 'content-length': '100' },
    body,
    duplex: 'half',
  } as RequestInit);
  await expect(fetch(request)).rejects.toThrow();
  expect((await tablesOf('reader').send(new GetCommand(site))).Item).toBeDefined();
});
