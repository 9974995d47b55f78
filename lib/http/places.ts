import type { FieldError } from './problem.ts';

/** Begins the sentence about a property that nobody knows, and that the caller has named. */
export const UNKNOWN_PROPERTY = 'Unknown property';

/** A name out of our schemas, a language, or a place in a list. */
const NAME = /^(?:[a-z][A-Za-z]{0,30}|[a-z]{2,3}-[A-Za-z0-9-]{2,10}|\d{1,6})$/;

/**
 * The wrong places of a body as a log may name them: a property that is not in our schemas has a name out of the caller's
 * mouth, which may be anything, and is written as `?`.
 */
export function placesOf(errors: FieldError[]): string[] {
  return errors.map(({ pointer, detail }) => {
    const names = pointer.split('/').slice(1);
    if (detail.startsWith(UNKNOWN_PROPERTY)) names[names.length - 1] = '?';
    return names.map((name) => `/${NAME.test(name) ? name : '?'}`).join('');
  });
}
