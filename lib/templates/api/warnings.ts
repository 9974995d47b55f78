/** Texts that can be saved, but read badly to people for whom a value is missing. */
import type { FieldError } from '../../domain/errors.ts';
import type { Sentence } from '../../domain/sentence.ts';
import { BUTTON_TEXTS } from '../../domain/templates.ts';
import { toPointer } from '../../http/pointer.ts';
import type { Site } from '../../store/sites.ts';
import { toPlainText } from '../../telegram/html/index.ts';
import { readStructure, type TemplateTag } from '../mustache-structure.ts';
import { type PlaceholderKey, type PlaceholderValues, placeholdersOf } from '../placeholders.ts';
import { MessageRenderer, type MessageToRender } from '../render.ts';
import { placeIn } from './draft-errors.ts';
import { sampleUrl, sampleValuesFor } from './sample-values.ts';
import type { TemplateDraft } from './schemas.ts';

/** The values that an event may lack, why, and the values of such a person. */
const MISSING: { key: PlaceholderKey; why: Sentence; values: PlaceholderValues }[] = [
  {
    key: 'nome',
    why: {
      en: 'many people have no first name, since they are companies',
      it: 'molti non hanno un nome, perché sono aziende',
    },
    values: { nome: undefined, cognome: 'Rossi S.r.l.', nominativo: 'Rossi S.r.l.' },
  },
  ...(['cognome', 'nominativo'] as const).map((key) => ({
    key,
    why: { en: 'of some people no name is known', it: 'di alcune persone non si conosce il nome' },
    values: { nome: undefined, cognome: undefined, nominativo: undefined },
  })),
  {
    key: 'autore',
    why: {
      en: 'the name of who has acted may not be known',
      it: 'il nome di chi ha agito può non essere noto',
    },
    values: { autore: undefined },
  },
  {
    key: 'elencoArticoli',
    why: {
      en: 'an order may come without its lines',
      it: 'un ordine può arrivare senza le sue righe',
    },
    values: { elencoArticoli: undefined },
  },
  {
    key: 'codiceTracking',
    why: {
      en: 'an order may not have been shipped yet',
      it: 'un ordine può non essere ancora stato spedito',
    },
    values: { codiceTracking: undefined },
  },
  {
    key: 'testoMessaggio',
    why: { en: 'a message may have no text', it: 'un messaggio può non avere testo' },
    values: { testoMessaggio: undefined },
  },
  {
    key: 'oggettoMessaggio',
    why: { en: 'a message may have no subject', it: 'un messaggio può non avere oggetto' },
    values: { oggettoMessaggio: undefined },
  },
  {
    key: 'oggettoAttivita',
    why: { en: 'an activity may have no subject', it: "un'attività può non avere oggetto" },
    values: { oggettoAttivita: undefined },
  },
];

/** Whether an event, or a person, may have no value for it. */
export function mayBeMissing(key: PlaceholderKey): boolean {
  return MISSING.some((missing) => missing.key === key);
}

/** Space before a comma, an empty bracket or quotation, a label without a value, a line that begins with a comma. */
const READS_BADLY = /[^\S\n][,.;:!?)]|\(\s*\)|["«“]\s*["»”]|:[^\S\n]*$|^\s*[,.;:!?)]/m;

/** What to change in the texts and buttons of a template that has no errors, each with how it reads. */
export function textWarnings(draft: TemplateDraft, site: Site): FieldError[] {
  return [
    ...localizedWarnings('text', draft.text, draft, site),
    ...BUTTON_TEXTS.flatMap((field) => localizedWarnings(field, draft[field] ?? {}, draft, site)),
  ];
}

function localizedWarnings(
  field: 'text' | (typeof BUTTON_TEXTS)[number],
  texts: Record<string, string>,
  draft: TemplateDraft,
  site: Site,
): FieldError[] {
  return Object.entries(texts).flatMap(([language, text]) => {
    const { tags, problems } = readStructure(text, draft.event);
    // It was saved by the former release.
    if (problems.length > 0) return [];
    const shown = (values: PlaceholderValues) => linesOf(field, { language, text, draft, site }, values);
    const known = placeholdersOf(draft.event).map(({ key }) => key);
    return MISSING.filter(({ key }) => known.includes(key)).flatMap(({ key, why, values }) => {
      const used = findTag(tags, key);
      if (!used) return [];
      const whole = shown({});
      const changed = shown(values).find((line) => !whole.includes(line));
      if (changed === undefined || !(used.isBare || READS_BADLY.test(changed))) return [];
      const place = placeIn(text, { byteOffset: Buffer.byteLength(text.slice(0, used.start)) });
      const section = `{{#${key}}} {{${key}}}{{/${key}}}`;
      const detail = {
        en: `{{${key}}} may have no value: ${why.en}. People then read: "${changed}" If that does not read well, put all that belongs to the value into a section, with its space or its label: ${section}.${place.en}`,
        it: `{{${key}}} può non avere un valore: ${why.it}. Le persone allora leggono: "${changed}" Se non si legge bene, mettere in una sezione tutto ciò che va con il valore, con il suo spazio o la sua etichetta: ${section}.${place.it}`,
      };
      const code = 'value-may-be-missing' as const;
      return [{ pointer: toPointer([field, language]), code, detail }];
    });
  });
}

/** Where a placeholder is first used, at best outside of its own section. */
function findTag(tags: TemplateTag[], key: PlaceholderKey): { start: number; isBare: boolean } | undefined {
  const all = tags.flatMap((tag) => withInner(tag, key, false));
  return all.find(({ isBare }) => isBare) ?? all[0];
}

function withInner(
  { key, start, section }: TemplateTag,
  wanted: PlaceholderKey,
  isWithin: boolean,
): { start: number; isBare: boolean }[] {
  if (section) return section.tags.flatMap((tag) => withInner(tag, wanted, isWithin || key === wanted));
  return key === wanted ? [{ start, isBare: !isWithin }] : [];
}

interface Written {
  language: string;
  text: string;
  draft: TemplateDraft;
  site: Site;
}

/** The lines of a text, or of a button, as they are read with sample values; some of them replaced. */
function linesOf(
  field: Parameters<typeof localizedWarnings>[0],
  { language, text, draft, site }: Written,
  values: PlaceholderValues,
): string[] {
  const { event } = draft;
  const isText = field === 'text';
  // What a button says is written in the same way for all of them.
  const texts = isText
    ? { text: { [language]: text } }
    : { text: { [language]: 'x' }, button: { [language]: text } };
  const message: MessageToRender = {
    template: { event, ...texts },
    values: { ...sampleValuesFor(draft, site, {}, language), ...values },
    defaultLanguage: language,
    timeZone: site.timeZone,
    url: isText ? undefined : sampleUrl(event, site),
  };
  const rendered = new MessageRenderer().render(message);
  return (isText ? toPlainText(rendered.text) : (rendered.button?.text ?? '')).split('\n');
}
