/** The look at the webhooks as it is deployed: how often, and with which addresses. */
import { beforeAll, expect, test } from '@jest/globals';
import { packagedTemplate } from '../support/package.ts';

let template: Awaited<ReturnType<typeof packagedTemplate>>;
beforeAll(async () => {
  template = await packagedTemplate();
});

const propertiesOf = (logicalId: string) => template.Resources[logicalId]?.Properties ?? {};

test('it is started once in each hour, and what fails is repeated within that hour', () => {
  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html: minutes, hours, day, month, weekday, year.
  expect(propertiesOf('WebhooksSchedulerSchedule1')).toMatchObject({
    ScheduleExpression: 'cron(20 * * * ? *)',
    State: 'ENABLED',
    Target: {
      Arn: { 'Fn::GetAtt': ['WebhooksLambdaFunction', 'Arn'] },
      RetryPolicy: { MaximumEventAgeInSeconds: 1800 },
    },
  });
  const invokeConfigs = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::EventInvokeConfig')
    .map(({ Properties }) => Properties);
  expect(invokeConfigs).toContainEqual(
    expect.objectContaining({
      FunctionName: { Ref: 'WebhooksLambdaFunction' },
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 1800,
    }),
  );
  // From minute 20: half an hour until the last start, and the run itself.
  expect(20 * 60 + 1800 + Number(propertiesOf('WebhooksLambdaFunction').Timeout)).toBeLessThan(3_600);
});

test.each(['WebhooksLambdaFunction', 'SiteDashbotLambdaFunction'])(
  '%s gives Telegram the own domain, and without one the address of API Gateway',
  (logicalId) => {
    const endpoint = { 'Fn::GetAtt': ['HttpApi', 'ApiEndpoint'] };
    expect(propertiesOf(logicalId).Environment).toMatchObject({
      Variables: { API_URL: { 'Fn::If': ['HasApiUrl', '', endpoint] }, API_ENDPOINT: endpoint },
    });
    expect(template.Conditions?.HasApiUrl).toEqual({ 'Fn::Not': [{ 'Fn::Equals': ['', ''] }] });
  },
);
