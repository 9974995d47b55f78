import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { callDynamoDb } from './dynamodb.ts';

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
