import { type Change, conditionalUpdate, getItem, queryPage } from '../aws/dynamodb.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';

/** How a user was linked: a link with a token, Telegram's login widget, Log In With Telegram. */
export type LinkedBy = 'deep-link' | 'login-widget' | 'oidc';

/** A person of a site, and the link to their Telegram chat. */
export interface User {
  siteId: string;
  userId: string;
  /** The Telegram chat; absent while the user is not linked. */
  chatId?: number;
  /** `siteId#chatId`: the key of the index by chat; absent if `chatId` is. */
  siteChat?: string;
  /** The bot that the user's chat is with. If the site has another bot now, the user has to start that one. */
  botId?: string;
  /** ISO 8601. */
  linkedAt?: string;
  linkedBy?: LinkedBy;
  /** The name of the Telegram account, without `@`. */
  username?: string;
  firstName?: string;
  lastName?: string;
  companyName?: string;
  /** BCP 47. */
  language?: string;
  optedOut?: boolean;
  /** Who opted out, and when (ISO 8601): the person in the bot, or the site for them. */
  optedOutBy?: 'user' | 'site';
  optedOutAt?: string;
  /** Names of the events that this user does not want. */
  mutedEvents?: string[];
  /** Counts the changes of `mutedEvents`. */
  mutedVersion?: number;
  /** Set when Telegram answers that this chat can't be reached. */
  unreachable?: { reason: string; since: string };
  /** Why this user has lost their chat: another user of the site has claimed it. */
  unlinked?: { reason: 'chat-taken'; since: string; claim: string };
  /** The claim that gave them their chat, and their latest claim, completed or not: see user-links.ts. */
  linkClaim?: string;
  lastClaim?: string;
  /** The chat that they are about to get. */
  pendingLink?: { chatId: number; claim: string; run: string };
  /** Their former chat, which is still to be notified. */
  movedFrom?: { chatId: number; claim: string };
}

export type UserKey = Pick<User, 'siteId' | 'userId'>;

/** The current user, by a strongly consistent read. */
export function findUser(siteId: string, userId: string): Promise<User | undefined> {
  return getItem('USERS_TABLE', { siteId, userId });
}

/** `siteId#chatId`: the key of a user in the index by chat. */
export function siteChatOf(siteId: string, chatId: number): string {
  return `${siteId}#${chatId}`;
}

/** Ids of the users of a chat. The index by chat lags behind the table: the newest changes may be missing. */
export async function findUserIdsByChat(siteId: string, chatId: number): Promise<string[]> {
  const { items } = await queryPage<User>('USERS_TABLE', {
    IndexName: 'by-chat',
    KeyConditionExpression: 'siteChat = :siteChat',
    ExpressionAttributeValues: { ':siteChat': siteChatOf(siteId, chatId) },
  });
  return items.map(({ userId }) => userId);
}

/** Records that Telegram can't reach this user's chat, unless they have linked another chat since they were read. */
export async function markUnreachable(user: User, reason: string): Promise<void> {
  await changeLinked(user, {
    UpdateExpression: 'SET unreachable = :unreachable',
    ExpressionAttributeValues: { ':unreachable': { reason, since: new Date().toISOString() } },
  });
}

/** Records that this bot can reach this user's chat again. */
export async function markReachable(user: User, botId: string): Promise<void> {
  await changeLinked(user, {
    UpdateExpression: 'SET botId = :botId REMOVE unreachable',
    ExpressionAttributeValues: { ':botId': botId },
  });
}

/** Changes the chat id of a group that became a supergroup. */
export async function moveChat(user: User, chatId: number): Promise<void> {
  await changeLinked(user, {
    UpdateExpression: 'SET chatId = :new, siteChat = :siteChat',
    ExpressionAttributeValues: { ':new': chatId, ':siteChat': siteChatOf(user.siteId, chatId) },
  });
}

/** The fields of a user that the site may change. An absent field stays unchanged. */
export interface UserChange {
  optedOut?: boolean | undefined;
  mutedEvents?: string[] | undefined;
  language?: string | undefined;
}

/**
 * Changes a user for the site, all fields or none.
 *
 * @returns the updated user; `undefined` if they do not exist.
 */
