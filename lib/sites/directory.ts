/** The list of all sites, for the platform. */
import * as z from 'zod/mini';
import { cursor, DEFAULT_LIMIT, limit, wrongCursor } from '../deliveries/log-parameters.ts';
import { findSites, type Listing, makeDirectory, settleChanges } from '../store/site-directory.ts';
import { pageOfSiteIds, readSite } from '../store/sites.ts';

/** The query of `GET /v1/sites`. */
export const siteParameters = z.strictObject({
  query: z.optional(z.string().check(z.maxLength(256))),
  cursor: z.optional(cursor),
  limit: z.optional(limit),
});

export interface SiteList {
  sites: Listing[];
  /** Not all sites are in the list yet: it is being made. */
  incomplete?: true;
  cursor?: string;
}

/** How long a request helps to make the directory where that was never done, in milliseconds. */
const HELPING_TIME = 3_000;

/**
 * A page of the sites, or of those that are found by the beginnings of words of their id, name, address or bot.
 *
 * @throws HttpProblem 400 for a cursor of another query.
 * @throws ServiceUnreachableError
 */
export async function listSites(parameters: z.infer<typeof siteParameters>): Promise<SiteList> {
  const end = Date.now() + HELPING_TIME;
  const isMade = await continueDirectory(() => Date.now() < end);
  await settleChanges(readSite);
  const page = await findSites({
    query: parameters.query ?? '',
    after:
      parameters.cursor === undefined ? undefined : Buffer.from(parameters.cursor, 'base64url').toString(),
    limit: Number(parameters.limit ?? DEFAULT_LIMIT),
  });
  if (!page) throw wrongCursor();
  const { sites, next } = page;
  return {
    sites,
    ...(!isMade && { incomplete: true }),
    ...(next !== undefined && { cursor: Buffer.from(next).toString('base64url') }),
  };
}

/** Goes on making the directory of all sites, where it is not made. @returns whether it is. */
export function continueDirectory(hasTime: () => boolean): Promise<boolean> {
  return makeDirectory({ read: readSite, sites: pageOfSiteIds }, hasTime);
}
