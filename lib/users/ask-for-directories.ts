import type { Table } from '../aws/dynamodb.ts';
import { askForBuild } from '../store/directory.ts';
import { allSiteIds } from '../store/sites.ts';

/** The directory of people is made from the first two. */
const CONCERNED: readonly Table[] = ['USERS_TABLE', 'LINKS_TABLE', 'PEOPLE_TABLE'];

/**
 * Has the directory of people of every site made anew, where one of the restored tables concerns it: it may show people who
 * are not there any more.
 *
 * @throws ServiceUnreachableError: a repeated call does the rest.
 */
export async function askForDirectories(restored: Table[]): Promise<void> {
  if (!restored.some((table) => CONCERNED.includes(table))) return;
  for await (const siteId of allSiteIds()) await askForBuild(siteId, Date.now());
}
