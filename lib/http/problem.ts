/** One wrong place of a request body. */
export interface FieldError {
  /** JSON Pointer (RFC 6901) to the place; empty for the body as a whole. */
  pointer: string;
  /** What is wrong there, for the person who wrote the request. */
  detail: string;
}

export interface Problem {
  status: number;
  title: string;
  detail: string;
  errors?: FieldError[];
  /** Header fields that go with the answer, such as `Retry-After`. */
  headers?: Record<string, string>;
}

/** An answer that is not a success, as `application/problem+json` (RFC 9457). Thrown anywhere below the HTTP edge. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly problem: Problem;

  constructor(problem: Problem, options?: { cause: unknown }) {
    super(problem.detail, options);
    this.problem = problem;
  }
}

/** 400: the body as a whole can't be read. */
export function badRequest(detail: string): HttpProblem {
  return new HttpProblem({ status: 400, title: 'Bad Request', detail });
}

/** No more than this many wrong places are named: a body of 256 KB can be wrong in a hundred thousand. */
const MAX_ERRORS = 100;

/**
 * 400: the body is JSON, but not what this path takes; the wrong places are named.
 *
 * @param consequence what did not happen.
 */
export function invalidFields(errors: FieldError[], consequence = 'Nothing was sent'): HttpProblem {
  const places = errors.length === 1 ? '1 place is' : `${errors.length} places are`;
  const named = errors.length > MAX_ERRORS ? `, the first ${MAX_ERRORS} of them,` : '';
  return new HttpProblem({
    status: 400,
    title: 'Bad Request',
    detail: `${consequence}: ${places} wrong in the body. Correct what "errors" names${named} and send the request again.`,
    errors: errors.slice(0, MAX_ERRORS),
  });
}

/** 401, the same for an unknown site and for a wrong key: who has no key learns nothing. */
export function unauthorized(): HttpProblem {
  return new HttpProblem({
    status: 401,
    title: 'Unauthorized',
    detail: 'Unknown site or wrong key. Send "Authorization: Bearer KEY" with a key of this site.',
    headers: { 'www-authenticate': 'Bearer' },
  });
}

/** 401 of the paths that take the platform's key: who has it not learns of no site. */
export function wrongPlatformKey(): HttpProblem {
  return new HttpProblem({
    status: 401,
    title: 'Unauthorized',
    detail: 'Wrong key: this path takes the key of the platform. Send "Authorization: Bearer KEY" with it.',
    headers: { 'www-authenticate': 'Bearer' },
  });
}

/** 403: the key is right, but the site may not send. */
export function forbidden(detail: string): HttpProblem {
  return new HttpProblem({ status: 403, title: 'Forbidden', detail });
}

/** 404: the caller may know that it is not there. */
export function notFound(detail: string): HttpProblem {
  return new HttpProblem({ status: 404, title: 'Not Found', detail });
}

/** 409: it can't be done as things stand. */
export function conflict(detail: string): HttpProblem {
  return new HttpProblem({ status: 409, title: 'Conflict', detail });
}

/**
 * 412: somebody else was quicker.
 *
 * @param etag of what there is now; absent where there is nothing.
 */
export function preconditionFailed(etag: string | undefined, errors: FieldError[]): HttpProblem {
  const what = errors.length > 0 ? '"errors" names what is different now' : 'It is different now';
  return new HttpProblem({
    status: 412,
    title: 'Precondition Failed',
    detail: `Nothing was changed, because somebody else has changed it since you read it. ${what}. Read it again, and repeat your change with the new ETag.`,
    ...(errors.length > 0 && { errors }),
    ...(etag !== undefined && { headers: { etag } }),
  });
}

/** 413: over the limit of a body. */
export function contentTooLarge(limitBytes: number): HttpProblem {
  return new HttpProblem({
    status: 413,
    title: 'Content Too Large',
    detail: `The body is over ${limitBytes / 1024} KB (${limitBytes} bytes), the limit of this API.`,
  });
}

/** 503: a service behind this one does not answer; the same request may be sent again. */
export function serviceUnavailable(cause: unknown): HttpProblem {
  return new HttpProblem(
    {
      status: 503,
      title: 'Service Unavailable',
      detail:
        'A service behind this one does not answer now. Send the same request again: nothing goes out twice.',
      headers: { 'retry-after': '5' },
    },
    { cause },
  );
}
