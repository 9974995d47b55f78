import type { ServiceUnreachableError } from '../domain/errors.ts';

/** The names of DynamoDB's and SQS's errors for a request whose own content is wrong. */
const REFUSALS = [
  'ValidationException',
  'InvalidMessageContents',
  'InvalidParameterValue',
  'BatchRequestTooLong',
];

/** Whether a service answers and refuses only this request: others succeed, and this one always fails. */
export function isRefusedRequest({ cause }: ServiceUnreachableError): boolean {
  return cause instanceof Error && REFUSALS.includes(cause.name);
}
