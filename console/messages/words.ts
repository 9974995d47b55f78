/** Words that several parts of these screens share. */
import { count, language, type Sentence, say } from '../i18n/language.ts';
import type { Catalogue, CatalogueKind } from './api.ts';
import type { Audience, ButtonStyle, Kind, Part, PartValue } from './draft.ts';

const LANGUAGE_NAMES = new Map<string, Intl.DisplayNames>();

/** Such as "Italiano", in the language of the console. */
export function languageName(tag: string): string {
  const reader = language.value;
  let names = LANGUAGE_NAMES.get(reader);
  if (!names) {
    names = new Intl.DisplayNames(reader, { type: 'language' });
    LANGUAGE_NAMES.set(reader, names);
  }
  const name = nameIn(names, tag);
  return name.charAt(0).toLocaleUpperCase(reader) + name.slice(1);
}

function nameIn(names: Intl.DisplayNames, tag: string): string {
  try {
    return names.of(tag) ?? tag;
  } catch {
    // A former release took tags that are none.
    return tag;
  }
}

export function kindOf(catalogue: Catalogue, kind: Kind): CatalogueKind | undefined {
  return catalogue.kinds.find((each) => each.kind === kind);
}

export const AUDIENCES: readonly { value: Audience; words: Sentence }[] = [
  {
    value: 'everybody',
    words: {
      it: 'Chi ha creato l’attività e i suoi destinatari',
      en: 'Whoever created the activity, and its recipients',
    },
  },
  {
    value: 'creator',
    words: { it: 'Solo chi ha creato l’attività', en: 'Only whoever created the activity' },
  },
  {
    value: 'recipients',
    words: { it: 'Solo i destinatari dell’attività', en: 'Only the recipients of the activity' },
  },
];

export function audienceWords(audience: Audience): string {
  const found = AUDIENCES.find(({ value }) => value === audience);
  return found ? say(found.words) : audience;
}

const PARTS: Record<string, Sentence> = {
  name: { it: 'Nome', en: 'Name' },
  event: { it: 'Evento', en: 'Event' },
  enabled: { it: 'Attivo', en: 'Enabled' },
  statuses: { it: 'Stati dell’ordine', en: 'Order statuses' },
  groups: { it: 'Gruppi', en: 'Groups' },
  audience: { it: 'A chi', en: 'For whom' },
  card: { it: 'Un solo messaggio per ordine', en: 'One message for an order' },
  newMessageFor: { it: 'Stati per cui il telefono suona', en: 'Statuses for which the phone rings' },
  rich: { it: 'Tabella degli articoli', en: 'Table of the articles' },
  text: { it: 'Testo', en: 'Text' },
  button: { it: 'Pulsante', en: 'Button' },
  buttonStyle: { it: 'Colore del pulsante', en: 'Colour of the button' },
  secondButton: { it: 'Secondo pulsante', en: 'Second button' },
  secondButtonUrl: { it: 'Pagina del secondo pulsante', en: 'Page of the second button' },
  trackingButton: { it: 'Pulsante del codice di tracking', en: 'Button of the tracking code' },
  digestMinutes: { it: 'Raccolta degli avvisi di una cartella', en: 'Collecting the notices of a folder' },
  step: { it: 'Quale messaggio sul carrello', en: 'Which message about the cart' },
  couponCode: { it: 'Codice del coupon', en: 'Code of the coupon' },
  couponButton: { it: 'Pulsante del coupon', en: 'Button of the coupon' },
};

/** The messages about one cart, in their order. */
export const STEPS: readonly Sentence[] = [
  { it: 'Il primo', en: 'The first' },
  { it: 'Il secondo (pubblicità)', en: 'The second (advertising)' },
  { it: 'Il terzo (pubblicità)', en: 'The third (advertising)' },
];

export const STYLES: readonly { value: ButtonStyle; words: Sentence }[] = [
  { value: 'primary', words: { it: 'Blu', en: 'Blue' } },
  { value: 'success', words: { it: 'Verde', en: 'Green' } },
  { value: 'danger', words: { it: 'Rosso', en: 'Red' } },
];

/** Such as "Testo, Italiano". */
export function partName(part: Part): string {
  const [field = '', tag] = part.split('/', 2);
  const name = say(PARTS[field] ?? { it: field, en: field });
  return tag === undefined ? name : `${name}, ${languageName(tag)}`;
}

/** For how long notices are collected. */
export function minuteWords(minutes: number): string {
  return count(minutes, { it: 'minuto', en: 'minute' }, { it: 'minuti', en: 'minutes' });
}

/** A value in words. */
export function partWords(part: Part, value: PartValue, catalogue: Catalogue): string {
  if (part === 'groups' && Array.isArray(value) && value.length === 0)
    return say({ it: 'Tutti i gruppi', en: 'All groups' });
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
    return say({ it: '(niente)', en: '(nothing)' });
  if (typeof value === 'boolean') return say(value ? { it: 'Sì', en: 'Yes' } : { it: 'No', en: 'No' });
  if (Array.isArray(value)) return value.join(', ');
  if (part === 'audience') return audienceWords(value as Audience);
  if (part === 'digestMinutes') return minuteWords(Number(value));
  const step = part === 'step' && STEPS[Number(value) - 1];
  if (step) return say(step);
  const style = part === 'buttonStyle' && STYLES.find((each) => each.value === value);
  if (style) return say(style.words);
  const kind = part === 'event' ? kindOf(catalogue, value as Kind) : undefined;
  return kind ? say(kind.name) : value;
}
