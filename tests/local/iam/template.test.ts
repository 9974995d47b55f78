/** What a role of a template allows, once its functions are called. Values are those of CloudFormation's documentation. */
import { describe, expect, test } from '@jest/globals';
import { permissionsOf } from '../../../local/iam/roles.ts';
import { type Template, TemplateReader } from '../../../local/iam/template.ts';

const REGION = 'eu-south-1';

/** A name in a text of `Fn::Sub`. */
const name = (text: string) => `\${${text}}`;

function templateWith(eventQueues: string, more: Template['Resources'] = {}): Template {
  return {
    Parameters: { Stage: { Default: 'test' } },
    Conditions: {
      HasEventQueues: { 'Fn::Equals': [eventQueues, 'true'] },
      HasNone: { 'Fn::Not': [{ Condition: 'HasEventQueues' }] },
      HasBoth: { 'Fn::And': [{ Condition: 'HasEventQueues' }, { Condition: 'HasNone' }] },
      HasEither: { 'Fn::Or': [{ Condition: 'HasEventQueues' }, { Condition: 'HasNone' }] },
    },
    Resources: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: { TableName: { 'Fn::Sub': `shop-${name('Stage')}-users` } },
      },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } },
      ...more,
    },
  };
}

describe('a function in the template', () => {
  const reader = new TemplateReader(templateWith('true'), REGION);

  test.each<[unknown, unknown]>([
    [{ Ref: 'AWS::Region' }, 'eu-south-1'],
    [{ Ref: 'Stage' }, 'test'],
    [{ Ref: 'Table' }, 'shop-test-users'],
    [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:aws:dynamodb:eu-south-1:000000000000:table/shop-test-users'],
    [{ 'Fn::GetAtt': 'Queue.Arn' }, 'arn:aws:sqs:eu-south-1:000000000000:orders'],
    [
      { 'Fn::Sub': `${name('Table.Arn')}/index/by-chat` },
      'arn:aws:dynamodb:eu-south-1:000000000000:table/shop-test-users/index/by-chat',
    ],
    [
      { 'Fn::Sub': [`${name('Who')} of ${name('AWS::AccountId')}, ${name('!Literal')}`, { Who: 'all' }] },
      `all of 000000000000, ${name('Literal')}`,
    ],
    [{ 'Fn::Join': ['/', ['a', { Ref: 'Stage' }]] }, 'a/test'],
    [{ 'Fn::If': ['HasEventQueues', 'yes', 'no'] }, 'yes'],
    [{ 'Fn::If': ['HasNone', 'yes', 'no'] }, 'no'],
    [{ 'Fn::If': ['HasBoth', 'yes', 'no'] }, 'no'],
    [{ 'Fn::If': ['HasEither', 'yes', 'no'] }, 'yes'],
    [['a', { 'Fn::If': ['HasNone', 'b', { Ref: 'AWS::NoValue' }] }], ['a']],
    [{ kept: 1, gone: { Ref: 'AWS::NoValue' } }, { kept: 1 }],
    [{ Ref: 'AWS::NoValue' }, undefined],
  ])('%j makes %j', (value, made) => {
    expect(reader.read(value)).toEqual(made);
  });

  test('that is not known is an error, and no silent gap', () => {
    expect(() => reader.read({ 'Fn::Cidr': ['10.0.0.0/16', 1] })).toThrow('Fn::Cidr');
    expect(() => reader.read({ 'Fn::If': ['Unknown', 1, 2] })).toThrow('Unknown');
  });
});

describe('a role', () => {
  const role = (statement: object, more: object = {}): Template['Resources'] => ({
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { Policies: [{ PolicyDocument: { Statement: [statement] } }], ...more },
    },
  });
  const onQueue = {
    Effect: 'Allow',
    Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'],
    Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] },
  };
  const ifQueues = { 'Fn::If': ['HasEventQueues', onQueue, { Ref: 'AWS::NoValue' }] };
  const queue = 'arn:aws:sqs:eu-south-1:000000000000:orders';

  test('allows every action of a statement on every resource of it', () => {
    const statement = { ...onQueue, Resource: ['arn:one', 'arn:two'] };
    expect(permissionsOf(templateWith('true', role(statement)), 'Role', REGION)).toEqual([
      { action: 'sqs:SendMessage', resource: 'arn:one' },
      { action: 'sqs:SendMessage', resource: 'arn:two' },
      { action: 'sqs:ReceiveMessage', resource: 'arn:one' },
      { action: 'sqs:ReceiveMessage', resource: 'arn:two' },
    ]);
  });

  test('allows what hangs on a condition only where that holds', () => {
    expect(permissionsOf(templateWith('true', role(ifQueues)), 'Role', REGION)).toEqual([
      { action: 'sqs:SendMessage', resource: queue },
      { action: 'sqs:ReceiveMessage', resource: queue },
    ]);
    expect(permissionsOf(templateWith('false', role(ifQueues)), 'Role', REGION)).toEqual([]);
  });

  test.each<[string, object, object]>([
    ['a managed policy', onQueue, { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }],
    ['a denial', { ...onQueue, Effect: 'Deny' }, {}],
    ['a condition', { ...onQueue, Condition: {} }, {}],
    ['all but something', { Effect: 'Allow', NotAction: 'sqs:SendMessage', Resource: queue }, {}],
  ])('with %s is not taken for less than it is', (_, statement, more) => {
    expect(() => permissionsOf(templateWith('true', role(statement, more)), 'Role', REGION)).toThrow(
      'role Role',
    );
  });
});
