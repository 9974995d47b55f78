type Service = 'DynamoDB' | 'SQS' | 'Telegram';

/**
 * A service that this bundle stands on (DynamoDB, SQS, Telegram) did not answer, or refused to serve now. Nothing is
 * known to be wrong with the request itself: it may be repeated as it is.
 */
export class ServiceUnreachableError extends Error {
  override readonly name = 'ServiceUnreachableError';
  readonly service: Service;

  constructor(service: Service, options: { cause: unknown }) {
    super(`${service} did not serve the request`, options);
    this.service = service;
  }
}
