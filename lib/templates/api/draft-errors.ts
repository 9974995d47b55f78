import { isDeepStrictEqual } from 'node:util';
import type { FieldError } from '../../domain/errors.ts';
import type { PlaceCode } from '../../domain/problem-codes.ts';
import type { Sentence, SentenceLanguage } from '../../domain/sentence.ts';
import {
  BUTTON_TEXTS,
  comparableStatus,
  DIGEST_KINDS,
  type LocalizedText,
  type TemplateKind,
} from '../../domain/templates.ts';
import { toPointer } from '../../http/pointer.ts';
import { notALanguage } from '../../http/schemas.ts';
import { canonicalLanguage, isRealLanguage, isWrittenIn, underCanonicalTags } from '../../i18n/languages.ts';
import type { Site } from '../../store/sites.ts';
import type { TemplateProblem } from '../mustache-structure.ts';
import { validateButton, validateText } from '../validate.ts';
import type { TemplateDraft } from './schemas.ts';

/** Telegram's limit is 4096 characters; placeholders and tags, which it does not count, have enough room. */
export const MAX_TEXT_BYTES = 32_768;

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
    ...repeatErrors('/groups', draft.groups ?? [], (group) => group),
    ...audienceErrors(draft),
    ...cardErrors(draft),
    ...(draft.rich && draft.event !== 'order-status' ? [at('/rich', NOT_RICH)] : []),
    ...(draft.digestMinutes !== undefined && !DIGEST_KINDS.includes(draft.event)
      ? [at('/digestMinutes', ONLY_OF_FILES)]
      : []),
    ...couponErrors(draft),
    ...textErrors(draft, former, site),
    ...missingTexts(draft, { languages: site.languages.filter((language) => !lacks(former, language)) }),
  ];
}

/**
 * The errors of the texts of a draft, in the languages that it has so far. The former release took tags of languages that do
 * not exist: those that the template or the site has already are kept.
 */
export function textErrors(
  draft: TemplateDraft,
  former?: TemplateDraft,
  { languages }: Pick<Site, 'languages'> = { languages: [] },
): FieldError[] {
  const { event, text } = draft;
  const fields = ['text', ...BUTTON_TEXTS] as const;
  const known = new Set(fields.flatMap((field) => Object.keys(former?.[field] ?? {})));
  for (const language of languages) known.add(language);
  const isNewText = !hasSameTexts({ text }, former);
  return [
    ...(Object.keys(text).length === 0 ? [at('/text', NO_TEXT, 'required')] : []),
    ...(isNewText ? localizedErrors('/text', text, known, (written) => validateText(written, event)) : []),
    ...(event === 'welcome' && draft.buttonStyle ? [at('/buttonStyle', NO_BUTTON)] : []),
    ...BUTTON_TEXTS.flatMap((field) => buttonErrors(field, draft, former, known)),
    ...(draft.secondButtonUrl !== undefined && !hasTexts(draft.secondButton)
      ? [at('/secondButton', NO_TEXT_FOR_LINK, 'required')]
      : []),
  ];
}

/** Whoever corrects a template need not write it first in a language that the site has got since: a warning names it. */
function lacks(former: TemplateDraft | undefined, language: string): boolean {
  return former !== undefined && !isWrittenIn(former.text, language);
}

function buttonErrors(
  field: (typeof BUTTON_TEXTS)[number],
  draft: TemplateDraft,
  former: TemplateDraft | undefined,
  known: ReadonlySet<string>,
): FieldError[] {
  const { event, [field]: texts = {} } = draft;
  const before = former?.[field];
  if (event === 'welcome' && hasTexts(texts)) return [at(`/${field}`, NO_BUTTON)];
  if (field === 'trackingButton' && event !== 'order-status' && hasTexts(texts))
    return [at(`/${field}`, ONLY_OF_ORDERS)];
  if (isDeepStrictEqual(texts, before && underCanonicalTags(before))) return [];
  return localizedErrors(`/${field}`, texts, known, (written) => validateButton(written, event));
}

function hasTexts(texts: LocalizedText = {}): boolean {
  return Object.keys(texts).length > 0;
}

function hasSameTexts({ text }: Pick<TemplateDraft, 'text'>, former: TemplateDraft | undefined): boolean {
  return isDeepStrictEqual(text, former && underCanonicalTags(former.text));
}

