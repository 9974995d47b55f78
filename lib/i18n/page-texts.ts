import type { Tone } from '../domain/tone.ts';
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
  /** The chat has been linked since: all is well. */
  | 'newer'
  | 'too-many-chats'
  | 'too-many-users'
  | 'used'
  | 'expired'
  | 'try-again';

interface Words {
  title: string;
  text: string;
}

function italian(tone: Tone): Record<PageKind, Words> {
  const say = (tu: string, lei: string) => (tone === 'tu' ? tu : lei);

  const again = say(
    'Torna sul sito, accedi con le tue credenziali e chiedi di nuovo il collegamento con Telegram.',
    'Torni sul sito, acceda con le sue credenziali e chieda di nuovo il collegamento con Telegram.',
  );
  const thenAgain = say(
    'poi torna sul sito e chiedi di nuovo il collegamento.',
    'poi torni sul sito e chieda di nuovo il collegamento.',
  );
  const notGenuine: Words = {
    title: "L'accesso con Telegram non è riuscito",
    text: `Non possiamo verificare questo accesso. ${again}`,
  };

  return {
    malformed: notGenuine,
    forged: notGenuine,
    'from-the-future': notGenuine,
    stale: {
      title: 'Questo accesso è scaduto',
      text: `L'accesso con Telegram vale 24 ore. ${again}`,
    },
    refused: {
      title: 'Telegram non è stato collegato',
      text: `L'accesso con Telegram non è stato completato. ${again}`,
    },
    inactive: {
      title: 'Gli avvisi sono sospesi',
      text: 'In questo momento il sito non invia avvisi su Telegram.',
    },
    'unknown-site': {
      title: 'Questa pagina non esiste',
      text: "L'indirizzo non è completo, o il sito non esiste più.",
    },
    'not-set-up': {
      title: "Questo sito non ha l'accesso con Telegram",
      text: say(
        'Non è attivo qui. Torna sul sito: il collegamento con Telegram si chiede nel tuo profilo.',
        'Non è attivo qui. Torni sul sito: il collegamento con Telegram si chiede nel suo profilo.',
      ),
    },
    unknown: {
      title: 'Questo link non è valido',
      text: `Non lo riconosciamo: forse è incompleto, o non vale più. ${again}`,
    },
    'login-used': {
      title: 'Questo accesso è già stato usato',
      text:
        'Ogni accesso con Telegram vale una volta sola. ' +
        say(
          'Se hai appena collegato Telegram, è tutto a posto: il bot ti ha scritto.',
          'Se ha appena collegato Telegram, è tutto a posto: il bot le ha scritto.',
        ),
    },
    outdated: {
      title: 'Questo collegamento è stato rimosso',
      text: `Il link non vale più. ${again}`,
    },
    newer: {
      title: 'Telegram è già collegato',
      text: say(
        'Hai già un collegamento più recente: non devi fare altro.',
        'Ha già un collegamento più recente: non deve fare altro.',
      ),
    },
    'too-many-chats': {
      title: say('Hai già collegato cinque chat', 'Ha già collegato cinque chat'),
      text:
        'È il massimo consentito. ' +
        say(
          'Scrivi /scollega al bot in una chat che non usi più, ',
          'Scriva /scollega al bot in una chat che non usa più, ',
        ) +
        thenAgain,
    },
    'too-many-users': {
      title: 'Questa chat ha già venti account',
      text: `È il massimo consentito. ${say('Scrivi', 'Scriva')} /scollega al bot per toglierne uno, ${thenAgain}`,
    },
    used: {
      title: 'Questo link è già stato usato',
      text: `Ogni link vale una volta sola. ${again}`,
    },
    expired: { title: 'Questo link è scaduto', text: again },
    'try-again': {
      title: say('Riprova tra poco', 'Riprovi tra poco'),
      text: `In questo momento non riusciamo a collegare Telegram. ${say('Ricarica', 'Ricarichi')} la pagina tra qualche secondo.`,
    },
  };
}

const again = 'Go back to the site, log in, and ask for the connection with Telegram again.';
const thenAgain = 'then go back to the site and ask for the connection again.';
const notGenuine: Words = {
  title: 'The login with Telegram did not work',
  text: `We can't verify this login. ${again}`,
};

const ENGLISH: Record<PageKind, Words> = {
  malformed: notGenuine,
  forged: notGenuine,
  'from-the-future': notGenuine,
  stale: { title: 'This login has expired', text: `A login with Telegram is valid for 24 hours. ${again}` },
  refused: {
    title: 'Telegram was not connected',
    text: `The login with Telegram was not completed. ${again}`,
  },
  inactive: {
    title: 'Notifications are paused',
    text: 'The site sends no notifications on Telegram at the moment.',
  },
  'unknown-site': {
    title: 'There is no such page',
    text: 'The address is not complete, or the site no longer exists.',
  },
  'not-set-up': {
    title: 'This site has no login with Telegram',
    text: 'It is not set up here. Go back to the site: you can ask for the connection with Telegram in your profile.',
  },
  unknown: {
    title: 'This link is not valid',
    text: `We don't know it: perhaps a part of it is missing, or it no longer works. ${again}`,
  },
  'login-used': {
    title: 'This login was used already',
    text: 'Each login with Telegram works only once. If you have just connected Telegram, all is well: the bot has written to you.',
  },
  outdated: { title: 'This connection was removed', text: `The link no longer works. ${again}` },
  newer: {
    title: 'Telegram is already connected',
    text: 'You already have a more recent connection: there is nothing else to do.',
  },
  'too-many-chats': {
    title: 'You have connected five chats already',
    text: `That is the most you may have. Send /unlink to the bot in a chat that you no longer use, ${thenAgain}`,
  },
  'too-many-users': {
    title: 'This chat has twenty accounts already',
    text: `That is the most it may have. Send /unlink to the bot to remove one, ${thenAgain}`,
  },
  used: { title: 'This link was used already', text: `Each link works only once. ${again}` },
  expired: { title: 'This link has expired', text: again },
  'try-again': {
    title: 'Please try again shortly',
    text: "We can't connect Telegram at the moment. Reload this page in a few seconds.",
  },
};

const ITALIAN: Record<Tone, Record<PageKind, Words>> = { tu: italian('tu'), lei: italian('lei') };

/** How a person whose login did not work links with the bot itself: before the button that opens it, on it, and after it. */
export interface BotWords {
  or: string;
  open: string;
  copy: string;
}

const BOT_WORDS: Record<Tone | 'en', BotWords> = {
  tu: {
    or: 'Oppure collega Telegram direttamente dal bot:',
    open: 'apri il bot e premi Avvia',
    copy: 'Se il bot non ti riconosce, copia questa riga e inviala al bot:',
  },
  lei: {
    or: 'Oppure colleghi Telegram direttamente dal bot:',
    open: 'apra il bot e prema Avvia',
    copy: 'Se il bot non la riconosce, copi questa riga e la invii al bot:',
  },
  en: {
    or: 'Or connect Telegram in the bot itself:',
    open: 'open the bot and press Start',
    copy: "If the bot doesn't recognise you, copy this line and send it to the bot:",
  },
};

export function botWords(language: SpokenLanguage, tone: Tone): BotWords {
  return BOT_WORDS[language === 'it' ? tone : 'en'];
}

/** The texts of a page: plain, without any character that has a meaning in HTML. `back` comes before the site's name. */
export function pageWords(kind: PageKind, language: SpokenLanguage, tone: Tone): Words & { back: string } {
  return language === 'it' ? { ...ITALIAN[tone][kind], back: 'Vai a' } : { ...ENGLISH[kind], back: 'Go to' };
}
