import type { EventName } from '../../domain/events.ts';
import type { SpokenLanguage } from '../languages.ts';

/** What the messages of each event are about, in few words: several events are about the same. */
const TOPICS: Record<EventName, Record<SpokenLanguage, string>> = {
  'order-status': { it: 'ordini', en: 'orders' },
  'abandoned-cart': { it: 'carrelli', en: 'carts' },
  'message-sent': { it: 'messaggi', en: 'messages' },
  'message-read': { it: 'messaggi', en: 'messages' },
  'activity-status': { it: 'attività', en: 'activities' },
  'activity-viewed': { it: 'attività', en: 'activities' },
  'activity-reminder': { it: 'attività', en: 'activities' },
  'file-upload': { it: 'documenti', en: 'documents' },
  'file-access': { it: 'documenti', en: 'documents' },
};

/** `: ordini, messaggi e documenti`, to stand after a sentence about notifications; nothing where there are no events. */
export function topicsAfterColon(events: EventName[], language: SpokenLanguage): string {
  const topics = [...new Set(events.map((event) => TOPICS[event][language]))];
  if (topics.length === 0) return '';
  // English as in Great Britain: without a comma before "and".
  const list = new Intl.ListFormat(language === 'en' ? 'en-GB' : language);
  return `: ${list.format(topics)}`;
}
