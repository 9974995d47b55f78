import { getItem, putItem, type ScannedPage, scanPage } from '../aws/dynamodb.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { type StoredUser, storedUser, userFrom } from './stored-user.ts';
import { newUser, type User, type UserKey } from './user.ts';

/** How many times a change is tried if others change the user at the same time. */
const MAX_ROUNDS = 20;

/** The current user, by a strongly consistent read; `undefined` also for an id that was renamed. */
export async function findUser(siteId: string, userId: string): Promise<User | undefined> {
  const user = await findUserOrRenamed({ siteId, userId });
  return user?.renamed ? undefined : user;
}

/** As `findUser`, with the item that leads to a renamed user. */
export async function findUserOrRenamed({ siteId, userId }: UserKey): Promise<User | undefined> {
  const stored = await getItem<StoredUser>('USERS_TABLE', { siteId, userId });
  return stored && userFrom(stored);
}

export interface UpdateOptions {
  /** The user as they were read: saves the first read. */
  known?: User | undefined;
  /** Creates a user who does not exist, or whose id was given up by a renaming. */
  create?: boolean;
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
  { known, create = false }: UpdateOptions = {},
): Promise<User | undefined> {
  let user = known;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    user ??= await findUserOrRenamed(key);
    const isThere = user !== undefined && !user.renamed;
    if (!isThere && !create) return undefined;
    const before = isThere && user ? user : { ...newUser(key), version: user?.version ?? 0 };
    const changed = change(before);
    if (changed === before && isThere) return before;
    const written = { ...changed, version: before.version + 1 };
    if (await putUser(written, user)) return written;
    user = undefined;
  }
  const cause = new Error(`A user was changed by others ${MAX_ROUNDS} times in a row.`);
  throw new ServiceUnreachableError('DynamoDB', { cause });
}

/** Writes a user if they are still as they were read. @returns whether they were written. */
export function putUser(user: User, before: User | undefined): Promise<boolean> {
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
