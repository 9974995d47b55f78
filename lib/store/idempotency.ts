import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { callDynamoDb, conditionalWrite, database } from '../aws/dynamodb.ts';
import { environment } from '../aws/environment.ts';

/** `started`: by this call. `running`: another run has started it. `completed`: it must not run again. */
export type OperationState = 'started' | 'running' | 'completed';

/**
 * Starts an operation that is to run once. The record is in the links table, whose time to live removes it; its key has a
 * prefix with `#` that no other key of that table has.
 *
 * @param leaseSeconds after this time a run that has not completed counts as dead, and the operation may start again.
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
  const put = new PutCommand({
    TableName: environment('LINKS_TABLE'),
    Item: {
      token: key,
      state: 'busy',
      leasedUntil: now + leaseSeconds * 1_000,
      expiresAt: Math.floor(now / 1_000) + keptSeconds,
    },
    ConditionExpression: `${isUnknown} OR (${leaseHasExpired})`,
    ExpressionAttributeNames: { '#token': 'token', '#state': 'state' },
    ExpressionAttributeValues: { ':busy': 'busy', ':now': now },
  });
  if (await conditionalWrite(() => database.send(put))) return 'started';
  const get = new GetCommand({
    TableName: environment('LINKS_TABLE'),
    Key: { token: key },
    ConsistentRead: true,
  });
  const { Item } = await callDynamoDb(() => database.send(get));
  return Item?.state === 'done' ? 'completed' : 'running';
}

/** Records that the operation has run. @throws ServiceUnreachableError */
export async function completeOperation(key: string): Promise<void> {
  const update = new UpdateCommand({
    TableName: environment('LINKS_TABLE'),
    Key: { token: key },
    UpdateExpression: 'SET #state = :done REMOVE leasedUntil',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':done': 'done' },
  });
  await callDynamoDb(() => database.send(update));
}

/** The operation has failed: it may start again at once. @throws ServiceUnreachableError */
export async function abandonOperation(key: string): Promise<void> {
  const remove = new DeleteCommand({ TableName: environment('LINKS_TABLE'), Key: { token: key } });
  await callDynamoDb(() => database.send(remove));
}
