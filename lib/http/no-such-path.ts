import { NotFoundError } from '../domain/errors.ts';
import { HOW_TO_WRITE_IDS } from './path-ids.ts';
import type { HttpRequest } from './request.ts';

/**
 * Whether a path has a slash too much at its end. Some servers find the route of the path without it, others find none:
 * here there is none, so that every way to this API answers alike, and `A%2F` is never the user `A`.
 */
export function endsWithSlash({ rawPath }: Pick<HttpRequest, 'rawPath'>): boolean {
  return rawPath.length > 1 && rawPath.endsWith('/');
}

/** 404 for a path that this API does not have. */
export function noSuchPath(request: Pick<HttpRequest, 'rawPath'>): NotFoundError {
  const slash = endsWithSlash(request) ? ' Leave out the slash at its end: no path of this API has one.' : '';
  return new NotFoundError(
    `This API has no such path.${slash} Events go to POST /v1/sites/{siteId}/events/{event}; GET /v1/openapi.json tells all that there is. ${HOW_TO_WRITE_IDS}`,
  );
}
