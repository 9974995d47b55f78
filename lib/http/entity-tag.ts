/** The conditions under which a caller wants a change, or an answer: RFC 9110, section 13. */
import { type FieldError, OutdatedError, UnreadableInputError } from '../domain/errors.ts';
import { entityTag } from './problems.ts';
import type { HttpRequest, HttpResponse } from './request.ts';

/** One entity tag, strong or weak, and the comma after it. */
const TAG = /\s*(W\/)?"([\x21\x23-\x7e\x80-\uffff]*)"\s*(?:,|$)/y;

/** The two header fields, as they came; absent where the request has none. */
export interface Conditions {
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
}

export function conditionsOf({ headers }: HttpRequest): Conditions {
  return { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] };
}

/**
 * Refuses a change whose conditions do not hold.
 *
 * @param version what is there now; `undefined`: nothing.
 * @param whatChanged the fields that have changed since the version that the caller saw.
 * @throws OutdatedError with the current version; UnreadableInputError if a header can't be read.
 * @see RFC 9110, sections 13.1.1, 13.1.2 and 13.2.2
 */
export function requireConditions(
  { ifMatch, ifNoneMatch }: Conditions,
  version: number | undefined,
  whatChanged: (since: number) => FieldError[] = () => [],
): void {
  if (ifMatch !== undefined) requireMatch(ifMatch, version, whatChanged);
  if (ifNoneMatch === undefined || version === undefined) return;
  if (isAny(ifNoneMatch)) throw new OutdatedError(version, [], 'exists');
  if (isAmong(ifNoneMatch, version)) throw new OutdatedError(version, [], 'unchanged');
}

function requireMatch(
  header: string,
  version: number | undefined,
  whatChanged: (since: number) => FieldError[],
): void {
  if (version === undefined) throw new OutdatedError(undefined, [], 'missing');
  if (isAny(header)) return;
  const tags = readTags(header, 'If-Match');
  if (tags.includes(entityTag(version))) return;
  const [seen] = tags.map(versionIn).filter((tagged) => tagged !== undefined && tagged < version);
  const changes = seen === undefined ? [] : whatChanged(seen);
  throw new OutdatedError(version, changes, tags.some(isWeak) ? 'weak' : 'changed');
}

/** An answer to a reader who has it already, in this version, is sent without its content. */
export function withoutKnownContent({ headers }: HttpRequest, response: HttpResponse): HttpResponse {
  const etag = response.headers?.etag;
  const header = headers['if-none-match'];
  if (response.statusCode !== 200 || typeof etag !== 'string' || header === undefined) return response;
  const isKnown = isAny(header) || isAmong(header, versionIn(etag));
  return isKnown ? { statusCode: 304, headers: { etag } } : response;
}

/** Whether `If-None-Match` names the version, in a strong tag or a weak one. */
function isAmong(header: string, version: number | undefined): boolean {
  return readTags(header, 'If-None-Match').some((tag) => version !== undefined && versionIn(tag) === version);
}

function isAny(header: string): boolean {
  return header.trim() === '*';
}

function isWeak(tag: string): boolean {
  return tag.startsWith('W/');
}

/** Weak tags keep their `W/`. */
function readTags(header: string, name: string): string[] {
  const tags: string[] = [];
  TAG.lastIndex = 0;
  while (TAG.lastIndex < header.length) {
    const match = TAG.exec(header);
    if (!match)
      throw new UnreadableInputError(
        `${name} takes the ETag of an earlier answer as it came, in double quotes.`,
      );
    tags.push(`${match[1] ?? ''}"${match[2]}"`);
  }
  return tags;
}

/** The version in one of our tags, or in the weak form that a proxy made of it. */
function versionIn(tag: string): number | undefined {
  const digits = tag.match(/^(?:W\/)?"(\d{1,15})"$/)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
