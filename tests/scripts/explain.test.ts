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

function awsError(name: string, message: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
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
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
  [
    'too many requests',
    dynamoDb(awsError('ThrottlingException', 'Rate of requests exceeds the allowed throughput.')),
    /^DynamoDB of eu-west-1 \(stage prod\) takes no more requests .*Rate of requests.*\nTry again/,
  ],
  [
    'a fault of AWS',
    dynamoDb(awsError('InternalServerError', 'Could not process your request', 500)),
    /^DynamoDB of eu-west-1 \(stage prod\) has a fault of its own: Could not .*\nTry again/,
  ],
  [
    'a fault of AWS without a name that is known',
    awsError('Strange', 'x', 503),
    /^SQS of eu-west-1 .* has a fault of its own: x\nTry again/,
  ],
  // https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
  [
    'a region that is not enabled',
    awsError('OptInRequired', 'The AWS Access Key Id needs a subscription for the service'),
    /^SQS of eu-west-1 .*needs a subscription.*\nYour account has not enabled this region/,
  ],
  [
    'a clock that is wrong',
    dynamoDb(
      awsError('InvalidSignatureException', 'Signature expired: 20261125T080000Z is now earlier than x'),
    ),
    /Signature expired.*\nThe clock of this machine is wrong/,
  ],
  [
    'a request that has expired',
    awsError('RequestExpired', 'Request has expired.'),
    /Request has expired\.\nThe clock/,
  ],
  // https://nodejs.org/api/tls.html#x509-certificate-error-codes
  [
    'a certificate that is not trusted',
    dynamoDb(
      Object.assign(new Error('self-signed certificate in certificate chain'), {
        code: 'SELF_SIGNED_CERT_IN_CHAIN',
      }),
    ),
    /^DynamoDB of eu-west-1 .*not trusted \(self-signed .*\n.*NODE_EXTRA_CA_CERTS/,
  ],
  [
    'an answer in HTML',
    dynamoDb(new SyntaxError(`Unexpected token '<', "<html>" is not valid JSON\n  Deserialization error`)),
    /^DynamoDB of eu-west-1 .*: what answers there is not DynamoDB \(Unexpected token/,
  ],
  [
    'an answer without a name',
    awsError('UnknownError', 'UnknownError', 404),
    /what answers there is not SQS \(UnknownError\)\.\n.*AWS_ENDPOINT_URL/,
  ],
  [
    'a region that can’t be',
    awsError('Error', 'Region not accepted: region="x_y" is not a valid hostname component.'),
    /^SQS of .*Region not accepted.*\nThe region is wrong/,
  ],
  [
    'any other refusal',
    awsError('KmsDisabled', 'The key is disabled.', 400),
    /^SQS of eu-west-1 \(stage prod\) did not do it: KmsDisabled: The key is disabled\.\nIs this the right stage/,
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

test('a port that can’t be one: the setting is named', () => {
  enterStage({ stage: 'local' });
  process.env.AWS_ENDPOINT_URL_DYNAMODB = 'http://127.0.0.1:99999';
  const cause = Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' });
  expect(explain(dynamoDb(cause), 'site')).toEqual([
    'DynamoDB at http://127.0.0.1:99999 (stage local): that is no address.',
    'Look at DYNAMODB_PORT and SQS_PORT.',
  ]);
});

test('an error of our own keeps its sentence', () => {
  expect(explain(new Error('The line with the site key is missing.'), 'site', 'CloudFormation')).toEqual([
    'The line with the site key is missing.',
  ]);
});
