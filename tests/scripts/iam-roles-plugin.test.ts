/** The roles that are made from what stands beside a function in serverless.yml. */
import { beforeAll, expect, test } from '@jest/globals';
import { permissionsOf } from '../../local/iam/roles.ts';
import type { Template } from '../../local/iam/template.ts';
import PermissionsPlugin, { type Permissions } from '../../scripts/iam-roles-plugin.ts';

interface Definition {
  role?: string;
  permissions?: Permissions;
  events: { sqs?: { arn: unknown } }[];
}

let template: Template;
beforeAll(() => {
  template = {
    Conditions: { HasQueues: { 'Fn::Equals': ['a', 'b'] } },
    Resources: {
      Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'table' } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'queue' } },
      Intake: { Type: 'AWS::SQS::Queue', Condition: 'HasQueues', Properties: { QueueName: 'intake' } },
    },
  };
});

/** Runs the plugin on one function, as Serverless does, and gives what its role allows. */
function permissionsFrom(definition: Definition, conditions: Template['Conditions'] = {}) {
  const service = {
    functions: { 'my-function': definition },
    resources: structuredClone({ ...template, Conditions: { ...template.Conditions, ...conditions } }),
  };
  const naming = {
    getNormalizedFunctionName: () => 'MyDashfunction',
    getLogGroupLogicalId: () => 'MyDashfunctionLogGroup',
  };
  new PermissionsPlugin({
    service,
    configSchemaHandler: { defineFunctionProperties: () => undefined },
    getProvider: () => ({ naming }),
  }).makeRoles();
  expect(definition.role).toBe('MyDashfunctionRole');
  return permissionsOf(service.resources, 'MyDashfunctionRole', 'eu-south-1')
    .slice(4)
    .map(({ action, resource, keyEnd, attributes = [] }) =>
      [action, resource, ...(keyEnd ? [`*${keyEnd}`] : []), ...attributes].join(' '),
    );
}

const TABLE = 'arn:aws:dynamodb:eu-south-1:000000000000:table/table';
const SQS = 'arn:aws:sqs:eu-south-1:000000000000';

test('a table, an index of it, items of it, attributes of them, a queue', () => {
  const permissions = {
    Table: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    'Table/index/by-time': 'dynamodb:Query',
    'Table/keys/*#version': 'dynamodb:UpdateItem',
    'Table/attributes/id+links': 'dynamodb:UpdateItem',
    Queue: 'sqs:SendMessage',
  };
  expect(permissionsFrom({ permissions, events: [] })).toEqual([
    `dynamodb:GetItem ${TABLE}`,
    `dynamodb:PutItem ${TABLE}`,
    `dynamodb:Query ${TABLE}/index/by-time`,
    `dynamodb:UpdateItem ${TABLE} *#version`,
    `dynamodb:UpdateItem ${TABLE} id links`,
    `sqs:SendMessage ${SQS}:queue`,
  ]);
});

test.each([{ 'Fn::GetAtt': ['Queue', 'Arn'] }, { 'Fn::GetAtt': 'Queue.Arn' }])(
  'a queue that triggers it is read for it (%j), beside what it does itself',
  (arn) => {
    const permissions = { Queue: 'sqs:ChangeMessageVisibility' };
    expect(permissionsFrom({ permissions, events: [{ sqs: { arn } }] })).toEqual([
      `sqs:ChangeMessageVisibility ${SQS}:queue`,
      `sqs:ReceiveMessage ${SQS}:queue`,
      `sqs:DeleteMessage ${SQS}:queue`,
      `sqs:GetQueueAttributes ${SQS}:queue`,
    ]);
  },
);

test('what is for a resource with a condition is there when the resource is', () => {
  const permissions = { Intake: 'sqs:SendMessage' };
  expect(permissionsFrom({ permissions, events: [] })).toEqual([]);
  const HasQueues = { 'Fn::Equals': ['a', 'a'] };
  expect(permissionsFrom({ permissions, events: [] }, { HasQueues })).toEqual([
    `sqs:SendMessage ${SQS}:intake`,
  ]);
});

test.each<[string, Permissions]>([
  ['an unknown resource', { Tabel: 'dynamodb:GetItem' }],
  ['an action of another service', { Table: 'sqs:SendMessage' }],
])('%s is refused, and the place named', (_, permissions) => {
  expect(() => permissionsFrom({ permissions, events: [] })).toThrow(/functions\.my-function\.permissions/);
});
