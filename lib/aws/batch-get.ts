import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { sleep } from './deadline.ts';
import { callDynamoDb, database, type Key, type Table } from './dynamodb.ts';
import { environment } from './environment.ts';
import { settleAll } from './parallel.ts';

/** DynamoDB's limit for one BatchGetItem. */
const MAX_KEYS = 100;
const MAX_ROUNDS = 6;

export interface ItemKey {
  table: Table;
  key: Key;
}

type Items = Record<string, unknown>[];
type RequestItems = Record<string, { Keys: Record<string, unknown>[]; ConsistentRead?: boolean }>;

/**
 * Reads many items of any tables, in one request for every 100 keys. The reads are strongly consistent.
 *
 * @param keys must differ.
 * @returns the items that exist, by table, in no order. `Stored` is the type of each table's items; it is not checked:
 * the modules of `store` that write the items keep to it.
 * @throws ServiceUnreachableError
 */
export async function batchGet<Stored extends { [Name in Table]?: unknown }>(
  keys: ItemKey[],
): Promise<{ [Name in keyof Stored]?: Stored[Name][] }> {
  const chunks: ItemKey[][] = [];
  for (let start = 0; start < keys.length; start += MAX_KEYS)
    chunks.push(keys.slice(start, start + MAX_KEYS));
  const found: { [Name in Table]?: Items } = {};
  for (const [table, items] of (await settleAll(chunks.map(getChunk))).flat())
    found[table] = [...(found[table] ?? []), ...items];
  return found as { [Name in keyof Stored]?: Stored[Name][] };
}

async function getChunk(keys: ItemKey[]): Promise<[Table, Items][]> {
  const tables = new Map(keys.map(({ table }) => [environment(table), table]));
  let open: RequestItems = {};
  for (const { table, key } of keys) {
    const name = environment(table);
    open[name] ??= { Keys: [], ConsistentRead: true };
    open[name].Keys.push(key);
  }

  const found: [Table, Items][] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const request = new BatchGetCommand({ RequestItems: open });
    const { Responses = {}, UnprocessedKeys = {} } = await callDynamoDb((options) =>
      database.send(request, options),
    );
    for (const [name, items] of Object.entries(Responses)) {
      const table = tables.get(name);
      if (table) found.push([table, items]);
    }
    if (Object.keys(UnprocessedKeys).length === 0) return found;
    open = UnprocessedKeys as RequestItems;
    await sleep(50 * 2 ** round);
  }
  throw new ServiceUnreachableError('DynamoDB', { cause: new Error('keys stay unprocessed') });
}
