import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/**
 * The address under which the caller has reached this API, without a slash at the end. API Gateway takes no request for
 * a host that it does not serve.
 */
export function originOf({ headers }: APIGatewayProxyEventV2): string {
  return `${headers['x-forwarded-proto'] ?? 'http'}://${headers.host ?? 'localhost'}`;
}
