/** What the settings are called, on their page and in the list of changes. */

import { number, type Sentence, say } from './language.ts';
import { languageWords } from './words.ts';

const WORDS: Record<string, Sentence> = {
  name: { it: 'Nome del negozio', en: 'Name of the shop' },
  url: { it: 'Indirizzo del sito', en: 'Address of the site' },
  moduleActive: { it: 'Modulo Telegram', en: 'Telegram module' },
  active: { it: 'Invio dei messaggi', en: 'Sending of messages' },
  languages: { it: 'Lingue dei messaggi', en: 'Languages of the messages' },
  defaultLanguage: { it: 'Lingua predefinita', en: 'Default language' },
  timeZone: { it: 'Fuso orario', en: 'Time zone' },
  quietHours: { it: 'Ore di silenzio', en: 'Quiet hours' },
  abandonedCartHours: { it: 'Ore prima dell’avviso del carrello', en: 'Hours before the notice of a cart' },
  cartSeries: { it: 'Altri messaggi sullo stesso carrello', en: 'Further messages about the same cart' },
  telegramGroups: { it: 'Gruppi con Gestione Telegram', en: 'Groups with “Gestione Telegram”' },
  docuvision: { it: 'Avvisi dei documenti di Docuvision', en: 'Notices of Docuvision documents' },
  staff: { it: 'Chi lavora nel negozio', en: 'Who works in the shop' },
  merchantContact: { it: 'Il vostro contatto', en: 'Your contact' },
  privacyUrl: { it: 'Pagina sulla privacy', en: 'Privacy page' },
  orderButton: { it: 'Pulsante degli ordini', en: 'Button of orders' },
  cartButton: { it: 'Pulsante dei carrelli', en: 'Button of carts' },
  countClicks: { it: 'Conteggio delle aperture', en: 'Counting of clicks' },
  tone: { it: 'Come rivolgersi alle persone', en: 'How people are addressed' },
  webhook: { it: 'Webhook', en: 'Webhook' },
  messagesPerSecond: { it: 'Messaggi al secondo', en: 'Messages a second' },
};

/** @param field of this release or, as it is, of a later one. */
export function settingWords(field: string): string {
  const words = WORDS[field];
  return words ? say(words) : field;
}

/** Quiet hours of a site or of a person, as they are stored or typed. */
export interface QuietHoursShown {
  from?: string | undefined;
  to?: string | undefined;
  mode: 'silent' | 'after' | 'off';
}

export function quietHoursWords({ from = '', to = '', mode }: QuietHoursShown): string {
  if (mode === 'off') return say({ it: 'nessuna', en: 'none' });
  const hours = say({ it: `dalle ${from} alle ${to}`, en: `from ${from} to ${to}` });
  return mode === 'silent'
    ? say({ it: `${hours}, senza suono`, en: `${hours}, without a sound` })
    : say({ it: `${hours}, i messaggi partono dopo`, en: `${hours}, messages go out afterwards` });
}

function staffWords(staff: { userId: string }[]): string {
  return staff.map(({ userId }) => userId).join(', ') || say({ it: 'nessuno', en: 'nobody' });
}

/** When the later messages about a cart are sent, as it is stored or typed. */
interface CartSeriesShown {
  steps: { afterHours: number | string }[];
}

function cartSeriesWords({ steps }: CartSeriesShown): string {
  if (steps.length === 0) return say({ it: 'nessuno', en: 'none' });
  const hours = steps.map(({ afterHours }) =>
    typeof afterHours === 'number' ? number(afterHours) : afterHours,
  );
  return say({
    it: `dopo ${hours.join(' e ')} ore`,
    en: `after ${hours.join(' and ')} hours`,
  });
}

/** A value of a setting as people read it. */
export function valueWords(field: string, value: unknown): string {
  if (value === undefined || value === null || value === '') return say({ it: 'niente', en: 'nothing' });
  if (typeof value === 'boolean') return value ? say({ it: 'sì', en: 'yes' }) : say({ it: 'no', en: 'no' });
  if (typeof value === 'number') return number(value);
  if (field === 'staff') return staffWords(value as { userId: string }[]);
  if (Array.isArray(value)) {
    const entries = value.map((entry) =>
      field === 'languages' ? languageWords(String(entry)) : String(entry),
    );
    return entries.join(', ') || say({ it: 'niente', en: 'nothing' });
  }
  if (field === 'cartSeries') return cartSeriesWords(value as CartSeriesShown);
  if (field === 'quietHours') return quietHoursWords(value as QuietHoursShown);
  if (typeof value === 'object') {
    const texts = Object.entries(value).map(([tag, text]) => `${languageWords(tag)}: ${text}`);
    return texts.join(' · ') || say({ it: 'niente', en: 'nothing' });
  }
  return field === 'defaultLanguage' ? languageWords(String(value)) : String(value);
}
