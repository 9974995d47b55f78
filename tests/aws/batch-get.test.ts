import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ServiceUnreachableError } from '../../lib/domain/errors.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let gate: Gate;
let batchGet: typeof import('../../lib/aws/batch-get.ts').batchGet;
let table: string;

beforeAll(async () => {
  stack = await startStack();
  gate = await startGate(`http://127.0.0.1:${stack.aws.dynamodbPort}`);
  process.env.AWS_ENDPOINT_URL_DYNAMODB = gate.url;
  table = stack.refs.get('UsersTable') ?? '';
  ({ batchGet } = await import('../../lib/aws/batch-get.ts'));
  await stack.putUser({ siteId: 'a', userId: 'anna', chatId: 1 });
});
afterAll(async () => {
  await gate.close();
  await stack.close();
});
beforeEach(() => gate.open());

const anna = () => [{ table: 'USERS_TABLE' as const, key: { siteId: 'a', userId: 'anna' } }];

test('reads items', async () => {
  expect(await batchGet(anna())).toEqual({ USERS_TABLE: [{ siteId: 'a', userId: 'anna', chatId: 1 }] });
});

test('asks for nothing where there is nothing to read', async () => {
  expect(await batchGet([])).toEqual({});
  expect(gate.passed()).toBe(0);
});

test('a hundred keys are one request, one more is two', async () => {
  const keys = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      table: 'USERS_TABLE' as const,
      key: { siteId: 'a', userId: `u${index}` },
    }));
  await batchGet(keys(100));
  expect(gate.passed()).toBe(1);
  await gate.open();
  await batchGet(keys(101));
  expect(gate.passed()).toBe(2);
});

test('keys that stay unprocessed (DynamoDB throttles) are asked for again, and in the end are a failure', async () => {
  const Keys = [{ siteId: { S: 'a' }, userId: { S: 'anna' } }];
  gate.answerWith(200, JSON.stringify({ Responses: {}, UnprocessedKeys: { [table]: { Keys } } }));

  // Nothing may be taken for missing only because DynamoDB did not look.
  const failure = await batchGet(anna()).catch((error) => error);

  expect(failure).toBeInstanceOf(ServiceUnreachableError);
  expect(failure.service).toBe('DynamoDB');
});

test('DynamoDB out of reach is an error of its own, with the cause', async () => {
  await gate.shut();
  const failure = await batchGet(anna()).catch((error) => error);
  expect(failure).toBeInstanceOf(ServiceUnreachableError);
  expect(String(failure.cause)).toContain('ECONNREFUSED');
});