const NO_TEXT: Sentence = {
  en: 'Write the text in at least one language.',
  it: 'Scrivere il testo in almeno una lingua.',
};
const NO_BUTTON: Sentence = {
  en: 'A welcome leads nowhere: it has no button. Leave the button out.',
  it: 'Un benvenuto non porta da nessuna parte: non ha un pulsante. Togliere il pulsante.',
};
const ONLY_OF_FILES: Sentence = {
  en: 'Only the notices of files are collected by folder: leave the minutes out.',
  it: 'Solo gli avvisi dei file si raccolgono per cartella: togliere i minuti.',
};
const ONLY_OF_ORDERS: Sentence = {
  en: 'Only templates for order-status have a button for the tracking code: leave it out.',
  it: 'Solo i modelli per order-status hanno il pulsante del codice di tracking: toglierlo.',
};
const NO_CARD: Sentence = {
  en: 'Only the messages about an order can be one that is updated: leave this out.',
  it: "Solo i messaggi su un ordine possono essere uno solo che si aggiorna: togliere l'opzione.",
};
const NOT_RICH: Sentence = {
  en: 'Only the messages about an order have articles to show as a table: leave this out.',
  it: "Solo i messaggi su un ordine hanno articoli da mostrare in tabella: togliere l'opzione.",
};
const ONLY_OF_CARTS: Sentence = {
  en: 'Only templates for abandoned-cart have a second and a third message, and a coupon: leave it out.',
  it: 'Solo i modelli per abandoned-cart hanno un secondo e un terzo messaggio, e un coupon: toglierlo.',
};
const ONLY_LATER: Sentence = {
  en: 'The first message about a cart has no coupon: it would be advertising, which only people who consented to it may get. Leave it out, or choose the second or the third message.',
  it: 'Il primo messaggio su un carrello non ha un coupon: sarebbe pubblicità, che può ricevere solo chi ha dato il consenso. Toglierlo, o scegliere il secondo o il terzo messaggio.',
};
const NO_CODE_FOR_BUTTON: Sentence = {
  en: 'The button copies the code of the coupon: write the code, or leave the button out.',
  it: 'Il pulsante copia il codice del coupon: scrivere il codice, o togliere il pulsante.',
};
const NO_TEXT_FOR_LINK: Sentence = {
  en: 'The second button has a link and no text: write the text, or leave the link out.',
  it: 'Il secondo pulsante ha un link ma non un testo: scrivere il testo, o togliere il link.',
};
const NO_STATUS: Sentence = {
  en: 'Choose at least one order status, such as "Evaso": this template is sent when an order enters one of them.',
  it: 'Scegliere almeno uno stato dell\'ordine, come "Evaso": questo modello si invia quando un ordine entra in uno di essi.',
};
/** The errors of the texts of a button that all templates of a kind share. */
export function sharedButtonErrors(pointer: string, texts: LocalizedText, kind: TemplateKind): FieldError[] {
  return localizedErrors(pointer, texts, new Set(), (written) => validateButton(written, kind));
}

/** Every language that is named needs a text; a blank one is an error of its own. */
export function missingTexts(
  { text }: Pick<TemplateDraft, 'text'>,
  { languages }: Pick<Site, 'languages'>,
): FieldError[] {
  if (Object.keys(text).length === 0) return [];
  return languages
    .filter((language) => !Object.hasOwn(text, language) && !isWrittenIn(text, language))
    .map((language) => {
      const detail = {
        en: `The site is also in ${languageName(language, 'en')} ("${language}"): write the text in that language too.`,
        it: `Il sito è anche in ${languageName(language, 'it')} ("${language}"): scrivere il testo anche in quella lingua.`,
      };
      return at(`/text${toPointer([language])}`, detail, 'language-missing');
    });
}

function statusErrors({ event, statuses = [] }: TemplateDraft): FieldError[] {
  if (event === 'order-status') {
    if (statuses.length > 0) return repeatErrors('/statuses', statuses, comparableStatus);
    return [at('/statuses', NO_STATUS, 'required')];
  }
  if (statuses.length === 0) return [];
  const detail = {
    en: `Only templates for order-status have statuses: leave them out of one for ${event}.`,
    it: `Solo i modelli per order-status hanno stati: toglierli da uno per ${event}.`,
  };
  return [at('/statuses', detail)];
}

function audienceErrors({ event, audience }: TemplateDraft): FieldError[] {
  if (audience === undefined || event === 'activity-status') return [];
  return [
    at('/audience', {
      en: `Only templates for activity-status have an audience: leave it out of one for ${event}.`,
      it: `Solo i modelli per activity-status hanno dei destinatari da scegliere: toglierli da uno per ${event}.`,
    }),
  ];
}

function cardErrors({ event, statuses = [], card }: TemplateDraft): FieldError[] {
  if (!card) return [];
  if (event !== 'order-status') return [at('/card', NO_CARD)];
  const { newMessageFor = [] } = card;
  const managed = statuses.map(comparableStatus);
  return [
    ...repeatErrors('/card/newMessageFor', newMessageFor, comparableStatus),
    ...newMessageFor.flatMap((status, index) =>
      managed.includes(comparableStatus(status))
        ? []
        : [at(`/card/newMessageFor/${index}`, notManaged(status))],
    ),
  ];
}

