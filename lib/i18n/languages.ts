import type { LocalizedText } from '../domain/templates.ts';

/** The text for a reader, the tag it is stored under, and the tag by which its numbers and dates are formatted. */
export type ChosenText = { language: string; text: string; formatLanguage: string };

/**
 * Picks the text for a reader: in the first of their languages that there is a text in, else in the site's, else any text
 * there is. Blank texts count as absent.
 *
 * @param wanted the languages that are known of the reader, the one that counts most first.
 */
export function chooseText(
  texts: LocalizedText,
  wanted: readonly (string | undefined)[],
  fallback: string,
): ChosenText | undefined {
  const languages = writtenLanguages(texts);
  const [found] = [...wanted, fallback].flatMap((tag) => findLanguage(languages, tag) ?? []);
  const language = found ?? languages[0];
  const text = language === undefined ? undefined : texts[language];
  if (language === undefined || text === undefined) return undefined;
  const [region] = wanted.flatMap((tag) => refinement(tag, language) ?? []);
  return { language, text, formatLanguage: region ?? withHyphens(language) };
}

/** The text in this language, and in no other: `en` will do for `en-GB`. */
export function textIn(texts: LocalizedText, language: string): string | undefined {
  const found = findLanguage(writtenLanguages(texts), language);
  return found === undefined ? undefined : texts[found];
}

/** Whether there is a text for readers of this language: `en` will do for `en-GB`. */
export function isWrittenIn(texts: LocalizedText, language: string): boolean {
  return textIn(texts, language) !== undefined;
}

/** The languages of the bot and of the pages. A merchant's templates may have others. */
export const SPOKEN_LANGUAGES = ['it', 'en'] as const;
export type SpokenLanguage = (typeof SPOKEN_LANGUAGES)[number];

/** The first of these languages that the bot and the pages speak; English where they speak none of them. */
export function spokenLanguage(...wanted: (string | undefined)[]): SpokenLanguage {
  for (const tag of wanted) {
    const language = findLanguage(SPOKEN_LANGUAGES, tag);
    if (language) return language;
  }
  return 'en';
}

/** Whether the bot speaks this language: it speaks `en` to readers of `en-GB`. */
export function isSpoken(language: string): boolean {
  return findLanguage(SPOKEN_LANGUAGES, language) !== undefined;
}

/** The languages that a browser asks for, the most wanted first (`Accept-Language`: RFC 9110, section 12.5.4). */
export function acceptedLanguages(header = ''): string[] {
  return header
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1;
      return { tag, quality: Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}

/** Whether this is a BCP 47 language tag, such as `it` or `en-GB`. */
export function isLanguageTag(value: string): boolean {
  try {
    return value.length <= 35 && Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}

/** As BCP 47 recommends to write it: `en-gb` becomes `en-GB`. */
export function canonicalLanguage(tag: string): string {
  return Intl.getCanonicalLocales(tag)[0] ?? tag;
}

/**
 * The one rule by which a language is found among those there are: the lookup of RFC 4647, section 3.4, without regard
 * to case; and a regional language where there is no other, such as `de-AT` for `de`. What is no BCP 47 tag finds
 * nothing, and never throws.
 */
function findLanguage<Language extends string>(
  languages: readonly Language[],
  wanted: string | undefined,
): Language | undefined {
  if (!wanted) return undefined;
  for (let range = normalTag(wanted); range !== ''; range = shorterRange(range)) {
    const exact = languages.find((language) => normalTag(language) === range);
    if (exact !== undefined) return exact;
  }
  return languages.find((language) => primarySubtag(language) === primarySubtag(wanted));
}

/** Without its last subtag, and without a single letter that would then stand last (RFC 4647, section 3.4). */
function shorterRange(range: string): string {
  const subtags = range.split('-').slice(0, -1);
  if (subtags.at(-1)?.length === 1) subtags.pop();
  return subtags.join('-');
}

function writtenLanguages(texts: LocalizedText): string[] {
  return Object.keys(texts).filter((language) => texts[language]?.trim());
}

/** The reader's own tag, where it says more than the chosen one: `de-CH` for a text in `de`. */
function refinement(wanted: string | undefined, language: string): string | undefined {
  if (!wanted || !normalTag(wanted).startsWith(`${normalTag(language)}-`)) return undefined;
  const tag = withHyphens(wanted.trim());
  return isLanguageTag(tag) ? tag : undefined;
}

function withHyphens(tag: string): string {
  return tag.replaceAll('_', '-');
}

function primarySubtag(tag: string): string | undefined {
  return normalTag(tag).split('-', 1)[0];
}

function normalTag(tag: string): string {
  return withHyphens(tag.trim()).toLowerCase();
}
