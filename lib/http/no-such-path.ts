import { NotFoundError } from '../domain/errors.ts';
import type { Sentence } from '../domain/sentence.ts';
import { HOW_TO_WRITE_IDS } from './path-ids.ts';
import type { HttpRequest } from './request.ts';

/**
 * Whether a path has a slash too much at its end. Some servers find the route of the path without it, others find none:
 * here there is none, so that every way to this API answers alike, and `A%2F` is never the user `A`.
 */
export function endsWithSlash({ rawPath }: Pick<HttpRequest, 'rawPath'>): boolean {
  return rawPath.length > 1 && rawPath.endsWith('/');
}

const NO_HINT: Sentence = { en: '', it: '' };
const SLASH: Sentence = {
  en: ' Leave out the slash at its end: only /console/ has one.',
  it: " Togliere la barra in fondo: ce l'ha solo /console/.",
};

/** 404 for a path that this API does not have. @param meant the path that was probably meant. */
export function noSuchPath(request: Pick<HttpRequest, 'rawPath'>, meant?: string): NotFoundError {
  const hint =
    meant === undefined ? NO_HINT : { en: ` Did you mean ${meant}?`, it: ` Si intendeva ${meant}?` };
  const slash = endsWithSlash(request) ? SLASH : hint;
  const text = {
    en: `This API has no such path.${slash.en} Events go to POST /v1/sites/{siteId}/events/{event}; GET /v1/openapi.json tells all that there is. ${HOW_TO_WRITE_IDS.en}`,
    it: `Questa API non ha un tale indirizzo.${slash.it} Gli eventi vanno a POST /v1/sites/{siteId}/events/{event}; GET /v1/openapi.json elenca tutto ciò che c'è. ${HOW_TO_WRITE_IDS.it}`,
  };
  return new NotFoundError(text, 'no-such-path');
}
