/** The error answers, as `application/problem+json` (RFC 9457), and the error that leads to each of them. */
import {
  BotSetupError,
  BotSetupUnreachableError,
  BusyError,
  ConflictError,
  type FailedCondition,
  type FieldError,
  InputTooLargeError,
  InvalidInputError,
  NotFoundError,
  OutdatedError,
  ServiceUnreachableError,
  SiteGoneError,
  TooManyRequestsError,
  TooManyWaitingError,
  UnreadableInputError,
} from '../domain/errors.ts';

export interface Problem {
  status: number;
  title: string;
  /** What went wrong, for programs: kebab-case, and always the same. */
  code?: string;
  detail: string;
  errors?: FieldError[];
  /** Header fields of the answer, such as `Retry-After`. */
  headers?: Record<string, string>;
}

/** A refusal that exists only in HTTP, such as a missing key or an unknown path. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The answer to an error that the caller can react to; `undefined` for any other error. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof HttpProblem) return error.problem;
  if (error instanceof InvalidInputError) return invalidFields(error);
  if (error instanceof UnreadableInputError) return { ...BAD_REQUEST, detail: error.message };
  if (error instanceof SiteGoneError) return unauthorized().problem;
  if (error instanceof NotFoundError) return { status: 404, title: 'Not Found', detail: error.message };
  if (error instanceof ConflictError) return conflict(error);
  if (error instanceof OutdatedError) return preconditionFailed(error);
  if (error instanceof InputTooLargeError)
    return { status: 413, title: 'Content Too Large', detail: error.message };
  if (error instanceof TooManyRequestsError) return tooManyRequests(error);
  if (error instanceof TooManyWaitingError) return tooManyWaiting();
  if (error instanceof BotSetupError) return { status: 502, title: 'Bad Gateway', detail: error.message };
  if (error instanceof BotSetupUnreachableError)
    return serviceUnavailable(error.retryAfterSeconds, error.message);
  if (error instanceof ServiceUnreachableError || error instanceof BusyError) return serviceUnavailable();
  return undefined;
}

const BAD_REQUEST = { status: 400, title: 'Bad Request' };

/** The number of errors that an answer lists: a body of 256 KB can have 100,000. */
const MAX_ERRORS = 100;

function invalidFields({ errors, consequence }: InvalidInputError): Problem {
  const places = errors.length === 1 ? '1 place is' : `${errors.length} places are`;
  const named = errors.length > MAX_ERRORS ? `, the first ${MAX_ERRORS} of them,` : '';
  return {
    ...BAD_REQUEST,
    detail: `${consequence}: ${places} wrong in the body. Correct what "errors" names${named} and send the request again.`,
    errors: errors.slice(0, MAX_ERRORS),
  };
}

/** 400: parameters of the query are wrong; they are named. */
export function invalidParameters(errors: FieldError[]): HttpProblem {
  const names = errors.length === 1 ? '1 parameter is' : `${errors.length} parameters are`;
  const detail = `${names} wrong in the query of the address. Correct what "errors" names and ask again.`;
  return new HttpProblem({ ...BAD_REQUEST, detail, errors });
}

/**
 * 415: the body is compressed. Real API Gateway makes text of every `application/json` body before a function sees it, so
 * a compressed one arrives damaged: it can't be decoded, and the answer is the same everywhere.
 *
 * @see RFC 9110, section 15.5.16
 */
export function compressedBody(): HttpProblem {
  return new HttpProblem({
    status: 415,
    title: 'Unsupported Media Type',
    detail:
      'The body is compressed, or "Content-Encoding" says that it is encoded. This API takes only bodies that are not. Nothing was done: send it again as it is, without "Content-Encoding".',
    headers: { 'accept-encoding': 'identity' },
  });
}

/** 401, the same for an unknown site and for a wrong key: a caller without a key learns nothing. */
export function unauthorized(): HttpProblem {
  return wrongKey('Unknown site or wrong key. Send "Authorization: Bearer KEY" with a key of this site.');
}

/** 401 of the paths that need the platform's key: without it a caller can't learn which sites exist. */
export function wrongPlatformKey(): HttpProblem {
  return wrongKey(
    'Wrong key: this path takes the key of the platform. Send "Authorization: Bearer KEY" with it.',
  );
}

