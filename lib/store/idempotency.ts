import { conditionalUpdate, getItem } from '../aws/dynamodb.ts';

/** `started`: by this call. `running`: by another run. `completed`: it must not run again. */
export type OperationState =
  /** `since`: when it was started for the first time, milliseconds since 1970. */
  { kind: 'started'; since: number } | { kind: 'running' } | { kind: 'completed' };

/** An operation that may run again, but not soon. */
export interface Again {
  /** What asks for it. The same cause never runs it twice. */
  cause: string;
  /** How long after its completion another cause may run it. What comes before that counts as completed. */
  afterSeconds: number;
}

/**
 * Starts an operation that must run only once. The record is in the links table, whose time to live removes it. Its key
 * has a prefix with `#` that no other key of that table has.
 *
 * @param leaseSeconds after this time an unfinished run counts as dead, and the operation may start again.
 * @param keptSeconds how long the record is kept.
 * @param again absent: the operation never runs again.
 * @throws ServiceUnreachableError
 */
export async function startOperation(
  key: string,
  leaseSeconds: number,
  keptSeconds: number,
  again?: Again,
): Promise<OperationState> {
  const now = Date.now();
  const isUnknown = 'attribute_not_exists(#token)';
  const leaseHasExpired = '#state = :busy AND leasedUntil < :now';
  const mayRunAgain = '#state = :done AND completedAt <= :before AND #cause <> :cause';
  const started = await conditionalUpdate<{ startedAt: number }>(
    'LINKS_TABLE',
    { token: key },
    {
      UpdateExpression: `SET #state = :busy, leasedUntil = :lease, expiresAt = :expires, startedAt = if_not_exists(startedAt, :now)${again ? ', #cause = :cause' : ''}`,
      ConditionExpression: `${isUnknown} OR (${leaseHasExpired})${again ? ` OR (${mayRunAgain})` : ''}`,
      ExpressionAttributeNames: { '#token': 'token', '#state': 'state', ...(again && { '#cause': 'cause' }) },
      ExpressionAttributeValues: {
        ...{ ':busy': 'busy', ':now': now, ':lease': now + leaseSeconds * 1_000 },
        ':expires': Math.floor(now / 1_000) + keptSeconds,
        ...(again && { ':done': 'done', ':before': now - again.afterSeconds * 1_000, ':cause': again.cause }),
      },
    },
  );
  if (started) return { kind: 'started', since: started.startedAt };
  const stored = await getItem<{ state: string; cause?: string }>('LINKS_TABLE', { token: key });
  const isForAnother = stored !== undefined && stored.cause !== again?.cause;
  return { kind: stored?.state === 'done' || isForAnother ? 'completed' : 'running' };
}

/** Records that the operation has run. @throws ServiceUnreachableError */
export async function completeOperation(key: string): Promise<void> {
  await conditionalUpdate(
    'LINKS_TABLE',
    { token: key },
    {
      UpdateExpression: 'SET #state = :done, completedAt = :now REMOVE leasedUntil',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':done': 'done', ':now': Date.now() },
    },
  );
}

/** The operation has failed and may start again at once; when it first started stays known. @throws ServiceUnreachableError */
export async function abandonOperation(key: string): Promise<void> {
  await conditionalUpdate(
    'LINKS_TABLE',
    { token: key },
    { UpdateExpression: 'SET leasedUntil = :over', ExpressionAttributeValues: { ':over': 0 } },
  );
}
