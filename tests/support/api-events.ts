/** Requests in API Gateway's form (HTTP API, payload format 2.0), and the answers of the functions. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { PackagedRoute } from './package.ts';

/** The address of the API in these tests. */
export const API = 'https://api.example';
/** The address that API Gateway gave it, which leads there too. */
export const API_ENDPOINT = 'https://abc123.execute-api.eu-south-1.amazonaws.com';

/** The context of an invocation with enough time. */
export const lambdaContext = { getRemainingTimeInMillis: () => 30_000 } as Context;

export interface ApiRequest {
  method?: string;
  /** As API Gateway hands it over: see `decodedPath`. */
  path?: string;
  /** The route that API Gateway has matched: `POST /v1/sites/{siteId}/…`. */
  routeKey?: string;
  pathParameters?: Record<string, string>;
  /** Header names in lower case, as API Gateway sends them. */
  headers?: Record<string, string>;
  /** An object is sent as JSON, a text unchanged. */
  body?: unknown;
  isBase64Encoded?: boolean;
  query?: string | Record<string, string>;
  cookies?: string[];
  /** The address of the API for this request. */
  api?: string;
}

export function apiEvent(request: ApiRequest = {}): APIGatewayProxyEventV2 {
  const {
    method = 'GET',
    path = '/',
    routeKey = '$default',
    pathParameters,
    query = '',
    api = API,
  } = request;
  const { host, protocol } = new URL(api);
  const { body, isBase64Encoded = false, cookies } = request;
  const rawQueryString = typeof query === 'string' ? query : new URLSearchParams(query).toString();
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString,
    headers: {
      host,
      'x-forwarded-proto': protocol.slice(0, -1),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(cookies && { cookies }),
    ...(rawQueryString !== '' && { queryStringParameters: queryParameters(rawQueryString) }),
    ...(pathParameters && { pathParameters }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: host,
      domainPrefix: 'test',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'jest' },
      requestId: 'request',
      routeKey,
      stage: '$default',
      time: '22/Nov/2026:10:00:00 +0000',
      timeEpoch: 1_795_341_600_000,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded,
  };
}

/** API Gateway joins the values of a repeated parameter with a comma. */
function queryParameters(rawQueryString: string): Record<string, string> {
  const byName = Map.groupBy(new URLSearchParams(rawQueryString), ([name]) => name);
  return Object.fromEntries(
    [...byName].map(([name, pairs]) => [name, pairs.map(([, value]) => value).join()]),
  );
}

export interface MatchedRoute {
  routeKey: string;
  functionName: string;
  pathParameters?: Record<string, string>;
}

/** A path as an HTTP API sees it, which decodes it once before it matches, and cuts it at a `?` that it finds then. */
export function decodedPath(path: string): string {
  return decodeURIComponent(path).replace(/\?.*$/s, '');
}

/**
 * The route that API Gateway chooses for a request: a literal segment wins over a parameter, and `$default` gets the
 * rest.
 *
 * @param path decoded: see `decodedPath`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function matchRoute(routes: PackagedRoute[], method: string, path: string): MatchedRoute {
  const given = path.split('/');
  const fitting = routes.filter((route) => route.method === method && fits(segmentsOf(route), given));
  const [route] = fitting.sort((one, other) => parameterPlaces(one).localeCompare(parameterPlaces(other)));
  if (!route) return { routeKey: '$default', functionName: 'not-found' };
  const parameters = segmentsOf(route).flatMap((segment, index) =>
    isParameter(segment)
      ? [
          [
            segment.replace(/^\{|\+?\}$/g, ''),
            given.slice(index, isGreedy(segment) ? undefined : index + 1).join('/'),
          ],
        ]
      : [],
  );
  const { routeKey, functionName } = route;
  return {
    routeKey,
    functionName,
    ...(parameters.length > 0 && { pathParameters: Object.fromEntries(parameters) }),
  };
}

function segmentsOf({ path = '' }: PackagedRoute): string[] {
  return path.split('/');
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}

/** `{file+}`: it takes all that is left, also nothing. */
function isGreedy(segment = ''): boolean {
  return segment.endsWith('+}');
}

function fits(segments: string[], given: string[]): boolean {
  if (isGreedy(segments.at(-1)) && given.length >= segments.length)
    return segments.slice(0, -1).every((segment, index) => given[index] === segment);
  const isAlike = (segment: string, index: number) =>
    isParameter(segment) ? given[index] !== '' : given[index] === segment;
  return segments.length === given.length && segments.every(isAlike);
}

/**
 * One digit for each segment, 1 for a parameter: the more literal segments and the earlier they are, the smaller it is.
 */
function parameterPlaces(route: PackagedRoute): string {
  return segmentsOf(route)
    .map((segment) => (isParameter(segment) ? '1' : '0'))
    .join('');
}

export interface Answer {
  status: number | undefined;
  headers: Record<string, string | number | boolean>;
  /** The body, parsed as JSON; `null` if there is none. */
  json: ReturnType<typeof JSON.parse>;
  /** The body as text; empty if there is none. */
  text: string;
  cookies: string[];
}

export function answerOf({
  statusCode,
  headers = {},
  body = '',
  cookies = [],
}: APIGatewayProxyStructuredResultV2): Answer {
  const isJson = String(headers['content-type']).includes('json');
  return { status: statusCode, headers, json: isJson ? JSON.parse(body) : null, text: body, cookies };
}
