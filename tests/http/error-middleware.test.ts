import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import {
  BusyError,
  InputTooLargeError,
  InvalidInputError,
  ServiceUnreachableError,
  UnreadableInputError,
} from '../../lib/domain/errors.ts';
import { problemDetails, toResponse } from '../../lib/http/error-middleware.ts';
import {
  HttpProblem,
  inactive,
  problemOf,
  serviceUnavailable,
  unauthorized,
} from '../../lib/http/problems.ts';
import { routeKeys } from '../../scripts/build.ts';
import { apiEvent, lambdaContext } from '../support/api-events.ts';

/** Of every problem in English. */
const HEADERS = {
  'content-type': 'application/problem+json',
  'content-language': 'en',
  vary: 'Accept-Language',
};

const logLevel = process.env.LOG_LEVEL;
let logged: string[];

beforeEach(() => {
  process.env.LOG_LEVEL = 'info';
  logged = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => logged.push(String(line)) > 0);
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env.LOG_LEVEL = logLevel;
});

/** What a handler behind the middleware answers when this is thrown in it. */
async function answerTo(
  thrown: unknown,
  headers: Record<string, string> = {},
): Promise<APIGatewayProxyStructuredResultV2> {
  const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(problemDetails())
    .handler(async () => {
      throw thrown;
    });
  return handler(apiEvent({ headers }), lambdaContext) as Promise<APIGatewayProxyStructuredResultV2>;
}

test('a function that runs out of time: 503, and when to try again', async () => {
  const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(problemDetails())
    .handler(() => new Promise(() => undefined));
  const context = { ...lambdaContext, getRemainingTimeInMillis: () => 20 };

  const answer = (await handler(apiEvent(), context)) as APIGatewayProxyStructuredResultV2;

  expect(answer).toEqual(toResponse(serviceUnavailable()));
  expect(answer.headers).toMatchObject({ 'retry-after': '5' });
  expect(logged.map((line) => JSON.parse(line))).toMatchObject([{ level: 'error', message: 'out of time' }]);
});

describe('a problem that was thrown', () => {
  test.each<[string, Error, object, object]>([
    [
      'UnreadableInputError',
      new UnreadableInputError('The body is empty.'),
      {},
      { title: 'Bad Request', status: 400, code: 'not-json', detail: 'The body is empty.' },
    ],
    [
      'InvalidInputError',
      new InvalidInputError(
        [{ pointer: '/a', code: 'invalid', detail: 'Must be a string.' }],
        'Nothing was sent',
      ),
      {},
      {
        title: 'Bad Request',
        status: 400,
        code: 'invalid-body',
        detail:
          'Nothing was sent: 1 place is wrong in the body. Correct what "errors" names and send the request again.',
        errors: [{ pointer: '/a', code: 'invalid', detail: 'Must be a string.' }],
      },
    ],
    [
      'unauthorized',
      unauthorized(),
      { 'www-authenticate': 'Bearer' },
      {
        title: 'Unauthorized',
        status: 401,
        code: 'wrong-key',
        detail: 'Unknown site or wrong key. Send "Authorization: Bearer KEY" with a key of this site.',
      },
    ],
    [
      'inactive',
      inactive({ moduleActive: true }),
      {},
      {
        title: 'Forbidden',
        status: 403,
        code: 'site-switched-off',
        detail: 'The Telegram integration of this site is switched off. The merchant can switch it on.',
      },
    ],
    [
      'InputTooLargeError',
      new InputTooLargeError(262_144),
      {},
      {
        title: 'Content Too Large',
        status: 413,
        code: 'body-too-large',
        detail: 'The body is over 256 KB (262144 bytes), the limit of this API.',
      },
    ],
    [
      'BusyError',
      new BusyError(),
      { 'retry-after': '5' },
      {
        title: 'Service Unavailable',
        status: 503,
        code: 'service-unavailable',
        detail:
          'A service behind this one does not answer now. Send the same request again: nothing goes out twice.',
      },
    ],
  ])('%s is problem+json', async (_name, error, headers, body) => {
    const answer = await answerTo(error);

    expect(answer.headers).toEqual({ ...HEADERS, ...headers });
    expect(JSON.parse(answer.body ?? '')).toEqual({ type: 'about:blank', ...body });
    const { status } = JSON.parse(answer.body ?? '');
    expect(answer.statusCode).toBe(status);
    expect(logged.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'info', message: 'request refused', status }),
    ]);
  });

  test('two wrong places are two', () => {
    const error = { pointer: '/a', detail: 'Wrong.' };
    expect(problemOf(new InvalidInputError([error, error], 'Nothing was sent'))?.detail).toMatchObject({
      en: 'Nothing was sent: 2 places are wrong in the body. Correct what "errors" names and send the request again.',
    });
  });

  test('is an error with a name and its sentence', () => {
    const problem = unauthorized();
    expect(problem).toBeInstanceOf(HttpProblem);
    expect(problem.name).toBe('HttpProblem');
    expect(problem.message).toMatch(/^Unknown site or wrong key/);
  });
});

