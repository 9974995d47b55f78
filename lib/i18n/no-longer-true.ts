import type { SpokenLanguage } from './languages.ts';

/** Stands in the place of a message that is not true any more, and that Telegram does not delete. */
export const NO_LONGER_TRUE: Record<SpokenLanguage, string> = {
  it: 'Questo messaggio non è più attuale.',
  en: 'This message is out of date.',
};
