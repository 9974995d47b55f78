/** The synthetic check as it is deployed: all of it on one condition. */
import { beforeAll, expect, test } from '@jest/globals';
import type { Template } from '../../local/iam/template.ts';
import { packagedTemplate } from '../support/package.ts';

const CONDITION = 'HasSyntheticCheck';

let template: Template;
beforeAll(async () => {
  template = await packagedTemplate();
});

test('is off unless it is switched on, and then nothing of it is there', () => {
  expect(template.Conditions?.[CONDITION]).toEqual({ 'Fn::Equals': ['no', 'yes'] });
  const own = Object.entries(template.Resources).filter(([logicalId]) => /^Synthetic/.test(logicalId));
  const types = own.map(([, { Type }]) => Type).sort();
  expect(types).toEqual([
    'AWS::CloudWatch::Alarm',
    'AWS::IAM::Role',
    'AWS::Lambda::EventInvokeConfig',
    'AWS::Lambda::Function',
    'AWS::Logs::LogGroup',
    'AWS::Scheduler::Schedule',
  ]);
  for (const [logicalId, { Condition }] of own)
    expect([logicalId, Condition]).toEqual([logicalId, CONDITION]);
});

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
test('whatever else names it does so on the same condition', () => {
  const names = (value: unknown): boolean => JSON.stringify(value).includes('"Synthetic');
  const unguarded = (value: unknown): boolean => {
    if (value === null || typeof value !== 'object' || !names(value)) return false;
    const [condition, ...branches] = 'Fn::If' in value ? (value['Fn::If'] as unknown[]) : [];
    if (condition === CONDITION) return branches.slice(1).some(unguarded);
    if ('Ref' in value || 'Fn::GetAtt' in value) return true;
    return Object.values(value).some(unguarded);
  };
  const others = Object.entries(template.Resources).filter(([logicalId]) => !/^Synthetic/.test(logicalId));
  const naming = others.filter(([, resource]) => names(resource)).map(([logicalId]) => logicalId);
  expect(naming.sort()).toEqual(['ClockErrorsAlarm', 'ClockStarterRole', 'Dashboard']);
  expect(others.filter(([, resource]) => unguarded(resource))).toEqual([]);
  expect(names((template as { Outputs?: object }).Outputs ?? {})).toBe(false);
});

test('the key of its site is in no template', () => {
  expect(template.Resources.SyntheticDashcheckLambdaFunction?.Properties.Environment).toMatchObject({
    Variables: { CHECK_SITE_KEY: '{{resolve:secretsmanager:passweb-telegram-test/check-site-key}}' },
  });
});

test('one check has to pass in the time of three; a check that does not run passes in none', () => {
  const { Properties: alarm } = template.Resources.SyntheticCheckAlarm ?? {};
  const { Properties: schedule } = template.Resources.SyntheticDashcheckSchedulerSchedule1 ?? {};
  expect(schedule?.ScheduleExpression).toBe('rate(5 minutes)');
  expect(alarm).toMatchObject({
    Period: 300,
    EvaluationPeriods: 3,
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    TreatMissingData: 'breaching',
  });
});
