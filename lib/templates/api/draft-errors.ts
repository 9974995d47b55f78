import { isDeepStrictEqual } from 'node:util';
import type { FieldError } from '../../domain/errors.ts';
import { comparableStatus, type LocalizedText } from '../../domain/templates.ts';
import { toPointer } from '../../http/pointer.ts';
import { notALanguage } from '../../http/schemas.ts';
import { canonicalLanguage, isRealLanguage, isWrittenIn, underCanonicalTags } from '../../i18n/languages.ts';
import type { Site } from '../../store/sites.ts';
import type { TemplateProblem } from '../mustache-structure.ts';
import { validateButton, validateText } from '../validate.ts';
import type { TemplateDraft } from './schemas.ts';

/** Telegram's limit is 4096 characters; placeholders and tags, which it does not count, have enough room. */
const MAX_TEXT_BYTES = 32_768;

/** A site has at most 30 languages; a merchant may write a text before the language is switched on. */
export const MAX_LANGUAGES = 50;

/**
 * All errors of a template for this site; none, if it can be saved.
 *
 * @param known the template that it replaces: texts that are in it already are not checked again. So a template of the
 * former release, which had fewer limits, can be switched off.
 */
export function draftErrors(
  draft: TemplateDraft,
  site: Pick<Site, 'languages'>,
  known?: TemplateDraft,
): FieldError[] {
  const former = known?.event === draft.event ? known : undefined;
  return [
    ...statusErrors(draft),
    ...groupErrors(draft),
    ...textErrors(draft, former, site),
    ...missingTexts(draft, site),
  ];
}

/**
 * The errors of the texts of a draft, in the languages that it has so far. The former release took tags of languages that do
 * not exist: those that the template or the site has already are kept.
 */
export function textErrors(
  { event, text, button = {} }: TemplateDraft,
  former?: TemplateDraft,
  { languages }: Pick<Site, 'languages'> = { languages: [] },
): FieldError[] {
  const isNewText = !isDeepStrictEqual(text, former && underCanonicalTags(former.text));
  const isNewButton = !isDeepStrictEqual(button, former?.button && underCanonicalTags(former.button));
  const known = new Set([former?.text, former?.button].flatMap((texts) => Object.keys(texts ?? {})));
  for (const language of languages) known.add(language);
  return [
    ...(Object.keys(text).length === 0 ? [at('/text', 'Write the text in at least one language.')] : []),
    ...(isNewText ? localizedErrors('/text', text, known, (written) => validateText(written, event)) : []),
    ...(event === 'welcome' && Object.keys(button).length > 0
      ? [at('/button', 'A welcome leads nowhere: it has no button. Leave "button" out.')]
      : isNewButton
        ? localizedErrors('/button', button, known, (written) => validateButton(written, event))
        : []),
  ];
}

/** Every language of the site needs a text; a blank one is an error of its own. */
function missingTexts({ text }: TemplateDraft, { languages }: Pick<Site, 'languages'>): FieldError[] {
  if (Object.keys(text).length === 0) return [];
  return languages
    .filter((language) => !Object.hasOwn(text, language) && !isWrittenIn(text, language))
    .map((language) => {
      const detail = `The site is also in ${languageName(language)} ("${language}"): write the text in that language too.`;
      return at(`/text${toPointer([language])}`, detail);
    });
}

function statusErrors({ event, statuses = [] }: TemplateDraft): FieldError[] {
  if (event === 'order-status') {
    if (statuses.length > 0) return repeatErrors('/statuses', statuses, comparableStatus);
    const detail =
      'Choose at least one order status, such as "Evaso": this template is sent when an order enters one of them.';
    return [at('/statuses', detail)];
  }
  if (statuses.length === 0) return [];
  return [
    at('/statuses', `Only templates for order-status have statuses: leave them out of one for ${event}.`),
  ];
}

function groupErrors({ event, groups = [] }: TemplateDraft): FieldError[] {
  if (event === 'welcome' && groups.length > 0) {
    const detail =
      'Nobody has told us the groups of a person who has just linked Telegram: leave "groups" out.';
    return [at('/groups', detail)];
  }
  return repeatErrors('/groups', groups, (group) => group);
}

function repeatErrors(pointer: string, entries: string[], normal: (entry: string) => string): FieldError[] {
  const normalized = entries.map(normal);
  return entries.flatMap((entry, index) => {
    const first = normalized.indexOf(normalized[index] ?? '');
    if (first === index) return [];
    return [at(`${pointer}/${index}`, `"${entry}" is the same as "${entries[first]}": name it once.`)];
  });
}

function localizedErrors(
  pointer: string,
  texts: LocalizedText,
  known: ReadonlySet<string>,
  problemsOf: (text: string) => TemplateProblem[],
): FieldError[] {
  if (Object.keys(texts).length > MAX_LANGUAGES) {
    return [at(pointer, `A text in more than ${MAX_LANGUAGES} languages: leave some of them out.`)];
  }
  const seen = new Map<string, string>();
  return Object.entries(texts).flatMap(([language, text]) => {
    const place = `${pointer}${toPointer([language])}`;
    if (!isRealLanguage(language) && !known.has(language)) return [at(place, notALanguage(language))];
    const canonical = canonicalLanguage(language).toLowerCase();
    const same = seen.get(canonical);
    seen.set(canonical, language);
    if (same) return [at(place, `"${language}" is the same language as "${same}": write its text once.`)];
    if (Buffer.byteLength(text) > MAX_TEXT_BYTES) {
      const detail = `The text is too long: more than ${MAX_TEXT_BYTES} bytes, and Telegram takes 4096 characters.`;
      return [at(place, detail)];
    }
    return problemsOf(text).map((problem) => at(place, `${problem.detail}${placeIn(text, problem)}`));
  });
}

/** Line and character, as an editor counts them. */
export function placeIn(text: string, { byteOffset }: TemplateProblem): string {
  if (byteOffset === undefined) return '';
  const before = Buffer.from(text.toWellFormed()).subarray(0, byteOffset).toString().split('\n');
  const character = [...(before.at(-1) ?? '')].length + 1;
  return ` (Line ${before.length}, character ${character}.)`;
}

let languageNames: Intl.DisplayNames | undefined;

function languageName(language: string): string {
  languageNames ??= new Intl.DisplayNames('en', { type: 'language' });
  // Extensions, as in "de-u-co-phonebk", have no name.
  return languageNames.of(new Intl.Locale(language).baseName) ?? language;
}

function at(pointer: string, detail: string): FieldError {
  return { pointer, detail };
}
