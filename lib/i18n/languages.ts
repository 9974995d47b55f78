import type { LocalizedText } from '../domain/templates.ts';

/** The text to use, the tag it is filed under, and the tag whose habits its numbers and dates follow. */
export type ChosenText = { language: string; text: string; formatLanguage: string };

/**
 * Picks the text for a reader: by their language (the lookup of RFC 4647, section 3.4, without case; and a
 * regional text when only a region has one), then by the site's own language, then any text there is.
 * Blank texts count as absent. Tags that aren't BCP 47 find nothing, and never throw.
 */
export function chooseText(
  texts: LocalizedText,
  wanted: string | undefined,
  fallback: string,
): ChosenText | undefined {
  const languages = Object.keys(texts).filter((language) => texts[language]?.trim());
  const language = findLanguage(languages, wanted) ?? findLanguage(languages, fallback) ?? languages[0];
  const text = language === undefined ? undefined : texts[language];
  if (language === undefined || text === undefined) return undefined;
  return { language, text, formatLanguage: refinement(wanted, language) ?? language };
}

function findLanguage(languages: string[], wanted: string | undefined): string | undefined {
  if (!wanted) return undefined;
  for (let range = normalTag(wanted); range !== ''; range = shorterRange(range)) {
    const exact = languages.find((language) => normalTag(language) === range);
    if (exact !== undefined) return exact;
  }
  const primary = normalTag(wanted).split('-', 1)[0];
  return languages.find((language) => normalTag(language).split('-', 1)[0] === primary);
}

/** Without its last subtag, and without a single letter that would then stand last (RFC 4647, section 3.4). */
function shorterRange(range: string): string {
  const subtags = range.split('-').slice(0, -1);
  if (subtags.at(-1)?.length === 1) subtags.pop();
  return subtags.join('-');
}

/** The reader's own tag, where it says more than the chosen one: `de-CH` for a text in `de`. */
function refinement(wanted: string | undefined, language: string): string | undefined {
  if (!wanted || !normalTag(wanted).startsWith(`${normalTag(language)}-`)) return undefined;
  return wanted.trim().replaceAll('_', '-');
}

function normalTag(tag: string): string {
  return tag.trim().replaceAll('_', '-').toLowerCase();
}

/** Whether this is a BCP 47 language tag, such as `it` or `en-GB`. */
export function isLanguageTag(value: string): boolean {
  try {
    return value.length <= 35 && Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}
