import { conditionalUpdate, deleteItem, getItem, putItem } from '../aws/dynamodb.ts';

/** `mine`: do it now. `busy`: somebody else is doing it. `done`: it has been done. */
export type OperationState = 'mine' | 'busy' | 'done';

/**
 * Reserves something that is to be done once. Reservations lie in the links table, which forgets them in time; their keys
 * have a `#`, which no other key there begins with in the same way.
 *
 * @param leaseSeconds after this long whoever has it is taken for dead, and another may reserve it.
 * @param keptSeconds how long it is remembered.
 * @throws ServiceUnreachableError
 */
export async function beginOperation(
  key: string,
  leaseSeconds: number,
  keptSeconds: number,
): Promise<OperationState> {
  const now = Date.now();
  const isUnknown = 'attribute_not_exists(#token)';
  const holderIsGone = '#state = :busy AND leasedUntil < :now';
  const item = {
    token: key,
    state: 'busy',
    leasedUntil: now + leaseSeconds * 1_000,
    expiresAt: Math.floor(now / 1_000) + keptSeconds,
  };
  const isMine = await putItem('LINKS_TABLE', item, {
    ConditionExpression: `${isUnknown} OR (${holderIsGone})`,
    ExpressionAttributeNames: { '#token': 'token', '#state': 'state' },
    ExpressionAttributeValues: { ':busy': 'busy', ':now': now },
  });
  if (isMine) return 'mine';
  const stored = await getItem<{ state: string }>('LINKS_TABLE', { token: key });
  return stored?.state === 'done' ? 'done' : 'busy';
}

/** Remembers that it has been done. @throws ServiceUnreachableError */
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

/** Gives it back: it was not done, and may be reserved at once. @throws ServiceUnreachableError */
export async function abandonOperation(key: string): Promise<void> {
  await deleteItem('LINKS_TABLE', { token: key });
}
