import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { findSite, type Site } from '../store/sites.ts';
import { unauthorized } from './problem.ts';

/** An event of API Gateway whose caller has shown a key of the site in its path. */
export interface SiteRequest extends APIGatewayProxyEventV2 {
  site: Site;
}

/** What a site id may look like: anything else can't exist, and costs no read. */
export const SITE_ID = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

/** Compared with where a site is unknown, so that an unknown site takes as long as a wrong key. */
const NO_KEY_HASH = '0'.repeat(64);

/** Middleware: lets only callers through who show a key of the site named in the path; puts the site into the event. */
export function authenticateSite(): MiddlewareObj<SiteRequest> {
  return {
    before: async function checkSiteKey(request) {
      const { pathParameters, headers } = request.event;
      const siteId = pathParameters?.siteId ?? '';
      const key = bearerKey(headers.authorization);
      if (key === undefined || !SITE_ID.test(siteId)) throw unauthorized();

      const site = await findSite(siteId);
      const isRight = matchesAny(key, site?.keyHashes ?? [NO_KEY_HASH]);
      if (!site || !isRight) throw unauthorized();
      request.event.site = site;
    },
  };
}

function bearerKey(header: string | undefined): string | undefined {
  return header?.match(/^Bearer +([\x21-\x7e]{1,256})$/i)?.[1];
}

/** Whether the key's SHA-256 is one of the hashes (hex), without telling by its duration how close it came. */
function matchesAny(key: string, hashes: string[]): boolean {
  const presented = createHash('sha256').update(key).digest();
  let isMatch = false;
  for (const hash of hashes) {
    const stored = Buffer.from(hash, 'hex');
    if (stored.length === presented.length && timingSafeEqual(stored, presented)) isMatch = true;
  }
  return isMatch;
}
