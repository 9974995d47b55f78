/** What an operator relies on: nothing is deleted by mistake, nothing kept in clear or for ever, nothing runs unseen or without a limit. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { LONGEST_STAGE } from '../../scripts/parameters.ts';
import { packagedResources, packagedRoutes } from '../support/package.ts';

type Resources = Awaited<ReturnType<typeof packagedResources>>;

let resources: Resources;
beforeAll(async () => {
  resources = await packagedResources();
});

/** Those of a type, by logical id. There is at least one: else nothing would be looked at. */
function ofType(type: string): [string, Resources[string]][] {
  const found = Object.entries(resources).filter(([, { Type }]) => Type === type);
  if (found.length === 0) throw new Error(`The package has no ${type}.`);
  return found;
}

const refIn = (references: unknown) => (references as { Ref: string }[])[0]?.Ref ?? '';
const idIn = (reference: unknown) => (reference as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];

interface RedrivePolicy {
  deadLetterTargetArn: unknown;
  maxReceiveCount: number;
}

test('tables: protected, kept when the stack goes, set back to any second, under a key of the account', () => {
  const tables = ofType('AWS::DynamoDB::Table');
  expect(tables.map(([logicalId]) => logicalId).sort()).toEqual([
    'AuditTable',
    'DeliveriesTable',
    'LinksTable',
    'OutgoingTable',
    'PacesTable',
    'PeopleTable',
    'ScheduleTable',
    'SiteDirectoryTable',
    'SitesTable',
    'StatementsTable',
    'StatisticsTable',
    'TemplateVersionsTable',
    'UsersTable',
    'WaitingTable',
  ]);
  for (const [, table] of tables)
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
      },
    });
});

test('what is kept for a time only goes by itself: links, schedule, deliveries, waiting, statements, statistics, what is told, audit, versions of deleted templates', () => {
  const expiring = ofType('AWS::DynamoDB::Table').filter(
    ([, { Properties }]) => 'TimeToLiveSpecification' in Properties,
  );
  expect(expiring.map(([logicalId]) => logicalId).sort()).toEqual([
    'AuditTable',
    'DeliveriesTable',
    'LinksTable',
    'OutgoingTable',
    'PeopleTable',
    'ScheduleTable',
    'StatementsTable',
    'StatisticsTable',
    'TemplateVersionsTable',
    'WaitingTable',
  ]);
  for (const [, { Properties }] of expiring)
    expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
});

/** Their tickets only name sites. One that is lost is sent anew within two minutes, so a failed one is not kept. */
const TICKETS = ['DrainQueue', 'OutgoingQueue', 'PeopleQueue'];

test('queues: encrypted; what can not be handled goes to a queue of its own, and stays there for 14 days', () => {
  const queues = ofType('AWS::SQS::Queue');
  for (const [, { Properties }] of queues) expect(Properties.SqsManagedSseEnabled).toBe(true);
  const policies = queues.map(([, { Properties }]) => Properties.RedrivePolicy as RedrivePolicy | undefined);
  const dead = new Set(policies.flatMap((policy) => (policy ? idIn(policy.deadLetterTargetArn) : [])));
  const working = queues.filter(([logicalId]) => !dead.has(logicalId) && !TICKETS.includes(logicalId));
  expect(dead.size).toBe(working.length);
  for (const [, { Properties, Condition }] of working) {
    const { deadLetterTargetArn } = Properties.RedrivePolicy as RedrivePolicy;
    const target = resources[idIn(deadLetterTargetArn)];
    // SQS takes no dead letters of one kind of queue in the other.
    expect(target?.Properties.FifoQueue).toBe(Properties.FifoQueue);
    expect(target?.Properties.MessageRetentionPeriod).toBe(14 * 24 * 3600);
    expect(target?.Condition).toBe(Condition);
  }
});

