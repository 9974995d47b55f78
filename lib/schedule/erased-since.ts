import { readFacts } from '../store/facts.ts';
import { requireLatest, type Site } from '../store/sites.ts';
import { isForErased } from '../store/user.ts';

/**
 * Those of these users who were erased while an event that names them waited in a queue: nothing of it may be stored. The
 * same request shows whether the site was changed.
 *
 * @param times.reportedAt where it is not before `now`, it has not waited. Milliseconds since 1970.
 * @throws StaleSiteError if the site was changed since it was read.
 * @throws ServiceUnreachableError
 */
export async function erasedSince(
  { reportedAt, now }: { reportedAt: number; now: number },
  userIds: string[],
  site: Site,
): Promise<Set<string>> {
  const { siteId } = site;
  const hasWaited = reportedAt < now;
  const users = hasWaited ? userIds.map((userId) => ({ siteId, userId })) : [];
  const facts = await readFacts({ users, siteIds: [siteId] });
  requireLatest(site, facts.siteVersions.get(siteId));
  const at = new Date(reportedAt).toISOString();
  const erased = [...facts.users.values()].filter((user) => isForErased(user, at));
  return new Set(erased.map(({ userId }) => userId));
}
