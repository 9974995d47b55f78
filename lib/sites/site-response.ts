import { OutdatedError } from '../domain/errors.ts';
import { requireMatch } from '../http/entity-tag.ts';
import { entityTag } from '../http/problem.ts';
import { type HttpRequest, type HttpResponse, jsonResponse } from '../http/request.ts';
import type { Site } from '../store/sites.ts';
import { changesSince, viewOf, viewVersion } from './view.ts';

/** What a site shows of itself, with its ETag. */
export function siteResponse(statusCode: number, site: Site, more: object = {}): HttpResponse {
  return jsonResponse(statusCode, { ...viewOf(site), ...more }, { etag: entityTag(viewVersion(site)) });
}

/** Looks at a site before it is changed. @throws OutdatedError where the request's `If-Match` says not to. */
export type CheckSite = (site: Site | undefined) => void;

export function checkIfMatch({ headers }: HttpRequest): CheckSite {
  const header = headers['if-match'];
  return (site) => {
    if (site) requireMatch(header, viewVersion(site), (version) => changesSince(site, version));
    else if (header !== undefined) throw new OutdatedError(undefined, []);
  };
}
