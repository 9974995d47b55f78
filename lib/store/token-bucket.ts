import { type Change, conditionalUpdate } from '../aws/dynamodb.ts';

/*
 * A token bucket in the table of the bots' rate limits, counted over all functions and written as one time. What is taken
 * takes its share of time; `takenUntil` is when all that was taken so far would have been taken at the steady rate. How far
 * that lies ahead of now is how much was taken at once.
 */

interface Taking {
  /** Milliseconds since 1970. */
  now: number;
  /** The share of time of all that may be taken at once, in milliseconds. */
  whole: number;
  /** That of what is taken now. */
  span: number;
  /** How long its turn may be away, in milliseconds; 0: it is taken now, or not at all. */
  longestWait: number;
}

/**
 * Takes from a bucket.
 *
 * @returns milliseconds until its turn; `undefined` if it is further away: then nothing was taken.
 * @throws ServiceUnreachableError
 */
export async function takeFromBucket(
  key: { botId: string },
  { now, whole, span, longestWait }: Taking,
): Promise<number | undefined> {
  const begun = await update(key, {
    UpdateExpression: 'SET takenUntil = :end',
    ConditionExpression: 'attribute_not_exists(takenUntil) OR takenUntil <= :now',
    ExpressionAttributeValues: { ':now': now, ':end': now + span },
  });
  const taken =
    begun ??
    (await update(key, {
      UpdateExpression: 'SET takenUntil = takenUntil + :span',
      ConditionExpression: 'takenUntil <= :latest',
      ExpressionAttributeValues: { ':span': span, ':latest': now + whole + longestWait - span },
    }));
  return taken && Math.max(0, taken.takenUntil - whole - now);
}

/** Puts back what was taken. @throws ServiceUnreachableError */
export async function putBack(key: { botId: string }, span: number): Promise<void> {
  await update(key, {
    UpdateExpression: 'SET takenUntil = takenUntil - :span',
    ConditionExpression: 'attribute_exists(takenUntil)',
    ExpressionAttributeValues: { ':span': span },
  });
}

function update(key: { botId: string }, change: Change): Promise<{ takenUntil: number } | undefined> {
  const request = { ...change, ReturnValues: 'UPDATED_NEW' } as const;
  return conditionalUpdate('PACES_TABLE', key, request);
}
