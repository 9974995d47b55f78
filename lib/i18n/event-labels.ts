import type { Sentence, SentenceLanguage } from '../domain/sentence.ts';
import type { SwitchableEvent } from '../domain/staff.ts';
import { NOTICE_NAMES } from './notice-names.ts';

/** What people call the events: the labels of what they switch on and off in the bot. */
const LABELS: Record<SwitchableEvent, Sentence> = {
  'order-status': { it: 'Stato degli ordini', en: 'Order status' },
  'abandoned-cart': { it: 'Carrelli abbandonati', en: 'Abandoned carts' },
  'message-sent': { it: 'Nuovi messaggi', en: 'New messages' },
  'message-read': { it: 'Messaggi letti', en: 'Messages read' },
  'activity-status': { it: 'Stato delle attività', en: 'Activity status' },
  'activity-viewed': { it: 'Presa visione delle attività', en: 'Activities viewed' },
  'activity-reminder': { it: 'Promemoria delle attività', en: 'Activity reminders' },
  'file-upload': { it: 'Nuovi documenti', en: 'New documents' },
  'file-access': { it: 'Documenti scaricati o visualizzati', en: 'Documents downloaded or viewed' },
  'staff-new-order': NOTICE_NAMES['new-order'],
  'staff-failures': NOTICE_NAMES.failures,
  'staff-bot-refused': NOTICE_NAMES['bot-refused'],
  'staff-module-off': NOTICE_NAMES['module-off'],
};

/** The labels in one language. */
export function eventLabels(language: SentenceLanguage): Record<SwitchableEvent, string> {
  const labels = Object.entries(LABELS).map(([event, words]) => [event, words[language]]);
  // `Object.fromEntries` forgets the names of the properties.
  return Object.fromEntries(labels) as Record<SwitchableEvent, string>;
}
