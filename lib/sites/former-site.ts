import { ConflictError, NotFoundError } from '../domain/errors.ts';
import { findErasedSite } from '../store/sites.ts';
import { findSiteErasure } from '../store/statements.ts';

/**
 * Whether a site may be made, as far as one that had its id before is concerned.
 *
 * @returns when that one was shut (ISO 8601); `undefined` if there was none.
 * @throws ConflictError while its rows are being erased.
 */
export async function formerErasure(siteId: string): Promise<string | undefined> {
  const { at, isUnderWay } = await lastErasure(siteId);
  if (isUnderWay) throw siteBeingErased(siteId);
  return at;
}

async function lastErasure(siteId: string): Promise<{ at?: string | undefined; isUnderWay: boolean }> {
  const [left, erasure] = await Promise.all([findErasedSite(siteId), findSiteErasure(siteId)]);
  return { at: erasure?.at, isUnderWay: left !== undefined || (erasure !== undefined && !erasure.isDone) };
}

/** Why there is no such site. For the platform alone: nobody else may learn which sites exist. */
export async function missingSite(siteId: string): Promise<NotFoundError> {
  const { isUnderWay } = await lastErasure(siteId);
  return isUnderWay ? new NotFoundError(`${beingErased(siteId)}.`) : unknownSite(siteId);
}

export function unknownSite(siteId: string): NotFoundError {
  return new NotFoundError(
    `There is no site ${siteId}. The platform creates it with PUT /v1/sites/${siteId}, or npm run site -- create.`,
  );
}

function beingErased(siteId: string): string {
  return `The site ${siteId} was deleted, and what belonged to it is being erased`;
}

/** What belonged to the former site is not gone yet: the new one would get it. */
export function siteBeingErased(siteId: string): ConflictError {
  return new ConflictError(
    `Nothing was changed. ${beingErased(siteId)}. That takes a day at the longest. Send the same request again later, or take another id.`,
    'site-being-erased',
  );
}
