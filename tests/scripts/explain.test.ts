/** What a command says of AWS's refusals: the address, and what to do. The names are those of AWS's references of errors. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ServiceUnreachableError } from '../../lib/domain/errors.ts';
import { explain } from '../../scripts/explain.ts';
import { enterStage } from '../../scripts/stage.ts';

let before: NodeJS.ProcessEnv;
beforeEach(() => {
  before = { ...process.env };
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  enterStage({ stage: 'prod', region: 'eu-west-1' });
});
afterEach(() => {
  process.env = before;
});

function awsError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

const dynamoDb = (cause: Error) => new ServiceUnreachableError('DynamoDB', { cause });

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html and, for SQS and CloudFormation,
// the errors of GetQueueUrl and DescribeStacks in their API references.
test.each<[string, Error, RegExp]>([
  [
    'a table that is not there',
    dynamoDb(awsError('ResourceNotFoundException', 'Requested resource not found')),
    /^DynamoDB of eu-west-1 \(stage prod\) has no such table\.\nIs --stage right, and --region/,
  ],
  [
    'somebody who may not',
    dynamoDb(awsError('AccessDeniedException', 'User: x is not authorized to perform: dynamodb:GetItem')),
    /^DynamoDB of eu-west-1 \(stage prod\) does not let this be done: User: x .*\n.*Who deploys.*get-caller-identity$/,
  ],
  [
    'a key that is not known',
    dynamoDb(
      awsError('UnrecognizedClientException', 'The security token included in the request is invalid.'),
    ),
    /does not know you: The security token .*\n.*AWS_PROFILE/,
  ],
  [
    'a session that has ended',
    dynamoDb(awsError('ExpiredTokenException', 'The security token included in the request is expired')),
    /: your AWS credentials have expired\.\nSign in again/,
  ],
  [
    'no credentials',
    dynamoDb(awsError('CredentialsProviderError', 'Could not load credentials from any providers')),
    /does not know you: Could not load credentials/,
  ],
  [
    'a queue that is not there',
    awsError('QueueDoesNotExist', 'The specified queue does not exist.'),
    /^SQS of eu-west-1 \(stage prod\) has no such queue\./,
  ],
])('%s', (_what, error, sentences) => {
  expect(explain(error, 'redrive', 'SQS').join('\n')).toMatch(sentences);
});

test('a stack that is not there', () => {
  const error = awsError('ValidationError', 'Stack with id passweb-telegram-prod does not exist');
  expect(explain(error, 'webhooks', 'CloudFormation').join('\n')).toMatch(
    /^CloudFormation of eu-west-1 \(stage prod\): Stack with id passweb-telegram-prod does not exist\.\nIs --stage right/,
  );
});

test('an address that is set instead of AWS is named', () => {
  process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:4566';
  const error = dynamoDb(awsError('ResourceNotFoundException', 'Requested resource not found'));
  expect(explain(error, 'site')[0]).toBe('DynamoDB at http://127.0.0.1:4566 (stage prod) has no such table.');
});

test('an error of Telegram is not taken for one of AWS', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
  const error = Object.assign(new Error('getWebhookInfo'), { name: 'TelegramUnreachableError', cause });
  expect(explain(error, 'webhooks')).toEqual(['connect ECONNREFUSED 127.0.0.1:1']);
});
