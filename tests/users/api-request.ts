/** Requests as API Gateway makes them (payload format 2.0), for the functions of linking. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';

export type Handler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

export interface ApiRequest {
  /** Method and route, such as `GET /v1/sites/{siteId}/users/{userId}`. */
  route: string;
  siteId?: string;
  userId?: string;
  /** `null` sends none. */
  authorization?: string | null;
  /** An object is sent as JSON, a text as it is. */
  body?: unknown;
  query?: string;
  headers?: Record<string, string>;
  cookies?: string[];
}

const CONTEXT = { getRemainingTimeInMillis: () => 30_000 } as Context;

export async function ask(handler: Handler, request: ApiRequest) {
  const { route, siteId = 'demo', userId, authorization = 'Bearer pwtg_demo', body, query = '' } = request;
  const [method = '', path = ''] = route.split(' ');
  const rawPath = path.replace('{siteId}', siteId).replace('{userId}', encodeURIComponent(userId ?? ''));
  const event = {
    version: '2.0',
    routeKey: route,
    rawPath,
    rawQueryString: query,
    headers: {
      host: 'api.example',
      'x-forwarded-proto': 'https',
      ...(authorization !== null && { authorization }),
      ...request.headers,
    },
    ...(request.cookies && { cookies: request.cookies }),
    requestContext: { http: { method, path: rawPath } },
    pathParameters: { siteId, ...(userId !== undefined && { userId }) },
    body: typeof body === 'object' ? JSON.stringify(body) : body,
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
  const { statusCode, headers = {}, body: text, cookies = [] } = await handler(event, CONTEXT);
  const isJson = String(headers['content-type']).includes('json');
  return {
    status: statusCode,
    headers,
    text: text ?? '',
    cookies,
    json: isJson ? JSON.parse(text ?? '') : undefined,
  };
}
