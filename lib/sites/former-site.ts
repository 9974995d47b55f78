import { ConflictError, NotFoundError } from '../domain/errors.ts';
import { type Sentence, sentence } from '../domain/sentence.ts';
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
  if (!isUnderWay) return unknownSite(siteId);
  return new NotFoundError(
    sentence((language) => `${beingErased(siteId)[language]}.`),
    'unknown-site',
  );
}

export function unknownSite(siteId: string): NotFoundError {
  const text = {
    en: `There is no site ${siteId}. The platform creates it with PUT /v1/sites/${siteId}, or npm run site -- create.`,
    it: `Non c'è un sito ${siteId}. La piattaforma lo crea con PUT /v1/sites/${siteId}, o con npm run site -- create.`,
  };
  return new NotFoundError(text, 'unknown-site');
}

function beingErased(siteId: string): Sentence {
  return {
    en: `The site ${siteId} was deleted, and what belonged to it is being erased`,
    it: `Il sito ${siteId} è stato eliminato, e ciò che gli apparteneva si sta cancellando`,
  };
}

/** What belonged to the former site is not gone yet: the new one would get it. */
export function siteBeingErased(siteId: string): ConflictError {
  const erased = beingErased(siteId);
  const text = {
    en: `Nothing was changed. ${erased.en}. That takes a day at the longest. Send the same request again later, or take another id.`,
    it: `Non è stato modificato nulla. ${erased.it}. Dura al massimo un giorno. Inviare di nuovo la stessa richiesta più tardi, o scegliere un altro id.`,
  };
  return new ConflictError(text, 'site-being-erased');
}