/** 401 of the webhook, the same for an unknown site, a site without a bot, and a wrong secret. */
export function wrongTelegramSecret(): HttpProblem {
  return wrongKey(
    'Unknown site or wrong secret token. Only Telegram, which was given the secret, calls this path.',
    'X-Telegram-Bot-Api-Secret-Token',
  );
}

function wrongKey(detail: string, scheme = 'Bearer'): HttpProblem {
  return new HttpProblem({
    status: 401,
    title: 'Unauthorized',
    detail,
    headers: { 'www-authenticate': scheme },
  });
}

/** 403: the key is right, but the site may not send: it has no module, or is switched off. */
export function inactive({ moduleActive }: { moduleActive: boolean }): HttpProblem {
  const detail = moduleActive
    ? 'The Telegram integration of this site is switched off. The merchant can switch it on.'
    : 'The Telegram module is not active for this site. It is activated by the platform.';
  return new HttpProblem({ status: 403, title: 'Forbidden', detail });
}

function conflict({ message, code }: ConflictError): Problem {
  return { status: 409, title: 'Conflict', ...(code !== undefined && { code }), detail: message };
}

function preconditionFailed({ version, changes, why }: OutdatedError): Problem {
  return {
    status: 412,
    title: 'Precondition Failed',
    detail: `Nothing was changed, because ${whyNot(why, changes.length > 0)}`,
    ...(changes.length > 0 && { errors: changes }),
    ...(version !== undefined && { headers: { etag: entityTag(version) } }),
  };
}

/** @param isNamed whether the answer names what is different now. */
function whyNot(why: FailedCondition, isNamed: boolean): string {
  switch (why) {
    case 'changed': {
      const what = isNamed ? '"errors" names what is different now' : 'It is different now';
      return `somebody else has changed it since you read it. ${what}. Read it again, and repeat your change with the new ETag.`;
    }
    case 'weak': {
      const also = isNamed ? ' Somebody else has changed it, too: "errors" names what is different now.' : '';
      return `If-Match has a weak ETag (W/"…"), and a weak one never matches (RFC 9110, section 13.1.1). This API gives strong ones; a proxy on the way may have put W/ before it. Read it again, and repeat your change with its ETag without W/.${also}`;
    }
    case 'foreign':
      return 'If-Match names no ETag that this API gives, such as "7". Something on the way may have changed it. Read it again, and repeat your change with its ETag as it comes.';
    case 'untagged':
      return 'If-Match takes only what has an ETag, and nothing at this path has one. Leave If-Match out.';
    case 'missing':
      return 'it does not exist, and If-Match takes only what exists. Leave If-Match out to create it.';
    case 'exists':
      return '"If-None-Match: *" takes only what does not exist yet, and it exists. Leave If-None-Match out to change it.';
    case 'unchanged':
      return 'it is still in the version that If-None-Match names.';
  }
}

function tooManyRequests({ retryAfterSeconds }: TooManyRequestsError): Problem {
  return {
    status: 429,
    title: 'Too Many Requests',
    detail: `This site asks for more than it may in a short time. Nothing was done. Send the same request again after ${retryAfterSeconds} seconds, and send fewer at the same time.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
  };
}

/** In this time a bot sends 1,800 messages. */
const RETRY_WAITING_SECONDS = 60;

function tooManyWaiting(): Problem {
  return {
    status: 429,
    title: 'Too Many Requests',
    detail: `Too many messages of this site wait to be sent by its bot. Nothing was done. See why with POST …/bot/test, and send the same request again after ${RETRY_WAITING_SECONDS} seconds.`,
    headers: { 'retry-after': String(RETRY_WAITING_SECONDS) },
  };
}

/** 503: a service that this API needs does not answer. The same request may be sent again. */
export function serviceUnavailable(
  retryAfterSeconds = 5,
  detail = 'A service behind this one does not answer now. Send the same request again: nothing goes out twice.',
): Problem {
  return {
    status: 503,
    title: 'Service Unavailable',
    detail,
    headers: { 'retry-after': String(retryAfterSeconds) },
  };
}

/** The entity tag (RFC 9110, section 8.8.3) of a version, in double quotes. */
export function entityTag(version: number): string {
  return `"${version}"`;
}
