import type { Table } from '../aws/dynamodb.ts';
import { remakeDirectory } from '../store/site-directory.ts';
import { eraseLinksOfSite, eraseRows, type TableOfSites } from '../store/site-rows.ts';
import { shutSite } from '../store/sites.ts';
import { beginSiteErasure, siteErasures } from '../store/statements.ts';

/** As in replay-statements.ts, in milliseconds. */
const MARGIN = 60_000;

/**
 * Erases again the sites that were deleted since the time to which tables were restored: their rows in these tables. Where
 * the sites themselves were restored, such a site is shut anew, and worked off like one that is deleted now, with all that
 * belongs to it: also if its id was given to another site since, which the restoring has lost.
 *
 * @param restoredTo ISO 8601.
 * @param tables the restored tables.
 * @returns their ids.
 * @throws ServiceUnreachableError: a repeated call does the rest.
 */
export async function replaySiteErasures(restoredTo: string, tables: Table[]): Promise<string[]> {
  const since = new Date(Date.parse(restoredTo) - MARGIN).toISOString();
  const erasures = (await Array.fromAsync(siteErasures())).filter(({ at }) => at >= since);
  // What the directory shows may be of another time than the sites.
  const isOfOtherTime = tables.some((table) => table === 'SITES_TABLE' || table === 'SITE_DIRECTORY_TABLE');
  if (isOfOtherTime) await remakeDirectory();
  for (const { siteId } of erasures) {
    if (tables.includes('SITES_TABLE')) {
      const left = await shutSite(siteId, undefined, { caller: 'terminal' });
      if (left) await beginSiteErasure(siteId, left.erasure.at);
    }
    if (tables.includes('LINKS_TABLE')) await eraseLinks(siteId);
    for (const table of BY_SITE) if (tables.includes(table)) while (await eraseRows(table, siteId));
  }
  return erasures.map(({ siteId }) => siteId);
}

const BY_SITE: TableOfSites[] = [
  ...(['USERS_TABLE', 'SCHEDULE_TABLE', 'DELIVERIES_TABLE', 'WAITING_TABLE'] as const),
  'TEMPLATE_VERSIONS_TABLE',
];

async function eraseLinks(siteId: string): Promise<void> {
  let from: Record<string, unknown> | undefined;
  do from = await eraseLinksOfSite(siteId, from);
  while (from);
}