describe('a service that does not serve', () => {
  test('is 503 with Retry-After, and the log has the cause', async () => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.1:443');
    const error = new ServiceUnreachableError('SQS', { cause });
    expect(error).toMatchObject({ name: 'ServiceUnreachableError', cause });

    const answer = await answerTo(error);

    expect(answer.statusCode).toBe(503);
    expect(answer.headers).toEqual({ ...HEADERS, 'retry-after': '5' });
    expect(answer.body).not.toMatch(/ECONNREFUSED|SQS|10\.0/);
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: 'error',
        message: 'service unreachable',
        service: 'SQS',
        error: { message: 'connect ECONNREFUSED 10.0.0.1:443' },
      },
    ]);
  });
});

describe('anything unexpected', () => {
  class PaymentError extends Error {
    override readonly name = 'PaymentError';
    readonly code = 'E_SECRET';
  }

  test.each<[string, unknown]>([
    ['an error', new PaymentError('token 100:AAsecret for pwtg_secret')],
    ['an error with a cause', new Error('outer 100:AAsecret', { cause: new Error('inner pwtg_secret') })],
    ['a TypeError', new TypeError("Cannot read properties of undefined (reading 'secret')")],
    ['a text', 'secret text'],
    ['an object that looks like an answer', { statusCode: 200, body: 'secret', status: 200 }],
    ['an object that looks like a problem', { problem: { status: 200, title: 'secret', detail: 'secret' } }],
  ])('%s is 500 and says nothing of itself', async (_what, thrown) => {
    const answer = await answerTo(thrown);

    expect(answer.statusCode).toBe(500);
    expect(answer.headers).toEqual(HEADERS);
    expect(JSON.parse(answer.body ?? '')).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      code: 'internal-error',
      detail:
        'Something failed on our side and was logged. Send the same request again: nothing goes out twice.',
    });
    expect(answer.body).not.toMatch(/secret|at .*\.ts|PaymentError/);
    expect(logged).toHaveLength(1);
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({ level: 'error', message: 'unexpected error' });
  });

  test('is logged with its name, code and causes, for who has to mend it', async () => {
    await answerTo(new PaymentError('no money', { cause: new Error('empty purse') }));

    expect(JSON.parse(logged[0] ?? '').error).toMatchObject({
      name: 'PaymentError',
      message: 'no money',
      code: 'E_SECRET',
      stack: expect.stringContaining('error-middleware.test.ts'),
      cause: { name: 'Error', message: 'empty purse' },
    });
  });
});

test('in Italian, also where the fault is ours', async () => {
  const answer = await answerTo(new TypeError('secret'), { 'accept-language': 'it' });
  expect(answer.headers).toEqual({ ...HEADERS, 'content-language': 'it' });
  expect(JSON.parse(answer.body ?? '')).toEqual({
    type: 'about:blank',
    title: 'Errore interno',
    status: 500,
    code: 'internal-error',
    detail: expect.stringMatching(/^Qualcosa non ha funzionato da parte nostra/),
  });
});

describe('toResponse', () => {
  test('keeps headers out of the body and errors in it', () => {
    const errors = [{ pointer: '/à~0', detail: 'Wrong.' }];
    const problem = {
      status: 400,
      code: 'invalid-body',
      detail: 'D',
      errors,
      headers: { 'x-a': 'b' },
    } as const;
    expect(toResponse(problem)).toEqual({
      statusCode: 400,
      headers: {
        'content-type': 'application/problem+json',
        'content-language': 'en',
        vary: 'Accept-Language',
        'x-a': 'b',
      },
      body: '{"type":"about:blank","status":400,"title":"Bad Request","code":"invalid-body","detail":"D","errors":[{"pointer":"/à~0","code":"invalid","detail":"Wrong."}]}',
    });
  });
});

test('what an answer depends on beside the language stays in Vary', () => {
  const problem = { status: 406, code: 'not-acceptable', detail: 'D', headers: { vary: 'Accept' } } as const;
  expect(toResponse(problem).headers?.vary).toBe('Accept, Accept-Language');
});

async function notFound(request: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  process.env.ROUTE_KEYS = (await routeKeys()).join();
  const { handler } = await import('../../functions/not-found.ts');
  return handler(request, lambdaContext);
}

test('a path that does not exist is a 404 of the same kind', async () => {
  const answer = await notFound(apiEvent({ method: 'POST', path: '/v1/sites/demo/events/no-such-event' }));

  expect(answer.statusCode).toBe(404);
  expect(answer.headers).toEqual(HEADERS);
  expect(JSON.parse(answer.body ?? '')).toEqual({
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    code: 'no-such-path',
    detail: expect.stringMatching(/^This API has no such path\./),
  });
});

test('an event that is asked for instead of reported is a 405 that names the method', async () => {
  const request = apiEvent({ method: 'GET', path: '/v1/sites/demo/events/order-status' });
  const answer = await notFound(request);

  expect(answer.statusCode).toBe(405);
  expect(answer.headers).toEqual({ ...HEADERS, allow: 'POST' });
  expect(JSON.parse(answer.body ?? '').title).toBe('Method Not Allowed');
});
