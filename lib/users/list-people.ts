import { ServiceUnreachableError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { type Counts, type ListedPerson, newDirectory, readDirectory, todosOf } from '../store/directory.ts';
import type { Site } from '../store/sites.ts';
import { findChangedUsers } from '../store/users.ts';
import { wakePeople } from '../store/wake-people.ts';
import { keepDirectory } from './keep-directory.ts';
import { type FoundPeople, type PeopleSearch, type SearchPlace, searchPeople } from './search-people.ts';

/** So long a request works on the directory before it answers, in milliseconds: then the rest is for others. */
const CATCH_UP = 1_500;
/** So many times a request waits for somebody who works on the directory. */
const PATIENCE = 5;

export interface PeoplePage {
  users: ListedPerson[];
  /** Where the list goes on; absent on the last page. */
  next?: SearchPlace | undefined;
  /** Of all people of the site, whatever is asked for. */
  counts: Counts;
  /** The directory is not up to date: people may be missing, and counts be wrong. */
  isUpdating: boolean;
}

/**
 * A page of the people of a site.
 *
 * What has happened before the request is in it: where something is not applied yet, that is done first. If that takes too
 * long (the directory is made for the first time, or many people were imported a moment ago), the answer says so.
 *
 * @throws ServiceUnreachableError
 */
export async function listPeople(
  site: Site,
  search: Omit<PeopleSearch, 'siteId'>,
  after?: SearchPlace,
): Promise<PeoplePage> {
  const { siteId } = site;
  // Nearly always nothing is to be done, and all is read at the same time.
  const [first, found] = await Promise.all([readState(site), searchPeople({ ...search, siteId }, after)]);
  if (first.isUpToDate) return { ...pageOf(found), counts: first.counts, isUpdating: false };
  const isDone = await bringUpToDate(siteId);
  const [{ counts }, fresh] = await Promise.all([
    readState(site),
    searchPeople({ ...search, siteId }, after),
  ]);
  return { ...pageOf(fresh), counts, isUpdating: !isDone };
}

function pageOf({ people, next }: FoundPeople): Pick<PeoplePage, 'users' | 'next'> {
  return { users: people, next };
}

/** How many people are in each state, and whether nothing is to be done in the directory. */
async function readState({ siteId, bot }: Site): Promise<{ counts: Counts; isUpToDate: boolean }> {
  const [directory, changed, todos] = await Promise.all([
    readDirectory(siteId),
    findChangedUsers(siteId, 1),
    todosOf(siteId, Date.now(), 1),
  ]);
  const { counts, builtFor } = directory ?? newDirectory(siteId);
  const isBuilt = builtFor === (bot?.id ?? '');
  return { counts, isUpToDate: isBuilt && changed.length === 0 && todos.length === 0 };
}

/** @returns whether nothing is left to be done. */
async function bringUpToDate(siteId: string): Promise<boolean> {
  const end = Date.now() + CATCH_UP;
  try {
    const kept = await keepDirectory(siteId, { hasTime: () => Date.now() < end, patience: PATIENCE });
    if (kept === 'cut-short') await wakePeople(siteId);
    return kept === 'done';
  } catch (error) {
    // The list as it is is worth more than none.
    if (!(error instanceof ServiceUnreachableError)) throw error;
    log.warn('directory of people not brought up to date for a request', { siteId, error });
    return false;
  }
}