function notManaged(status: string): Sentence {
  return {
    en: `This message is not sent for the status "${status}": add it to its statuses, or leave it out here.`,
    it: `Questo messaggio non si invia per lo stato "${status}": aggiungerlo agli stati, o toglierlo da qui.`,
  };
}

/** Which message about a cart it is, and its coupon: only a later one, which is advertising, has one. */
function couponErrors({ event, step = 1, couponCode, couponButton }: TemplateDraft): FieldError[] {
  const given = [
    ...(couponCode === undefined ? [] : ['/couponCode']),
    ...(hasTexts(couponButton) ? ['/couponButton'] : []),
  ];
  if (event !== 'abandoned-cart')
    return [...(step > 1 ? ['/step'] : []), ...given].map((pointer) => at(pointer, ONLY_OF_CARTS));
  if (step === 1) return given.map((pointer) => at(pointer, ONLY_LATER));
  return couponCode === undefined && hasTexts(couponButton)
    ? [at('/couponCode', NO_CODE_FOR_BUTTON, 'required')]
    : [];
}

function repeatErrors(pointer: string, entries: string[], normal: (entry: string) => string): FieldError[] {
  const normalized = entries.map(normal);
  return entries.flatMap((entry, index) => {
    const first = normalized.indexOf(normalized[index] ?? '');
    if (first === index) return [];
    const detail = {
      en: `"${entry}" is the same as "${entries[first]}": name it once.`,
      it: `"${entry}" è uguale a "${entries[first]}": indicarlo una volta sola.`,
    };
    return [at(`${pointer}/${index}`, detail)];
  });
}

function localizedErrors(
  pointer: string,
  texts: LocalizedText,
  known: ReadonlySet<string>,
  problemsOf: (text: string) => TemplateProblem[],
): FieldError[] {
  if (Object.keys(texts).length > MAX_LANGUAGES) {
    const detail = {
      en: `A text in more than ${MAX_LANGUAGES} languages: leave some of them out.`,
      it: `Un testo in più di ${MAX_LANGUAGES} lingue: toglierne alcune.`,
    };
    return [at(pointer, detail)];
  }
  const seen = new Map<string, string>();
  return Object.entries(texts).flatMap(([language, text]) => {
    const place = `${pointer}${toPointer([language])}`;
    if (!isRealLanguage(language) && !known.has(language)) return [at(place, notALanguage(language))];
    const canonical = canonicalLanguage(language).toLowerCase();
    const same = seen.get(canonical);
    seen.set(canonical, language);
    if (same) {
      const detail = {
        en: `"${language}" is the same language as "${same}": write its text once.`,
        it: `"${language}" è la stessa lingua di "${same}": scrivere il testo una volta sola.`,
      };
      return [at(place, detail)];
    }
    if (Buffer.byteLength(text) > MAX_TEXT_BYTES) {
      const detail = {
        en: `The text is too long: more than ${MAX_TEXT_BYTES} bytes, and Telegram takes 4096 characters.`,
        it: `Il testo è troppo lungo: più di ${MAX_TEXT_BYTES} byte, e Telegram accetta 4096 caratteri.`,
      };
      return [at(place, detail, 'wrong-length')];
    }
    return problemsOf(text).map((problem) => {
      const where = placeIn(text, problem);
      const detail = { en: `${problem.detail.en}${where.en}`, it: `${problem.detail.it}${where.it}` };
      return at(place, detail, problem.code);
    });
  });
}

/** Line and character, as an editor counts them. */
export function placeIn(text: string, { byteOffset }: Pick<TemplateProblem, 'byteOffset'>): Sentence {
  if (byteOffset === undefined) return { en: '', it: '' };
  const before = Buffer.from(text.toWellFormed()).subarray(0, byteOffset).toString().split('\n');
  const character = [...(before.at(-1) ?? '')].length + 1;
  return {
    en: ` (Line ${before.length}, character ${character}.)`,
    it: ` (Riga ${before.length}, carattere ${character}.)`,
  };
}

const languageNames: Partial<Record<SentenceLanguage, Intl.DisplayNames>> = {};

function languageName(language: string, reader: SentenceLanguage): string {
  languageNames[reader] ??= new Intl.DisplayNames(reader, { type: 'language' });
  // Extensions, as in "de-u-co-phonebk", have no name.
  return languageNames[reader].of(new Intl.Locale(language).baseName) ?? language;
}

function at(pointer: string, detail: Sentence, code?: PlaceCode): FieldError {
  return { pointer, detail, ...(code && { code }) };
}
