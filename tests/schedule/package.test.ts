/** The pollers as they are deployed: who starts them, and how often. */
import { beforeAll, expect, test } from '@jest/globals';
import { packagedResources } from '../support/package.ts';

type Resources = Awaited<ReturnType<typeof packagedResources>>;

let resources: Resources;
beforeAll(async () => {
  resources = await packagedResources();
});

const ofType = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);

test.each(['AbandonedDashcartDashdue', 'ActivityDashreminderDashdue', 'FileDashdigestDashdue'])(
  '%s is started every minute, by a role that may do so, and not again where it failed',
  (name) => {
    const Arn = { 'Fn::GetAtt': [`${name}LambdaFunction`, 'Arn'] };
    const RoleArn = { 'Fn::GetAtt': ['ClockStarterRole', 'Arn'] };
    expect(ofType('AWS::Scheduler::Schedule').map(({ Properties }) => Properties)).toContainEqual(
      expect.objectContaining({
        ScheduleExpression: 'rate(1 minute)',
        State: 'ENABLED',
        // The next minute makes good what failed.
        Target: { Arn, RoleArn, RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } },
      }),
    );
    expect(ofType('AWS::Lambda::EventInvokeConfig').map(({ Properties }) => Properties)).toContainEqual(
      expect.objectContaining({ FunctionName: { Ref: `${name}LambdaFunction` }, MaximumRetryAttempts: 0 }),
    );
    expect(resources[`${name}LambdaFunction`]?.Properties).toMatchObject({ Timeout: 60 });
    expect(JSON.stringify(resources.ClockStarterRole?.Properties)).toContain(JSON.stringify(Arn));
  },
);

test('the index of due items holds their keys alone, and what is over goes away by itself', () => {
  expect(resources.ScheduleTable?.Properties).toMatchObject({
    GlobalSecondaryIndexes: [{ IndexName: 'by-due-time', Projection: { ProjectionType: 'KEYS_ONLY' } }],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  });
});
