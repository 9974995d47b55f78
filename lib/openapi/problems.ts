import { InvalidInputError, OutdatedError, TooManyRequestsError } from '../domain/errors.ts';
import { MAX_BODY_BYTES, parseJson } from '../http/body.ts';
import { unreadableTags } from '../http/entity-tag.ts';
import { toResponse } from '../http/error-middleware.ts';
import { readPathIds } from '../http/path-ids.ts';
import {
  compressedBody,
  internalError,
  type Problem,
  problemOf,
  serviceUnavailable,
  unauthorized,
  wrongPlatformKey,
  wrongTelegramSecret,
} from '../http/problems.ts';
import { RETRY_AFTER_SECONDS } from '../http/request-limit.ts';
import type { Json } from './json.ts';
import { isTagged, type Operation } from './operation.ts';

const COMMON = {
  WrongPathId: answerTo(thrownBy(() => readPathIds({ userId: '~' }))),
  ContentTooLarge: answerTo(thrownBy(() => parseJson(Buffer.alloc(MAX_BODY_BYTES + 1)))),
  UnsupportedMediaType: compressedBody().problem,
  PreconditionFailed: answerTo(new OutdatedError(undefined, [], 'untagged')),
  Unauthorized: unauthorized().problem,
  WrongPlatformKey: wrongPlatformKey().problem,
  // Telegram ignores the `WWW-Authenticate` header.
  WrongTelegramSecret: { ...wrongTelegramSecret().problem, headers: {} },
  TooManyRequests: answerTo(new TooManyRequestsError(RETRY_AFTER_SECONDS)),
  InternalError: internalError(),
  ServiceUnavailable: serviceUnavailable(),
};

/** Problems that many operations share, by the name of their response in the components. */
export const COMMON_PROBLEMS: ReadonlyMap<string, Problem> = new Map(Object.entries(COMMON));

/** All error answers of an operation: its own first, then the common ones. */
export function problemsOf(operation: Operation): Problem[] {
  const { wrong, consequence, problems = [] } = operation;
  const own = [...(wrong ? [new InvalidInputError(wrong, consequence)] : []), ...problems];
  return [...own.map(answerTo), ...commonProblems(operation)];
}

/** The error answers that follow from the caller and the input of an operation. */
function commonProblems(operation: Operation): Problem[] {
  const { caller, method, path, body, ifMatch, ifMatchChanges = [] } = operation;
  const unreadable = isTagged(operation) ? [answerTo(unreadableTags('If-None-Match'))] : [];
  if (caller === 'everybody')
    return [...unreadable, ...(answersInJson(operation) ? [COMMON.InternalError] : [])];
  const wrongKey = {
    site: COMMON.Unauthorized,
    platform: COMMON.WrongPlatformKey,
    'site-or-platform': COMMON.Unauthorized,
    telegram: COMMON.WrongTelegramSecret,
    manager: COMMON.WrongTelegramSecret,
  };
  const notJson = thrownBy(() => parseJson(Buffer.from('{"')));
  return [
    ...(/\{(?!siteId\})/.test(path) ? [COMMON.WrongPathId] : []),
    ...(body ? [answerTo(notJson), COMMON.ContentTooLarge, COMMON.UnsupportedMediaType] : []),
    wrongKey[caller],
    ...unreadable,
    ...(ifMatch
      ? [answerTo(unreadableTags('If-Match')), answerTo(new OutdatedError(8, ifMatchChanges))]
      : []),
    // Telegram sends no conditions.
    ...(!ifMatch && method !== 'GET' && !isTelegrams(caller) ? [COMMON.PreconditionFailed] : []),
    ...(isLimited(caller) ? [COMMON.TooManyRequests] : []),
    COMMON.InternalError,
    COMMON.ServiceUnavailable,
  ];
}

/** Whether Telegram alone calls it. */
function isTelegrams(caller: Operation['caller']): boolean {
  return caller === 'telegram' || caller === 'manager';
}

/** Whether it is for programs; people's browsers get pages, also of errors. */
function answersInJson({ answers }: Operation): boolean {
  return answers.every(({ schema }) => schema);
}

/** Whether the site's limit of requests holds for those who call with its key. */
function isLimited(caller: Operation['caller']): boolean {
  return caller === 'site' || caller === 'site-or-platform';
}

function answerTo(error: Error): Problem {
  const problem = problemOf(error);
  if (!problem) throw new Error('An error is described that nothing answers.', { cause: error });
  return problem;
}

/** The error that `refused` throws. */
export function thrownBy(refused: () => unknown): Error {
  try {
    refused();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('Nothing is refused here.');
}

/** A problem as the body of an answer. */
export function problemBody(problem: Problem): Json {
  return JSON.parse(toResponse(problem).body ?? '{}');
}
