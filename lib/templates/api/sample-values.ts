import type { LocalizedText, TemplateKind } from '../../domain/templates.ts';
import { chooseText } from '../../i18n/languages.ts';
import type { OrderLine } from '../../i18n/order-lines.ts';
import type { Site } from '../../store/sites.ts';
import { ListedFiles } from '../files.ts';
import { ListedLines } from '../order-lines.ts';
import { type PlaceholderValues, placeholdersOf } from '../placeholders.ts';
import { SAMPLE_PATHS } from '../template-kinds.ts';
import type { GivenValues, TemplateDraft } from './schemas.ts';

/** The values of an event of a shop. */
const SAMPLES: PlaceholderValues = {
  nome: 'Anna',
  cognome: 'Rossi',
  nominativo: 'Anna Rossi',
  numeroArticoli: 3,
  siglaDocumento: 'OC 2026/0412',
  codiceTracking: '1Z999AA10123456784',
  totaleOrdine: { amount: '149.90', currency: 'EUR' },
  numeroArticoliCarrello: 2,
  totaleCarrello: { amount: '89.50', currency: 'EUR' },
  oggettoMessaggio: 'Preventivo tende da sole',
  testoMessaggio: 'Le misure vanno bene così?\nSe conferma, procediamo con l’ordine.',
  dataAttivita: '2026-11-22T15:30:00+01:00',
  oggettoAttivita: 'Visita al magazzino',
  vecchioStato: 'Pianificata',
  nuovoStato: 'Completata',
  nomeCartella: 'Listini',
  autore: 'Carla Verdi',
};

/** Together the articles, and the total, of the order. */
const SAMPLE_LINES: OrderLine[] = [
  { name: 'Tenda da sole 300 × 200', quantity: 1, total: { amount: '119.90', currency: 'EUR' } },
  { name: 'Staffa per parete', quantity: 2, total: { amount: '30.00', currency: 'EUR' } },
];

/** The articles of a sample order. They have no pictures: there are none that Telegram could read. */
export const sampleLines = new ListedLines(SAMPLE_LINES);

const SAMPLE_FILE = 'Listino 2027.pdf';

/**
 * Sample values for every placeholder of a template; given values replace them.
 *
 * @param given `null` removes a value.
 * @param language in which files and articles are described, where they are not given.
 */
export function sampleValuesFor(
  { event, statuses, couponCode }: Pick<TemplateDraft, 'event' | 'statuses' | 'couponCode'>,
  site: Site,
  given: GivenValues = {},
  language = site.defaultLanguage,
): PlaceholderValues {
  // One file, whose name is in the list too.
  const files = new ListedFiles([{ name: given.nomeFile ?? SAMPLE_FILE, change: 'new-file' }]);
  const samples: PlaceholderValues = {
    ...SAMPLES,
    ...files.valuesIn(language),
    ...sampleLines.valuesIn(language),
    numeroFile: files.count,
    urlSito: site.url,
    nomeSito: site.name,
    statoDocumento: statuses?.[0] ?? 'Evaso',
    // The template's own: no event has one.
    codiceCoupon: couponCode,
  };
  const values: Record<string, unknown> = {};
  for (const { key } of placeholdersOf(event)) {
    const value = given[key] === undefined ? samples[key] : given[key];
    if (value !== null && value !== undefined) values[key] = value;
  }
  return values as PlaceholderValues;
}

/** The link of the button in a sample message. */
export function sampleUrl(kind: TemplateKind, site: Site): string | undefined {
  const samplePath = SAMPLE_PATHS[kind];
  return samplePath && URL.parse(samplePath, site.url)?.href;
}

/** The language in which a sample message is for these readers. */
export function languageOf(
  texts: LocalizedText,
  wanted: readonly (string | undefined)[],
  { defaultLanguage }: Site,
): string {
  return chooseText(texts, wanted, defaultLanguage)?.formatLanguage ?? defaultLanguage;
}
