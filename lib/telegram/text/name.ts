import { namesOf } from '../../domain/person-names.ts';
import { cleanLine } from './clean.ts';
import { readableName } from './markup.ts';

/** A name as people read it, on one line. */
export function shownName(name: string): string {
  return cleanLine(readableName(name));
}

/**
 * A person's full name with their id, since two people may have the same name; the id alone where no name is known. In an
 * id nothing is decoded.
 */
export function shownAccount(person: Parameters<typeof namesOf>[0] & { userId: string }): string {
  const name = shownName(namesOf(person).nominativo);
  const id = cleanLine(person.userId);
  return name ? `${name} (${id})` : id;
}
