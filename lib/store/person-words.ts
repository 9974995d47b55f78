/**
 * The words by which people are found: without case, accents and punctuation, as a merchant types them. `Nicolò`,
 * `NICOLO'` and `nicolo` are one word, so are `S.r.l.` and `srl`; `D'Angelo` is found as `dangelo`, `d'angelo` and
 * `angelo`, `Dott.Rossi` as `rossi`.
 */

interface Names {
  firstName?: string | undefined;
  lastName?: string | undefined;
  companyName?: string | undefined;
}

/** Of a person, so many words are found, each by its first so many characters. */
const MAX_WORDS = 12;
const MAX_LENGTH = 40;

/** Letters that are written for one or two others, and have no accent that could be taken away. */
const PLAIN: Record<string, string> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ς: 'σ' },
};

/** A text without case and accents, on one line. */
export function folded(text: string): string {
  return text
    .replace(/[’‘ʼ`´′]/g, "'")
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßæœøłđðþıς]/g, (letter) => PLAIN[letter] ?? letter)
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
}

/** The beginning of a folded text that stands in a key. */
export function keyPart(text: string): string {
  return Array.from(text).slice(0, MAX_LENGTH).join('');
}

/** The words of a person, in alphabetical order. */
export function wordsOf({ lastName = '', companyName = '', firstName = '' }: Names): string[] {
  const words = [lastName, companyName, firstName].flatMap((name) => tokensOf(name).flatMap(wordsIn));
  return [...new Set(words.map(keyPart))].slice(0, MAX_WORDS).sort();
}

/** The words that somebody looks for: each is the beginning of one. */
export function wordsOfQuery(query: string): string[] {
  const words = tokensOf(query).flatMap((token) => {
    const parts = partsOf(token);
    return parts.length > 0 && parts.every(({ length }) => length > 1) ? parts : [parts.join('')];
  });
  return [...new Set(words.map(keyPart))].filter(Boolean);
}

/** What stands between blanks and other separators. Full stops and apostrophes are within: `s.r.l.`, `d'angelo`. */
function tokensOf(text: string): string[] {
  return folded(text)
    .split(/[^\p{L}\p{N}.']+/u)
    .filter(Boolean);
}

/** A token as one word, and those of its parts that are more than a letter. */
function wordsIn(token: string): string[] {
  const parts = partsOf(token);
  return [parts.join(''), ...parts.filter(({ length }) => length > 1)].filter(Boolean);
}

function partsOf(token: string): string[] {
  return token.split(/[.']+/).filter(Boolean);
}
