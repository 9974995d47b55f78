import type { Lead, User, UserKey } from './user.ts';
import { deleteUser, findUserOrRenamed, updateUser } from './users.ts';

/**
 * The present id of a user, and then those former ids under which something of them may be left. An id that was given
 * to somebody else since is not theirs any more.
 *
 * @throws ServiceUnreachableError
 */
export async function idsOf(user: User): Promise<UserKey[]> {
  const { siteId, userId, formerIds = [], renamedFrom } = user;
  const own = [{ siteId, userId }];
  for (const formerId of formerIds) {
    const key = { siteId, userId: formerId };
    const item = await findUserOrRenamed(key);
    const leadsHere = item?.renamed && [userId, ...formerIds].includes(item.renamed.to);
    // A renaming that has not ended: the user is still under both ids.
    if (!item || leadsHere || formerId === renamedFrom) own.push(key);
  }
  return own;
}

/**
 * Forgets at an id that it belonged to a user who is erased: removes the item that only leads to them; where somebody else
 * has the id now, that somebody stays.
 *
 * @param ids all ids of the user.
 * @throws ServiceUnreachableError
 */
export async function forgetHolder(
  { siteId, renamedFrom }: User,
  formerId: string,
  ids: UserKey[],
): Promise<void> {
  const item = await findUserOrRenamed({ siteId, userId: formerId });
  if (!item) return;
  const leadsToUser = ({ to }: Lead) => ids.some(({ userId }) => userId === to);
  // In a renaming that has not ended the user is under both ids.
  if (item.renamed ? leadsToUser(item.renamed) : formerId === renamedFrom) await deleteUser(item);
  else if (item.formerHolders?.some(leadsToUser))
    await updateUser(item, (now) => ({
      ...now,
      formerHolders: now.formerHolders?.filter((lead) => !leadsToUser(lead)),
    }));
}

/**
 * Removes the item that leads from a former id to a renamed user, and the former id at that user.
 *
 * @returns whether it was removed: not if the id was given to somebody in the meantime.
 * @throws ServiceUnreachableError
 */
export async function forgetFormerId(user: User): Promise<boolean> {
  const { siteId, userId, renamed } = user;
  let holder = renamed && (await findUserOrRenamed({ siteId, userId: renamed.to }));
  while (holder?.renamed) holder = await findUserOrRenamed({ siteId, userId: holder.renamed.to });
  if (holder) await updateUser(holder, (now) => withoutFormerId(now, userId));
  return deleteUser(user);
}

function withoutFormerId(user: User, formerId: string): User {
  if (!user.formerIds?.includes(formerId)) return user;
  const formerIds = user.formerIds.filter((other) => other !== formerId);
  return { ...user, formerIds: formerIds.length > 0 ? formerIds : undefined };
}
