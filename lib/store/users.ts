import { environment } from '../environment.ts';
import { batchGet } from './batch-get.ts';

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
