/**
 * JSON is exchanged in UTF-8 (RFC 8259, section 8.1). Of a body in another encoding, API Gateway has already made text
 * when a function sees it: every byte that is no UTF-8 has become U+FFFD, and nobody can say any more what it was. Two
 * different names may then be the same text. So U+FFFD is the sign, wherever it stands.
 */
import { type FieldError, InvalidInputError, UnreadableInputError } from '../domain/errors.ts';
import type { Sentence } from '../domain/sentence.ts';
import { toPointer } from './pointer.ts';

const SEND_UTF8: Sentence = {
  en: 'Send the body in UTF-8 (RFC 8259, section 8.1), not in ISO-8859-1, Windows-1252 or UTF-16.',
  it: 'Inviare il corpo della richiesta in UTF-8 (RFC 8259, sezione 8.1), non in ISO-8859-1, Windows-1252 o UTF-16.',
};
const LOST: Sentence = {
  en: `Holds U+FFFD, which stands where a character was lost. ${SEND_UTF8.en}`,
  it: `Contiene U+FFFD, che sta al posto di un carattere andato perso. ${SEND_UTF8.it}`,
};

/** U+FFFD as it is, or as JSON may escape it. */
const MAY_BE_LOST = /\ufffd|\\ufffd/i;

/** So many places are named, and no more than this length of pointers: they may be as long as the body. */
const MAX_PLACES = 100;
const MAX_POINTERS = 10_000;

/** The text of a body. @throws UnreadableInputError if it is not UTF-8. */
export function decodeUtf8(bytes: Buffer): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notUtf8();
  }
  // UTF-16 without a byte order mark: JSON itself holds no NUL.
  if (text.includes('\0')) throw notUtf8();
  return text;
}

/** The error of a body that can't be read at all in UTF-8. */
export function notUtf8(): UnreadableInputError {
  const text = {
    en: `The body is not in UTF-8, so it can not be read as JSON. ${SEND_UTF8.en}`,
    it: `Il corpo della richiesta non è in UTF-8, quindi non può essere letto come JSON. ${SEND_UTF8.it}`,
  };
  return new UnreadableInputError(text, 'body-not-utf8');
}

/** Whether characters of a text were lost before it came here. */
export function hasLostCharacters(text: string): boolean {
  return text.includes('\ufffd');
}

/**
 * Refuses JSON in which characters were lost.
 *
 * @param consequence what is not done then.
 * @throws InvalidInputError that names the places.
 */
export function refuseLostCharacters(text: string, json: unknown, consequence?: Sentence | string): void {
  if (!MAY_BE_LOST.test(text)) return;
  const errors = lostIn(json);
  if (errors.length > 0) throw new InvalidInputError(errors, consequence);
}

/** A value and the names that lead to it, the last one first. */
interface Place {
  value: unknown;
  name?: string;
  parent?: Place;
}

/** The places of the names and texts with U+FFFD. Without recursion: a body may be nested deeper than the stack is. */
function lostIn(json: unknown): FieldError[] {
  const errors: FieldError[] = [];
  let length = 0;
  const open: Place[] = [{ value: json }];
  for (let place = open.pop(); place; place = open.pop()) {
    const { value, name = '' } = place;
    if (hasLostCharacters(name) || (typeof value === 'string' && hasLostCharacters(value))) {
      const pointer = toPointer(namesOf(place));
      length += pointer.length;
      if (errors.length > 0 && (errors.length >= MAX_PLACES || length > MAX_POINTERS)) return errors;
      errors.push({ pointer, code: 'characters-lost', detail: LOST });
    }
    if (typeof value === 'object' && value !== null)
      for (const [inner, entry] of Object.entries(value).reverse())
        open.push({ value: entry, name: inner, parent: place });
  }
  return errors;
}

function namesOf(place: Place): string[] {
  const names: string[] = [];
  for (let at: Place | undefined = place; at?.name !== undefined; at = at.parent) names.push(at.name);
  return names.reverse();
}
