import { type Change, conditionalUpdate, getItem, queryPage } from '../aws/dynamodb.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';

/** How a user came to their chat: a link with a token, Telegram's login widget, Log In With Telegram. */
export type LinkedBy = 'deep-link' | 'login-widget' | 'oidc';

/** A person of a site, and the link to their Telegram chat. */
export interface User {
  siteId: string;
  userId: string;
  /** The Telegram chat; absent while the user is not linked. */
  chatId?: number;
  /** `siteId#chatId`: the key of the index by chat; absent with the chat. */
  siteChat?: string;
  /** The bot in whose chat the user is: where the site has another bot by now, the user has to start that one. */
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
  /** Event names this user does not want. */
  mutedEvents?: string[];
  /** Counts the changes of `mutedEvents`. */
  mutedVersion?: number;
  /** Set when Telegram said that this chat can't be reached. */
  unreachable?: { reason: string; since: string };
  /** Why this user has lost their chat: another user of the site has claimed it since. */
  unlinked?: { reason: 'chat-taken'; since: string; claim: string };
  /** The claim that gave them their chat, and their latest, whatever became of it: see user-links.ts. */
  linkClaim?: string;
  lastClaim?: string;
  /** A chat that they are about to have. */
  pendingLink?: { chatId: number; claim: string; run: string };
  /** A chat that they have left, and that is to be told. */
  movedFrom?: { chatId: number; claim: string };
}

export type UserKey = Pick<User, 'siteId' | 'userId'>;

/** A user as of now: every write that has ended before is seen. */
export function findUser(siteId: string, userId: string): Promise<User | undefined> {
  return getItem('USERS_TABLE', { siteId, userId });
}

/** `siteId#chatId`: where the index by chat finds a user. */
export function siteChatOf(siteId: string, chatId: number): string {
  return `${siteId}#${chatId}`;
}

/** Ids of the users whose chat this was a moment ago: the index by chat lags behind the table. */
export async function findUserIdsByChat(siteId: string, chatId: number): Promise<string[]> {
  const { items } = await queryPage<User>('USERS_TABLE', {
    IndexName: 'by-chat',
    KeyConditionExpression: 'siteChat = :siteChat',
    ExpressionAttributeValues: { ':siteChat': siteChatOf(siteId, chatId) },
  });
  return items.map(({ userId }) => userId);
}

/** Remembers that Telegram can't reach this user's chat, unless they have linked another chat meanwhile. */
export async function markUnreachable(user: User, reason: string): Promise<void> {
  await changeLinked(user, {
    UpdateExpression: 'SET unreachable = :unreachable',
    ExpressionAttributeValues: { ':unreachable': { reason, since: new Date().toISOString() } },
  });
}

/** Remembers that this user's chat can be reached again, by this bot. */
export async function markReachable(user: User, botId: string): Promise<void> {
  await changeLinked(user, {
    UpdateExpression: 'SET botId = :botId REMOVE unreachable',
    ExpressionAttributeValues: { ':botId': botId },
  });
}

/** Follows a group that became a supergroup to its new id. */
export async function moveChat(user: User, chatId: number): Promise<void> {
  await changeLinked(user, {
    UpdateExpression: 'SET chatId = :new, siteChat = :siteChat',
    ExpressionAttributeValues: { ':new': chatId, ':siteChat': siteChatOf(user.siteId, chatId) },
  });
}

/** What the site may change of a user. What is absent stays. */
export interface UserChange {
  optedOut?: boolean | undefined;
  mutedEvents?: string[] | undefined;
  language?: string | undefined;
}

/**
 * Changes a user for the site, all of it or nothing.
 *
 * @returns the user afterwards; `undefined` where they are not known.
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
    // Who has opted out themselves is from now on out by the site: only it, or an explicit word, brings them back.
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

/** How often a change is tried again because somebody else was quicker. */
const MAX_ROUNDS = 20;

const OPTED_IN = 'REMOVE optedOut, optedOutBy, optedOutAt';

/** Opts a user out. What the site has done stays the site's doing. */
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

/** @returns whether there is such a user, who then gets messages again. */
export async function setOptedIn(user: UserKey): Promise<boolean> {
  return (await changeKnown(user, { UpdateExpression: OPTED_IN })) !== undefined;
}

/**
 * Changes the events that a user does not want, from what they are at that moment: of two changes at once none is lost.
 *
 * @returns the user afterwards; `undefined` where they are not known.
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

/** @returns the user afterwards; `undefined` where they are not known, or the condition did not hold. */
function changeKnown({ siteId, userId }: UserKey, change: Change): Promise<User | undefined> {
  const conditions = ['attribute_exists(userId)', change.ConditionExpression];
  const ConditionExpression = conditions.filter(Boolean).join(' AND ');
  return conditionalUpdate('USERS_TABLE', { siteId, userId }, { ...change, ConditionExpression });
}

/**
 * Changes a user who is still linked to the chat that we know of. Where they were erased, or have another chat by now,
 * what we know of the old one is of no more use.
 */
async function changeLinked(user: User, change: Change): Promise<void> {
  await changeKnown(user, {
    ...change,
    ConditionExpression: 'chatId = :chatId',
    ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':chatId': user.chatId },
  });
}
