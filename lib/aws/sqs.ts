import { SQSClient } from '@aws-sdk/client-sqs';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { beforeDeadline, type SendOptions } from './deadline.ts';

/** One client for each process. Its endpoint, region and credentials come from the environment. */
export const sqs = new SQSClient({
  maxAttempts: 3,
  // Without `throwOnRequestTimeout` the SDK only prints a warning and continues to wait.
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
});

/**
 * Runs one request, within the time of the present work.
 *
 * @throws ServiceUnreachableError if SQS can't be reached, or refuses the request.
 */
export async function callSqs<Output>(request: (options: SendOptions) => Promise<Output>): Promise<Output> {
  try {
    return await beforeDeadline(request);
  } catch (cause) {
    throw new ServiceUnreachableError('SQS', { cause });
  }
}
