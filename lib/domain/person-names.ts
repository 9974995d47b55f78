interface Names {
  firstName?: string | undefined;
  lastName?: string | undefined;
  companyName?: string | undefined;
}

/** `nome`, `cognome` (the company's name where there is none) and `nominativo` (both) of a person. */
export function namesOf({ firstName, lastName, companyName }: Names) {
  const nome = firstName?.trim() ?? '';
  const cognome = lastName?.trim() || companyName?.trim() || '';
  return { nome, cognome, nominativo: [nome, cognome].filter(Boolean).join(' ') };
}

/** A person's full name, for `autore`. */
export function fullName(person: Names | undefined): string | undefined {
  return person && namesOf(person).nominativo;
}

/** Whether anything is known of what the person is called. */
export function hasName(person: Names): boolean {
  return namesOf(person).nominativo !== '';
}
