/** The common parts of the routes that a person's browser calls. */
import type { Answer } from './operation.ts';
import { text } from './schemas.ts';

export const page = (status: number, description: string): Answer => ({
  status,
  description,
  schema: text,
  example: '<!doctype html><title>…</title>',
  type: 'text/html',
});

/** The pages of every route that takes a link: there is none, or nobody can be linked by it now. */
export const LINK_PAGES = [
  page(403, 'The site is switched off'),
  page(404, 'No such site or link, or the site has no such login'),
  page(
    409,
    'The link or the login was used for another chat or user, or the link has ended since; or there is no room',
  ),
  page(410, 'The link has expired'),
  page(503, 'A service does not answer: the same address works again later'),
];

export const redirect = (description: string, example: string): Answer => ({
  status: 302,
  description,
  headers: {
    Location: { description: 'Where to', example, schema: { type: 'string', format: 'uri-reference' } },
  },
});

export const linkParameter = {
  description: 'The token of a link that was made for the user',
  example: 'Jx3yQm0T1cVbWk9dPzR4Ag',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{22}$' },
};
