import type { Table } from '../aws/dynamodb.ts';
import { ConflictError, NotFoundError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { removeFromChat } from '../store/chats.ts';
import { eraseRestored, eraseTokensOf, eraseUser } from '../store/erase.ts';
import {
  type Choices,
  firstChatId,
  hasObjection,
  type Statement,
  statementsSince,
} from '../store/statements.ts';
import type { ChatLink, User, UserKey } from '../store/user.ts';
import { findHolderAt, findUserOrRenamed, updateUser } from '../store/users.ts';
import { keepStaff } from './keep-staff.ts';
import { renameUser } from './rename.ts';
import { withoutLinks } from './unlink.ts';

/** Clocks of functions differ by less than this, in milliseconds. */
const MARGIN = 60_000;

/** An erasure takes less than this, in milliseconds: no function that erases a person runs so long. */
const LONGEST_ERASURE = 60_000;

/** How many statements of each kind were said again. */
export type Replayed = Record<Statement['kind'], number>;

/**
 * Says again what people and shops have said since the time to which tables were restored: so nobody is there again who
 * was erased, and no consent that was taken back. It may be repeated.
 *
 * First erasures and renamings, in their order; then the last choices of each user.
 *
 * @param restoredTo ISO 8601.
 * @param tables the restored tables.
 * @throws ServiceUnreachableError: a repeated call does the rest.
 */
export async function replayStatements(restoredTo: string, tables: Table[]): Promise<Replayed> {
  const since = new Date(Date.parse(restoredTo) - MARGIN).toISOString();
  const statements = await Array.fromAsync(statementsSince(since));
  statements.sort((one, other) => rankOf(one) - rankOf(other) || one.at.localeCompare(other.at));
  const replayed: Replayed = { erased: 0, renamed: 0, choices: 0 };
  for (const statement of statements) {
    await replay(statement, tables);
    replayed[statement.kind] += 1;
  }
  return replayed;
}

function rankOf({ kind }: Statement): number {
  return kind === 'choices' ? 1 : 0;
}

async function replay(statement: Statement, tables: Table[]): Promise<void> {
  switch (statement.kind) {
    case 'erased':
      return eraseAgain(statement, tables);
    case 'renamed':
      return renameAgain(statement, statement.to);
    case 'choices':
      return chooseAgain(await presentKeyOf(statement), statement.choices);
  }
}

/**
 * Erases a user again, unless the item of their id says that they are erased: then it was not restored, and whoever has the
 * id since stays. What is older than the erasure in restored tables goes. Where this command has erased them before, that
 * is done: what the id has now is older, but of somebody who was renamed to it.
 */
async function eraseAgain({ siteId, userId, at }: Statement, tables: Table[]): Promise<void> {
  const key = { siteId, userId };
  const item = await findUserOrRenamed(key);
  const holders = [...(item?.formerHolders ?? []), ...(item?.renamed ? [item.renamed] : [])];
  const erasures = holders.filter((lead) => lead.erased && lead.at >= at);
  if (erasures.length === 0) await eraseUser(key, { isSaid: true });
  else if (erasures.some((lead) => Date.parse(lead.at) < Date.parse(at) + LONGEST_ERASURE))
    await eraseRestored(key, at, tables);
  // Nobody has the id since: a restored site may name it among its staff.
  if (!item || item.renamed) await keepStaff({ siteId, changes: [{ id: '', at, userId, kind: 'erased' }] });
}

async function renameAgain(key: Statement, to: string): Promise<void> {
  try {
    await renameUser({ siteId: key.siteId, userId: key.userId }, to);
  } catch (error) {
    // The user has that id already, or was erased since.
    if (!(error instanceof NotFoundError || error instanceof ConflictError)) throw error;
    log.info('user not renamed again', { siteId: key.siteId, reason: error.name });
  }
  const { siteId, userId: from, at } = key;
  await keepStaff({ siteId, changes: [{ id: '', at, userId: to, kind: 'renamed', from }] });
}

/** The id that the user of a statement has now. */
async function presentKeyOf({ siteId, userId, at }: Statement): Promise<UserKey> {
  const key = { siteId, userId };
  const item = await findUserOrRenamed(key);
  return (item?.renamed && (await findHolderAt(key, at, item))) || key;
}

/** In one write, so that a repeated call finds either what the backup had, or what was said. */
async function chooseAgain({ siteId, userId }: UserKey, choices: Choices): Promise<void> {
  const key = { siteId, userId };
  const kept = new Set(choices.chats.map(({ chatId }) => chatId));
  let lost: ChatLink[] = [];
  const change = (user: User) => {
    lost = user.chats.filter((link) => !kept.has(firstChatId(link)));
    return withChoices(lost.length > 0 ? withoutLinks(user, lost, 'unknown') : user, choices);
  };
  await updateUser(key, change, { create: hasObjection(choices), isUnsaid: true });
  for (const { chatId } of lost) {
    // A restored token could link the chat again.
    await eraseTokensOf(key, chatId);
    await removeFromChat({ siteId, chatId }, userId);
  }
}

function withChoices(user: User, choices: Choices): User {
  const { optOuts, optedIn, endedStops, mutedEvents, quietHours, marketingConsent, chats } = choices;
  const said = new Map(chats.map((chat) => [chat.chatId, chat]));
  return {
    ...user,
    ...{ optOuts, optedIn, endedStops, quietHours, marketingConsent },
    mutedEvents: mutedEvents.length > 0 ? mutedEvents : undefined,
    chats: user.chats.map((link) => {
      const { stopped, resumedAt } = said.get(firstChatId(link)) ?? {};
      return { ...link, stopped, resumedAt };
    }),
  };
}
