import { erasedUser, type Lead, type User, type UserKey } from './user.ts';
import { deleteUser, findUserOrRenamed, putUser, updateUser } from './users.ts';

/** An id that a user has, or had. */
export interface OwnId extends UserKey {
  /** What was accepted for this id until then was for somebody else. ISO 8601. */
  since?: string | undefined;
}

/**
 * The present id of a user, and then those former ids under which something of them may be left. An id that was given
 * to somebody else since is not theirs any more.
 *
 * @throws ServiceUnreachableError
 */
export async function idsOf(user: User): Promise<OwnId[]> {
  const { siteId, userId, formerIds = [], renamedFrom } = user;
  const own: OwnId[] = [ownId(user)];
  for (const formerId of formerIds) {
    const key = { siteId, userId: formerId };
    const item = await findUserOrRenamed(key);
    const { renamed } = item ?? {};
    const leadsHere = renamed && !renamed.erased && [userId, ...formerIds].includes(renamed.to);
    // A renaming that has not ended: the user is still under both ids.
    if (!item || leadsHere || formerId === renamedFrom) own.push(ownId(item ?? key));
  }
  return own;
}

function ownId({ siteId, userId, formerHolders }: UserKey & Pick<User, 'formerHolders'>): OwnId {
  return { siteId, userId, since: formerHolders?.at(-1)?.at };
}

/**
 * Writes at an id that whoever had it is erased: the item that only leads to them says so from now on; where somebody else
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
  const leadsToUser = ({ to, erased }: Lead) => !erased && ids.some(({ userId }) => userId === to);
  const withoutUser = (user: User): User => ({
    ...user,
    formerHolders: user.formerHolders?.map((lead) =>
      leadsToUser(lead) ? { to: formerId, at: lead.at, erased: true } : lead,
    ),
  });
  // In a renaming that has not ended the user is under both ids.
  if (item.renamed ? leadsToUser(item.renamed) : formerId === renamedFrom)
    await putUser(erasedUser(withoutUser(item)), item);
  else if (item.formerHolders?.some(leadsToUser)) await updateUser(item, withoutUser);
}

/**
 * Removes the item that leads from a former id to a renamed user, and the former id at that user; or the item that says
 * that a user was erased.
 *
 * @returns whether it was removed: not if the id was given to somebody in the meantime.
 * @throws ServiceUnreachableError
 */
export async function forgetFormerId(user: User): Promise<boolean> {
  const { siteId, userId, renamed } = user;
  if (renamed?.erased) return deleteUser(user);
  let holder = renamed && (await findUserOrRenamed({ siteId, userId: renamed.to }));
  while (holder?.renamed && !holder.renamed.erased)
    holder = await findUserOrRenamed({ siteId, userId: holder.renamed.to });
  if (holder && !holder.renamed) await updateUser(holder, (now) => withoutFormerId(now, userId));
  return deleteUser(user);
}

function withoutFormerId(user: User, formerId: string): User {
  if (!user.formerIds?.includes(formerId)) return user;
  const formerIds = user.formerIds.filter((other) => other !== formerId);
  return { ...user, formerIds: formerIds.length > 0 ? formerIds : undefined };
}
