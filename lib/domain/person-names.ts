interface Names {
  firstName?: string | undefined;
  lastName?: string | undefined;
  companyName?: string | undefined;
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
  const nome = firstName?.trim() ?? '';
  const cognome = lastName?.trim() || companyName?.trim() || '';
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
