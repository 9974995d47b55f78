import { badRequest, type FieldError, preconditionFailed } from './problem.ts';

/** The entity tag (RFC 9110, section 8.8.3) of a version: in double quotes. */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/** One entity tag, strong or weak, and what may stand between it and the next. */
const TAG = /\s*(W\/)?"([\x21\x23-\x7e\x80-\uffff]*)"\s*(?:,|$)/y;

/**
 * Refuses a change that was made looking at another version.
 *
 * @param header `If-Match`; absent: the change is made whatever the version.
 * @param whatChanged names the places that have changed since the version that the caller saw.
 * @throws HttpProblem 412, with the tag of the version there is now; 400 where the header can't be read.
 * @see RFC 9110, section 13.1.1
 */
export function requireMatch(
  header: string | undefined,
  version: number,
  whatChanged: (since: number) => FieldError[],
): void {
  if (header === undefined || header.trim() === '*') return;
  const tags = readTags(header);
  const current = entityTag(version);
  if (tags.includes(current)) return;
  const [seen] = tags.map(versionIn).filter((known) => known !== undefined && known < version);
  throw preconditionFailed(current, seen === undefined ? [] : whatChanged(seen));
}

/** Weak tags are kept with their mark: as RFC 9110 asks, they match nothing. */
function readTags(header: string): string[] {
  const tags: string[] = [];
  TAG.lastIndex = 0;
  while (TAG.lastIndex < header.length) {
    const match = TAG.exec(header);
    if (!match)
      throw badRequest('If-Match takes the ETag of an earlier answer as it came, in double quotes.');
    tags.push(`${match[1] ?? ''}"${match[2]}"`);
  }
  return tags;
}

/** The version that a tag of ours (or a proxy's weak form of it) stands for. */
function versionIn(tag: string): number | undefined {
  const digits = tag.match(/^(?:W\/)?"(\d{1,15})"$/)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
