import { conditionalUpdate, getItem } from '../aws/dynamodb.ts';
import { findSession, isNotOver, type SessionSecret, type StoredSession } from './console-sessions.ts';
import { changedByOthers } from './rounds.ts';

/*
 * The platform's sessions of the console, all in one item of the sites table. With them are their limits and their refusal
 * of strangers as with those of a site.
 */

/** No site id contains "#". */
const KEY = { siteId: '#platform-sessions' };

interface Item {
  /** Counts the changes. */
  version: number;
  sessions: StoredSession[];
}

/** How long a wrong session is refused without a read, in milliseconds. */
const MEMORY_MILLISECONDS = 2_000;

/** How much later than its making a session may be stored, in milliseconds: what was read until then may not have it. */
export const STORED_WITHIN = 5_000;

/** With which somebody was refused. */
let remembered: { sessions: StoredSession[]; at: number } | undefined;

/** The session, if it still holds. @throws ServiceUnreachableError */
export async function findPlatformSession({
  hash,
  madeAt,
}: SessionSecret): Promise<StoredSession | undefined> {
  const now = Date.now();
  const isKnown =
    remembered && remembered.at > now - MEMORY_MILLISECONDS && remembered.at > madeAt + STORED_WITHIN;
  if (remembered && isKnown) return findSession(remembered.sessions, hash);
  const { sessions } = await read();
  const found = findSession(sessions, hash);
  remembered = found ? undefined : { sessions, at: now };
  return found;
}

async function read(): Promise<Item> {
  return (await getItem<Item>('SITES_TABLE', KEY)) ?? { version: 0, sessions: [] };
}

const MAX_ROUNDS = 10;

/**
 * Changes the sessions, unless there is nothing to change.
 *
 * @param change may run several times.
 * @throws ServiceUnreachableError
 */
export async function changePlatformSessions(
  change: (sessions: StoredSession[]) => StoredSession[] | undefined,
): Promise<void> {
  remembered = undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { version, sessions } = await read();
    const changed = change(sessions.filter(isNotOver));
    if (!changed) return;
    const isWritten = await conditionalUpdate('SITES_TABLE', KEY, {
      UpdateExpression: 'SET #version = :next, sessions = :sessions',
      ConditionExpression: version === 0 ? 'attribute_not_exists(siteId)' : '#version = :before',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: {
        ':next': version + 1,
        ':sessions': changed,
        ...(version > 0 && { ':before': version }),
      },
      ReturnValues: 'NONE',
    });
    if (isWritten) return;
  }
  throw changedByOthers("The platform's sessions", MAX_ROUNDS);
}
