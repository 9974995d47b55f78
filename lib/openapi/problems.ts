import { MAX_BODY_BYTES } from '../http/body.ts';
import {
  badRequest,
  contentTooLarge,
  HttpProblem,
  type Problem,
  preconditionFailed,
  serviceUnavailable,
  unauthorized,
  wrongPlatformKey,
} from '../http/problem.ts';
import { toResponse } from '../http/problem-details.ts';
import type { Json, Operation } from './operation.ts';

const COMMON = {
  ContentTooLarge: contentTooLarge(MAX_BODY_BYTES),
  Unauthorized: unauthorized(),
  WrongPlatformKey: wrongPlatformKey(),
  WrongTelegramSecret: wrongSecret(),
  ServiceUnavailable: serviceUnavailable(undefined),
};

/** Problems that many operations share, by the name of their response among the components. */
export const COMMON_PROBLEMS: ReadonlyMap<string, HttpProblem> = new Map(Object.entries(COMMON));

/** What an operation may answer for who calls it and for what it takes, whatever it does. */
export function commonProblems({ caller, body, ifMatch }: Operation): HttpProblem[] {
  if (caller === 'everybody') return [];
  const wrongKey = {
    site: COMMON.Unauthorized,
    platform: COMMON.WrongPlatformKey,
    telegram: COMMON.WrongTelegramSecret,
  };
  return [
    ...(body ? [badRequest('The body is not JSON: it ends too early.'), COMMON.ContentTooLarge] : []),
    wrongKey[caller],
    ...(ifMatch ? [preconditionFailed('"8"', ifMatch)] : []),
    COMMON.ServiceUnavailable,
  ];
}

/** A problem as it goes over the wire. */
export function problemBody(problem: Problem): Json {
  return JSON.parse(toResponse(problem).body ?? '{}');
}

function wrongSecret(): HttpProblem {
  return new HttpProblem({
    status: 401,
    title: 'Unauthorized',
    detail: 'Unknown site or wrong secret token. Only Telegram, which was given the secret, calls this path.',
  });
}
