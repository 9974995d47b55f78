import { batchGet } from '../aws/batch-get.ts';
import { conditionalUpdate, deleteItem, queryPage } from '../aws/dynamodb.ts';
import type { WaitReason } from './deliveries.ts';

/*
 * The chats whose messages wait for the end of a night. The lane names the chats of a pause, and is read with every message;
 * in a night these may be thousands, so each has an item of its own, and the lane says when the first of them has its time.
 * While a chat has such an item, its messages wait as those of any paused chat do (waiting.ts).
 *
 * The item is written after the message, and before the lane. It is removed only if nobody has written it since before the
 * drain found that nothing waits.
 */

/** A chat whose messages wait apart from the others, beside the lane. */
export interface QuietChat {
  siteId: string;
  chat: string;
  /** When it is looked at, in milliseconds since 1970. */
  until: number;
  /** Telegram may ask for a pause when the night is over. */
  reason: WaitReason;
  /** Grows with each change. */
  version: number;
}

interface Stored extends Omit<QuietChat, 'chat'> {
  key: string;
}

const PREFIX = 'c#';

/** Longer than a message waits: a week. */
const KEPT_SECONDS = 14 * 24 * 3600;

function keyOf(siteId: string, chat: string): { siteId: string; key: string } {
  return { siteId, key: `${PREFIX}${chat}` };
}

function quietChat({ key, ...quiet }: Stored): QuietChat {
  return { ...quiet, chat: key.slice(PREFIX.length) };
}

/** Those of the chats of a site that wait for the end of a night, by their names. @throws ServiceUnreachableError */
export async function readQuietChats(
  siteId: string,
  chats: Iterable<string>,
): Promise<Map<string, QuietChat>> {
  const keys = [...new Set(chats)].map((chat) => ({
    table: 'WAITING_TABLE' as const,
    key: keyOf(siteId, chat),
  }));
  const { WAITING_TABLE: found = [] } = await batchGet<{ WAITING_TABLE: Stored }>(keys);
  return new Map(found.map(quietChat).map((each) => [each.chat, each]));
}

/**
 * Has the messages to a chat wait, or notes that one more does.
 *
 * @param options.isUntilThen it is looked at then, also if it was to be later, or earlier.
 * @throws ServiceUnreachableError
 */
export async function quietChatUntil(
  { siteId, chat, until, reason }: Omit<QuietChat, 'version'>,
  { isUntilThen = false }: { isUntilThen?: boolean | undefined } = {},
): Promise<void> {
  const set = ['until', 'reason'].map((name) =>
    isUntilThen ? `#${name} = :${name}` : `#${name} = if_not_exists(#${name}, :${name})`,
  );
  await conditionalUpdate('WAITING_TABLE', keyOf(siteId, chat), {
    UpdateExpression: `SET ${set.join(', ')}, expiresAt = :expiresAt, version = if_not_exists(version, :now) + :one`,
    ExpressionAttributeNames: { '#until': 'until', '#reason': 'reason' },
    ExpressionAttributeValues: {
      ':until': until,
      ':reason': reason,
      ':expiresAt': Math.floor(Date.now() / 1_000) + KEPT_SECONDS,
      // Not the same again where it was removed meanwhile.
      ':now': Date.now(),
      ':one': 1,
    },
    ReturnValues: 'NONE',
  });
}

/** Nothing waits for a chat any more. Where somebody has changed it since it was read, it stays. */
export async function endQuiet({ siteId, chat, version }: QuietChat): Promise<void> {
  await deleteItem('WAITING_TABLE', keyOf(siteId, chat), {
    ConditionExpression: 'version = :version',
    ExpressionAttributeValues: { ':version': version },
  });
}

/**
 * The chats of a site that wait, in pages.
 *
 * @param after the last chat of the page before.
 * @throws ServiceUnreachableError
 */
export async function listQuietChats(
  siteId: string,
  after?: string,
): Promise<{ chats: QuietChat[]; isLast: boolean }> {
  const { items, next } = await queryPage<Stored>('WAITING_TABLE', {
    KeyConditionExpression: 'siteId = :siteId AND begins_with(#key, :prefix)',
    ExpressionAttributeNames: { '#key': 'key' },
    ExpressionAttributeValues: { ':siteId': siteId, ':prefix': PREFIX },
    ConsistentRead: true,
    Limit: PAGE,
    ...(after !== undefined && { ExclusiveStartKey: keyOf(siteId, after) }),
  });
  return { chats: items.map(quietChat), isLast: next === undefined };
}

const PAGE = 200;
