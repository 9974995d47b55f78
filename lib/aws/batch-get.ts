import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { callDynamoDb, database } from './dynamodb.ts';
import { settleAll } from './parallel.ts';

/** DynamoDB's limit for one BatchGetItem. */
const MAX_KEYS = 100;
const MAX_ROUNDS = 6;

export interface ItemKey {
  table: string;
  key: Record<string, string>;
}

type Item = Record<string, unknown>;
type RequestItems = Record<string, { Keys: Record<string, unknown>[]; ConsistentRead?: boolean }>;

/**
 * Reads many items, of any tables, in as few requests as DynamoDB allows. Keys must differ; order is not kept.
 *
 * @param options.consistent whether every write that has ended before must be seen; it costs twice as much.
 */
export async function batchGet(keys: ItemKey[], options: { consistent?: boolean } = {}): Promise<Item[]> {
  const chunks: ItemKey[][] = [];
  for (let start = 0; start < keys.length; start += MAX_KEYS)
    chunks.push(keys.slice(start, start + MAX_KEYS));
  return (await settleAll(chunks.map((chunk) => getChunk(chunk, options.consistent ?? false)))).flat();
}

async function getChunk(keys: ItemKey[], consistent: boolean): Promise<Item[]> {
  let open: RequestItems = {};
  for (const { table, key } of keys) {
    open[table] ??= { Keys: [], ConsistentRead: consistent };
    open[table].Keys.push(key);
  }

  const items: Item[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const request = new BatchGetCommand({ RequestItems: open });
    const { Responses = {}, UnprocessedKeys = {} } = await callDynamoDb(() => database.send(request));
    items.push(...Object.values(Responses).flat());
    if (Object.keys(UnprocessedKeys).length === 0) return items;
    open = UnprocessedKeys as RequestItems;
    await sleep(50 * 2 ** round);
  }
  throw new ServiceUnreachableError('DynamoDB', { cause: new Error('keys stay unprocessed') });
}
