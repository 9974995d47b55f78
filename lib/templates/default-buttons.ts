import type { TemplateKind } from '../domain/templates.ts';
import type { Words } from './default-texts.ts';

const message: Words = { it: 'Leggi il messaggio', en: 'Read the message' };
const activity: Words = { it: "Vedi l'attività", en: 'View the activity' };
const file: Words = { it: 'Apri il file', en: 'Open the file' };

/** The text of the button of each kind of template; a welcome has no button. */
export const DEFAULT_BUTTONS: Partial<Record<TemplateKind, Words>> = {
  'order-status': { it: "Vedi l'ordine", en: 'View your order' },
  'abandoned-cart': { it: "Completa l'acquisto", en: 'Complete your purchase' },
  'message-sent': message,
  'message-read': message,
  'activity-status': activity,
  'activity-viewed': activity,
  'activity-reminder': activity,
  'file-upload': file,
  'file-download': file,
  'file-view': file,
};
