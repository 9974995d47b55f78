import { TEMPLATE_KINDS, type Template, type TemplateKind } from '../domain/templates.ts';
import { DEFAULT_BUTTONS } from './default-buttons.ts';
import * as texts from './default-texts.ts';

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

/** What a kind of template needs beside its placeholders. */
interface KindDetails {
  /** The name of its default template, as Passweb's manual has it. */
  name: string;
  text: texts.Words;
  /** Where the button of a sample message leads, below the site's own address. */
  samplePath?: string;
}

const message = { samplePath: '/messaggi/5501' };
const activity = { samplePath: '/agenda/712' };
const file = { samplePath: '/documenti/listino-2027.pdf' };

export const KINDS: Record<TemplateKind, KindDetails> = {
  'order-status': {
    name: 'Notifica Stato Ordine',
    text: texts.orderStatus,
    samplePath: '/ordini/84512',
  },
  'abandoned-cart': {
    name: 'Notifica carrello abbandonato',
    text: texts.abandonedCart,
    samplePath: '/carrello',
  },
  'message-sent': { ...message, name: 'Notifica invio messaggio', text: texts.messageSent },
  'message-read': { ...message, name: 'Notifica lettura messaggio', text: texts.messageRead },
  'activity-status': { ...activity, name: 'Notifica cambio stato attività', text: texts.activityStatus },
  'activity-viewed': { ...activity, name: 'Notifica presa visione attività', text: texts.activityViewed },
  'activity-reminder': { ...activity, name: 'Promemoria attività', text: texts.activityReminder },
  'file-upload': { ...file, name: 'Notifica Upload File', text: texts.fileUpload },
  'file-download': { ...file, name: 'Notifica Download File', text: texts.fileDownload },
  'file-view': { ...file, name: 'Notifica Presa visione File', text: texts.fileView },
  welcome: { name: 'Messaggio di benvenuto', text: texts.welcome },
};

/**
 * The templates that a new site starts with: one for every kind, in Italian and English, with an id `default-<kind>`.
 * Each call makes new objects, which the caller may keep and change.
 */
export function defaultTemplates(): Template[] {
  return TEMPLATE_KINDS.map((kind) => {
    const { name, text } = KINDS[kind];
    const button = DEFAULT_BUTTONS[kind];
    return {
      id: `default-${kind}`,
      name,
      event: kind,
      enabled: true,
      ...(kind === 'order-status' && { statuses: [...ORDER_STATUSES] }),
      text: { ...text },
      ...(button && { button: { ...button } }),
    };
  });
}
