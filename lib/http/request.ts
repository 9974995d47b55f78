/** A request and an answer as API Gateway's HTTP APIs make and take them (payload format 2.0). */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';

export type HttpRequest = APIGatewayProxyEventV2;
export type HttpResponse = APIGatewayProxyStructuredResultV2;

/** The Lambda handler of a function that API Gateway calls. */
export type HttpHandler = (request: HttpRequest, context: Context) => Promise<HttpResponse>;

/** A success, as JSON. */
export function jsonResponse(
  statusCode: number,
  body: unknown,
  headers: Record<string, string> = {},
): HttpResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** A success without a body. */
export const NO_CONTENT: HttpResponse = { statusCode: 204 };

/**
 * The address under which the caller has reached this API, without a slash at the end. API Gateway takes no request for
 * a host that it does not serve.
 */
export function originOf({ headers }: HttpRequest): string {
  return `${headers['x-forwarded-proto'] ?? 'http'}://${headers.host ?? 'localhost'}`;
}
