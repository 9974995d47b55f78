/** Requests to the public API, which is on the console's own origin. The session is in a cookie that no script can read. */
import { signal } from '@preact/signals';
import type { FieldError } from '../../clients/typescript/client.ts';
import { language } from '../i18n/language.ts';
import { place } from '../router.ts';
import { problemForPeople, textForPeople } from './for-people.ts';

/** What the API says in an answer, without what only programs need. */
export function forPeople(text: string): string {
  return textForPeople(text, language.value);
}

/** A refusal of the API: `application/problem+json`. Its words are for people. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: Partial<Problem>, retryAfter?: number) {
    const { code = 'unknown', title = '', detail, errors = [] } = body;
    super(detail ?? (title || `HTTP ${status}`));
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail === undefined ? '' : problemForPeople(code, detail, language.value);
    this.errors = errors.map((each) => ({ ...each, detail: forPeople(each.detail) }));
    this.retryAfter = retryAfter;
  }
}

/** The API was not reached: nobody knows whether a change was made. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RequestOptions {
  body?: unknown;
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
  signal?: AbortSignal | undefined;
  accept?: string;
}

export interface Answer<Value> {
  value: Value;
  etag: string | undefined;
  status: number;
}

/** Whether the last request reached the API, and how many have been waiting for more than a moment. */
export const isOffline = signal(!navigator.onLine);
export const slowRequests = signal(0);

/** After so many milliseconds the console says that it is waiting. */
const SLOW = 1_500;
/** After so many milliseconds a request counts as lost: API Gateway itself gives up after 30 seconds. */
const LOST = 35_000;

addEventListener('offline', () => {
  isOffline.value = true;
});
addEventListener('online', () => {
  isOffline.value = false;
});

/** Called where the session has ended: the console then asks to sign in again, and keeps what was typed. */
export const whenSessionEnds: { notify: (problem: Problem) => void } = { notify: () => {} };

/**
 * @param path from the root, such as `/v1/sites/demo`.
 * @throws Problem, Unreachable; AbortError where `signal` ends it.
 */
export async function request<Value>(
  method: Method,
  path: string,
  options: RequestOptions = {},
): Promise<Answer<Value>> {
  const response = await answered(method, path, options);
  const text = await response.text();
  // API Gateway says that of an answer without a body too.
  const isJson = text !== '' && response.headers.get('content-type')?.startsWith('application/json');
  return {
    // What the API answers is what docs/openapi.json says, from which the types are made.
    // An answer without content may have a type all the same.
    value: (isJson && text !== '' ? JSON.parse(text) : text) as Value,
    etag: response.headers.get('etag') ?? undefined,
    status: response.status,
  };
}

/** A part of a file that the API answers. */
export interface FilePart {
  content: Blob;
  /** As the API names the file. */
  name: string | undefined;
  /** The query with which it goes on, such as `?cursor=…`. */
  next: string | undefined;
}

/**
 * Read as bytes: `text()` would take away the mark by which spreadsheets know the encoding.
 *
 * @throws Problem, Unreachable; AbortError where `signal` ends it.
 */
export async function requestFile(path: string, options: RequestOptions): Promise<FilePart> {
  const response = await answered('GET', path, options);
  const { headers } = response;
  return {
    content: await response.blob(),
    name: /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '')?.[1],
    next: /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1],
  };
}

/** @throws Problem, Unreachable */
async function answered(method: Method, path: string, options: RequestOptions): Promise<Response> {
  const response = await send(method, path, options);
  if (!response.ok) throw refused(path, response, await response.text());
  return response;
}

async function send(method: Method, path: string, options: RequestOptions): Promise<Response> {
  const { body, ifMatch, ifNoneMatch, signal: abort, accept = 'application/json' } = options;
  let isSlow = false;
  const slow = setTimeout(() => {
    isSlow = true;
    slowRequests.value += 1;
  }, SLOW);
  try {
    const response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: {
        accept,
        'accept-language': language.value,
        'x-console': roleFor(path),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
        ...(ifNoneMatch !== undefined && { 'if-none-match': ifNoneMatch }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.any([AbortSignal.timeout(LOST), ...(abort ? [abort] : [])]),
    });
    if (response.ok && isPage(response)) throw new Error('A page has come in the place of an answer.');
    isOffline.value = false;
    return response;
  } catch (error) {
    if (abort?.aborted) throw error;
    isOffline.value = true;
    throw new Unreachable('The server was not reached.', { cause: error });
  } finally {
    clearTimeout(slow);
    if (isSlow) slowRequests.value -= 1;
  }
}

/** The API answers no pages: one comes from what stands before it, such as a proxy that asks to sign in to its network. */
function isPage({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/html') ?? false;
}

/** Whose session counts, for those who have signed in as both. Signing in itself is for none of them yet. */
function roleFor(path: string): string {
  if (path.startsWith('/console/')) return '1';
  return place.value.isPlatform ? 'platform' : 'site';
}

function refused(path: string, response: Response, text: string): Problem {
  const problem = new Problem(response.status, problemOf(text), retryAfterOf(response));
  if (response.status === 401 && !path.startsWith('/console/')) whenSessionEnds.notify(problem);
  return problem;
}

/** What stands between the browser and the API may answer without a problem of ours. */
function problemOf(text: string): Partial<Problem> {
  try {
    return JSON.parse(text) as Partial<Problem>;
  } catch {
    return {};
  }
}

function retryAfterOf(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : undefined;
}
