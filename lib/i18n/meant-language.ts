import { isOtherSubtag } from './language-subtags.ts';
import { canonicalLanguage, isRealLanguage } from './languages.ts';

/** The languages whose names people may write instead of a tag. */
const NAMED =
  'it en de fr es pt nl sv da nb fi pl cs sk sl hr sr bs sq mk bg ro hu el tr uk ru ar he fa hi zh ja ko vi th ca eu lt lv et';

/** A name that is shorter may be the begin of several. */
const SHORTEST = 4;

/**
 * The tag of the language that was probably meant: `it` by `italiano`, `Italian` or `it-XX`, `cs` by the country `cz`.
 * For an error: it takes some milliseconds.
 */
export function meantLanguage(value: string): string | undefined {
  const subtags = value.trim().slice(0, 64).replaceAll('_', '-').split('-');
  for (let length = subtags.length - 1; length > 0; length--) {
    const tag = subtags.slice(0, length).join('-');
    if (isRealLanguage(tag)) return canonicalLanguage(tag);
  }
  const word = plain(subtags[0] ?? '');
  return languageNamed(word) ?? languageOfCountry(plain(value.trim()));
}

let names: (readonly [name: string, tag: string])[] | undefined;

/** By its name in Italian, in English, or in the language itself. */
function languageNamed(word: string): string | undefined {
  if (word.length < SHORTEST) return undefined;
  names ??= NAMED.split(' ').flatMap((tag) =>
    ['it', 'en', tag].map((reader) => {
      const name = new Intl.DisplayNames(reader, { type: 'language' }).of(tag) ?? tag;
      return [plain(name), tag] as const;
    }),
  );
  const found = names.find(([name]) => name === word) ?? names.find(([name]) => isBegin(name, word));
  return found?.[1];
}

function isBegin(name: string, word: string): boolean {
  return name.length >= SHORTEST && (name.startsWith(word) || word.startsWith(name));
}

/** The language that most people of a country speak (CLDR: likely subtags). */
function languageOfCountry(country: string): string | undefined {
  if (!/^[a-z]{2}$/.test(country) || !isOtherSubtag(country)) return undefined;
  const { language } = new Intl.Locale(`und-${country}`).maximize();
  return isRealLanguage(language) ? language : undefined;
}

/** Without case and accents. */
function plain(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
