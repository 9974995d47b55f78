import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DeleteCommandInput,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { beforeDeadline, type SendOptions } from './deadline.ts';
import { environment } from './environment.ts';

/*
 * Each function here sends one request. The module of `store` that writes an item knows its type and passes it as
 * `Stored`. Only this file and batch-get.ts cast DynamoDB's answers to that type.
 */

/** How often a request is tried, and how long one attempt may take, in milliseconds. */
export const DYNAMODB_TIMES = { attempts: 3, connection: 1_000, request: 2_000 };

/** One client for each process. Its endpoint, region and credentials come from the environment. */
export const database = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    maxAttempts: DYNAMODB_TIMES.attempts,
    requestHandler: {
      connectionTimeout: DYNAMODB_TIMES.connection,
      requestTimeout: DYNAMODB_TIMES.request,
      // Without it the SDK only prints a warning and continues to wait.
      throwOnRequestTimeout: true,
    },
  }),
  { marshallOptions: { removeUndefinedValues: true } },
);

/**
 * A table, as the name of the environment variable that holds its name. The variable is read when the table is used: a
 * function that never uses a table has no variable for it.
 */
export type Table =
  | `${'SITES' | 'USERS' | 'PEOPLE' | 'LINKS' | 'SCHEDULE' | 'PACES' | 'DELIVERIES' | 'WAITING' | 'STATEMENTS' | 'STATISTICS' | 'OUTGOING'}_TABLE`
  | `${'TEMPLATE_VERSIONS' | 'AUDIT' | 'SITE_DIRECTORY'}_TABLE`;

export type Key = Record<string, string>;

type Item = Record<string, unknown>;

/**
 * Runs one request, within the time of the present work.
 *
 * @throws ServiceUnreachableError if DynamoDB can't be reached or can't serve now. A failed condition is an answer, not
 * a fault: its `ConditionalCheckFailedException` is thrown unchanged.
 */
export async function callDynamoDb<Output>(
  request: (options: SendOptions) => Promise<Output>,
): Promise<Output> {
  try {
    return await beforeDeadline(request);
  } catch (cause) {
    if (cause instanceof ConditionalCheckFailedException) throw cause;
    throw new ServiceUnreachableError('DynamoDB', { cause });
  }
}

/** @returns `undefined` if the condition was false and nothing was written. */
async function conditionalWrite<Output>(
  write: (options: SendOptions) => Promise<Output>,
): Promise<Output | undefined> {
  try {
    return await callDynamoDb(write);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/**
 * Reads an item.
 *
 * @param options.consistent `false`: an eventually consistent read, at half the cost.
 * @param options.only these attributes; absent: all.
 * @throws ServiceUnreachableError
 */
export async function getItem<Stored>(
  table: Table,
  key: Key,
  { consistent = true, only }: { consistent?: boolean; only?: string[] } = {},
): Promise<Stored | undefined> {
  const request = new GetCommand({
    ...{ TableName: environment(table), Key: key, ConsistentRead: consistent },
    ...(only && {
      ProjectionExpression: only.map((_, index) => `#a${index}`).join(', '),
      ExpressionAttributeNames: Object.fromEntries(only.map((name, index) => [`#a${index}`, name])),
    }),
  });
  return (await callDynamoDb((options) => database.send(request, options))).Item as Stored | undefined;
}

/**
 * Writes an item. It replaces an item with the same key.
 *
 * @returns `false` if the condition was false and nothing was written.
 * @throws ServiceUnreachableError
 */
export async function putItem(
  table: Table,
  item: object,
  condition: Omit<PutCommandInput, 'TableName' | 'Item'> = {},
): Promise<boolean> {
  const request = new PutCommand({ TableName: environment(table), Item: { ...item }, ...condition });
  return (await conditionalWrite((options) => database.send(request, options))) !== undefined;
}

/** The update of an item, and its condition. */
export type Change = Omit<UpdateCommandInput, 'TableName' | 'Key'>;

/**
 * Changes an item.
 *
 * @returns its new attributes, or those that `ReturnValues` selects; `undefined` if the condition was false and nothing
 * was changed.
 * @throws ServiceUnreachableError
 */
export async function conditionalUpdate<Stored>(
  table: Table,
  key: Key,
  change: Change,
): Promise<Stored | undefined> {
  const TableName = environment(table);
  const request = new UpdateCommand({ TableName, Key: key, ReturnValues: 'ALL_NEW', ...change });
  const written = await conditionalWrite((options) => database.send(request, options));
  return written && ((written.Attributes ?? {}) as Stored);
}

/**
 * The update expression that sets these fields. Their names may be reserved words. A field that is `undefined` is
 * removed.
 */
export function setFields(fields: Record<string, unknown>) {
  const names = Object.keys(fields);
  const values = Object.entries(fields).filter(([, value]) => value !== undefined);
  const sets = values.map(([name]) => `#${name} = :${name}`).join(', ');
  const removed = names.filter((name) => fields[name] === undefined);
  const removes = removed.map((name) => `#${name}`).join(', ');
  return {
    UpdateExpression: [sets && `SET ${sets}`, removes && `REMOVE ${removes}`].filter(Boolean).join(' '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(values.map(([name, value]) => [`:${name}`, value])),
  };
}

/**
 * Deletes an item.
 *
 * @returns whether it existed; `false` also if the condition was false and nothing was deleted.
 * @throws ServiceUnreachableError
 */
export async function deleteItem(
  table: Table,
  key: Key,
  condition: Omit<DeleteCommandInput, 'TableName' | 'Key'> = {},
): Promise<boolean> {
  const TableName = environment(table);
  const request = new DeleteCommand({ TableName, Key: key, ReturnValues: 'ALL_OLD', ...condition });
  return (await conditionalWrite((options) => database.send(request, options)))?.Attributes !== undefined;
}

/** Some of the items that a query finds. */
export interface Page<Stored> {
  items: Stored[];
  /** The start of the next page (`ExclusiveStartKey`); absent on the last page. */
  next?: Item;
}

/** @throws ServiceUnreachableError */
export async function queryPage<Stored>(
  table: Table,
  query: Omit<QueryCommandInput, 'TableName'>,
): Promise<Page<Stored>> {
  const request = new QueryCommand({ TableName: environment(table), ...query });
  const { Items = [], LastEvaluatedKey } = await callDynamoDb((options) => database.send(request, options));
  return { items: Items as Stored[], ...(LastEvaluatedKey && { next: LastEvaluatedKey }) };
}

/** A page of a whole table, and what it has cost. */
export interface ScannedPage<Stored> extends Page<Stored> {
  /** The read units that DynamoDB counted. */
  readUnits: number;
}

/**
 * Reads a page of a whole table, eventually consistent unless asked otherwise: for a run that has time, never for a
 * request.
 *
 * @throws ServiceUnreachableError
 */
export async function scanPage<Stored>(
  table: Table,
  scan: Omit<ScanCommandInput, 'TableName'>,
): Promise<ScannedPage<Stored>> {
  const request = new ScanCommand({
    TableName: environment(table),
    ReturnConsumedCapacity: 'TOTAL',
    ...scan,
  });
  const {
    Items = [],
    LastEvaluatedKey,
    ConsumedCapacity,
  } = await callDynamoDb((options) => database.send(request, options));
  return {
    items: Items as Stored[],
    readUnits: ConsumedCapacity?.CapacityUnits ?? 0,
    ...(LastEvaluatedKey && { next: LastEvaluatedKey }),
  };
}
