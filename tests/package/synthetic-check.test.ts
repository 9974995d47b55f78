/** The synthetic check as it is deployed: what starts it, and its alarm, are on one condition. */
import { beforeAll, expect, test } from '@jest/globals';
import type { Template } from '../../local/iam/template.ts';
import { packagedTemplate } from '../support/package.ts';

const CONDITION = 'HasSyntheticCheck';

let template: Template;
beforeAll(async () => {
  template = await packagedTemplate();
});

test('is off unless it is switched on: then nothing starts it, and nothing alarms', () => {
  expect(template.Conditions?.[CONDITION]).toEqual({ 'Fn::Equals': ['no', 'yes'] });
  const own = Object.entries(template.Resources).filter(([logicalId]) => /^Synthetic/.test(logicalId));
  const conditional = own.filter(([, { Condition }]) => Condition === CONDITION);
  expect(conditional.map(([, { Type }]) => Type).sort()).toEqual([
    'AWS::CloudWatch::Alarm',
    'AWS::Scheduler::Schedule',
  ]);
});

// osls (plugins/aws/deploy/lib/check-for-changes.js) asks for every function. One that is missing makes it deploy all
// functions anew, each time, though nothing has changed.
test('no function is on a condition', () => {
  const functions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  expect(functions.length).toBeGreaterThan(20);
  expect(functions.filter(({ Condition }) => Condition !== undefined)).toEqual([]);
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
  expect(naming.sort()).toEqual(['ClockStarterRole', 'Dashboard', 'ServiceErrorsAlarm']);
  expect(others.filter(([, resource]) => unguarded(resource))).toEqual([]);
  expect(names((template as { Outputs?: object }).Outputs ?? {})).toBe(false);
});

test('the key of its site is in no template', () => {
  expect(template.Resources.SyntheticDashcheckLambdaFunction?.Properties.Environment).toMatchObject({
    Variables: {
      CHECK_SITE_KEY: {
        'Fn::If': [
          CONDITION,
          '{{resolve:secretsmanager:passweb-telegram-test/check-site-key}}',
          { Ref: 'AWS::NoValue' },
        ],
      },
    },
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
