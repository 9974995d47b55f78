import type { Sentence } from '../domain/sentence.ts';
import type { TemplateKind } from '../domain/templates.ts';

/** What merchants call the kinds of messages: the names are those of Passweb's manual. */
export const KIND_NAMES: Record<TemplateKind, Sentence> = {
  'order-status': { it: 'Notifica Stato Ordine', en: 'Order status' },
  'abandoned-cart': { it: 'Notifica carrello abbandonato', en: 'Abandoned cart' },
  'message-sent': { it: 'Notifica invio messaggio', en: 'New message' },
  'message-read': { it: 'Notifica lettura messaggio', en: 'Message read' },
  'activity-status': { it: 'Notifica cambio stato attività', en: 'Activity status' },
  'activity-viewed': { it: 'Notifica presa visione attività', en: 'Activity viewed' },
  'activity-reminder': { it: 'Promemoria attività', en: 'Activity reminder' },
  'file-upload': { it: 'Notifica Upload File', en: 'File uploaded' },
  'file-download': { it: 'Notifica Download File', en: 'File downloaded' },
  'file-view': { it: 'Notifica Presa visione File', en: 'File viewed' },
  welcome: { it: 'Messaggio di benvenuto', en: 'Welcome message' },
};
