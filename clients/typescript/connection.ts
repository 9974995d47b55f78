/** What the generated client stands on: requests, errors, repetitions. No dependency: `fetch` is all it needs. */

export interface ConnectionOptions {
  /** The address of the API, such as `https://telegram.example`. */
  baseUrl: string;
  /** The key: that of the site, or that of the platform. */
  key: string;
  /** By default the `fetch` of the platform. */
  fetch?: typeof fetch;
  /** How often a request is sent again at most; 4 by default. */
  maxRetries?: number;
  /** The longest pause between two tries, in seconds; 60 by default. A longer `Retry-After` ends the tries. */
  maxPauseSeconds?: number;
  /** After how long one try counts as lost, in milliseconds; 30,000 by default. */
  timeoutMilliseconds?: number;
}

/** What every call takes besides its parameters. */
export interface CallOptions {
  /** Ends the call, also while it waits for the next try. */
  signal?: AbortSignal;
}

/** An answer with the version of what it shows: `etag` goes into `ifMatch` of a change. */
export interface Tagged<Value> {
  value: Value;
  etag: string | undefined;
}

/** One wrong place of a request. */
export interface ProblemPlace {
  /** Where it is: a JSON Pointer, such as `/order/url`. */
  pointer: string;
  /** What is wrong there, for programs: always the same, such as `out-of-range`. */
  code: string;
  /** What is wrong, and what to do. */
  detail: string;
}

/** The API has refused the request, or could not do it now: `application/problem+json` (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  /** What went wrong, for programs: always the same, such as `bot-of-another-site`. */
  readonly code: string | undefined;
  readonly detail: string;
  /** Every wrong place of the request. */
  readonly errors: readonly ProblemPlace[];
  /** After how many seconds to send the same request again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, problem: Record<string, unknown>, retryAfterSeconds?: number) {
    const detail = typeof problem.detail === 'string' ? problem.detail : `The API has answered ${status}.`;
    const errors = Array.isArray(problem.errors) ? problem.errors : [];
    super([detail, ...errors.map((error) => `${error.pointer}: ${error.detail}`)].join('\n'));
    this.status = status;
    this.code = typeof problem.code === 'string' ? problem.code : undefined;
    this.detail = detail;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface Call extends CallOptions {
  method: string;
  /** With the ids in it as `pathId` writes them. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string | undefined>;
  body?: unknown;
  /** The type of the answer that is wanted. */
  accept?: string;
  /** Whether it may be sent again where nobody knows whether it arrived. */
  repeatable: boolean;
}

/** An answer that is no error. */
interface Answer {
  value: unknown;
  etag: string | undefined;
}

export class Connection {
  readonly #options: Required<ConnectionOptions>;

  constructor(options: ConnectionOptions) {
    const defaults = {
      fetch: globalThis.fetch,
      maxRetries: 4,
      maxPauseSeconds: 60,
      timeoutMilliseconds: 30_000,
    };
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    this.#options = { ...defaults, ...(Object.fromEntries(given) as unknown as ConnectionOptions) };
  }

  /**
   * Sends a request. One that was not done (429, 503) is sent again when the API says so; one that may be repeated also after
   * a lost connection.
   *
   * @throws ProblemError where the API refuses it; whatever `fetch` throws where it can't be reached; the reason of `signal`.
   */
  async send(call: Call): Promise<Answer> {
    const { maxRetries, maxPauseSeconds } = this.#options;
    for (let tries = 0; ; tries++) {
      const outcome = await this.#try(call).catch((error: unknown) => {
        call.signal?.throwIfAborted();
        if (tries >= maxRetries || !call.repeatable || error instanceof ProblemError) throw error;
        return undefined;
      });
      if (outcome && !(outcome instanceof ProblemError)) return outcome;
      const pause = outcome?.retryAfterSeconds ?? 2 ** tries;
      if (outcome && (tries >= maxRetries || pause > maxPauseSeconds)) throw outcome;
      await sleep(pause * 1000, call.signal);
    }
  }

  /** @returns the answer; or the problem, where the request can be sent again. */
  async #try(call: Call): Promise<Answer | ProblemError> {
    const { baseUrl, key, fetch, timeoutMilliseconds } = this.#options;
    const url = new URL(baseUrl.replace(/\/+$/, '') + call.path);
    for (const [name, value] of Object.entries(call.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const timeout = AbortSignal.timeout(timeoutMilliseconds);
    const response = await fetch(url, {
      method: call.method,
      headers: {
        accept: `${call.accept ?? 'application/json'}, application/problem+json`,
        authorization: `Bearer ${key}`,
        ...(call.body !== undefined && { 'content-type': 'application/json' }),
        ...defined(call.headers),
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      signal: call.signal ? AbortSignal.any([call.signal, timeout]) : timeout,
    });
    const text = await response.text();
    if (!response.ok) {
      const problem = new ProblemError(response.status, readObject(text), pauseOf(response));
      if (response.status === 429 || response.status === 503) return problem;
      throw problem;
    }
    const isJson = /^application\/(?:[\w.+-]+\+)?json\b/i.test(response.headers.get('content-type') ?? '');
    return {
      value: text === '' ? undefined : isJson ? JSON.parse(text) : text,
      etag: response.headers.get('etag') ?? undefined,
    };
  }
}

/**
 * An id as it is written in a path: `CLI/001` is `~Q0xJLzAwMQ`. A `/` in it, also as `%2F`, would begin another segment.
 */
export function pathId(id: string): string {
  if (/^(?!\.{1,2}$)[A-Za-z0-9._-]+$/.test(id)) return id;
  const bytes = String.fromCharCode(...new TextEncoder().encode(id));
  return `~${btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

function defined(headers: Record<string, string | undefined> = {}): Record<string, string> {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** What stands before the API may answer with something else than a problem. */
function readObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** `Retry-After` in seconds: it is a number of them, or a date (RFC 9110, section 10.2.3). */
function pauseOf({ headers }: Response): number | undefined {
  const header = headers.get('retry-after');
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
