import { ConflictError, type FieldError, InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { MAX_USERS_OF_CHAT } from '../store/chats.ts';
import type { Bot } from '../store/sites.ts';
import { MAX_CHATS } from '../store/user.ts';
import type { WidgetLinking } from './widget-linking.ts';

/** @param bot of the site, if it has one that another site has taken over. */
export function noBot(bot?: Pick<Bot, 'takenOver'>): ConflictError {
  const why = bot?.takenOver
    ? 'Another site has taken over the bot of this site: save a bot again'
    : 'This site has no bot yet: save one';
  return new ConflictError(`${why} with PUT /v1/sites/{siteId}/bot, then link users.`);
}

export function unknownUser(): NotFoundError {
  return new NotFoundError(
    'No such user is known here: they have never linked Telegram, were erased, or have another id now. POST …/link makes a link with which they can link it.',
  );
}

type Refusal = Exclude<WidgetLinking<never>['kind'], 'linked'>;

/** Why a link is refused where the user, or the chat, has as many as they may have. */
export const FULL = {
  'too-many-chats': `This user has ${MAX_CHATS} chats already, the most they may have. End one of them first (DELETE …/link?chat=).`,
  'too-many-users': `This chat has ${MAX_USERS_OF_CHAT} users of the site already, the most it may have. End one of these links first.`,
};

/** A wrong field of the login, or the reason why a valid login links nobody. */
const REFUSALS: Record<Refusal, FieldError | string> = {
  malformed: {
    pointer: '',
    detail: 'This is not what the login widget gives: send its fields as they are, and no others.',
  },
  forged: {
    pointer: '/hash',
    detail: "Telegram has not signed these fields for this site's bot. Send them unchanged.",
  },
  stale: {
    pointer: '/auth_date',
    detail: 'This login is older than 24 hours: let the person log in with Telegram again.',
  },
  'from-the-future': { pointer: '/auth_date', detail: 'This login is from the future.' },
  'login-used':
    'This login was used already for another user, or with a link: each is good for one. Let the person log in with Telegram again.',
  outdated: 'This link was ended in the meantime, and is not made again. Nothing is to be done.',
  newer: 'A later link has linked this user to this chat already. Nothing is to be done.',
  ...FULL,
};

/** Why nobody was linked by a login of the widget that the site has sent. */
export function widgetError(kind: Refusal): InvalidInputError | ConflictError {
  const refusal = REFUSALS[kind];
  if (typeof refusal === 'string') return new ConflictError(refusal);
  return new InvalidInputError([refusal], 'Nobody was linked');
}
