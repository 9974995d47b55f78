/** Counts the capacity units that requests through a DynamoDB client take, in tables and in their indexes. */
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Resources } from '../local/resources.ts';
import { type IndexedTable, type Item, indexWriteUnits } from './index-writes.ts';

export interface Units {
  requests: number;
  read: number;
  write: number;
  /** Write units of indexes. */
  indexWrite: number;
}

/** The tables that a template makes, by name. */
export function indexedTables(resources: Resources, refs: Map<string, string>): Map<string, IndexedTable> {
  const tables = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::DynamoDB::Table');
  return new Map(
    tables.map(([logicalId, { Properties }]) => [refs.get(logicalId) ?? '', toTable(Properties)]),
  );
}

interface KeySchema {
  KeySchema: { AttributeName: string }[];
}

interface TableProperties extends KeySchema {
  GlobalSecondaryIndexes?: (KeySchema & { Projection: { ProjectionType: 'ALL' | 'KEYS_ONLY' } })[];
}

function toTable(properties: Record<string, unknown>): IndexedTable {
  const { GlobalSecondaryIndexes = [], ...table } = properties as unknown as TableProperties;
  const keysOf = ({ KeySchema }: KeySchema) => KeySchema.map(({ AttributeName }) => AttributeName);
  return {
    keys: keysOf(table),
    indexes: GlobalSecondaryIndexes.map((index) => ({
      keys: keysOf(index),
      projection: index.Projection.ProjectionType,
    })),
  };
}

type Consumed = { CapacityUnits?: number } | { CapacityUnits?: number }[] | undefined;

/** What the requests that write one item have in common. */
interface WriteInput {
  TableName: string;
  Key?: Item;
  Item?: Item;
}

const WRITES_ONE = /^(Put|Update|Delete)(Item)?Command$/;
const WRITES_MANY = /^BatchWrite(Item)?Command$/;

/**
 * From now on, every request through the client is counted in what is returned. What DynamoDB says of its tables is
 * taken as it is; what indexes take is reckoned from the item before and after, which are read through `aside`.
 *
 * @param tables empty: what indexes take is not counted, nor are the many writes of a `BatchWriteItem` ever.
 */
export function countCapacity(
  client: DynamoDBDocumentClient,
  tables = new Map<string, IndexedTable>(),
  aside = client,
): Units {
  const units: Units = { requests: 0, read: 0, write: 0, indexWrite: 0 };
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const input: object = Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
        const writesOne = WRITES_ONE.test(commandName);
        const read = writesOne ? itemReader(input as unknown as WriteInput, tables, aside) : undefined;
        const before = await read?.();
        const answer = await next(args);
        const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: Consumed };
        units.requests += 1;
        if (writesOne || WRITES_MANY.test(commandName)) units.write += total(ConsumedCapacity);
        else units.read += Math.max(total(ConsumedCapacity), leastOf(input));
        if (read) units.indexWrite += indexWriteUnits(read.table, before, await read());
        return answer;
      },
    // First of all, while keys and items are still as the code writes them.
    { step: 'initialize', priority: 'high', name: 'countCapacity' },
  );
  return units;
}

/**
 * What DynamoDB takes at least for a read, even one that finds nothing; the embedded one takes nothing for an empty query.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
function leastOf({ ConsistentRead = false }: { ConsistentRead?: boolean }): number {
  return ConsistentRead ? 1 : 0.5;
}

function total(consumed: Consumed): number {
  return [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}

/** Reads the item that a request writes; `undefined` where its table has no index. */
function itemReader(
  { TableName, Key, Item: item }: WriteInput,
  tables: Map<string, IndexedTable>,
  aside: DynamoDBDocumentClient,
): ((() => Promise<Item | undefined>) & { table: IndexedTable }) | undefined {
  const table = tables.get(TableName);
  if (!table || table.indexes.length === 0) return undefined;
  const key = Key ?? Object.fromEntries(table.keys.map((name) => [name, item?.[name]]));
  const read = async () =>
    (await aside.send(new GetCommand({ TableName, Key: key, ConsistentRead: true }))).Item;
  return Object.assign(read, { table });
}
