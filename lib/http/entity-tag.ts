import { type FieldError, OutdatedError, UnreadableInputError } from '../domain/errors.ts';
import { entityTag } from './problems.ts';

/** One entity tag, strong or weak, and what may stand between it and the next. */
const TAG = /\s*(W\/)?"([\x21\x23-\x7e\x80-\uffff]*)"\s*(?:,|$)/y;

/**
 * Refuses a change that was made looking at another version.
 *
 * @param header `If-Match`; absent: the change is made whatever the version.
 * @param whatChanged names the places that have changed since the version that the caller saw.
 * @throws OutdatedError with the version that there is now; UnreadableInputError where the header can't be read.
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

/** Weak tags are kept with their mark: as RFC 9110 asks, they match nothing. */
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

/** The version that a tag of ours (or a proxy's weak form of it) stands for. */
function versionIn(tag: string): number | undefined {
  const digits = tag.match(/^(?:W\/)?"(\d{1,15})"$/)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
