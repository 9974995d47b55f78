/** The packaged template against the resource schemas that AWS publishes for CloudFormation. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { packagedTemplate } from '../support/package.ts';
import { type CheckedTemplate, faultsOf } from '../support/template-checker.ts';

let template: CheckedTemplate;
beforeAll(async () => {
  template = (await packagedTemplate()) as unknown as CheckedTemplate;
});

test('every resource is of a known type, with known properties of the right type, and none missing', () => {
  expect(Object.keys(template.Resources).length).toBeGreaterThan(100);
  expect(faultsOf(template)).toEqual([]);
});

describe('a template that is wrong is found out:', () => {
  const queue = (properties: object, more: object = {}): CheckedTemplate => ({
    Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: properties, ...more } },
  });
  const lambda = (properties: object): CheckedTemplate => ({
    Resources: {
      Lambda: {
        Type: 'AWS::Lambda::Function',
        Properties: { Role: 'arn', Code: { S3Bucket: 'bucket', S3Key: 'key' }, ...properties },
      },
    },
  });

  test.each<[string, CheckedTemplate, string[]]>([
    [
      'an unknown type',
      { Resources: { Queue: { Type: 'AWS::SQS::Que' } } },
      ['Queue: there is no resource type AWS::SQS::Que'],
    ],
    [
      'an unknown property',
      queue({ VisibilityTimeOut: 30 }),
      ['Queue/VisibilityTimeOut: there is no such property'],
    ],
    [
      'an unknown property further in',
      lambda({ TracingConfig: { Mod: 'Active' } }),
      ['Lambda/TracingConfig/Mod: there is no such property'],
    ],
    [
      'a text where a number belongs',
      queue({ VisibilityTimeout: '30s' }),
      ['Queue/VisibilityTimeout: a value of type integer belongs here, not "30s"'],
    ],
    [
      'a text where a truth value belongs',
      queue({ FifoQueue: 'yes' }),
      ['Queue/FifoQueue: a value of type boolean belongs here, not "yes"'],
    ],
    [
      'one value where a list belongs',
      lambda({ Architectures: 'arm64' }),
      ['Lambda/Architectures: a list belongs here, not "arm64"'],
    ],
    [
      'a list where one value belongs',
      queue({ QueueName: ['a'] }),
      ['Queue/QueueName: a value of type string belongs here, not ["a"]'],
    ],
    [
      'a list made by a function where one value belongs',
      queue({ QueueName: { 'Fn::Split': [',', 'a,b'] } }),
      ['Queue/QueueName: Fn::Split does not make what belongs here (string)'],
    ],
    [
      'a value that is not allowed',
      lambda({ PackageType: 'Tar' }),
      ['Lambda/PackageType: Tar is none of Image, Zip'],
    ],
    [
      'a property missing',
      { Resources: { Lambda: { Type: 'AWS::Lambda::Function', Properties: { Role: 'arn' } } } },
      ['Lambda/Code: is required and missing'],
    ],
    [
      'a required property that is not there after all',
      lambda({ Role: { Ref: 'AWS::NoValue' } }),
      ['Lambda/Role: is required and missing'],
    ],
    [
      'a reference to nothing',
      queue({ QueueName: { Ref: 'Nothing' } }),
      ['Queue/QueueName: there is no resource Nothing'],
    ],
    [
      'an attribute that there is not',
      lambda({ Role: { 'Fn::GetAtt': ['Lambda', 'Url'] } }),
      ['Lambda/Role: AWS::Lambda::Function has no attribute Url'],
    ],
    [
      'a text with an unknown name in it, deep in a document',
      queue({ RedrivePolicy: { deadLetterTargetArn: [{ 'Fn::Sub': `\${Dead.Arn}` }] } }),
      ['Queue/RedrivePolicy/deadLetterTargetArn/0: there is no resource Dead'],
    ],
    [
      'a fault in a branch',
      {
        ...queue({ VisibilityTimeout: { 'Fn::If': ['IsLong', 'long', { Ref: 'AWS::NoValue' }] } }),
        Conditions: { IsLong: { 'Fn::Equals': ['a', 'a'] } },
      },
      ['Queue/VisibilityTimeout: a value of type integer belongs here, not "long"'],
    ],
    [
      'an unknown condition',
      queue({}, { Condition: 'HasQueues' }),
      ['Queue: there is no condition HasQueues'],
    ],
    [
      'an unknown part, and a dependency on nothing',
      queue({}, { DeletePolicy: 'Retain', DependsOn: ['Nothing'] }),
      ['Queue: a resource has no DeletePolicy', 'Queue/DependsOn: there is no resource Nothing'],
    ],
  ])('%s', (_, wrong, faults) => {
    expect(faultsOf(wrong)).toEqual(faults);
  });

  test('what CloudFormation reads as it is meant is no fault', () => {
    const properties = {
      VisibilityTimeout: '30',
      FifoQueue: 'true',
      QueueName: 7,
      KmsMasterKeyId: '{{resolve:ssm:key}}',
      RedrivePolicy: { maxReceiveCount: 3, deadLetterTargetArn: { 'Fn::GetAtt': 'Queue.Arn' } },
    };
    expect(faultsOf(queue(properties))).toEqual([]);
  });
});
