import { ConflictError, InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { WidgetLinking } from './widget-linking.ts';

export function noBot(): ConflictError {
  return new ConflictError(
    'This site has no bot yet: save one with PUT /v1/sites/{siteId}/bot, then link users.',
  );
}

export function unknownUser(): NotFoundError {
  return new NotFoundError('No such user is known here: they have never linked Telegram, or were erased.');
}

const NOT_LINKED = 'Nobody was linked';

/** Why nobody was linked by a login of the widget that the site has sent. */
export function widgetError(
  kind: Exclude<WidgetLinking<never>['kind'], 'linked'>,
): InvalidInputError | ConflictError {
  switch (kind) {
    case 'malformed':
      return invalid(
        '',
        'This is not what the login widget gives: send its fields as they are, and no others.',
      );
    case 'forged':
      return invalid(
        '/hash',
        "Telegram has not signed these fields for this site's bot. Send them unchanged.",
      );
    case 'stale':
      return invalid(
        '/auth_date',
        'This login is older than 24 hours: let the person log in with Telegram again.',
      );
    case 'from-the-future':
      return invalid('/auth_date', 'This login is from the future.');
    case 'login-used':
      return new ConflictError(
        'This login was used already: each is good once. Let the person log in with Telegram again.',
      );
    case 'outdated':
      return new ConflictError('Another link was made in the meantime, and stays. Nothing is to be done.');
  }
}

function invalid(pointer: string, detail: string): InvalidInputError {
  return new InvalidInputError([{ pointer, detail }], NOT_LINKED);
}
