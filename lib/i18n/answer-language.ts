import type { SentenceLanguage } from '../domain/sentence.ts';

/**
 * The language of an answer's sentences: the one that `Accept-Language` prefers (RFC 9110, section 12.5.4; RFC 4647, basic
 * filtering). English where it prefers neither, names neither, or can't be read.
 */
export function answerLanguage(header = ''): SentenceLanguage {
  const ranges = header.split(',').flatMap(readRange);
  const italian = preferenceFor('it', ranges);
  const english = preferenceFor('en', ranges);
  if (italian.quality !== english.quality) return italian.quality > english.quality ? 'it' : 'en';
  return italian.quality > 0 && italian.place < english.place ? 'it' : 'en';
}

interface Range {
  primary: string;
  /** From 0, which means "not at all", to 1. */
  quality: number;
}

/** A language range and its weight. What can't be read counts as not sent. */
const RANGE =
  /^\s*(?<primary>[a-z]{1,8}|\*)(?:-(?:[a-z\d]{1,8}|\*))*\s*(?:;\s*q=(?<quality>[01](?:\.\d{0,3})?)\s*)?$/i;

function readRange(text: string): Range[] {
  const { primary, quality = '1' } = RANGE.exec(text)?.groups ?? {};
  return primary === undefined ? [] : [{ primary: primary.toLowerCase(), quality: Number(quality) }];
}

/** How much a language is wanted, and where it is named: `*` stands for those that are not named, after all that are. */
function preferenceFor(language: SentenceLanguage, ranges: Range[]): { quality: number; place: number } {
  const named = ranges.filter(({ primary }) => primary === language);
  const place = ranges.findIndex(({ primary }) => primary === language);
  if (named.length > 0) return { quality: Math.max(...named.map(({ quality }) => quality)), place };
  const others = ranges.find(({ primary }) => primary === '*');
  return { quality: others?.quality ?? 0, place: ranges.length };
}
