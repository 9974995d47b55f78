import { batchGet } from '../aws/batch-get.ts';
import {
  conditionalUpdate,
  deleteItem,
  putItem,
  queryPage,
  type ScannedPage,
  scanPage,
} from '../aws/dynamodb.ts';
import { log } from '../observability/logger.ts';
import { toApplyAfter } from './person-changes.ts';
import { changedByOthers, MAX_ROUNDS } from './rounds.ts';
import { isStatement, recordChoices } from './statements.ts';
import { type StoredUser, storedUser, userFrom } from './stored-user.ts';
import { holdersBefore, leadsOf, newUser, type PersonChange, type User, type UserKey } from './user.ts';
import { wakePeople } from './wake-people.ts';

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
  return (await readStored(keys)).map(userFrom);
}

/** The same for pages of many people: one whose item is broken is left out, and logged, and costs the others nothing. */
export async function readReadableUsers(keys: UserKey[]): Promise<User[]> {
  return (await readStored(keys)).flatMap((stored) => {
    try {
      return [userFrom(stored)];
    } catch (error) {
      log.error('user not read: left out', { siteId: stored.siteId, error });
      return [];
    }
  });
}

async function readStored(keys: UserKey[]): Promise<StoredUser[]> {
  const wanted = keys.map(({ siteId, userId }) => ({
    table: 'USERS_TABLE' as const,
    key: { siteId, userId },
  }));
  const { USERS_TABLE: stored = [] } = await batchGet<{ USERS_TABLE: StoredUser }>(wanted);
  return stored;
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
  /** Nobody has said what is changed: it is not put on record (statements.ts), and nobody is told (person-changes.ts). */
  isUnsaid?: boolean;
  /** The caller changes many people, and has them looked at together (wake-people.ts). */
  isOneOfMany?: boolean;
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
    const stored = await putUser(written, user, { isUnsaid });
    if (stored) return stored;
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
 * @returns the user as written, with what others have to learn of the change; `undefined` where nothing was written.
 */
export async function putUser(
  user: User,
  before: User | undefined,
  { isUnsaid = false, isOneOfMany = false }: Pick<UpdateOptions, 'isUnsaid' | 'isOneOfMany'> = {},
): Promise<User | undefined> {
  if (!isUnsaid && isStatement(user, before)) await recordChoices(user);
  const isUnchanged =
    before === undefined
      ? 'attribute_not_exists(userId)'
      : before.version === 0
        ? 'attribute_exists(userId) AND attribute_not_exists(#version)'
        : '#version = :before';
  const hasVersion = before !== undefined && before.version > 0;
  const written = { ...user, toApply: toApplyAfter(user, before, { isUnsaid }) };
  const isWritten = await putItem('USERS_TABLE', storedUser(written), {
    ConditionExpression: isUnchanged,
    ...(before && { ExpressionAttributeNames: { '#version': 'version' } }),
    ...(hasVersion && { ExpressionAttributeValues: { ':before': before.version } }),
  });
  if (!isWritten) return undefined;
  // New names alone are in no hurry.
  if (!isOneOfMany && written.toApply?.changes.length) await wakePeople(user.siteId, [user.userId]);
  return written;
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

/**
 * The ids of people of a site of whom something is not applied yet, by the index, which is late.
 *
 * @throws ServiceUnreachableError
 */
export async function findChangedUsers(siteId: string, limit: number): Promise<string[]> {
  const { items } = await queryPage<UserKey>('USERS_TABLE', {
    IndexName: 'by-change',
    KeyConditionExpression: 'siteId = :siteId',
    ExpressionAttributeValues: { ':siteId': siteId },
    Limit: limit,
  });
  return items.map(({ userId }) => userId);
}

/** The sites that have such people, each once. It reads the whole index, which is empty most of the time. */
export async function* sitesWithChangedUsers(): AsyncGenerator<{ siteId: string; changedAt: string }> {
  const seen = new Set<string>();
  let from: Record<string, unknown> | undefined;
  do {
    const page = await scanPage<{ siteId: string; changedAt: string }>('USERS_TABLE', {
      IndexName: 'by-change',
      ...(from && { ExclusiveStartKey: from }),
    });
    for (const item of page.items) {
      if (seen.has(item.siteId)) continue;
      seen.add(item.siteId);
      yield item;
    }
    from = page.next;
  } while (from);
}

/**
 * A page of the ids of a site's users, also of those who have another id now, and of those among them who have no chat.
 *
 * @throws ServiceUnreachableError
 */
export async function readUserIds(
  siteId: string,
  limit: number,
  from: Record<string, unknown> | undefined,
): Promise<{ userIds: string[]; withoutChat: string[]; next?: Record<string, unknown> }> {
  const { items, next } = await queryPage<Pick<StoredUser, 'userId' | 'chatId'>>('USERS_TABLE', {
    ConsistentRead: true,
    KeyConditionExpression: 'siteId = :siteId',
    ProjectionExpression: 'siteId, userId, chatId',
    ExpressionAttributeValues: { ':siteId': siteId },
    Limit: limit,
    ...(from && { ExclusiveStartKey: from }),
  });
  return {
    userIds: items.map(({ userId }) => userId),
    withoutChat: items.filter(({ chatId }) => chatId === undefined).map(({ userId }) => userId),
    ...(next && { next }),
  };
}

/**
 * The changes of a user are applied: the item leaves the index, unless it was changed since; then the rest stays.
 *
 * @param applied the version with these changes, and their ids.
 * @throws ServiceUnreachableError
 */
export async function markApplied(
  key: UserKey,
  { version, changeIds }: { version: number; changeIds: string[] },
): Promise<void> {
  const done = new Set(changeIds);
  // The version counts on: whoever has read the user before can't write these changes anew.
  if (await writeApplied(key, version, undefined)) return;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const user = await findUserOrRenamed(key);
    const open = user?.toApply?.changes ?? [];
    const left = open.filter(({ id }) => !done.has(id));
    if (!user || left.length === open.length) return;
    if (await writeApplied(key, user.version, left)) return;
  }
  throw changedByOthers('A user');
}

/** @param left what stays to be applied; absent: nothing. @returns whether it was written. */
async function writeApplied(
  { siteId, userId }: UserKey,
  version: number,
  left: PersonChange[] | undefined,
): Promise<boolean> {
  const rest = left
    ? 'SET #version = :next, changes = :left'
    : 'SET #version = :next REMOVE changedAt, changes';
  const changed = await conditionalUpdate(
    'USERS_TABLE',
    { siteId, userId },
    {
      UpdateExpression: rest,
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: {
        ':version': version,
        ':next': version + 1,
        ...(left && { ':left': left }),
      },
      ReturnValues: 'NONE',
    },
  );
  return changed !== undefined;
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