export async function changeUser(user: UserKey, change: UserChange, now: string): Promise<User | undefined> {
  const { optedOut, mutedEvents, language } = change;
  const sets: string[] = [];
  const values: Record<string, unknown> = {};
  if (mutedEvents) {
    sets.push('mutedEvents = :mutedEvents, mutedVersion = if_not_exists(mutedVersion, :zero) + :one');
    Object.assign(values, { ':mutedEvents': mutedEvents, ':zero': 0, ':one': 1 });
  }
  if (language) {
    sets.push('#language = :language');
    values[':language'] = language;
  }
  if (optedOut) {
    // The opt-out becomes the site's even if the user opted out first: linking again no longer ends it.
    sets.push('optedOut = :true, optedOutBy = :site, optedOutAt = if_not_exists(optedOutAt, :now)');
    Object.assign(values, { ':true': true, ':site': 'site', ':now': now });
  }
  const removed = optedOut === false ? OPTED_IN : '';
  const expression = [sets.length > 0 && `SET ${sets.join(', ')}`, removed].filter(Boolean).join(' ');
  if (expression === '') return findUser(user.siteId, user.userId);
  return changeKnown(user, {
    UpdateExpression: expression,
    ...(language && { ExpressionAttributeNames: { '#language': 'language' } }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  });
}

/** How many times a change is tried if somebody else changes the user at the same time. */
const MAX_ROUNDS = 20;

const OPTED_IN = 'REMOVE optedOut, optedOutBy, optedOutAt';

/** Opts a user out. An opt-out by the site stays the site's. */
export async function setOptedOut(user: UserKey, by: 'user' | 'site', now: string): Promise<void> {
  if (by === 'site') {
    await changeUser(user, { optedOut: true }, now);
    return;
  }
  await changeKnown(user, {
    UpdateExpression:
      'SET optedOut = :true, optedOutBy = if_not_exists(optedOutBy, :user), optedOutAt = if_not_exists(optedOutAt, :now)',
    ExpressionAttributeValues: { ':true': true, ':user': 'user', ':now': now },
  });
}

/** Opts a user in again. @returns whether the user exists. */
export async function setOptedIn(user: UserKey): Promise<boolean> {
  return (await changeKnown(user, { UpdateExpression: OPTED_IN })) !== undefined;
}

/**
 * Changes the muted events of a user, from their current value: of two changes at the same time none is lost.
 *
 * @returns the updated user; `undefined` if they do not exist.
 */
export async function changeMutedEvents(
  { siteId, userId }: UserKey,
  change: (events: string[]) => string[],
): Promise<User | undefined> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const user = await findUser(siteId, userId);
    if (!user) return undefined;
    const { mutedEvents = [], mutedVersion } = user;
    const isUnchanged = mutedVersion ? 'mutedVersion = :version' : 'attribute_not_exists(mutedVersion)';
    const changed = await changeKnown(user, {
      UpdateExpression: 'SET mutedEvents = :events, mutedVersion = :next',
      ConditionExpression: isUnchanged,
      ExpressionAttributeValues: {
        ':events': change(mutedEvents),
        ':next': (mutedVersion ?? 0) + 1,
        ...(mutedVersion && { ':version': mutedVersion }),
      },
    });
    if (changed) return changed;
  }
  const cause = new Error(`The muted events of a user were changed by others ${MAX_ROUNDS} times in a row.`);
  throw new ServiceUnreachableError('DynamoDB', { cause });
}

/** @returns the updated user; `undefined` if they do not exist or the condition was false. */
function changeKnown({ siteId, userId }: UserKey, change: Change): Promise<User | undefined> {
  const conditions = ['attribute_exists(userId)', change.ConditionExpression];
  const ConditionExpression = conditions.filter(Boolean).join(' AND ');
  return conditionalUpdate('USERS_TABLE', { siteId, userId }, { ...change, ConditionExpression });
}

/**
 * Changes a user who still has the chat that was read. If they were erased, or have another chat now, the change is no
 * longer of use.
 */
async function changeLinked(user: User, change: Change): Promise<void> {
  await changeKnown(user, {
    ...change,
    ConditionExpression: 'chatId = :chatId',
    ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':chatId': user.chatId },
  });
}
