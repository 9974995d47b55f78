/** How many functions run at once: enough is kept free for those that all shops need, and no trigger starts more than that. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { permissionsOf } from '../../local/iam/roles.ts';
import { queueArn, type Template } from '../../local/iam/template.ts';
import { packagedTemplate } from '../support/package.ts';

type Properties = Record<string, unknown>;

let template: Template;
beforeAll(async () => {
  template = await packagedTemplate();
});

const ofType = (type: string): [string, Properties][] =>
  Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([logicalId, { Properties }]) => [logicalId, Properties]);

const idIn = (reference: unknown) => (reference as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];

/** For each trigger: its queue, its function, and how many of them it may start. */
function triggers() {
  const found = ofType('AWS::Lambda::EventSourceMapping').map(([, properties]) => ({
    queue: idIn(properties.EventSourceArn),
    lambda: idIn(properties.FunctionName),
    maximum: Number((properties.ScalingConfig as { MaximumConcurrency?: number }).MaximumConcurrency),
  }));
  expect(found.length).toBeGreaterThan(10);
  return found;
}

describe('reserved', () => {
  test('is what sends, what drains and what people write, where the account has so many', () => {
    const reserved = ofType('AWS::Lambda::Function')
      .filter(([, { ReservedConcurrentExecutions }]) => ReservedConcurrentExecutions !== undefined)
      .map(([logicalId, { ReservedConcurrentExecutions }]) => [logicalId, ReservedConcurrentExecutions]);
    const ifReserved = (number: number) => ({
      'Fn::If': ['ReservesConcurrency', number, { Ref: 'AWS::NoValue' }],
    });
    expect(Object.fromEntries(reserved)).toEqual({
      DeliverLambdaFunction: ifReserved(50),
      DrainLambdaFunction: ifReserved(30),
      BotLambdaFunction: ifReserved(50),
    });
    expect(template.Conditions?.ReservesConcurrency).toEqual({ 'Fn::Equals': ['yes', 'yes'] });
  });

  // Otherwise Lambda throttles batches, and each of them has used up a receive of its messages:
  // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
  test('is at least what the triggers of a function start together', () => {
    const started = Map.groupBy(triggers(), ({ lambda }) => lambda);
    for (const [lambda, ofLambda] of started) {
      const all = ofLambda.reduce((sum, { maximum }) => sum + maximum, 0);
      expect(all).toBeGreaterThanOrEqual(2);
      const { ReservedConcurrentExecutions } = template.Resources[lambda]?.Properties ?? {};
      if (ReservedConcurrentExecutions === undefined) continue;
      const [, reserved] = (ReservedConcurrentExecutions as { 'Fn::If': [string, number] })['Fn::If'];
      expect([lambda, reserved >= all]).toEqual([lambda, true]);
    }
    for (const lambda of ['DeliverLambdaFunction', 'DrainLambdaFunction'])
      expect(started.has(lambda)).toBe(true);
  });
});

/**
 * Lambda stops a function after about 16 passes where each of them was started by a message that another pass has sent.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
test('a function that may be started by what it sends says that this is wanted, and no other does', () => {
  const region = 'eu-south-1';
  const queues = new Map(
    ofType('AWS::SQS::Queue').map(([logicalId, { QueueName }]) => [
      queueArn(region, String(QueueName)),
      logicalId,
    ]),
  );
  const next = new Map(
    ofType('AWS::Lambda::Function').map(([logicalId, { Role }]) => {
      const sends = permissionsOf(template, idIn(Role), region)
        .filter(({ action }) => action === 'sqs:SendMessage')
        .map(({ resource }) => queues.get(resource));
      const started = triggers().filter(({ queue }) => sends.includes(queue));
      return [logicalId, started.map(({ lambda }) => lambda)];
    }),
  );
  const reaches = (from: string, seen = new Set<string>()): Set<string> => {
    for (const lambda of next.get(from) ?? []) if (!seen.has(lambda)) reaches(lambda, seen.add(lambda));
    return seen;
  };
  const loops = [...next.keys()].filter((lambda) => reaches(lambda).has(lambda));
  expect(loops).toContain('DrainLambdaFunction');
  const allowed = ofType('AWS::Lambda::Function').filter(
    ([, { RecursiveLoop }]) => RecursiveLoop === 'Allow',
  );
  expect(allowed.map(([logicalId]) => logicalId).sort()).toEqual(loops.sort());
});
