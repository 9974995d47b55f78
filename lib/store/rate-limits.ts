import { type Change, conditionalUpdate, deleteItem, getItem, scanPage } from '../aws/dynamodb.ts';

/** The rate limit state of a bot, shared by all functions that send with it. Times are milliseconds since 1970. */
export interface RateLimitState {
  botId: string;
  /** Counts the changes of slots and pauses, so that two functions never take the same slots. */
  version: number;
  nextSlot: number;
  chats: Record<string, number>;
  pausedUntil: number;
  /** The last chat to which Telegram has refused a message for now, and when. */
  refused?: { chatId: number; at: number };
}

/** The state of a bot that has never sent. */
export function newRateLimitState(botId: string): RateLimitState {
  return { botId, version: 0, nextSlot: 0, chats: {}, pausedUntil: 0 };
}

export async function readRateLimitState(botId: string): Promise<RateLimitState> {
  return { ...newRateLimitState(botId), ...(await getItem<RateLimitState>('PACES_TABLE', { botId })) };
}

/**
 * Writes the slots taken, unless somebody else has taken slots or paused the bot since the state was read.
 *
 * @returns whether it was written.
 */
export async function reserveSlots(
  before: RateLimitState,
  taken: Pick<RateLimitState, 'nextSlot' | 'chats'>,
): Promise<boolean> {
  const isUnchanged = before.version === 0 ? 'attribute_not_exists(version)' : 'version = :version';
  return update(before.botId, {
    UpdateExpression: 'SET nextSlot = :nextSlot, chats = :chats, version = :next',
    ConditionExpression: isUnchanged,
    ExpressionAttributeValues: {
      ':nextSlot': taken.nextSlot,
      ':chats': taken.chats,
      ':next': before.version + 1,
      ...(before.version > 0 && { ':version': before.version }),
    },
  });
}

/** Pauses a bot until a time. A longer pause that is in force stays. */
export async function pauseBot(botId: string, until: number): Promise<void> {
  await update(botId, {
    UpdateExpression: 'SET pausedUntil = :until, version = if_not_exists(version, :zero) + :one',
    ConditionExpression: 'attribute_not_exists(pausedUntil) OR pausedUntil < :until',
    ExpressionAttributeValues: { ':until': until, ':zero': 0, ':one': 1 },
  });
}

/**
 * Remembers that Telegram has refused a message to a chat for now, and pauses the chat. A longer pause that is in force
 * stays.
 *
 * @param refused.wholeAt when the chat may have a whole burst again.
 * @returns the refusal before this one.
 */
export async function recordRefusal(
  botId: string,
  { chatId, at, wholeAt }: { chatId: number; at: number; wholeAt: number },
): Promise<RateLimitState['refused']> {
  const change = {
    UpdateExpression: 'SET refused = :refused, version = if_not_exists(version, :zero) + :one',
    ExpressionAttributeValues: { ':refused': { chatId, at }, ':zero': 0, ':one': 1 },
    ReturnValues: 'UPDATED_OLD' as const,
  };
  const withPause = {
    ...change,
    UpdateExpression: `${change.UpdateExpression}, chats.#chat = :wholeAt`,
    ConditionExpression:
      'attribute_exists(chats) AND (attribute_not_exists(chats.#chat) OR chats.#chat < :wholeAt)',
    ExpressionAttributeNames: { '#chat': String(chatId) },
    ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':wholeAt': wholeAt },
  };
  const write = (what: Change) => conditionalUpdate<RateLimitState>('PACES_TABLE', { botId }, what);
  return ((await write(withPause)) ?? (await write(change)))?.refused;
}

/** A page of the bots' states, and what it has cost. @throws ServiceUnreachableError */
export async function scanRateLimits(limit: number, from?: Record<string, unknown>) {
  const start = from && { ExclusiveStartKey: from };
  const page = await scanPage<RateLimitState>('PACES_TABLE', { Limit: limit, ...start });
  return { ...page, items: page.items.map((item) => ({ ...newRateLimitState(item.botId), ...item })) };
}

/**
 * Forgets the state of a bot, which names its last chats, unless it was changed since it was read. A bot without a state
 * is like one that has never sent.
 */
export function forgetRateLimit({ botId, version }: RateLimitState): Promise<boolean> {
  const isUnchanged =
    version === 0
      ? { ConditionExpression: 'attribute_not_exists(version)' }
      : { ConditionExpression: 'version = :version', ExpressionAttributeValues: { ':version': version } };
  return deleteItem('PACES_TABLE', { botId }, isUnchanged);
}

/** @returns whether the condition was true. The new state is not returned: it grows with the number of chats. */
async function update(botId: string, change: Change): Promise<boolean> {
  const request = { ...change, ReturnValues: 'NONE' } as const;
  return (await conditionalUpdate('PACES_TABLE', { botId }, request)) !== undefined;
}
