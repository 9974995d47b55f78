import { conflict, type HttpProblem, invalidFields } from '../http/problem.ts';
import type { WidgetLinking } from './widget-linking.ts';

const NOT_LINKED = 'Nobody was linked';

/** Why a login of the widget links nobody, for the site that has sent it. */
export function widgetProblem(kind: Exclude<WidgetLinking<never>['kind'], 'linked'>): HttpProblem {
  switch (kind) {
    case 'malformed':
      return wrong(
        '',
        'This is not what the login widget gives: send its fields as they are, and no others.',
      );
    case 'forged':
      return wrong('/hash', "Telegram has not signed these fields for this site's bot. Send them unchanged.");
    case 'stale':
      return wrong(
        '/auth_date',
        'This login is older than 24 hours: let the person log in with Telegram again.',
      );
    case 'from-the-future':
      return wrong('/auth_date', 'This login is from the future.');
    case 'login-used':
      return conflict(
        'This login was used already: each is good once. Let the person log in with Telegram again.',
      );
    case 'outdated':
      return conflict('Another link was made in the meantime, and stays. Nothing is to be done.');
  }
}

function wrong(pointer: string, detail: string): HttpProblem {
  return invalidFields([{ pointer, detail }], NOT_LINKED);
}
