import { conditionalUpdate, deleteItem, getItem, putItem } from '../aws/dynamodb.ts';

/** `started`: this call has started it. `running`: another run has started it. `completed`: it must not run again. */
export type OperationState = 'started' | 'running' | 'completed';

/**
 * Starts an operation that must run only once. The record is in the links table, whose time to live removes it. Its key
 * has a prefix with `#` that no other key of that table has.
 *
 * @param leaseSeconds after this time an unfinished run counts as dead, and the operation may start again.
 * @param keptSeconds how long the record is kept.
 * @throws ServiceUnreachableError
 */
export async function startOperation(
  key: string,
  leaseSeconds: number,
  keptSeconds: number,
): Promise<OperationState> {
  const now = Date.now();
  const isUnknown = 'attribute_not_exists(#token)';
  const leaseHasExpired = '#state = :busy AND leasedUntil < :now';
  const item = {
    token: key,
    state: 'busy',
    leasedUntil: now + leaseSeconds * 1_000,
    expiresAt: Math.floor(now / 1_000) + keptSeconds,
  };
  const isStarted = await putItem('LINKS_TABLE', item, {
    ConditionExpression: `${isUnknown} OR (${leaseHasExpired})`,
    ExpressionAttributeNames: { '#token': 'token', '#state': 'state' },
    ExpressionAttributeValues: { ':busy': 'busy', ':now': now },
  });
  if (isStarted) return 'started';
  const stored = await getItem<{ state: string }>('LINKS_TABLE', { token: key });
  return stored?.state === 'done' ? 'completed' : 'running';
}

/** Records that the operation has run. @throws ServiceUnreachableError */
export async function completeOperation(key: string): Promise<void> {
  await conditionalUpdate(
    'LINKS_TABLE',
    { token: key },
    {
      UpdateExpression: 'SET #state = :done REMOVE leasedUntil',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':done': 'done' },
    },
  );
}

/** The operation has failed and may start again at once. @throws ServiceUnreachableError */
export async function abandonOperation(key: string): Promise<void> {
  await deleteItem('LINKS_TABLE', { token: key });
}
