import { ConflictError } from '../domain/errors.ts';
import { findErasedSite } from '../store/sites.ts';
import { findSiteErasure } from '../store/statements.ts';

/**
 * Whether a site may be made, as far as one that had its id before is concerned.
 *
 * @returns when that one was shut (ISO 8601); `undefined` if there was none.
 * @throws ConflictError while its rows are being erased.
 */
export async function formerErasure(siteId: string): Promise<string | undefined> {
  const [left, erasure] = await Promise.all([findErasedSite(siteId), findSiteErasure(siteId)]);
  if (left || (erasure && !erasure.isDone)) throw siteBeingErased(siteId);
  return erasure?.at;
}

/** What belonged to the former site is not gone yet: the new one would get it. */
export function siteBeingErased(siteId: string): ConflictError {
  return new ConflictError(
    `Nothing was changed: a site ${siteId} was deleted, and what belonged to it is still being erased. That takes a day at the longest. Send the same request again later, or take another id.`,
    'site-being-erased',
  );
}
