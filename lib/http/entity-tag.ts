/** The conditions under which a caller wants a change, or an answer: RFC 9110, section 13. */
import { type FieldError, OutdatedError, UnreadableInputError } from '../domain/errors.ts';
import { entityTag } from './problems.ts';
import type { HttpRequest, HttpResponse } from './request.ts';

/** One entity tag, strong or weak, or none (RFC 9110, section 5.6.1), and the comma after it. */
const TAG = /[ \t]*(?:(W\/)?"([\x21\x23-\x7e\x80-\uffff]*)"[ \t]*)?(?:,|$)/y;

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
  const ours = tags.filter((tag) => versionIn(tag) !== undefined);
  if (ours.length === 0) throw new OutdatedError(version, [], 'foreign');
  const [seen] = ours.map(versionIn).filter((tagged) => tagged !== undefined && tagged < version);
  const changes = seen === undefined ? [] : whatChanged(seen);
  throw new OutdatedError(version, changes, ours.some(isWeak) ? 'weak' : 'changed');
}

/**
 * The same at a path where nothing has an ETag: no tag can be that of what is there.
 *
 * @param exists whether something is shown at the path; absent: nothing ever is.
 */
export async function requireConditionsWithoutTag(
  request: HttpRequest,
  exists?: () => boolean | Promise<boolean>,
): Promise<void> {
  const { ifMatch, ifNoneMatch } = conditionsOf(request);
  const mustExist = ifMatch !== undefined && isAny(ifMatch);
  const mustBeNew = ifNoneMatch !== undefined && isAny(ifNoneMatch);
  requireReadable({ ifMatch, ifNoneMatch });
  if (ifMatch !== undefined && !(mustExist && exists)) throw new OutdatedError(undefined, [], 'untagged');
  if (!exists || !(mustExist || mustBeNew)) return;
  const isThere = await exists();
  if (mustExist && !isThere) throw new OutdatedError(undefined, [], 'missing');
  if (mustBeNew && isThere) throw new OutdatedError(undefined, [], 'exists');
}

/**
 * An answer under the reader's conditions: to one who has it already, in this version, it is sent without its content.
 *
 * @throws OutdatedError if it is not the version that `If-Match` names; UnreadableInputError if a header can't be read.
 */
export function underConditions(request: HttpRequest, response: HttpResponse): HttpResponse {
  if (response.statusCode !== 200) return response;
  const { ifMatch, ifNoneMatch } = conditionsOf(request);
  const etag = response.headers?.etag;
  if (typeof etag !== 'string') {
    if (ifMatch !== undefined && !isAny(ifMatch)) throw new OutdatedError(undefined, [], 'untagged');
    return response;
  }
  if (ifMatch !== undefined) requireMatch(ifMatch, versionIn(etag), () => []);
  if (ifNoneMatch === undefined) return response;
  const isKnown = isAny(ifNoneMatch) || isAmong(ifNoneMatch, versionIn(etag));
  return isKnown ? { statusCode: 304, headers: { etag } } : response;
}

/** Whether `If-None-Match` names the version, in a strong tag or a weak one. */
function isAmong(header: string, version: number | undefined): boolean {
  return readTags(header, 'If-None-Match').some((tag) => version !== undefined && versionIn(tag) === version);
}

function isAny(header: string): boolean {
  return header.trim() === '*';
}

/** @throws UnreadableInputError where one of the header fields can't be read, whatever is there. */
export function requireReadable({ ifMatch, ifNoneMatch }: Conditions): void {
  if (ifMatch !== undefined && !isAny(ifMatch)) readTags(ifMatch, 'If-Match');
  if (ifNoneMatch !== undefined && !isAny(ifNoneMatch)) readTags(ifNoneMatch, 'If-None-Match');
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
    if (!match) throw unreadableTags(name);
    const [, weak = '', tag] = match;
    if (tag !== undefined) tags.push(`${weak}"${tag}"`);
  }
  return tags;
}

/** @param name of the header field that can't be read. */
export function unreadableTags(name: string): UnreadableInputError {
  const text = {
    en: `${name} takes the ETag of an earlier answer as it came, in double quotes.`,
    it: `${name} richiede l'ETag di una risposta precedente così com'è arrivato, tra virgolette doppie.`,
  };
  return new UnreadableInputError(text, 'unreadable-etag');
}

/** What the editor reads of a field that somebody else has changed. @param now its value; absent: it has none. */
export function changedMeanwhile(field: string, now: unknown): FieldError {
  const value = describe(now);
  return {
    pointer: `/${field}`,
    code: 'changed-meanwhile',
    detail: {
      en: `Somebody else has changed this: it is now ${value ?? 'not set'}.`,
      it: `Qualcun altro l'ha modificato: ora ${value === undefined ? 'non è impostato' : `è ${value}`}.`,
    },
  };
}

/** Longer values are cut, in UTF-16 units. */
const MAX_DESCRIBED = 300;

function describe(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const json = JSON.stringify(value);
  return json.length > MAX_DESCRIBED ? `${json.slice(0, MAX_DESCRIBED)}…` : json;
}

/** The version in one of our tags, or in the weak form that a proxy made of it. */
function versionIn(tag: string): number | undefined {
  const digits = tag.match(/^(?:W\/)?"(0|[1-9]\d{0,14})"$/)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
