import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ServiceUnreachableError } from '../domain/errors.ts';

/** One client for each running function. Its endpoint, region and credentials come from the environment. */
export const database = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    maxAttempts: 3,
    // Without `throwOnRequestTimeout` the SDK only prints a warning and waits on.
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  }),
  { marshallOptions: { removeUndefinedValues: true } },
);

/**
 * Runs one request.
 *
 * @throws ServiceUnreachableError where DynamoDB can't be reached or can't serve now. A refused condition passes
 * through as `ConditionalCheckFailedException`: that is an answer, not a fault.
 */
export async function callDynamoDb<Output>(request: () => Promise<Output>): Promise<Output> {
  try {
    return await request();
  } catch (cause) {
    if (cause instanceof ConditionalCheckFailedException) throw cause;
    throw new ServiceUnreachableError('DynamoDB', { cause });
  }
}

/**
 * Runs a conditional write.
 *
 * @returns what DynamoDB answered; `undefined` where the condition did not hold and nothing was written.
 * @throws ServiceUnreachableError
 */
export async function conditionalWrite<Output>(write: () => Promise<Output>): Promise<Output | undefined> {
  try {
    return await callDynamoDb(write);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
