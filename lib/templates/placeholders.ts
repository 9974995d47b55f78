import { TEMPLATE_KINDS, type TemplateKind } from '../domain/templates.ts';
import type { Money } from '../i18n/format.ts';

/** How a value is formatted: as it is, as a whole number, as an amount of money, as a date with or without time. */
export type PlaceholderFormat = 'text' | 'count' | 'money' | 'date';

const everyKind = TEMPLATE_KINDS;
const activityKinds = ['activity-status', 'activity-viewed', 'activity-reminder'] as const;
const fileKinds = ['file-upload', 'file-download', 'file-view'] as const;
const messageKinds = ['message-sent', 'message-read'] as const;

type PlaceholderRow = {
  /** The name inside `{{…}}`. */
  readonly key: string;
  /** The name in Passweb's manual. */
  readonly name: string;
  readonly format: PlaceholderFormat;
  readonly kinds: readonly TemplateKind[];
};

/** Every placeholder ("segnaposto" in Passweb's manual), and the kinds of templates in which it has a value. */
export const PLACEHOLDERS = [
  { key: 'nome', name: 'Nome', format: 'text', kinds: everyKind },
  { key: 'cognome', name: 'Cognome', format: 'text', kinds: everyKind },
  { key: 'nominativo', name: 'Nominativo', format: 'text', kinds: everyKind },
  { key: 'urlSito', name: 'URL Sito', format: 'text', kinds: everyKind },
  { key: 'nomeSito', name: 'Nome Sito', format: 'text', kinds: everyKind },
  { key: 'numeroArticoli', name: 'Numero articoli', format: 'count', kinds: ['order-status'] },
  { key: 'siglaDocumento', name: 'Sigla Documento', format: 'text', kinds: ['order-status'] },
  { key: 'statoDocumento', name: 'Stato Documento', format: 'text', kinds: ['order-status'] },
  { key: 'totaleOrdine', name: 'Totale Ordine', format: 'money', kinds: ['order-status'] },
  { key: 'elencoArticoli', name: 'Elenco Articoli', format: 'text', kinds: ['order-status'] },
  { key: 'codiceTracking', name: 'Codice Tracking', format: 'text', kinds: ['order-status'] },
  {
    key: 'numeroArticoliCarrello',
    name: 'Numero articoli carrello',
    format: 'count',
    kinds: ['abandoned-cart'],
  },
  { key: 'totaleCarrello', name: 'Totale Carrello', format: 'money', kinds: ['abandoned-cart'] },
  { key: 'codiceCoupon', name: 'Codice Coupon', format: 'text', kinds: ['abandoned-cart'] },
  { key: 'oggettoMessaggio', name: 'Oggetto Messaggio', format: 'text', kinds: messageKinds },
  { key: 'testoMessaggio', name: 'Testo Messaggio', format: 'text', kinds: messageKinds },
  { key: 'dataAttivita', name: 'Data Attività', format: 'date', kinds: activityKinds },
  { key: 'oggettoAttivita', name: 'Oggetto Attività', format: 'text', kinds: activityKinds },
  { key: 'vecchioStato', name: 'Vecchio Stato', format: 'text', kinds: ['activity-status'] },
  { key: 'nuovoStato', name: 'Nuovo Stato', format: 'text', kinds: ['activity-status'] },
  { key: 'nomeCartella', name: 'Nome Cartella', format: 'text', kinds: fileKinds },
  { key: 'nomeFile', name: 'Nome File', format: 'text', kinds: fileKinds },
  { key: 'numeroFile', name: 'Numero File', format: 'count', kinds: fileKinds },
  { key: 'elencoFile', name: 'Elenco File', format: 'text', kinds: fileKinds },
  { key: 'riepilogoFile', name: 'Riepilogo File', format: 'text', kinds: ['file-upload'] },
  { key: 'autore', name: 'Autore', format: 'text', kinds: [...messageKinds, ...activityKinds, ...fileKinds] },
] as const satisfies readonly PlaceholderRow[];

export type Placeholder = (typeof PLACEHOLDERS)[number];
export type PlaceholderKey = Placeholder['key'];

type ValueOfFormat = { text: string; count: number; money: Money; date: string };

/**
 * The values of an event for its templates. A date is ISO 8601 with an offset, or a date alone (`YYYY-MM-DD`). A
 * placeholder without a value may be left out.
 */
export type PlaceholderValues = {
  [Row in Placeholder as Row['key']]?: ValueOfFormat[Row['format']] | undefined;
};

/** The placeholders that have a value in templates of this kind, in the order of the table. */
export function placeholdersOf(kind: TemplateKind): Placeholder[] {
  return PLACEHOLDERS.filter((placeholder) => (placeholder.kinds as readonly TemplateKind[]).includes(kind));
}
