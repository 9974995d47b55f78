/** Why a bot that somebody makes with the manager bot does not become the site's: what is shown, and what to do. */
import { BotSetupUnreachableError, ConflictError, InvalidInputError } from '../../domain/errors.ts';
import { type Sentence, sentence } from '../../domain/sentence.ts';
import { problemOf } from '../../http/problems.ts';
import type { StoredProblem } from '../../store/managed-bots.ts';
import { GET_A_TOKEN } from '../bot-errors.ts';

/** What is wrong, in few words, by the code of the problem. */
const TITLES: Record<string, Sentence> = {
  'link-expired': { en: 'The link has expired', it: 'Il link è scaduto' },
  'bot-gone': { en: 'The bot is not there any more', it: 'Il bot non esiste più' },
  'bot-of-another-site': { en: 'The bot belongs to another site', it: 'Il bot è di un altro sito' },
  'bot-saved-meanwhile': {
    en: 'Another bot was saved meanwhile',
    it: 'Nel frattempo è stato salvato un altro bot',
  },
  'link-of-another-site-opened': {
    en: 'The link of another shop was opened',
    it: 'È stato aperto il link di un altro negozio',
  },
  'site-has-bot': { en: 'The site has a bot already', it: 'Il sito ha già un bot' },
  'telegram-unreachable': { en: 'Telegram does not answer', it: 'Telegram non risponde' },
};
const OTHERWISE: Sentence = {
  en: 'The bot could not be set up',
  it: 'Non è stato possibile configurare il bot',
};

/** A problem as an answer shows it. */
export interface SpokenProblem {
  code: string;
  title: string;
  detail: string;
}

export function spokenProblem({ code, detail }: StoredProblem, language: keyof Sentence): SpokenProblem {
  return { code, title: (TITLES[code] ?? OTHERWISE)[language], detail: detail[language] };
}

/** The way that is always open: the bot is there, and its owner can copy its token. */
const PASTE_THE_TOKEN: Sentence = sentence(
  (language) =>
    `${{ en: 'Or save its token by hand.', it: 'Oppure salvarne il token a mano.' }[language]} ${GET_A_TOKEN[language]}`,
);

function withWayOut(detail: Sentence): Sentence {
  return sentence((language) => `${detail[language]} ${PASTE_THE_TOKEN[language]}`);
}

export const LINK_EXPIRED: StoredProblem = {
  code: 'link-expired',
  detail: {
    en: 'Nobody has finished in time. Begin again: there is a new link.',
    it: 'Nessuno ha finito in tempo. Ricominciare: ci sarà un nuovo link.',
  },
};

/** One account of Telegram is bound to one site at a time. */
export const BOUND_ELSEWHERE: StoredProblem = {
  code: 'link-of-another-site-opened',
  detail: {
    en: 'The link of another shop was opened with this Telegram account afterwards: a bot that it makes now is for that shop. Finish there first. Then begin again here, and open the new link.',
    it: 'Con questo account Telegram è stato aperto, dopo, il link di un altro negozio: un bot creato adesso andrebbe a quello. Finire prima là. Ricominciare poi qui e aprire il nuovo link.',
  },
};

export const GOES_ON: StoredProblem = {
  code: 'telegram-unreachable',
  detail: {
    en: 'Telegram does not answer now. It goes on by itself as soon as it does: there is nothing to do.',
    it: 'In questo momento Telegram non risponde. Appena risponde si va avanti da soli: non serve fare nulla.',
  },
};

/** Telegram does not give the token of the bot. @param why in its own words. */
export function botGone(why: string): StoredProblem {
  const detail = {
    en: `Telegram does not give the token of the new bot: "${why}". It was deleted, or its owner has taken it away from the manager bot. Begin again, and make another one.`,
    it: `Telegram non dà il token del nuovo bot: "${why}". È stato eliminato, o il proprietario l'ha tolto al bot gestore. Ricominciare e crearne un altro.`,
  };
  return { code: 'bot-gone', detail: withWayOut(detail) };
}

/** Why the bot was not saved, for good; `undefined` for an error after which it may work later. */
export function finalProblem(error: unknown): StoredProblem | undefined {
  if (error instanceof BotSetupUnreachableError) return undefined;
  if (error instanceof InvalidInputError) {
    const [first] = error.errors;
    if (first) return { code: first.code ?? 'invalid', detail: inBoth(first.detail) };
  }
  const problem = problemOf(error);
  if (!problem || problem.status >= 503) return undefined;
  const detail = inBoth(problem.detail);
  // What these two advise is a field of PUT …/bot.
  return { code: problem.code, detail: error instanceof ConflictError ? detail : withWayOut(detail) };
}

function inBoth(words: Sentence | string): Sentence {
  return typeof words === 'string' ? { en: words, it: words } : words;
}

/** People of the former bot would have to link again: that is asked for, and never done unasked. */
export function siteHasBot(username: string): ConflictError {
  const text = {
    en: `Nothing was changed, because this site has the bot @${username}. With another bot, everybody who is linked has to open that one and press Start once before they get messages again. If that is meant, send the same request with "replace": true.`,
    it: `Non è stato modificato nulla, perché questo sito ha il bot @${username}. Con un altro bot, tutte le persone collegate devono aprirlo e premere Avvia una volta prima di ricevere di nuovo messaggi. Se è quello che si vuole, inviare la stessa richiesta con "replace": true.`,
  };
  return new ConflictError(text, 'site-has-bot');
}
