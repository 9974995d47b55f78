/** Counts the capacity units of requests through a DynamoDB client, for tables and their indexes. */
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type Resources, resolve } from '../local/resources.ts';
import { type IndexedTable, type Item, indexWriteUnits } from './index-writes.ts';

export interface Units {
  requests: number;
  read: number;
  write: number;
  /** Write units of indexes. */
  indexWrite: number;
}

/** The tables of a template, by name. */
export function indexedTables(resources: Resources, refs: Map<string, string>): Map<string, IndexedTable> {
  const tables = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::DynamoDB::Table');
  return new Map(
    tables.map(([logicalId, { Properties }]) => [
      refs.get(logicalId) ?? '',
      toTable(resolve(Properties, { refs, arns: new Map() }) as Record<string, unknown>),
    ]),
  );
}

interface KeySchema {
  KeySchema: { AttributeName: string }[];
}

interface Projection {
  ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  NonKeyAttributes?: string[];
}

interface TableProperties extends KeySchema {
  GlobalSecondaryIndexes?: (KeySchema & { Projection: Projection })[];
}

function toTable(properties: Record<string, unknown>): IndexedTable {
  const { GlobalSecondaryIndexes = [], ...table } = properties as unknown as TableProperties;
  const keysOf = ({ KeySchema }: KeySchema) => KeySchema.map(({ AttributeName }) => AttributeName);
  return {
    keys: keysOf(table),
    indexes: GlobalSecondaryIndexes.map((index) => ({
      keys: keysOf(index),
      projection: projectionOf(index.Projection),
    })),
  };
}

function projectionOf({ ProjectionType, NonKeyAttributes: include = [] }: Projection) {
  return ProjectionType === 'INCLUDE' ? { include } : ProjectionType;
}

type Consumed = { CapacityUnits?: number } | { CapacityUnits?: number }[] | undefined;

/** The common parameters of the requests that write one item. */
interface WriteInput {
  TableName: string;
  Key?: Item;
  Item?: Item;
}

const WRITES_ONE = /^(Put|Update|Delete)(Item)?Command$/;
const WRITES_MANY = /^BatchWrite(Item)?Command$/;

/**
 * Counts from now on every request through the client, in the returned object. The units of tables are those that
 * DynamoDB returns. The units of indexes are calculated from the item before and after, which are read through `aside`.
 *
 * @param tables empty: the units of indexes are not counted.
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
        const written = writtenBy(commandName, input);
        const readers = written?.flatMap((write) => itemReader(write, tables, aside) ?? []) ?? [];
        const before = await Promise.all(readers.map((read) => read()));
        const answer = await next(args);
        const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: Consumed };
        units.requests += 1;
        if (written) units.write += total(ConsumedCapacity);
        else units.read += Math.max(total(ConsumedCapacity), leastOf(input));
        // Read first: others count in the meantime.
        const after = await Promise.all(readers.map((read) => read()));
        for (const [index, { table }] of readers.entries())
          units.indexWrite += indexWriteUnits(table, before[index], after[index]);
        return answer;
      },
    // The first middleware: keys and items still have the form of the code.
    { step: 'initialize', priority: 'high', name: 'countCapacity' },
  );
  return units;
}

interface BatchWriteInput {
  RequestItems: Record<string, { PutRequest?: { Item: Item }; DeleteRequest?: { Key: Item } }[]>;
}

/** The items that a request writes; `undefined` if it reads. */
function writtenBy(commandName: string, input: object): WriteInput[] | undefined {
  if (WRITES_ONE.test(commandName)) return [input as WriteInput];
  if (!WRITES_MANY.test(commandName)) return undefined;
  return Object.entries((input as BatchWriteInput).RequestItems).flatMap(([TableName, writes]) =>
    writes.map(({ PutRequest, DeleteRequest }) => ({ TableName, ...PutRequest, ...DeleteRequest })),
  );
}

/**
 * DynamoDB's minimum for a read, even if it finds nothing; the embedded one counts nothing for an empty query.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
function leastOf({ ConsistentRead = false }: { ConsistentRead?: boolean }): number {
  return ConsistentRead ? 1 : 0.5;
}

function total(consumed: Consumed): number {
  return [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}

/** Reads the item that a request writes; `undefined` if its table has no index. */
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
