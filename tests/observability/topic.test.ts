/** Where alarms go: who may write there, and who is told. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Resource } from '../../local/resources.ts';
import { packagedResources } from '../support/package.ts';

let resources: Record<string, Resource>;

beforeAll(async () => {
  resources = await packagedResources();
});

const alarms = () =>
  Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => Properties);

describe('the topic', () => {
  const statementOf = (policy: unknown) => (policy as { Statement: Record<string, unknown>[] }).Statement;

  test("takes messages from this stack's alarms and from nobody else, and so does its key", () => {
    const [publish, withoutTls, ...others] = statementOf(
      resources.AlarmTopicPolicy?.Properties.PolicyDocument,
    );
    const use = statementOf(resources.AlarmKey?.Properties.KeyPolicy)[1];
    expect(others).toEqual([]);
    expect(publish).toMatchObject({
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: { Ref: 'AlarmTopic' },
    });
    expect(withoutTls).toMatchObject({
      Effect: 'Deny',
      Principal: '*',
      Action: 'sns:Publish',
      Resource: { Ref: 'AlarmTopic' },
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    expect(use).toMatchObject({ Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] });
    for (const statement of [publish, use])
      expect(statement?.Condition).toEqual({
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        ArnLike: {
          'aws:SourceArn': {
            'Fn::Sub': `arn:\${AWS::Partition}:cloudwatch:\${AWS::Region}:\${AWS::AccountId}:alarm:passweb-telegram-test-*`,
          },
        },
      });
    for (const { AlarmName } of alarms()) expect(AlarmName).toMatch(/^passweb-telegram-test-[a-z-]+$/);
  });

  test('writes to somebody only where an address was given', () => {
    const { Condition } = resources.AlarmSubscription as Resource & { Condition?: string };
    expect(Condition).toBe('HasAlarmEmail');
  });
});
