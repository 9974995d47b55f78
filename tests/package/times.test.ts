/** The times of the functions and of their parts: whatever hangs, a function answers before Lambda stops it. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { DYNAMODB_TIMES } from '../../lib/aws/dynamodb.ts';
import { LEASE } from '../../lib/deliveries/drain.ts';
import {
  LEAST_TIME_TO_ANSWER,
  TIME_AFTER_SENDS,
  TIME_FOR_ONE_SEND,
  TIME_TO_DEFER,
  TIME_TO_RECORD,
} from '../../lib/deliveries/send-time.ts';
import type { Template } from '../../local/iam/template.ts';
import { packagedTemplate } from '../support/package.ts';

let template: Template;
beforeAll(async () => {
  template = await packagedTemplate();
});

const timeoutOf = (logicalId: string) => Number(template.Resources[logicalId]?.Properties?.Timeout) * 1_000;

/** The longest that one call to DynamoDB takes: the SDK pauses for 0.1 s at most between its attempts. */
const LONGEST_CALL = DYNAMODB_TIMES.attempts * DYNAMODB_TIMES.request + 200;
/** A slot of the bot within a second is waited for, and then that of the chat. */
const LONGEST_WAIT = 1_000 + 1_100;
/** The calls of an invocation end so long before Lambda's time-out. */
const TIME_TO_ANSWER = 1_000;

describe('the time for one message', () => {
  test('is enough for its steps where none of them hangs', () => {
    const attempt = DYNAMODB_TIMES.request;
    expect(LONGEST_WAIT + attempt + LEAST_TIME_TO_ANSWER + TIME_TO_RECORD).toBeLessThanOrEqual(
      TIME_FOR_ONE_SEND,
    );
  });

  test('leaves Telegram ten seconds where all else is fast, so that its answer is known', () => {
    expect(TIME_FOR_ONE_SEND - TIME_TO_RECORD).toBeGreaterThanOrEqual(10_000 + 1_000);
  });

  test('has a part for the record in which one attempt of the client may fail', () => {
    expect(TIME_TO_RECORD).toBeGreaterThan(DYNAMODB_TIMES.request);
  });
});

test('deliver reads, sends one message, parks and answers within its time-out', () => {
  const all = LONGEST_CALL + TIME_FOR_ONE_SEND + TIME_AFTER_SENDS;
  expect(all).toBeLessThanOrEqual(timeoutOf('DeliverLambdaFunction'));
  expect(TIME_AFTER_SENDS).toBeGreaterThanOrEqual(TIME_TO_ANSWER + TIME_TO_DEFER + DYNAMODB_TIMES.request);
});

test('the drain has time for its turn and for what it has begun by then, and its lease outlives it', () => {
  const turn = 25_000;
  const timeout = timeoutOf('DrainLambdaFunction');
  expect(turn + TIME_FOR_ONE_SEND + TIME_AFTER_SENDS).toBeLessThanOrEqual(timeout);
  expect(LEASE).toBeGreaterThan(timeout);
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
test('each function that answers requests does so before API Gateway gives up', () => {
  const ofApi = Object.entries(template.Resources).filter(
    ([, { Type, Properties = {} }]) =>
      Type === 'AWS::Lambda::Permission' && Properties.Principal === 'apigateway.amazonaws.com',
  );
  const names = ofApi.map(
    ([, { Properties = {} }]) => (Properties.FunctionName as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0],
  );
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) expect([name, timeoutOf(name) < 30_000]).toEqual([name, true]);
});

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
test('a message stays invisible six times as long as its function may run', () => {
  for (const { Type, Properties = {} } of Object.values(template.Resources)) {
    if (Type !== 'AWS::Lambda::EventSourceMapping') continue;
    const idIn = (reference: unknown) => (reference as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];
    const queue = template.Resources[idIn(Properties.EventSourceArn)]?.Properties ?? {};
    const timeout = timeoutOf(idIn(Properties.FunctionName));
    expect(Number(queue.VisibilityTimeout) * 1_000).toBeGreaterThanOrEqual(6 * timeout);
  }
});
