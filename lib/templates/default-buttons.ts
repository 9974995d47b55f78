import type { TemplateKind } from '../domain/templates.ts';
import type { Tone } from '../domain/tone.ts';
import type { Words } from './default-texts.ts';

type ButtonWords = Words & { lei: string };

const message: ButtonWords = {
  it: 'Leggi il messaggio',
  lei: 'Leggere il messaggio',
  en: 'Read the message',
};
const activity: ButtonWords = {
  it: "Vedi l'attività",
  lei: "Dettagli dell'attività",
  en: 'View the activity',
};
const file: ButtonWords = { it: 'Apri il file', lei: 'Aprire il file', en: 'Open the file' };

const BUTTONS: Partial<Record<TemplateKind, ButtonWords>> = {
  'order-status': { it: "Vedi l'ordine", lei: "Dettagli dell'ordine", en: 'View your order' },
  'abandoned-cart': {
    it: "Completa l'acquisto",
    lei: 'Il suo carrello',
    en: 'Complete your purchase',
  },
  'message-sent': message,
  'message-read': message,
  'activity-status': activity,
  'activity-viewed': activity,
  'activity-reminder': activity,
  'file-upload': file,
  'file-download': file,
  'file-view': file,
};

/** The text of the button of a kind of template; a welcome has no button. */
export function defaultButton(kind: TemplateKind, tone: Tone): Words | undefined {
  const words = BUTTONS[kind];
  return words && { it: tone === 'lei' ? words.lei : words.it, en: words.en };
}
