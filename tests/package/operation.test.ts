/** What an operator relies on: nothing is deleted by mistake, nothing kept in clear or for ever, nothing runs unseen or without a limit. */
import { beforeAll, describe, expect, test } from '@jest/globals';
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

const idIn = (reference: unknown) => (reference as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];

interface RedrivePolicy {
  deadLetterTargetArn: unknown;
  maxReceiveCount: number;
}

test('tables: protected, kept when the stack goes, set back to any second, under a key of the account', () => {
  const tables = ofType('AWS::DynamoDB::Table');
  expect(tables.map(([logicalId]) => logicalId).sort()).toEqual([
    'DeliveriesTable',
    'LinksTable',
    'PacesTable',
    'ScheduleTable',
    'SitesTable',
    'StatementsTable',
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

test('what is kept for a time only goes by itself: links, schedule, deliveries, waiting and statements', () => {
  const expiring = ofType('AWS::DynamoDB::Table').filter(
    ([, { Properties }]) => 'TimeToLiveSpecification' in Properties,
  );
  expect(expiring.map(([logicalId]) => logicalId).sort()).toEqual([
    'DeliveriesTable',
    'LinksTable',
    'ScheduleTable',
    'StatementsTable',
    'WaitingTable',
  ]);
  for (const [, { Properties }] of expiring)
    expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
});

/** Its tickets only name sites. One that is lost is sent anew within two minutes, so a failed one is not kept. */
const TICKETS = 'DrainQueue';

test('queues: encrypted; what can not be handled goes to a queue of its own, and stays there for 14 days', () => {
  const queues = ofType('AWS::SQS::Queue');
  for (const [, { Properties }] of queues) expect(Properties.SqsManagedSseEnabled).toBe(true);
  const policies = queues.map(([, { Properties }]) => Properties.RedrivePolicy as RedrivePolicy | undefined);
  const dead = new Set(policies.flatMap((policy) => (policy ? idIn(policy.deadLetterTargetArn) : [])));
  const working = queues.filter(([logicalId]) => !dead.has(logicalId) && logicalId !== TICKETS);
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
      const isOfTickets = idIn(Properties.EventSourceArn) === TICKETS;
      if (!isOfTickets) expect(Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    }
  });
});

describe('the API', () => {
  const stage = () => ofType('AWS::ApiGatewayV2::Stage')[0]?.[1].Properties ?? {};

  test('slows callers down before they exhaust the account', () => {
    expect(stage().DefaultRouteSettings).toEqual({ ThrottlingBurstLimit: 1000, ThrottlingRateLimit: 1000 });
  });

  test('logs every request as JSON, without what tells who the caller or a user is', () => {
    const { DestinationArn, Format } = stage().AccessLogSettings as {
      DestinationArn: unknown;
      Format: string;
    };
    expect(resources[idIn(DestinationArn)]?.Type).toBe('AWS::Logs::LogGroup');
    expect(Object.values(JSON.parse(Format))).toEqual([
      '$context.requestId',
      '$context.requestTime',
      '$context.routeKey',
      '$context.status',
      '$context.responseLatency',
      '$context.error.message',
      '$context.integrationErrorMessage',
    ]);
    // CloudWatch takes one line an entry.
    expect(Format).not.toContain('\n');
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
