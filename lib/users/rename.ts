import { ConflictError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { addToChat, removeFromChat } from '../store/chats.ts';
import { moveItemsOfUser } from '../store/move-user.ts';
import { changedByOthers, MAX_ROUNDS } from '../store/rounds.ts';
import { recordRenaming } from '../store/statements.ts';
import { erasedUser, holdersBefore, newUser, type User, type UserKey } from '../store/user.ts';
import { findUser, findUserOrRenamed, putUser, updateUser } from '../store/users.ts';
import { unknownUser } from './errors.ts';

/**
 * Gives a user another id. They keep chats, switches, opt-outs, log and what is scheduled; what is queued for the former
 * id reaches them.
 *
 * 1. The chats name the new id too: from here on a `/stop` reaches both.
 * 2. The user is copied to the new id, and the former item is replaced by one that leads there, if nobody has changed
 *    the user in between.
 * 3. Everything else is moved.
 *
 * After a crash the same call goes on.
 *
 * @throws NotFoundError for an unknown user, ConflictError where the new id is another user's.
 * @throws ServiceUnreachableError: repeat the call.
 */
export async function renameUser(key: UserKey, to: string): Promise<void> {
  if (to === key.userId) {
    if (!(await findUser(key.siteId, key.userId))) throw unknownUser();
    return;
  }
  const user = await copyUser(key, to);
  for (const { chatId } of user.chats) {
    await addToChat({ siteId: key.siteId, chatId }, to, Number.POSITIVE_INFINITY);
    await removeFromChat({ siteId: key.siteId, chatId }, key.userId);
  }
  await moveItemsOfUser(key, to);
  await updateUser(user, (now) => (now.renamedFrom ? { ...now, renamedFrom: undefined } : now));
  log.info('user renamed', { siteId: key.siteId });
}

/** Steps 1 and 2. @returns the user under the new id. */
async function copyUser(key: UserKey, to: string): Promise<User> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const former = await findUserOrRenamed(key);
    const present = await findUserOrRenamed({ ...key, userId: to });
    if (former?.renamed?.to === to && present) return present;
    if (!former || former.renamed) {
      // Another renaming, or an erasure, was faster: the copy that this one has made belongs to nobody.
      if (present) await dropCopy(present, key.userId);
      throw unknownUser();
    }
    if (present && !present.renamed && present.renamedFrom !== key.userId) throw taken(to);

    for (const { chatId } of former.chats)
      await addToChat({ siteId: key.siteId, chatId }, to, Number.POSITIVE_INFINITY);
    await recordRenaming(former, to);
    const copy = copyOf(former, to, present);
    if ((await putUser(copy, present)) && (await putUser(leadFrom(former, to), former))) return copy;
  }
  throw changedByOthers('A user');
}

function copyOf(former: User, to: string, present: User | undefined): User {
  const formerIds = [...(former.formerIds ?? []), former.userId].filter((userId) => userId !== to);
  const version = (present?.version ?? 0) + 1;
  // Who had an id before is a matter of the id, not of its present holder.
  const formerHolders = present && holdersBefore(present);
  return { ...former, userId: to, version, formerIds, renamedFrom: former.userId, formerHolders };
}

function leadFrom({ siteId, userId, version, formerHolders }: User, to: string): User {
  const at = new Date(Date.now()).toISOString();
  return { ...newUser({ siteId, userId }), version: version + 1, renamed: { to, at }, formerHolders };
}

async function dropCopy(copy: User, from: string): Promise<void> {
  if (copy.renamedFrom !== from || !(await putUser(erasedUser(copy), copy))) return;
  for (const { chatId } of copy.chats) await removeFromChat({ siteId: copy.siteId, chatId }, copy.userId);
}

/** The new id is another user's. */
export function taken(userId: string): ConflictError {
  const text = {
    en: `Nothing was changed: a user "${userId}" exists already. Two users can't become one; erase the one that is not needed first.`,
    it: `Non è stato modificato nulla: esiste già un utente "${userId}". Due utenti non possono diventare uno; cancellare prima quello che non serve.`,
  };
  return new ConflictError(text, 'user-id-taken');
}
