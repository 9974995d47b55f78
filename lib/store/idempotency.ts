import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { callDynamoDb, conditionalWrite, database } from '../aws/dynamodb.ts';
import { environment } from '../aws/environment.ts';

/** `mine`: do it now. `busy`: somebody else is doing it. `done`: it has been done. */
export type OperationState = 'mine' | 'busy' | 'done';

/**
 * Claims something that is to be done once. Claims live in the links table, which forgets them in time; their keys have
 * a `#`, which no other key there begins with in the same way.
 *
 * @param leaseSeconds after this long whoever has it is taken for dead, and it may be claimed again.
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
  const put = new PutCommand({
    TableName: environment('LINKS_TABLE'),
    Item: {
      token: key,
      state: 'busy',
      leasedUntil: now + leaseSeconds * 1_000,
      expiresAt: Math.floor(now / 1_000) + keptSeconds,
    },
    ConditionExpression: `${isUnknown} OR (${holderIsGone})`,
    ExpressionAttributeNames: { '#token': 'token', '#state': 'state' },
    ExpressionAttributeValues: { ':busy': 'busy', ':now': now },
  });
  if (await conditionalWrite(() => database.send(put))) return 'mine';
  const get = new GetCommand({
    TableName: environment('LINKS_TABLE'),
    Key: { token: key },
    ConsistentRead: true,
  });
  const { Item } = await callDynamoDb(() => database.send(get));
  return Item?.state === 'done' ? 'done' : 'busy';
}

/** Notes that it has been done. @throws ServiceUnreachableError */
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

/** Gives it back: it was not done, and may be claimed at once. @throws ServiceUnreachableError */
export async function abandonOperation(key: string): Promise<void> {
  const remove = new DeleteCommand({ TableName: environment('LINKS_TABLE'), Key: { token: key } });
  await callDynamoDb(() => database.send(remove));
}
