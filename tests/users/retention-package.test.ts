/** The retention as it is deployed: when it starts, how long it may run, and how it gets its parameter. */
import { beforeAll, expect, test } from '@jest/globals';
import { packagedResources } from '../support/package.ts';

type Resources = Awaited<ReturnType<typeof packagedResources>>;

let resources: Resources;
beforeAll(async () => {
  resources = await packagedResources();
});

const ofType = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);

test('it is started once a day, and again within the hour where a start failed', () => {
  const Arn = { 'Fn::GetAtt': ['RetentionLambdaFunction', 'Arn'] };
  const RoleArn = { 'Fn::GetAtt': ['ClockStarterRole', 'Arn'] };
  expect(ofType('AWS::Scheduler::Schedule').map(({ Properties }) => Properties)).toContainEqual(
    expect.objectContaining({
      ScheduleExpression: 'cron(23 1 * * ? *)',
      State: 'ENABLED',
      Target: { Arn, RoleArn, RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 3600 } },
    }),
  );
  expect(ofType('AWS::Lambda::EventInvokeConfig').map(({ Properties }) => Properties)).toContainEqual(
    expect.objectContaining({ FunctionName: { Ref: 'RetentionLambdaFunction' }, MaximumRetryAttempts: 0 }),
  );
});

test('it has the longest time that Lambda gives, and its parameter', () => {
  expect(resources.RetentionLambdaFunction?.Properties).toMatchObject({
    Timeout: 900,
    Environment: { Variables: { RETENTION_DAYS: '365' } },
  });
});

test('its silence for two days is an alarm', () => {
  expect(resources.RetentionStoppedAlarm?.Properties).toMatchObject({
    MetricName: 'ClockRuns',
    Period: 86_400,
    EvaluationPeriods: 2,
    TreatMissingData: 'breaching',
  });
});
