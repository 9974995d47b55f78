import { type Change, conditionalUpdate, deleteItem, getItem, scanPage } from '../aws/dynamodb.ts';

/** The rate limit state of a bot, shared by all functions that send with it. Times are milliseconds since 1970. */
export interface RateLimitState {
  botId: string;
  /** Counts the changes of slots and pauses, so that two functions never take the same slots. */
  version: number;
  nextSlot: number;
  chats: Record<string, number>;
  pausedUntil: number;
  /** The fingerprint of the token, if the bot is paused because of its token. */
  pausedToken?: string;
  /** The time up to which deferred messages are scheduled to come back. */
  lineEnd: number;
}

/** The state of a bot that has never sent. */
export function newRateLimitState(botId: string): RateLimitState {
  return { botId, version: 0, nextSlot: 0, chats: {}, pausedUntil: 0, lineEnd: 0 };
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

/**
 * Pauses a bot until a time. A longer pause that is in force stays.
 *
 * @param tokens.current fingerprint of the bot's token: a pause because of another token is over.
 * @param tokens.refused the same fingerprint, if the pause is because of the token: it ends when another token is
 * saved.
 */
export async function pauseBot(
  botId: string,
  until: number,
  tokens: { current: string; refused: string | undefined },
): Promise<void> {
  const isShorter = 'attribute_not_exists(pausedUntil) OR pausedUntil < :until';
  const isForAnotherToken = '(attribute_exists(pausedToken) AND pausedToken <> :current)';
  await update(botId, {
    UpdateExpression: `SET pausedUntil = :until, version = if_not_exists(version, :zero) + :one ${
      tokens.refused ? ', pausedToken = :refused' : 'REMOVE pausedToken'
    }`,
    ConditionExpression: `${isShorter} OR ${isForAnotherToken}`,
    ExpressionAttributeValues: {
      ':until': until,
      ':zero': 0,
      ':one': 1,
      ':current': tokens.current,
      ...(tokens.refused && { ':refused': tokens.refused }),
    },
  });
}

/**
 * Reserves a period at the end of the queue of deferred messages.
 *
 * @param from where the queue begins if it is empty: the time of the next free slots.
 * @param milliseconds length of the period.
 * @returns where the period begins.
 */
export async function reserveBacklog(
  { botId, lineEnd }: RateLimitState,
  from: number,
  milliseconds: number,
): Promise<number> {
  let isWaiting = lineEnd > from;
  for (;;) {
    const change: Change = isWaiting
      ? {
          UpdateExpression: 'SET lineEnd = lineEnd + :piece',
          ConditionExpression: 'lineEnd > :from',
          ExpressionAttributeValues: { ':from': from, ':piece': milliseconds },
        }
      : {
          UpdateExpression: 'SET lineEnd = :end',
          ConditionExpression: 'attribute_not_exists(lineEnd) OR lineEnd <= :from',
          ExpressionAttributeValues: { ':from': from, ':end': from + milliseconds },
        };
    const request = { ...change, ReturnValues: 'UPDATED_NEW' } as const;
    const changed = await conditionalUpdate<RateLimitState>('PACES_TABLE', { botId }, request);
    if (changed) return changed.lineEnd - milliseconds;
    isWaiting = !isWaiting;
  }
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
