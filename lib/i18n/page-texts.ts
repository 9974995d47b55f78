import type { SpokenLanguage } from './languages.ts';

/** Why a person who came with their browser was not linked. */
export type PageKind =
  | 'malformed'
  | 'forged'
  | 'stale'
  | 'from-the-future'
  /** The person did not agree at Telegram, or Telegram's answer is not that of a valid login. */
  | 'refused'
  | 'inactive'
  | 'unknown-site'
  /** Log In With Telegram: the site has no secret for it. */
  | 'not-set-up'
  | 'unknown'
  | 'login-used'
  | 'outdated'
  | 'too-many-chats'
  | 'too-many-users'
  | 'used'
  | 'expired'
  | 'try-again';

interface Words {
  title: string;
  text: string;
  /** Comes before the name of the shop. */
  back: string;
}

const again = {
  it: 'Torna sul sito, entra con il tuo utente e chiedi di nuovo il collegamento con Telegram.',
  en: 'Go back to the site, log in, and ask for the connection with Telegram again.',
};

const notGenuine: Record<SpokenLanguage, [string, string]> = {
  it: ["L'accesso con Telegram non è riuscito", `Non possiamo verificare questo accesso. ${again.it}`],
  en: ['The login with Telegram did not work', `We can't verify this login. ${again.en}`],
};

const WORDS: Record<PageKind, Record<SpokenLanguage, [title: string, text: string]>> = {
  malformed: notGenuine,
  forged: notGenuine,
  'from-the-future': notGenuine,
  stale: {
    it: ['Questo accesso è scaduto', `L'accesso con Telegram vale 24 ore. ${again.it}`],
    en: ['This login has expired', `A login with Telegram is good for 24 hours. ${again.en}`],
  },
  refused: {
    it: ['Telegram non è stato collegato', `L'accesso con Telegram non è stato completato. ${again.it}`],
    en: ['Telegram was not connected', `The login with Telegram was not completed. ${again.en}`],
  },
  inactive: {
    it: ['Le notifiche sono sospese', 'In questo momento il negozio non invia notifiche su Telegram.'],
    en: ['Notifications are paused', 'The shop sends no notifications on Telegram at the moment.'],
  },
  'unknown-site': {
    it: ['Questa pagina non esiste', "L'indirizzo non è completo, o il negozio non c'è più."],
    en: ['There is no such page', 'The address is not complete, or the shop is gone.'],
  },
  'not-set-up': {
    it: [
      "Questo negozio non ha l'accesso con Telegram",
      'Non è attivo qui. Torna sul sito: il collegamento con Telegram si chiede nel tuo profilo.',
    ],
    en: [
      'This shop has no login with Telegram',
      'It is not set up here. Go back to the site: you can ask for the connection with Telegram in your profile.',
    ],
  },
  unknown: {
    it: ['Questo collegamento non è valido', `Non lo riconosciamo: forse è incompleto. ${again.it}`],
    en: ['This link is not valid', `We don't know it: perhaps a part of it is missing. ${again.en}`],
  },
  'login-used': {
    it: [
      'Questo accesso è già stato usato',
      'Ogni accesso con Telegram vale una volta sola. Se hai appena collegato Telegram, è tutto a posto: il bot ti ha scritto.',
    ],
    en: [
      'This login was used already',
      'Each login with Telegram is good once. If you have just connected Telegram, all is well: the bot has written to you.',
    ],
  },
  outdated: {
    it: ['Questo collegamento è stato tolto', `Non vale più. ${again.it}`],
    en: ['This connection was ended', `It works no more. ${again.en}`],
  },
  'too-many-chats': {
    it: [
      'Hai già collegato cinque chat',
      'Di più non è possibile. Scrivi /scollega al bot in una chat che non usi più, poi torna sul sito e chiedi di nuovo il collegamento.',
    ],
    en: [
      'You have connected five chats already',
      'More are not possible. Write /unlink to the bot in a chat that you no longer use, then go back to the site and ask for the connection again.',
    ],
  },
  'too-many-users': {
    it: [
      'Questa chat ha già venti account',
      'Di più non è possibile. Scrivi /scollega al bot per toglierne uno, poi torna sul sito e chiedi di nuovo il collegamento.',
    ],
    en: [
      'This chat has twenty accounts already',
      'More are not possible. Write /unlink to the bot to remove one, then go back to the site and ask for the connection again.',
    ],
  },
  used: {
    it: ['Questo collegamento è già stato usato', `Ogni collegamento vale una volta sola. ${again.it}`],
    en: ['This link was used already', `Each link works once. ${again.en}`],
  },
  expired: {
    it: ['Questo collegamento è scaduto', again.it],
    en: ['This link has expired', again.en],
  },
  'try-again': {
    it: [
      'Riprova tra poco',
      'In questo momento non riusciamo a collegare Telegram. Ricarica la pagina tra qualche secondo.',
    ],
    en: [
      'Please try again shortly',
      "We can't connect Telegram at the moment. Reload this page in a few seconds.",
    ],
  },
};

/** The texts of a page: plain, without any character that has a meaning in HTML. */
export function pageWords(kind: PageKind, language: SpokenLanguage): Words {
  const [title, text] = WORDS[kind][language];
  return { title, text, back: language === 'it' ? 'Vai a' : 'Go to' };
}
