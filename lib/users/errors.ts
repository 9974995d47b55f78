import { ConflictError, type FieldError, InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { CodeOf } from '../domain/problem-codes.ts';
import type { Sentence } from '../domain/sentence.ts';
import { MAX_USERS_OF_CHAT } from '../store/chats.ts';
import type { Bot } from '../store/sites.ts';
import { MAX_CHATS } from '../store/user.ts';
import type { WidgetLinking } from './widget-linking.ts';

/** @param bot of the site, if it has one that another site has taken over. */
export function noBot(bot?: Pick<Bot, 'takenOver'>): ConflictError {
  if (bot?.takenOver) {
    const text = {
      en: 'Another site has taken over the bot of this site: save a bot again with PUT /v1/sites/{siteId}/bot, then link users.',
      it: 'Un altro sito ha preso il bot di questo sito: salvare di nuovo un bot con PUT /v1/sites/{siteId}/bot, poi collegare gli utenti.',
    };
    return new ConflictError(text, 'bot-taken-over');
  }
  const text = {
    en: 'This site has no bot yet: save one with PUT /v1/sites/{siteId}/bot, then link users.',
    it: 'Questo sito non ha ancora un bot: salvarne uno con PUT /v1/sites/{siteId}/bot, poi collegare gli utenti.',
  };
  return new ConflictError(text, 'no-bot');
}

export function unknownUser(): NotFoundError {
  const text = {
    en: 'No such user is known here: they have never linked Telegram, were erased, or have another id now. POST …/link makes a link with which they can link it.',
    it: 'Qui non si conosce un tale utente: non ha mai collegato Telegram, è stato cancellato, o ora ha un altro id. POST …/link crea un link con cui può collegarlo.',
  };
  return new NotFoundError(text, 'unknown-user');
}

type Refusal = Exclude<WidgetLinking<never>['kind'], 'linked'>;

/** Why a link is refused where the user, or the chat, has as many as they may have. */
export const FULL: Record<'too-many-chats' | 'too-many-users', Sentence> = {
  'too-many-chats': {
    en: `This user has ${MAX_CHATS} chats already, the most they may have. End one of them first (DELETE …/link?chat=).`,
    it: `Questo utente ha già ${MAX_CHATS} chat, il massimo consentito. Toglierne prima una (DELETE …/link?chat=).`,
  },
  'too-many-users': {
    en: `This chat has ${MAX_USERS_OF_CHAT} users of the site already, the most it may have. End one of these links first.`,
    it: `Questa chat ha già ${MAX_USERS_OF_CHAT} utenti del sito, il massimo consentito. Togliere prima uno di questi collegamenti.`,
  },
};

/** A wrong field of the login. */
const WRONG_FIELDS = {
  malformed: {
    pointer: '',
    detail: {
      en: 'This is not what the login widget gives: send its fields as they are, and no others.',
      it: 'Non è ciò che dà il widget di accesso: inviare i suoi campi così come sono, e nessun altro.',
    },
  },
  forged: {
    pointer: '/hash',
    code: 'login-not-signed',
    detail: {
      en: "Telegram has not signed these fields for this site's bot. Send them unchanged.",
      it: 'Telegram non ha firmato questi campi per il bot di questo sito. Inviarli senza modifiche.',
    },
  },
  stale: {
    pointer: '/auth_date',
    code: 'login-expired',
    detail: {
      en: 'This login is older than 24 hours: let the person log in with Telegram again.',
      it: "Questo accesso ha più di 24 ore: far rifare l'accesso con Telegram alla persona.",
    },
  },
  'from-the-future': {
    pointer: '/auth_date',
    detail: { en: 'This login is from the future.', it: 'Questo accesso viene dal futuro.' },
  },
} satisfies Partial<Record<Refusal, FieldError>>;

/** Why a valid login links nobody. */
const CONFLICTS: Record<Exclude<Refusal, keyof typeof WRONG_FIELDS>, Sentence> = {
  'login-used': {
    en: 'This login was used already for another user, or with a link: each is good for one. Let the person log in with Telegram again.',
    it: "Questo accesso è già stato usato per un altro utente, o con un link: ognuno vale una volta sola. Far rifare l'accesso con Telegram alla persona.",
  },
  outdated: {
    en: 'This link was ended in the meantime, and is not made again. Nothing is to be done.',
    it: "Questo collegamento nel frattempo è stato tolto, e non viene rifatto. Non c'è nulla da fare.",
  },
  newer: {
    en: 'A later link has linked this user to this chat already. Nothing is to be done.',
    it: "Un collegamento più recente ha già unito questo utente a questa chat. Non c'è nulla da fare.",
  },
  ...FULL,
};

const CONFLICT_CODES: Record<keyof typeof CONFLICTS, CodeOf<409>> = {
  'login-used': 'login-used',
  outdated: 'link-ended',
  newer: 'linked-later',
  'too-many-chats': 'too-many-chats',
  'too-many-users': 'too-many-users',
};

/** Why nobody was linked by a login of the widget that the site has sent. */
export function widgetError(kind: Refusal): InvalidInputError | ConflictError {
  if (kind in CONFLICTS) {
    const conflict = kind as keyof typeof CONFLICTS;
    return new ConflictError(CONFLICTS[conflict], CONFLICT_CODES[conflict]);
  }
  const consequence = { en: 'Nobody was linked', it: 'Non è stato collegato nessuno' };
  return new InvalidInputError([WRONG_FIELDS[kind as keyof typeof WRONG_FIELDS]], consequence);
}
