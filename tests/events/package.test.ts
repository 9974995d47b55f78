/** The queues of the events as they are deployed, and left out. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { EVENT_NAMES } from '../../lib/domain/events.ts';
import { packagedResources } from '../support/package.ts';

type Resources = Awaited<ReturnType<typeof packagedResources>>;

let resources: Resources;
beforeAll(async () => {
  resources = await packagedResources();
});

const logicalName = (event: string) =>
  event.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
const propertiesOf = (logicalId: string) => resources[logicalId]?.Properties ?? {};

describe.each(EVENT_NAMES)('%s', (event) => {
  const queue = `${logicalName(event)}Queue`;
  const deadLetters = `${logicalName(event)}DeadLetterQueue`;

  test('has a queue of its name, with dead letters of its own', () => {
    expect(propertiesOf(queue)).toMatchObject({
      QueueName: `passweb-telegram-test-${event}`,
      // Fourteen days, the longest time that SQS keeps a message.
      MessageRetentionPeriod: 1_209_600,
      // 256 KB for the event, and some room for the attribute of one that is sent once more.
      MaximumMessageSize: 263_168,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters, 'Arn'] }, maxReceiveCount: 100 },
    });
    expect(propertiesOf(deadLetters)).toMatchObject({
      QueueName: `passweb-telegram-test-${event}-dead`,
      MaximumMessageSize: 1_048_576,
    });
  });

  test('has a function that the queue triggers, which reports the messages that failed', () => {
    const functionName = Object.entries(resources).find(
      ([, { Type, Properties }]) =>
        Type === 'AWS::Lambda::Function' && Properties.FunctionName === `passweb-telegram-test-${event}`,
    )?.[0];
    const trigger = Object.values(resources).find(
      ({ Type, Properties }) =>
        Type === 'AWS::Lambda::EventSourceMapping' &&
        JSON.stringify(Properties.EventSourceArn) === JSON.stringify({ 'Fn::GetAtt': [queue, 'Arn'] }),
    );
    expect(trigger?.Properties).toMatchObject({
      FunctionName: { 'Fn::GetAtt': [functionName, 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    const { Variables } = propertiesOf(functionName ?? '').Environment as { Variables: object };
    expect(Variables).toMatchObject({
      EVENT_QUEUE_URL: { 'Fn::If': ['HasEventQueues', { Ref: queue }, { Ref: 'AWS::NoValue' }] },
      DEAD_LETTER_QUEUE_URL: { 'Fn::If': ['HasEventQueues', { Ref: deadLetters }, { Ref: 'AWS::NoValue' }] },
    });
  });
});

/** What of the template stays where the deployment leaves the queues out (`eventQueues: 'no'`). */
function withoutQueues(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutQueues);
  if (typeof value !== 'object' || value === null) return value;
  if ('Fn::If' in value) {
    const [condition, ...both] = value['Fn::If'] as [string, unknown, unknown];
    return withoutQueues(condition === 'HasEventQueues' ? both[1] : both);
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => (inner as { Condition?: unknown } | null)?.Condition !== 'HasEventQueues')
      .map(([name, inner]) => [name, withoutQueues(inner)]),
  );
}

test('left out, none of them is there, and nothing speaks of them', () => {
  const rest = withoutQueues(resources) as Resources;
  const ofType = (of: Resources, type: string) =>
    Object.values(of).filter(({ Type }) => Type === type).length;

  expect(ofType(resources, 'AWS::SQS::Queue')).toBe(5 + 2 * EVENT_NAMES.length);
  // Those of the deliveries, and those of the tickets: for the drain, for people, for webhooks.
  expect(ofType(rest, 'AWS::SQS::Queue')).toBe(5);
  expect(ofType(rest, 'AWS::Lambda::EventSourceMapping')).toBe(4);
  const text = JSON.stringify(rest);
  for (const event of EVENT_NAMES) {
    expect(text).not.toContain(`"${logicalName(event)}Queue"`);
    expect(text).not.toContain(`"${logicalName(event)}DeadLetterQueue"`);
  }
});
