/** Lambda events as API Gateway (payload format 2.0) and SQS make them, and what a handler answered. */
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  SQSEvent,
  SQSRecord,
} from 'aws-lambda';

export interface RequestParts {
  siteId?: string;
  /** The whole header; `null` sends none. */
  authorization?: string | null;
  /** An object is sent as JSON, a text as it is. */
  body?: unknown;
  isBase64Encoded?: boolean;
}

export function eventRequest(event: string, parts: RequestParts = {}): APIGatewayProxyEventV2 {
  const { siteId = 'demo', authorization = 'Bearer pwtg_demo', body, isBase64Encoded = false } = parts;
  const path = `/v1/sites/${siteId}/events/${event}`;
  return {
    version: '2.0',
    routeKey: `POST /v1/sites/{siteId}/events/${event}`,
    rawPath: path,
    rawQueryString: '',
    headers: {
      'content-type': 'application/json',
      ...(authorization === null ? {} : { authorization }),
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: 'localhost',
      domainPrefix: 'test',
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'jest' },
      requestId: 'request',
      routeKey: '',
      stage: '$default',
      time: '22/Nov/2026:10:00:00 +0000',
      timeEpoch: 1_795_341_600_000,
    },
    pathParameters: { siteId },
    body:
      typeof body === 'string' || body === undefined ? (body as string | undefined) : JSON.stringify(body),
    isBase64Encoded,
  };
}

let lastMessage = 0;

/** Messages of the queue of an event, in one batch. An object is sent as JSON, a text as it is. */
export function eventBatch(event: string, bodies: unknown[]): SQSEvent {
  return { Records: bodies.map((body) => eventRecord(event, body)) };
}

function eventRecord(event: string, body: unknown): SQSRecord {
  lastMessage += 1;
  const now = String(Date.now());
  return {
    messageId: `message-${lastMessage}`,
    receiptHandle: `receipt-${lastMessage}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: '1',
      ApproximateFirstReceiveTimestamp: now,
      SentTimestamp: now,
      SenderId: 'test',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:eu-south-1:000000000000:passweb-telegram-test-${event}`,
    awsRegion: 'eu-south-1',
  };
}

export const lambdaContext = { getRemainingTimeInMillis: () => 30_000 } as Context;

/** The body of an answer, read as JSON. */
export function jsonOf(answer: APIGatewayProxyStructuredResultV2) {
  return JSON.parse(answer.body ?? 'null');
}

const routeKeys = await (await import('../../scripts/build.ts')).routeKeys();
process.env.ROUTE_KEYS = routeKeys.join();

/** The route key and the path's parameters, as API Gateway finds them. */
export function routed(event: APIGatewayProxyEventV2): APIGatewayProxyEventV2 {
  const { method } = event.requestContext.http;
  const given = event.rawPath.split('/');
  for (const routeKey of routeKeys) {
    const [verb, pattern = ''] = routeKey.split(' ');
    const parts = pattern.split('/');
    const isAlike =
      parts.length === given.length &&
      parts.every((part, index) => (part.startsWith('{') ? given[index] !== '' : part === given[index]));
    if (verb !== method || !isAlike) continue;
    const pathParameters = Object.fromEntries(
      parts.flatMap((part, index) =>
        part.startsWith('{') ? [[part.slice(1, -1), decodeURIComponent(given[index] ?? '')]] : [],
      ),
    );
    return { ...event, routeKey, pathParameters };
  }
  return { ...event, routeKey: '$default' };
}
