/** The roles of the package: one a function, exact to the resource. What they hold is compared with what is used in tests/end-to-end. */
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { type Permission, permissionsOf } from '../../local/iam/roles.ts';
import type { Template } from '../../local/iam/template.ts';
import { packagedTemplate } from '../support/package.ts';

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
}

type Named = [string, Record<string, unknown>];

let template: Template;
beforeAll(async () => {
  template = await packagedTemplate();
});

function ofType(type: string): Named[] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([logicalId, { Properties }]) => [logicalId, Properties]);
}

/** The logical id in `Fn::GetAtt`. */
const idIn = (reference: unknown) => (reference as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];
const roleOf = ([, { Role }]: Named) => idIn(Role);

test('each function has a role of its own, and each role its function', () => {
  const roles = ofType('AWS::Lambda::Function').map(roleOf);
  expect(new Set(roles).size).toBe(roles.length);
  const others = ofType('AWS::IAM::Role').filter(([logicalId]) => !roles.includes(logicalId));
  expect(others.map(([logicalId]) => logicalId)).toEqual(['ClockStarterRole']);
});

test('a function writes the log of its own and its traces, and no other', () => {
  for (const lambda of ofType('AWS::Lambda::Function')) {
    const name = String(lambda[1].FunctionName);
    const platforms = (permission: Permission) => /^(logs|xray):/.test(permission.action);
    const logs = `arn:aws:logs:eu-south-1:000000000000:log-group:/aws/lambda/${name}:*`;
    expect(permissionsOf(template, roleOf(lambda), 'eu-south-1').filter(platforms)).toEqual([
      { action: 'logs:CreateLogStream', resource: logs },
      { action: 'logs:PutLogEvents', resource: logs },
      { action: 'xray:PutTraceSegments', resource: '*' },
      { action: 'xray:PutTelemetryRecords', resource: '*' },
    ]);
  }
});

test('no wildcard is written anywhere, but for X-Ray, which knows no resources, and for the small items of all sites', () => {
  const statements = ofType('AWS::IAM::Role').flatMap(([, { Policies }]) =>
    (Policies as { PolicyDocument: { Statement: unknown[] } }[]).flatMap(
      ({ PolicyDocument }) => PolicyDocument.Statement,
    ),
  );
  expect(statements.length).toBeGreaterThan(50);
  const ofSmallItems = {
    Effect: 'Allow',
    Action: ['dynamodb:UpdateItem'],
    Resource: { 'Fn::GetAtt': ['SitesTable', 'Arn'] },
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['*#version'] } },
  };
  const isOther = (statement: unknown) => !isDeepStrictEqual(statement, ofSmallItems);
  const withWildcard = statements
    .filter((statement) => JSON.stringify(statement).includes('*'))
    .filter(isOther);
  for (const statement of withWildcard)
    expect(statement).toEqual({
      Effect: 'Allow',
      Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      Resource: '*',
    });
});

test('EventBridge starts the functions of its schedules, and no other, for this account alone', () => {
  const { Policies, AssumeRolePolicyDocument } = template.Resources.ClockStarterRole?.Properties ?? {};
  const [policy] = Policies as { PolicyDocument: { Statement: Statement[] } }[];
  const targets = ofType('AWS::Scheduler::Schedule').map(
    ([, { Target }]) => Target as { Arn: unknown; RoleArn: unknown },
  );
  expect(targets).toHaveLength(12);
  expect([...new Set(targets.map(({ RoleArn }) => idIn(RoleArn)))]).toEqual(['ClockStarterRole']);
  const [statement, ...others] = policy?.PolicyDocument.Statement ?? [];
  expect(others).toEqual([]);
  expect(statement).toMatchObject({ Effect: 'Allow', Action: 'lambda:InvokeFunction' });
  // The one that is switched on by a parameter, too.
  const always = (arn: object) => ('Fn::If' in arn ? (arn['Fn::If'] as unknown[])[1] : arn);
  const idsOf = (arns: unknown) => (arns as object[]).map((arn) => idIn(always(arn))).sort();
  expect(idsOf(statement?.Resource)).toEqual(idsOf(targets.map(({ Arn }) => Arn)));
  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
  expect(AssumeRolePolicyDocument).toMatchObject({
    Statement: [
      {
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: {
          StringEquals: {
            'aws:SourceAccount': { Ref: 'AWS::AccountId' },
            'aws:SourceArn': { 'Fn::Sub': expect.stringMatching(/:schedule-group\/default$/) },
          },
        },
      },
    ],
  });
});

test('only Lambda takes on the role of a function', () => {
  for (const lambda of ofType('AWS::Lambda::Function'))
    expect(template.Resources[roleOf(lambda)]?.Properties.AssumeRolePolicyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    });
});

test('who may start a function is named with the resource that does', () => {
  const permissions = ofType('AWS::Lambda::Permission');
  expect(permissions.length).toBeGreaterThan(0);
  for (const [, properties] of permissions) expect(properties).toHaveProperty('SourceArn');
});
