import { batchGet } from '../aws/batch-get.ts';
import { deleteItem, putItem, type ScannedPage, scanPage } from '../aws/dynamodb.ts';
import { changedByOthers, MAX_ROUNDS } from './rounds.ts';
import { isStatement, recordChoices } from './statements.ts';
import { type StoredUser, storedUser, userFrom } from './stored-user.ts';
import { holdersBefore, leadsOf, newUser, type User, type UserKey } from './user.ts';

/** The current user, by a strongly consistent read; `undefined` also for an id that was renamed or erased. */
export async function findUser(siteId: string, userId: string): Promise<User | undefined> {
  const user = await findUserOrRenamed({ siteId, userId });
  return user?.renamed ? undefined : user;
}

/** As `findUser`, with the item that leads to a renamed user. */
export async function findUserOrRenamed({ siteId, userId }: UserKey): Promise<User | undefined> {
  // The functions read several users elsewhere: with the same kind of request they need one permission less.
  const [user] = await readUsers([{ siteId, userId }]);
  return user;
}

/** Those of these users who have an item, by strongly consistent reads, in no order; also what is left of others. */
export async function readUsers(keys: UserKey[]): Promise<User[]> {
  const wanted = keys.map(({ siteId, userId }) => ({
    table: 'USERS_TABLE' as const,
    key: { siteId, userId },
  }));
  const { USERS_TABLE: stored = [] } = await batchGet<{ USERS_TABLE: StoredUser }>(wanted);
  return stored.map(userFrom);
}

/**
 * Whoever had this id at a time (ISO 8601), under the id that they have now: the same item, or where it leads; `undefined`
 * if they were erased since.
 *
 * @param from that item, where it was read already.
 * @throws ServiceUnreachableError
 */
export async function findHolderAt(key: UserKey, at: string, from?: User): Promise<User | undefined> {
  let user = from ?? (await findUserOrRenamed(key));
  let time = at;
  for (let isFirst = true; user; isFirst = false) {
    // An id may go to and fro: from the second item on only what happened later counts.
    const lead = leadsOf(user).find((each) => (isFirst ? each.at >= time : each.at > time));
    if (!lead) return user.renamed ? undefined : user;
    if (lead.erased) return undefined;
    time = lead.at;
    user = await findUserOrRenamed({ siteId: user.siteId, userId: lead.to });
  }
  return undefined;
}

export interface UpdateOptions {
  /** The user as they were read: saves the first read. */
  known?: User | undefined;
  /** Creates a user who does not exist, or whose id was given up by a renaming, or erased. */
  create?: boolean;
  /** What to do where the user is renamed while they are changed: by default the change is made under the new id. */
  ifRenamed?: 'follow' | 'stop';
  /** Nobody has said what is changed: it is not put on record (statements.ts). */
  isUnsaid?: boolean;
}

/**
 * Changes a user: reads them, calls `change`, and writes the result if nobody has changed them in between; otherwise it
 * starts again. So of two changes at the same time none is lost, and `change` may depend on the current values.
 *
 * @param change returns the changed user, or the same one where there is nothing to do. It may run several times. If it
 * throws, nothing is written and the error is passed on.
 * @returns the updated user; `undefined` if they do not exist.
 * @throws ServiceUnreachableError
 */
export async function updateUser(
  key: UserKey,
  change: (user: User) => User,
  { known, create = false, ifRenamed = 'follow', isUnsaid = false }: UpdateOptions = {},
): Promise<User | undefined> {
  let user = known ?? (await findUserOrRenamed(key));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const isThere = user !== undefined && !user.renamed;
    if (!isThere && !create) return undefined;
    const before = isThere && user ? user : newHolder(key, user);
    const changed = change(before);
    if (changed === before && isThere) return before;
    const written = { ...changed, version: before.version + 1 };
    if (await putUser(written, user, { isUnsaid })) return written;
    const current = await findUserOrRenamed(before);
    const isRenamedMeanwhile = isThere && current?.renamed !== undefined;
    if (isRenamedMeanwhile && ifRenamed === 'stop') return undefined;
    user = isRenamedMeanwhile ? await findHolderAt(before, current.renamed?.at ?? '', current) : current;
  }
  throw changedByOthers('A user');
}

/** A user of an id that nobody has now. Who had it before is remembered. */
export function newHolder({ siteId, userId }: UserKey, before: User | undefined): User {
  const formerHolders = before ? holdersBefore(before) : [];
  return {
    ...newUser({ siteId, userId }),
    version: before?.version ?? 0,
    ...(formerHolders.length > 0 && { formerHolders }),
  };
}

/**
 * Writes a user if they are still as they were read. What the person or the shop has said with the change is put on record
 * first: where the write fails after that, it was said all the same.
 *
 * @returns whether they were written.
 */
export async function putUser(
  user: User,
  before: User | undefined,
  { isUnsaid = false }: Pick<UpdateOptions, 'isUnsaid'> = {},
): Promise<boolean> {
  if (!isUnsaid && isStatement(user, before)) await recordChoices(user);
  const isUnchanged =
    before === undefined
      ? 'attribute_not_exists(userId)'
      : before.version === 0
        ? 'attribute_exists(userId) AND attribute_not_exists(#version)'
        : '#version = :before';
  const hasVersion = before !== undefined && before.version > 0;
  return putItem('USERS_TABLE', storedUser(user), {
    ConditionExpression: isUnchanged,
    ...(before && { ExpressionAttributeNames: { '#version': 'version' } }),
    ...(hasVersion && { ExpressionAttributeValues: { ':before': before.version } }),
  });
}

/**
 * A page of all users of all sites, the items that lead to renamed users too. They come as they are stored: one that is
 * broken must not cost the others.
 *
 * @throws ServiceUnreachableError
 */
export function scanUsers(limit: number, from?: Record<string, unknown>): Promise<ScannedPage<StoredUser>> {
  const start = from && { ExclusiveStartKey: from };
  return scanPage('USERS_TABLE', { Limit: limit, ...start });
}

/** Deletes a user if they are still as they were read. @returns whether they were deleted. */
export function deleteUser({ siteId, userId, version }: User): Promise<boolean> {
  return deleteItem(
    'USERS_TABLE',
    { siteId, userId },
    {
      ConditionExpression: version === 0 ? 'attribute_not_exists(#version)' : '#version = :version',
      ExpressionAttributeNames: { '#version': 'version' },
      ...(version > 0 && { ExpressionAttributeValues: { ':version': version } }),
    },
  );
}
