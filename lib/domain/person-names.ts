export interface Names {
  firstName?: string | undefined;
  lastName?: string | undefined;
  companyName?: string | undefined;
}

let letters: RegExp | undefined;

/** A name as it is written; empty where there is no letter, digit or picture in it: companies have `-` as a first name. */
function nameIn(written = ''): string {
  // A Unicode property in a regular expression costs a cold start milliseconds.
  if (/[a-z\d]/i.test(written)) return written.trim();
  letters ??= /(?!\p{DI})[\p{L}\p{N}\p{So}]/u;
  return letters.test(written) ? written.trim() : '';
}

/**
 * The names of a person, by placeholder: `nome`, `cognome` (the company's name if there is no last name) and
 * `nominativo` (both).
 */
export function namesOf({
  firstName,
  lastName,
  companyName,
}: Names): Record<'nome' | 'cognome' | 'nominativo', string> {
  const nome = nameIn(firstName);
  const cognome = nameIn(lastName) || nameIn(companyName);
  return { nome, cognome, nominativo: [nome, cognome].filter(Boolean).join(' ') };
}

/** A person's full name, for `autore`. */
export function fullName(person: Names | undefined): string | undefined {
  return person && namesOf(person).nominativo;
}

/** Whether any name of the person is known. */
export function hasName(person: Names): boolean {
  return namesOf(person).nominativo !== '';
}
