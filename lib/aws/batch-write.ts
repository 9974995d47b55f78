import { BatchWriteCommand, type BatchWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { sleep } from './deadline.ts';
import { callDynamoDb, database, type Key, type Table } from './dynamodb.ts';
import { environment } from './environment.ts';
import { settleAll } from './parallel.ts';

/** DynamoDB's limit for one BatchWriteItem. */
const MAX_WRITES = 25;
const MAX_ROUNDS = 6;

/** One write: an item that replaces one with the same key, or the key of an item to delete. */
export type Write = { put: object } | { remove: Key };

/**
 * Writes many items of a table, in one request for every 25. No write has a condition, and their order is not defined:
 * after an error some are written, and the same call may be repeated.
 *
 * @param writes must differ in their keys.
 * @throws ServiceUnreachableError
 */
export async function batchWrite(table: Table, writes: Write[]): Promise<void> {
  const chunks: Write[][] = [];
  for (let start = 0; start < writes.length; start += MAX_WRITES)
    chunks.push(writes.slice(start, start + MAX_WRITES));
  await settleAll(chunks.map((chunk) => writeChunk(environment(table), chunk)));
}

async function writeChunk(name: string, writes: Write[]): Promise<void> {
  let open: BatchWriteCommandInput['RequestItems'] = {
    [name]: writes.map((write) =>
      'put' in write ? { PutRequest: { Item: { ...write.put } } } : { DeleteRequest: { Key: write.remove } },
    ),
  };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const request = new BatchWriteCommand({ RequestItems: open });
    const { UnprocessedItems = {} } = await callDynamoDb((options) => database.send(request, options));
    if (Object.keys(UnprocessedItems).length === 0) return;
    open = UnprocessedItems;
    await sleep(50 * 2 ** round);
  }
  throw new ServiceUnreachableError('DynamoDB', { cause: new Error('items stay unprocessed') });
}
