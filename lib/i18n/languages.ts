import { LRUCache } from 'lru-cache';
import type { LocalizedText } from '../domain/templates.ts';
import { isLanguageSubtag, isOtherSubtag } from './language-subtags.ts';

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

/** RFC 5646, section 4.4.1. */
export const MAX_TAG_LENGTH = 35;

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

/** Canonical tags, and `undefined` for what is no tag. To find one takes 20 µs, and each message asks for several. */
const canonicalTags = new LRUCache<string, { tag: string | undefined }>({ max: 500 });

/** Whether this has the form of a BCP 47 language tag, such as `it` or `en-GB`. */
export function isLanguageTag(value: string): boolean {
  return canonicalTag(value) !== undefined;
}

function canonicalTag(value: string): string | undefined {
  if (value.length > MAX_TAG_LENGTH) return undefined;
  const known = canonicalTags.get(value) ?? { tag: findCanonicalTag(value) };
  canonicalTags.set(value, known);
  return known.tag;
}

function findCanonicalTag(value: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(value)[0];
  } catch {
    return undefined;
  }
}

/**
 * Whether this is the tag of a language that there is: every subtag is registered (BCP 47), and none is for private use.
 * `xx`, `italiano`, `en-GB-x-y` and `zz-ZZ` are none.
 */
export function isRealLanguage(value: string): boolean {
  // It also replaces what is out of use: `iw` by `he`, `en-UK` by `en-GB`.
  const [language = '', ...others] = canonicalTag(written(value))?.toLowerCase().split('-') ?? [];
  const extension = others.findIndex((subtag) => subtag.length === 1);
  const named = extension < 0 ? others : others.slice(0, extension);
  const isPublic = extension < 0 || (/^[tu]$/.test(others[extension] ?? '') && !others.includes('x'));
  return isLanguageSubtag(language) && named.every(isOtherSubtag) && isPublic;
}

/**
 * As BCP 47 recommends to write it: `en-gb` and `en_GB` become `en-GB`, the former `iw` becomes `he`. What is no tag stays
 * as it is.
 */
export function canonicalLanguage(tag: string): string {
  return canonicalTag(written(tag)) ?? tag;
}

/**
 * Texts under their canonical tags. One that would then have the tag of another stays where it is, and so does one of no
 * real language: errors name it as it was written.
 */
export function underCanonicalTags<Text extends string | null = string>(
  texts: Record<string, Text>,
): Record<string, Text> {
  const wanted = Object.keys(texts).map(canonicalLanguage);
  const isSingle = (tag: string) => wanted.indexOf(tag) === wanted.lastIndexOf(tag);
  return Object.fromEntries(
    Object.entries(texts).map(([tag, text]) => {
      const canonical = canonicalLanguage(tag);
      return [isRealLanguage(tag) && isSingle(canonical) ? canonical : tag, text];
    }),
  );
}

/**
 * The one rule by which a language is found among those there are: of those with the same primary subtag, the one with the
 * script that the reader most likely reads, which the lookup of RFC 4647, section 3.4, would find first, and in the
 * likeliest region: `de` or else `de-CH` for `de-AT`, `zh-Hant` for `zh-TW`. What is no BCP 47 tag finds nothing, and never
 * throws.
 */
function findLanguage<Language extends string>(
  languages: readonly Language[],
  wanted: string | undefined,
): Language | undefined {
  const range = wanted && normalTag(wanted);
  if (!range) return undefined;
  const exact = languages.find((language) => normalTag(language) === range);
  if (exact !== undefined) return exact;
  const primary = primarySubtag(range);
  const near = languages.filter((language) => primarySubtag(normalTag(language)) === primary);
  if (near.length < 2) return near[0];
  const reader = likely(range);
  const nearness = (language: Language) => {
    const tag = normalTag(language);
    const { script, region } = likely(tag);
    const shared = range.startsWith(`${tag}-`) ? tag.length : 0;
    return (script === reader.script ? 10_000 : 0) + 10 * shared + (region === reader.region ? 1 : 0);
  };
  return near.reduce((best, other) => (nearness(other) > nearness(best) ? other : best));
}

/** The script and region that a reader of the language most likely has (CLDR: likely subtags). */
function likely(tag: string): { script?: string | undefined; region?: string | undefined } {
  try {
    return new Intl.Locale(tag).maximize();
  } catch {
    return {};
  }
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

/** Bokmål and Nynorsk are both found under Norwegian, and it under them. */
const NORWEGIAN = ['nb', 'nn'];

function primarySubtag(normal: string): string {
  const [primary = ''] = normal.split('-', 1);
  return NORWEGIAN.includes(primary) ? 'no' : primary;
}

function normalTag(tag: string): string {
  return canonicalLanguage(written(tag)).toLowerCase();
}

function written(tag: string): string {
  return withHyphens(tag.trim());
}
