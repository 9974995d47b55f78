import { eraseLinksOfSite, eraseRows, type TableOfSites } from '../store/site-rows.ts';
import { shutSite } from '../store/sites.ts';
import { beginSiteErasure, siteErasures } from '../store/statements.ts';

/** A table that was restored from a backup. */
export const RESTORABLE = ['sites', 'users', 'links', 'schedule', 'deliveries', 'waiting', 'paces'] as const;
export type Restored = (typeof RESTORABLE)[number];

/** As in replay-statements.ts, in milliseconds. */
const MARGIN = 60_000;

/**
 * Erases again the sites that were deleted since the time to which tables were restored: their rows in these tables. Where
 * the sites themselves were restored, such a site is shut anew, and worked off like one that is deleted now, with all that
 * belongs to it: also if its id was given to another site since, which the restoring has lost.
 *
 * @param restoredTo ISO 8601.
 * @returns their ids.
 * @throws ServiceUnreachableError: a repeated call does the rest.
 */
export async function replaySiteErasures(restoredTo: string, tables: Restored[]): Promise<string[]> {
  const since = new Date(Date.parse(restoredTo) - MARGIN).toISOString();
  const erasures = (await Array.fromAsync(siteErasures())).filter(({ at }) => at >= since);
  for (const { siteId } of erasures) {
    if (tables.includes('sites')) {
      const left = await shutSite(siteId);
      if (left) await beginSiteErasure(siteId, left.erasure.at);
    }
    if (tables.includes('links')) await eraseLinks(siteId);
    for (const [name, table] of BY_SITE) if (tables.includes(name)) while (await eraseRows(table, siteId));
  }
  return erasures.map(({ siteId }) => siteId);
}

const BY_SITE: [Restored, TableOfSites][] = [
  ['users', 'USERS_TABLE'],
  ['schedule', 'SCHEDULE_TABLE'],
  ['deliveries', 'DELIVERIES_TABLE'],
  ['waiting', 'WAITING_TABLE'],
];

async function eraseLinks(siteId: string): Promise<void> {
  let from: Record<string, unknown> | undefined;
  do from = await eraseLinksOfSite(siteId, from);
  while (from);
}