test('queues: whoever comes without TLS is refused', () => {
  const queues = ofType('AWS::SQS::Queue').map(([logicalId, { Condition }]) => [logicalId, Condition]);
  const policies = ofType('AWS::SQS::QueuePolicy');
  expect(policies.map(([, { Properties, Condition }]) => [refIn(Properties.Queues), Condition])).toEqual(
    queues,
  );
  for (const [, { Properties }] of policies)
    expect(Properties.PolicyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'OnlyWithTls',
          Effect: 'Deny',
          Principal: '*',
          Action: 'sqs:*',
          // SQS takes one queue in a statement: https://github.com/remind101/stacker_blueprints/pull/71
          Resource: { 'Fn::GetAtt': [refIn(Properties.Queues), 'Arn'] },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
});

describe('names', () => {
  /** The longest that each service takes, out of its documentation. */
  const LONGEST: Record<string, number> = {
    FunctionName: 64,
    QueueName: 80,
    TableName: 255,
    TopicName: 256,
    AlarmName: 255,
    LogGroupName: 512,
    DashboardName: 255,
  };

  test('are taken by AWS with the longest stage that is let through, and with none that is longer', () => {
    const rooms = Object.values(resources).flatMap(({ Properties }) =>
      Object.entries(LONGEST).flatMap(([property, most]) => {
        const name = Properties[property];
        return typeof name === 'string' ? most - (name.length - 'test'.length) : [];
      }),
    );
    expect(rooms.length).toBeGreaterThan(80);
    expect(Math.min(...rooms)).toBe(LONGEST_STAGE);
  });
});

test('every log is kept for 30 days, and every function has one', () => {
  const logs = ofType('AWS::Logs::LogGroup').map(([, { Properties }]) => Properties);
  for (const log of logs) expect(log.RetentionInDays).toBe(30);
  const names = ofType('AWS::Lambda::Function').map(([, { Properties }]) => Properties.FunctionName);
  expect(logs.map(({ LogGroupName }) => LogGroupName)).toEqual(
    expect.arrayContaining(names.map((name) => `/aws/lambda/${name}`)),
  );
});

describe('functions', () => {
  test('run on Node 24 on arm64, and are traced', () => {
    for (const [, { Properties }] of ofType('AWS::Lambda::Function'))
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
      });
  });

  test('answer over HTTP before API Gateway gives up, which it does after 30 seconds', () => {
    const integrations = ofType('AWS::ApiGatewayV2::Integration');
    for (const [, { Properties }] of integrations) {
      const lambda = resources[idIn(Properties.IntegrationUri)];
      expect(Number(lambda?.Properties.Timeout)).toBeLessThan(30);
    }
  });

  test('that read a queue have six times their time-out for a batch, and report each message', () => {
    for (const [, { Properties }] of ofType('AWS::Lambda::EventSourceMapping')) {
      const queue = resources[idIn(Properties.EventSourceArn)];
      const lambda = resources[idIn(Properties.FunctionName)];
      const leastSeconds = 6 * Number(lambda?.Properties.Timeout);
      expect(Number(queue?.Properties.VisibilityTimeout)).toBeGreaterThanOrEqual(leastSeconds);
      const isOfTickets = TICKETS.includes(idIn(Properties.EventSourceArn));
      if (!isOfTickets) expect(Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    }
  });
});

describe('the API', () => {
  const stage = () => ofType('AWS::ApiGatewayV2::Stage')[0]?.[1].Properties ?? {};

  test('slows callers down before they exhaust the account', () => {
    expect(stage().DefaultRouteSettings).toEqual({ ThrottlingBurstLimit: 1000, ThrottlingRateLimit: 1000 });
  });

  /** The line of a request, as API Gateway writes it: each variable is replaced by its value, just as that is. */
  const lineOf = (values: Record<string, string>) => {
    const { Format } = stage().AccessLogSettings as { Format: string };
    return Format.replace(/\$context[.\w]+/g, (name) => values[name] ?? '-');
  };

  test('logs every request as JSON with a number as its status, so that a filter finds the refused ones', () => {
    const { DestinationArn } = stage().AccessLogSettings as { DestinationArn: unknown };
    expect(resources[idIn(DestinationArn)]?.Type).toBe('AWS::Logs::LogGroup');
    const throttled = {
      '$context.requestId': 'JKJaXmPLvHcESHA=',
      '$context.requestTime': '10/Nov/2026:07:56:24 +0000',
      '$context.routeKey': 'POST /v1/sites/{siteId}/events/{event}',
      '$context.status': '429',
      '$context.error.responseType': 'THROTTLED',
    };
    expect(JSON.parse(lineOf(throttled))).toEqual({
      requestId: 'JKJaXmPLvHcESHA=',
      time: '10/Nov/2026:07:56:24 +0000',
      route: 'POST /v1/sites/{siteId}/events/{event}',
      status: 429,
      milliseconds: '-',
      error: 'THROTTLED',
      lambdaStatus: '-',
    });
    // CloudWatch takes one line an entry.
    expect(lineOf(throttled)).not.toContain('\n');
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
  test('logs nothing that may have a quote in it, as messages have, or that says who the caller or a user is', () => {
    const { Format } = stage().AccessLogSettings as { Format: string };
    const CLOSED = [
      'requestId',
      'requestTime',
      'routeKey',
      'status',
      'responseLatency',
      'error.responseType',
      'integrationStatus',
    ].map((name) => `$context.${name}`);
    expect((Format.match(/\$context[.\w]+/g) ?? []).filter((name) => !CLOSED.includes(name))).toEqual([]);
  });

  test('answers at the address that API Gateway gives, unless the deployment says otherwise', () => {
    expect(ofType('AWS::ApiGatewayV2::Api')[0]?.[1].Properties.DisableExecuteApiEndpoint).toEqual({
      'Fn::If': ['HasDirectEndpoint', false, true],
    });
  });
});

test('the packages that are deployed from lie encrypted, where the public has no access', () => {
  for (const [, { Properties }] of ofType('AWS::S3::Bucket'))
    expect(Properties).toEqual({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
});

test('API Gateway lets no page of another site read an answer', async () => {
  const apis = ofType('AWS::ApiGatewayV2::Api');
  // serverless.yml names no CORS, so there is none: neither of API Gateway's nor of a route's own.
  expect(apis.map(([, { Properties }]) => Properties.CorsConfiguration)).toEqual([undefined]);
  expect((await packagedRoutes()).filter(({ method }) => method === 'OPTIONS')).toEqual([]);
});
