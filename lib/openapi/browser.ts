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

export const redirect = (description: string, example: string): Answer => ({
  status: 302,
  description,
  headers: { Location: { description: 'Where to', example } },
});

export const linkParameter = {
  description: 'The token of a link that was made for the user',
  example: 'Jx3yQm0T1cVbWk9dPzR4Ag',
};
