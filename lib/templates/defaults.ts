import type { Template, TemplateKind } from '../domain/templates.ts';
import { DEFAULT_TEXTS, type Words } from './default-texts.ts';

/** Every order status in Passweb's manual ("Stati dell'ordine"). */
const ORDER_STATUSES = [
  'Nuovo',
  'Memorizzato',
  'Modificato',
  'Sospeso',
  'Confermato',
  'Annullato',
  'Evaso',
  'Bollato',
  'Fatturato',
  'Trasformato',
  'Pagamento non confermato',
  'Da verificare',
];

type Default = { kind: TemplateKind; name: string; button?: Words };

const showMessage: Words = { it: 'Leggi il messaggio', en: 'Read the message' };
const showActivity: Words = { it: "Vedi l'attività", en: 'View the activity' };
const showFile: Words = { it: 'Apri il file', en: 'Open the file' };

const DEFAULTS: Default[] = [
  {
    kind: 'order-status',
    name: 'Notifica Stato Ordine',
    button: { it: "Vedi l'ordine", en: 'View your order' },
  },
  {
    kind: 'abandoned-cart',
    name: 'Notifica carrello abbandonato',
    button: { it: "Completa l'acquisto", en: 'Complete your purchase' },
  },
  { kind: 'message-sent', name: 'Notifica invio messaggio', button: showMessage },
  { kind: 'message-read', name: 'Notifica lettura messaggio', button: showMessage },
  {
    kind: 'activity-status',
    name: 'Notifica cambio stato attività',
    button: showActivity,
  },
  {
    kind: 'activity-viewed',
    name: 'Notifica presa visione attività',
    button: showActivity,
  },
  { kind: 'activity-reminder', name: 'Promemoria attività', button: showActivity },
  { kind: 'file-upload', name: 'Notifica Upload File', button: showFile },
  { kind: 'file-download', name: 'Notifica Download File', button: showFile },
  { kind: 'file-view', name: 'Notifica Presa visione File', button: showFile },
  { kind: 'welcome', name: 'Messaggio di benvenuto' },
];

/**
 * The templates of a new site: one for every kind, in Italian and English, with the id `default-<kind>`. Each call makes
 * new objects, which the caller may change.
 */
export function defaultTemplates(): Template[] {
  return DEFAULTS.map(({ kind, name, button }) => ({
    id: `default-${kind}`,
    name,
    event: kind,
    enabled: true,
    ...(kind === 'order-status' && { statuses: [...ORDER_STATUSES] }),
    text: { ...DEFAULT_TEXTS[kind] },
    ...(button && { button: { ...button } }),
  }));
}
