/** HTML's character references: `&egrave;`, `&#232;`, `&#xe8;`. */
import { characterEntitiesHtml4 } from 'character-entities-html4';

/** HTML 4 has all names but `apos`; the 1,900 that HTML 5 has added are signs that no editor writes by name. */
export const NAMED_CHARACTERS: Readonly<Record<string, string>> = { ...characterEntitiesHtml4, apos: "'" };

const REFERENCE =
  /&(?:#(?<decimal>\d{1,10})|#x(?<hexadecimal>[\da-f]{1,8})|(?<name>[a-z][a-z\d]{1,9}))(?<end>;?)/gi;

/** What the numbers 128 to 159 stand for: they mean the Windows character set (HTML, "numeric character reference end"). */
export const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Whether the text has a character reference that ends in a semicolon: nothing else is surely one (`AT&T`, `?a=1&lt=2`). */
export function hasReferences(text: string): boolean {
  return text.matchAll(REFERENCE).some(({ groups }) => isClosed(groups));
}

/**
 * The text with the characters that its references stand for, if they end in a semicolon. `&nbsp;` is a space: editors
 * write it for every second space, and a chat would break its lines in the wrong places.
 */
export function decodeClosed(text: string): string {
  return replaceReferences(text, isClosed, ' ');
}

/**
 * The same for HTML, where some of them need no semicolon: numbers, and the names of the characters up to U+00FF, unless
 * a letter, a digit or `=` follows (HTML, "named character reference state", as in attributes: `?a=1&copy=2` stays).
 */
export function decodeHtml(text: string): string {
  return replaceReferences(text, (reference, next) => {
    if (isClosed(reference)) return true;
    const { name } = reference;
    if (name === undefined) return true;
    return (characterOf(reference) ?? '\uffff') <= '\u00ff' && !/[a-z\d=]/i.test(next);
  });
}

type Reference = Partial<Record<'decimal' | 'hexadecimal' | 'name' | 'end', string | undefined>>;

function replaceReferences(
  text: string,
  isReference: (reference: Reference, next: string) => boolean,
  noBreakSpace = '\u00a0',
): string {
  return text.replace(REFERENCE, (written, ...details) => {
    const reference = details.at(-1) as Reference;
    const offset = details.at(-3) as number;
    if (!isReference(reference, text.charAt(offset + written.length))) return written;
    const character = characterOf(reference) ?? written;
    return character === '\u00a0' ? noBreakSpace : character;
  });
}

function isClosed(reference: Reference = {}): boolean {
  return reference.end === ';' && characterOf(reference) !== undefined;
}

function characterOf({ decimal, hexadecimal, name }: Reference): string | undefined {
  if (name !== undefined) return Object.hasOwn(NAMED_CHARACTERS, name) ? NAMED_CHARACTERS[name] : undefined;
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  if (code >= 0x80 && code < 0xa0) return WINDOWS_1252[code - 0x80];
  // Some programs write an emoji as the two halves of its surrogate pair: each is one UTF-16 unit, and they join.
  return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : '\ufffd';
}
