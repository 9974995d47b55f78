import { deleteItem } from '../aws/dynamodb.ts';
import type { User, UserKey } from './user.ts';
import { findUserOrRenamed, updateUser } from './users.ts';

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
 * Removes the item that leads from a former id to a renamed user, and the former id at that user.
 *
 * @returns whether it was removed: not if the id was given to somebody in the meantime.
 * @throws ServiceUnreachableError
 */
export async function forgetFormerId({ siteId, userId, version, renamed }: User): Promise<boolean> {
  let holder = renamed && (await findUserOrRenamed({ siteId, userId: renamed.to }));
  while (holder?.renamed) holder = await findUserOrRenamed({ siteId, userId: holder.renamed.to });
  if (holder) await updateUser(holder, (user) => withoutFormerId(user, userId));
  return deleteItem(
    'USERS_TABLE',
    { siteId, userId },
    {
      ConditionExpression: '#version = :version AND attribute_exists(renamed)',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':version': version },
    },
  );
}

function withoutFormerId(user: User, formerId: string): User {
  if (!user.formerIds?.includes(formerId)) return user;
  const formerIds = user.formerIds.filter((other) => other !== formerId);
  return { ...user, formerIds: formerIds.length > 0 ? formerIds : undefined };
}
