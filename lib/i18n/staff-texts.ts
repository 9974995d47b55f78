/** What people who work in the shop read. The texts address nobody, so they have no tone. */
import type { Sentence } from '../domain/sentence.ts';
import type { LocalizedText } from '../domain/templates.ts';
import { formatCount } from './format.ts';
import type { SpokenLanguage } from './languages.ts';

/** The notice of a new order: a template with the placeholders of `order-status`; the customer is `nominativo`. */
export const NEW_ORDER: { text: LocalizedText; button: LocalizedText } = {
  text: {
    it: [
      '🛒 <b>Nuovo ordine {{siglaDocumento}}</b>',
      '',
      '{{#nominativo}}',
      'Cliente: {{nominativo}}',
      '{{/nominativo}}',
      'Articoli: {{numeroArticoli}}',
      'Totale: <b>{{totaleOrdine}}</b>',
      'Stato: {{statoDocumento}}',
    ].join('\n'),
    en: [
      '🛒 <b>New order {{siglaDocumento}}</b>',
      '',
      '{{#nominativo}}',
      'Customer: {{nominativo}}',
      '{{/nominativo}}',
      'Items: {{numeroArticoli}}',
      'Total: <b>{{totaleOrdine}}</b>',
      'Status: {{statoDocumento}}',
    ].join('\n'),
  },
  button: { it: 'Apri l’ordine', en: 'Open the order' },
};

/** From when to when, or since when: written as the language does. */
interface Times {
  from: string;
  to?: string;
}

interface StaffTexts {
  failures(total: number, reasons: { count: number; words: string }[], times: Times): string;
  botWorksAgain(times: Times): string;
  switchedOff(by: 'platform' | 'shop', times: Times): string;
}

const IT = { since: 'Da', until: 'A', when: 'Quando' };
const EN = { since: 'From', until: 'To', when: 'When' };

/** The notices of the site itself, in Telegram's HTML. */
export const STAFF_TEXTS: Record<SpokenLanguage, StaffTexts> = {
  it: {
    failures: (total, reasons, times) =>
      paragraphs(
        `❗️ <b>${total === 1 ? '1 messaggio non consegnato' : `${formatCount(total, 'it')} messaggi non consegnati`}</b>`,
        reasons.map(({ count, words }) => `• ${formatCount(count, 'it')}: ${words}`).join('\n'),
        period(times, IT),
        'I dettagli, e come rimediare, sono nel Registro della console: in «Esito» scegliere «Non riuscito».',
      ),
    botWorksAgain: (times) =>
      paragraphs(
        '🤖 <b>Il bot funziona di nuovo</b>',
        'Telegram ne rifiutava il token, e nessun messaggio è partito. Da quando funziona, quelli rimasti in attesa partono da soli.',
        period(times, IT),
      ),
    switchedOff: (by, times) =>
      paragraphs(
        '⏸ <b>I messaggi sono disattivati</b>',
        by === 'platform'
          ? 'La piattaforma ha disattivato il modulo Telegram: non parte più nessun messaggio.'
          : 'L’invio è stato disattivato nelle impostazioni: non parte più nessun messaggio. Si riattiva da lì.',
        period(times, IT),
        'Quando saranno riattivati non arriverà un altro avviso.',
      ),
  },
  en: {
    failures: (total, reasons, times) =>
      paragraphs(
        `❗️ <b>${total === 1 ? '1 message was not delivered' : `${formatCount(total, 'en')} messages were not delivered`}</b>`,
        reasons.map(({ count, words }) => `• ${formatCount(count, 'en')}: ${words}`).join('\n'),
        period(times, EN),
        'The details, and what can be done, are in the log of the console: under “Outcome” choose “Failed”.',
      ),
    botWorksAgain: (times) =>
      paragraphs(
        '🤖 <b>The bot works again</b>',
        'Telegram refused its token, and no message went out. Since it works, those that waited go out by themselves.',
        period(times, EN),
      ),
    switchedOff: (by, times) =>
      paragraphs(
        '⏸ <b>Messages are switched off</b>',
        by === 'platform'
          ? 'The platform has switched off the Telegram module: no message goes out any more.'
          : 'Sending was switched off in the settings: no message goes out any more. It is switched on there.',
        period(times, EN),
        'Nothing is sent here when they are switched on again.',
      ),
  },
};

function period({ from, to }: Times, words: typeof IT): string {
  if (from === to) return `${words.when}: ${from}`;
  return `${words.since}: ${from}${to === undefined ? '' : `\n${words.until}: ${to}`}`;
}

function paragraphs(...texts: string[]): string {
  return texts.join('\n\n');
}

/** Why messages failed, to stand after their number. */
const FAILURES: Record<string, Sentence> = {
  unreachable: {
    it: 'la persona ha bloccato il bot o ha chiuso il suo account Telegram',
    en: 'the person has blocked the bot, or closed their Telegram account',
  },
  'bot-missing': {
    it: 'per una settimana il sito non ha avuto un bot',
    en: 'for a week the site had no bot',
  },
  'bot-unauthorized': {
    it: 'per una settimana Telegram ha rifiutato il token del bot',
    en: 'for a week Telegram refused the token of the bot',
  },
  refused: { it: 'Telegram ha rifiutato il messaggio', en: 'Telegram refused the message' },
  waited: {
    it: 'per una settimana Telegram non ha preso il messaggio',
    en: 'for a week Telegram did not take the message',
  },
};

/** What makes a message wait until it fails, whichever it is. */
const WAITED: ReadonlySet<string> = new Set([
  ...['rate-limit', 'chat-paused', 'bot-paused', 'quiet-hours', 'telegram-unreachable', 'retry', 'wait'],
]);

/** The name under which failures of a class are counted together. */
export function failureGroup(failureClass: string): string {
  if (WAITED.has(failureClass)) return 'waited';
  return FAILURES[failureClass] ? failureClass : 'refused';
}

/** @param group as {@link failureGroup} names it. */
export function failureWords(group: string, language: SpokenLanguage): string {
  return (FAILURES[group] ?? FAILURES.refused)?.[language] ?? '';
}
