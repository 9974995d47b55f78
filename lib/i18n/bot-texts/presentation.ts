import type { SentenceLanguage } from '../../domain/sentence.ts';

/** What Telegram itself shows of the bot. It fits every site, and addresses nobody: neither `tu` nor `lei`. */
export interface Presentation {
  /** The menu of the Telegram app. */
  commands: { command: string; description: string }[];
  /** Shown in the empty chat, before Start; at most 512 characters. */
  description: string;
  /** Shown in the bot's profile; at most 120 characters. */
  shortDescription: string;
}

export const PRESENTATIONS: Record<SentenceLanguage, Presentation> = {
  it: {
    commands: [
      { command: 'impostazioni', description: 'Scegliere quali avvisi ricevere' },
      { command: 'stato', description: 'Account collegati e avvisi attivi' },
      { command: 'stop', description: 'Non ricevere più avvisi' },
      { command: 'privacy', description: 'Quali dati si conservano, perché e per quanto tempo' },
      { command: 'scollega', description: 'Scollegare questa chat e cancellare i propri dati' },
      { command: 'aiuto', description: 'Che cosa sa fare questo bot' },
    ],
    description:
      'Qui arrivano gli avvisi del sito. ' +
      'Per riceverli basta accedere al sito, collegare Telegram al proprio account e premere Avvia.',
    shortDescription: 'Gli avvisi del sito su Telegram. Il collegamento si attiva dal sito.',
  },
  en: {
    commands: [
      { command: 'settings', description: 'Choose which notifications to receive' },
      { command: 'status', description: 'Linked accounts and active notifications' },
      { command: 'stop', description: 'Receive no more notifications' },
      { command: 'privacy', description: 'Which data is kept, why and for how long' },
      { command: 'unlink', description: 'Unlink this chat and erase your data' },
      { command: 'help', description: 'What this bot can do' },
    ],
    description:
      'Notifications from the site arrive here. ' +
      'To receive them, log in to the site, link Telegram to your account, and press Start.',
    shortDescription: 'Notifications from the site, on Telegram. Link your account on the site.',
  },
};

/** The descriptions of the former release: where a bot still has one, the merchant has written none. */
export const FORMER_DESCRIPTIONS: readonly string[] = [
  'Qui arrivano gli avvisi del negozio: ordini, carrelli, messaggi, attività e documenti. Collega Telegram dal sito del negozio, poi premi Avvia.',
  "The notifications of the shop arrive here: orders, carts, messages, activities and documents. Link Telegram on the shop's site, then press Start.",
  'Gli avvisi del negozio su Telegram. Si collega dal sito del negozio.',
  "The shop's notifications on Telegram. It is linked on the shop's site.",
];
