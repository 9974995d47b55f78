/**
 * The settings of the AWS clients of commands: who asks an address that accepts but never answers reads so after some
 * seconds. A long poll of SQS lasts one second.
 */
export const CLIENT_TIMES = {
  maxAttempts: 3,
  // Without `throwOnRequestTimeout` the SDK only prints a warning and continues to wait.
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};
