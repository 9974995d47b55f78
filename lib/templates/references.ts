/** Character references (`&egrave;`) that Telegram does not know: it knows four names, and numbers. */
import type { Sentence } from '../domain/sentence.ts';
import { decodeReference } from '../telegram/html/index.ts';
import { NAMED_CHARACTERS, WINDOWS_1252 } from '../telegram/text/references.ts';
import { byteOffsetAt, type TemplateProblem } from './mustache-structure.ts';

/** A number; a name with a semicolon; or the name of a character up to U+00FF, which needs none in HTML. */
const REFERENCE = /&(?:#(?:x[\da-f]+|\d+);?|(?<closed>[a-z][a-z\d]*);|(?<open>[a-z]+\d*)(?![a-z\d=;]))/gi;

/** One of HTML's 2,000 other names; not the end of `B&B;`. */
const UNKNOWN_NAME = /^[A-Za-z][a-z]{2}[A-Za-z\d]*$/;

/** The references in a text that people would read as they are written, or as another character. */
export function referenceProblems(text: string): TemplateProblem[] {
  return [...text.matchAll(REFERENCE)].flatMap(({ 0: written, index, groups }) => {
    const instead = insteadOf(written, groups ?? {}, text, index);
    if (instead === undefined) return [];
    const isNumber = written.startsWith('&#');
    const detail = {
      en: `Telegram would not show ${written} as the character that is meant${isNumber ? '' : ': it knows only &lt; &gt; &amp; &quot; by name'}. ${instead.en}`,
      it: `Telegram non mostrerebbe ${written} come il carattere che si intende${isNumber ? '' : ': per nome conosce solo &lt; &gt; &amp; &quot;'}. ${instead.it}`,
    };
    return [{ detail, byteOffset: byteOffsetAt(text, index) }];
  });
}

/** What to write instead; `undefined` where nothing is wrong. */
function insteadOf(
  written: string,
  { closed, open }: { closed?: string; open?: string },
  text: string,
  index: number,
): Sentence | undefined {
  if (closed === undefined && open === undefined) return insteadOfNumber(text, index);
  if (decodeReference(text, index)) return undefined;
  const character = characterNamed(closed ?? open ?? '');
  if (open !== undefined) {
    const isMeant = character !== undefined && character <= '\u00ff' && !isInTag(text, index);
    return isMeant ? sentenceFor(character) : undefined;
  }
  if (character !== undefined) return sentenceFor(character);
  if (!UNKNOWN_NAME.test(closed ?? '')) return undefined;
  const escaped = `&amp;${written.slice(1)}`;
  return {
    en: `Write the character itself; or ${escaped}, if people shall read ${written}.`,
    it: `Scrivere il carattere stesso; o ${escaped}, se le persone devono leggere ${written}.`,
  };
}

function insteadOfNumber(text: string, index: number): Sentence | undefined {
  const decoded = decodeReference(text, index);
  if (!decoded)
    return {
      en: 'There is no such character: leave it out.',
      it: 'Non esiste un tale carattere: toglierlo.',
    };
  if (decoded.code < 0x80 || decoded.code > 0x9f) return undefined;
  return sentenceFor(WINDOWS_1252.charAt(decoded.code - 0x80));
}

function characterNamed(name: string): string | undefined {
  // HTML knows the four also in capitals: `&AMP;`.
  const key = Object.hasOwn(NAMED_CHARACTERS, name) ? name : name.toLowerCase();
  return Object.hasOwn(NAMED_CHARACTERS, key) ? NAMED_CHARACTERS[key] : undefined;
}

function sentenceFor(character: string): Sentence {
  if (character === '\u00a0')
    return {
      en: 'Write a space; or &#160; where a line must not end.',
      it: 'Scrivere uno spazio; o &#160; dove la riga non deve finire.',
    };
  if (/\p{DI}|\p{Cc}|\s/u.test(character))
    return { en: 'It can not be seen: leave it out.', it: 'Non si vede: toglierlo.' };
  const escaped = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' }[character];
  return {
    en: `Write ${escaped ?? character} instead.`,
    it: `Al suo posto scrivere ${escaped ?? character}.`,
  };
}

function isInTag(text: string, index: number): boolean {
  return text.lastIndexOf('<', index) > text.lastIndexOf('>', index);
}
