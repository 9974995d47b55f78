import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { SITE_ID } from '../domain/ids.ts';
import { cachedSite, readSite, type Site } from '../store/sites.ts';
import { bearerKey, matchesAny } from './bearer-key.ts';
import { unauthorized } from './problem.ts';

/** An event of API Gateway whose caller has shown a key of the site in its path. */
export interface SiteRequest extends APIGatewayProxyEventV2 {
  site: Site;
}

/** Compared with where a site is unknown, so that an unknown site takes as long as a wrong key. */
const NO_KEY_HASH = '0'.repeat(64);

export interface SiteAuthentication {
  /** Reads the site as it is now, for who shows or changes it; else it may be up to 30 seconds old. */
  isFresh?: boolean;
  /** The version that is noted of the site: see `readSite`. */
  noted?: number;
}

/** Middleware: lets only callers through who show a key of the site named in the path; puts the site into the event. */
export function authenticateSite({ isFresh = false }: SiteAuthentication = {}): MiddlewareObj<SiteRequest> {
  return { before: ({ event }) => checkSiteKey(event, { isFresh }) };
}

/**
 * Checks the key of a request, and puts the site into it.
 *
 * @throws HttpProblem 401
 */
export async function checkSiteKey(
  request: SiteRequest,
  { isFresh, noted }: SiteAuthentication,
): Promise<void> {
  const { pathParameters, headers } = request;
  const siteId = pathParameters?.siteId ?? '';
  const key = bearerKey(headers.authorization);
  if (key === undefined || !SITE_ID.test(siteId)) throw unauthorized();

  const remembered = isFresh ? undefined : cachedSite(siteId);
  // A key that fits nothing we remember may be newer than that. So a wrong key and an unknown site cost the same.
  const site = remembered && opens(key, remembered) ? remembered : await readSite(siteId, noted);
  const isRight = opens(key, site);
  if (!site || !isRight) throw unauthorized();
  request.site = site;
}

function opens(key: string, site: Site | undefined): boolean {
  return matchesAny(key, site?.keyHashes ?? [NO_KEY_HASH]);
}
