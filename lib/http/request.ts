/** Requests and answers of API Gateway's HTTP APIs (payload format 2.0). */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';

export type HttpRequest = APIGatewayProxyEventV2;
export type HttpResponse = APIGatewayProxyStructuredResultV2;

/** The Lambda handler of a function that API Gateway calls. */
export type HttpHandler = (request: HttpRequest, context: Context) => Promise<HttpResponse>;

/** Whether only the head of the answer is wanted: nothing may be changed for it (RFC 9110, section 9.3.2). */
export function isHead({ requestContext }: Pick<HttpRequest, 'requestContext'>): boolean {
  return requestContext.http.method === 'HEAD';
}

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

/** The header of an answer that is nobody else's: a browser does not keep it. */
export const NO_STORE = { 'cache-control': 'no-store' };

/** A success without a body. */
export const NO_CONTENT: HttpResponse = { statusCode: 204 };

/**
 * The address of this API that the caller has used, without a slash at the end. Its host can be trusted: API Gateway
 * refuses requests for hosts that it does not serve.
 */
export function originOf({ headers }: HttpRequest): string {
  return `${headers['x-forwarded-proto'] ?? 'http'}://${headers.host ?? 'localhost'}`;
}
