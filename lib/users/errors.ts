import { ConflictError, type FieldError, InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { WidgetLinking } from './widget-linking.ts';

export function noBot(): ConflictError {
  return new ConflictError(
    'This site has no bot yet: save one with PUT /v1/sites/{siteId}/bot, then link users.',
  );
}

export function unknownUser(): NotFoundError {
  return new NotFoundError('No such user is known here: they have never linked Telegram, or were erased.');
}

type Refusal = Exclude<WidgetLinking<never>['kind'], 'linked'>;

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
  'login-used': 'This login was used already: each is good once. Let the person log in with Telegram again.',
  outdated: 'Another link was made in the meantime, and stays. Nothing is to be done.',
};

/** Why nobody was linked by a login of the widget that the site has sent. */
export function widgetError(kind: Refusal): InvalidInputError | ConflictError {
  const refusal = REFUSALS[kind];
  if (typeof refusal === 'string') return new ConflictError(refusal);
  return new InvalidInputError([refusal], 'Nobody was linked');
}
