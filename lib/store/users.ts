import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { environment } from '../environment.ts';
import { batchGet } from './batch-get.ts';
import { ask, database } from './dynamodb.ts';

/** A person of a site, and the link to their Telegram chat. */
export interface User {
  siteId: string;
  userId: string;
  /** The Telegram chat; absent while the user is not linked. */
  chatId?: number;
  /** `siteId#chatId`: the key of the index by chat; absent with the chat. */
  siteChat?: string;
  /** ISO 8601. */
  linkedAt?: string;
  username?: string;
  firstName?: string;
  lastName?: string;
  companyName?: string;
  /** BCP 47. */
  language?: string;
  optedOut?: boolean;
  /** Event names this user does not want. */
  mutedEvents?: string[];
  /** Set when Telegram said that this chat can't be reached. */
  unreachable?: { reason: string; since: string };
}

/** Those of the users that are known, by id. One request for each hundred. */
export async function findUsers(siteId: string, userIds: string[]): Promise<Map<string, User>> {
  const table = environment('USERS_TABLE');
  const items = await batchGet(userIds.map((userId) => ({ table, key: { siteId, userId } })));
  return new Map((items as unknown as User[]).map((user) => [user.userId, user]));
}

/** `siteId#chatId`: where the index by chat finds a user. */
export function siteChatOf(siteId: string, chatId: number): string {
  return `${siteId}#${chatId}`;
}

/** Notes that Telegram can't reach this user's chat, unless they have linked another chat meanwhile. */
export async function markUnreachable(user: User, reason: string): Promise<void> {
  await changeLinked(user, {
    UpdateExpression: 'SET unreachable = :unreachable',
    ExpressionAttributeValues: { ':unreachable': { reason, since: new Date().toISOString() } },
  });
}

/** Follows a group that became a supergroup to its new id. */
export async function moveChat(user: User, chatId: number): Promise<void> {
  await changeLinked(user, {
    UpdateExpression: 'SET chatId = :new, siteChat = :siteChat',
    ExpressionAttributeValues: { ':new': chatId, ':siteChat': siteChatOf(user.siteId, chatId) },
  });
}

type Change = Pick<UpdateCommandInput, 'UpdateExpression'> &
  Required<Pick<UpdateCommandInput, 'ExpressionAttributeValues'>>;

/** Changes a user who is still linked to the chat that we know of. */
async function changeLinked({ siteId, userId, chatId }: User, change: Change): Promise<void> {
  const request = new UpdateCommand({
    TableName: environment('USERS_TABLE'),
    Key: { siteId, userId },
    ConditionExpression: 'chatId = :chatId',
    ...change,
    ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':chatId': chatId },
  });
  try {
    await ask(() => database.send(request));
  } catch (error) {
    // The user was erased, or has another chat by now: what we know of the old one is of no more use.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** Why this user gets nothing for the event now, or `undefined` where they do. */
export function whyNotReached(
  user: User | undefined,
  event: string,
): 'not-linked' | 'opted-out' | 'unreachable' | 'muted' | undefined {
  if (user?.optedOut) return 'opted-out';
  if (user?.chatId === undefined) return 'not-linked';
  if (user.unreachable) return 'unreachable';
  if (user.mutedEvents?.includes(event)) return 'muted';
  return undefined;
}
