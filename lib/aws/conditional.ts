import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { ask } from './dynamodb.ts';

/**
 * Runs a conditional write.
 *
 * @returns what DynamoDB answered; `undefined` where the condition did not hold and nothing was written.
 * @throws ServiceUnreachableError
 */
export async function unlessRefused<Output>(write: () => Promise<Output>): Promise<Output | undefined> {
  try {
    return await ask(write);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
