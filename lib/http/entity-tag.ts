import { type FieldError, OutdatedError, UnreadableInputError } from '../domain/errors.ts';
import { entityTag } from './problems.ts';

/** One entity tag, strong or weak, and the comma after it. */
const TAG = /\s*(W\/)?"([\x21\x23-\x7e\x80-\uffff]*)"\s*(?:,|$)/y;

/**
 * Refuses a change that was based on another version.
 *
 * @param header `If-Match`; absent: any version may be changed.
 * @param whatChanged the fields that have changed since the version that the caller saw.
 * @throws OutdatedError with the current version; UnreadableInputError if the header can't be read.
 * @see RFC 9110, section 13.1.1
 */
export function requireMatch(
  header: string | undefined,
  version: number,
  whatChanged: (since: number) => FieldError[],
): void {
  if (header === undefined || header.trim() === '*') return;
  const tags = readTags(header);
  if (tags.includes(entityTag(version))) return;
  const [seen] = tags.map(versionIn).filter((tagged) => tagged !== undefined && tagged < version);
  throw new OutdatedError(version, seen === undefined ? [] : whatChanged(seen));
}

/** Weak tags keep their `W/`: they match nothing, as RFC 9110 requires. */
function readTags(header: string): string[] {
  const tags: string[] = [];
  TAG.lastIndex = 0;
  while (TAG.lastIndex < header.length) {
    const match = TAG.exec(header);
    if (!match)
      throw new UnreadableInputError(
        'If-Match takes the ETag of an earlier answer as it came, in double quotes.',
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
