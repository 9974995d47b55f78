/**
 * The tables of a history: dynalite's own operations and checks in this process, over maps instead of a database, and without
 * HTTP between. So a history takes a tenth of the time, and begins with empty tables.
 */
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

type Callback<Result> = (error: unknown, result?: Result) => void;
type Item = Record<string, unknown>;

/** What dynalite asks of its database. */
interface ItemDb {
  get(key: string, done: Callback<Item>): void;
  put(key: string, item: Item, done: Callback<void>): void;
  del(key: string, done: Callback<void>): void;
  createValueStream(range: Range): Readable;
  lock(key: string, work: (release: <Done>(done: Done) => Done) => void): void;
}

interface Range {
  gt?: string;
  gte?: string;
  lt?: string;
  lte?: string;
  reverse?: boolean;
}

interface Checks {
  checkTypes(data: object, types: object): object;
  checkValidations(data: object, types: object, custom: unknown, store: object): void;
}

interface Validation {
  types: object;
  custom: unknown;
}

type Action = (store: object, data: object, done: Callback<Record<string, unknown>>) => void;

/** What dynalite answers instead of a result. */
interface Refusal {
  statusCode?: number;
  body?: { __type: string; message?: string; Message?: string };
}

const dynalite = createRequire(createRequire(import.meta.url).resolve('dynalite'));
const checks = dynalite('./validations') as Checks;

const OPERATIONS = [
  ...(['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] as const),
  ...(['Query', 'Scan', 'BatchGetItem', 'BatchWriteItem'] as const),
];
const operations = new Map(
  OPERATIONS.map((name) => {
    const file = name.replace(/^./, (letter) => letter.toLowerCase());
    const act = dynalite(`./actions/${file}`) as Action;
    return [name.replace('Item', ''), { act, ...(dynalite(`./validations/${file}`) as Validation) }];
  }),
);

export interface Command {
  input: object;
  constructor: { name: string };
}

export class Tables {
  readonly #definitions: ReadonlyMap<string, object>;
  #databases = new Map<string, ItemDb>();

  private constructor(definitions: ReadonlyMap<string, object>) {
    this.#definitions = definitions;
  }

  /** Tables like those of a database. @param names all of them. */
  static async like(database: DynamoDBClient, names: string[]): Promise<Tables> {
    const described = names.map(async (TableName) => {
      const { Table } = await database.send(new DescribeTableCommand({ TableName }));
      return [TableName, Table ?? {}] as const;
    });
    return new Tables(new Map(await Promise.all(described)));
  }

  clear(): void {
    this.#databases.clear();
  }

  /** Runs a command of the document client. */
  async send({ input, constructor: { name } }: Command): Promise<Record<string, unknown>> {
    const operation = operations.get(name.replace('Command', ''));
    if (!operation) throw new Error(`The tables of the histories do not know ${name}.`);
    const store = this.#store;
    try {
      const data = checks.checkTypes(toStored(input) as object, operation.types);
      checks.checkValidations(data, operation.types, operation.custom, store);
      const result = await new Promise<Record<string, unknown>>((resolve, reject) =>
        operation.act(store, data, (error, answer = {}) => (error ? reject(error) : resolve(answer))),
      );
      return fromStored(result);
    } catch (error) {
      throw asOfSdk(error);
    }
  }

  async put(table: string, item: object): Promise<void> {
    await this.send({ input: { TableName: table, Item: item }, constructor: { name: 'PutCommand' } });
  }

  /** All items of a table. */
  async items(table: string): Promise<Item[]> {
    const stream = this.#database(`items ${table}`).createValueStream({});
    return (await stream.toArray()).map(fromAttributes);
  }

  get #store() {
    return {
      options: { maxItemSize: 409_600 },
      tableDb: { awsAccountId: '000000000000', awsRegion: 'eu-south-1' },
      getTable: (name: string, ...rest: [Callback<object>] | [boolean, Callback<object>]) => {
        const definition = this.#definitions.get(name);
        const done = rest.at(-1) as Callback<object>;
        done(definition ? null : new Error(`There is no table ${name}.`), definition);
      },
      getItemDb: (name: string) => this.#database(`items ${name}`),
      getIndexDb: (kind: string, table: string, index: string) =>
        this.#database(`${kind.toLowerCase()} index ${table} ${index}`),
    };
  }

  #database(name: string): ItemDb {
    const database = this.#databases.get(name) ?? emptyDatabase();
    this.#databases.set(name, database);
    return database;
  }
}

/** As text: what was read and then changed is not changed here. */
function emptyDatabase(): ItemDb {
  const texts = new Map<string, string>();
  return {
    get(key, done) {
      const text = texts.get(key);
      if (text === undefined) done(Object.assign(new Error(key), { name: 'NotFoundError' }));
      else done(null, JSON.parse(text) as Item);
    },
    put(key, item, done) {
      texts.set(key, JSON.stringify(item));
      done(null);
    },
    del(key, done) {
      texts.delete(key);
      done(null);
    },
    createValueStream(range) {
      const found = keysIn([...texts.keys()], range).map((key) => JSON.parse(texts.get(key) ?? '') as Item);
      return Readable.from(found);
    },
    // Nothing else is done before an operation has ended.
    lock: (_key, work) => work((done) => done),
  };
}

function keysIn(keys: string[], { gt, gte, lt, lte, reverse }: Range): string[] {
  const found = keys.filter(
    (key) =>
      (gt === undefined || key > gt) &&
      (gte === undefined || key >= gte) &&
      (lt === undefined || key < lt) &&
      (lte === undefined || key <= lte),
  );
  found.sort((one, other) => (one < other ? -1 : 1));
  return reverse ? found.reverse() : found;
}

/** An error of dynalite as the SDK throws it. */
function asOfSdk(error: unknown): unknown {
  const { body } = error as Refusal;
  if (!body) return error;
  const message = body.message ?? body.Message ?? '';
  const name = body.__type.replace(/^.*#/, '');
  if (name === 'ConditionalCheckFailedException')
    return new ConditionalCheckFailedException({ message, $metadata: {} });
  return Object.assign(new Error(message), { name });
}

// ---- from values to DynamoDB's attributes, and back

/** The fields whose values are items or keys. */
const ITEM_FIELDS = new Set(['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey']);

function toStored(input: unknown): unknown {
  if (Array.isArray(input)) return input.map(toStored);
  if (typeof input !== 'object' || input === null) return input;
  const fields = Object.entries(input).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (ITEM_FIELDS.has(name)) return [[name, toAttributes(value as Item)]];
    return [[name, name === 'Keys' ? (value as Item[]).map(toAttributes) : toStored(value)]];
  });
  return Object.fromEntries(fields);
}

function toAttributes(item: Item): Item {
  const fields = Object.entries(item).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields.map(([name, value]) => [name, toAttribute(value)]));
}

function toAttribute(value: unknown): object {
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) return { L: value.filter((each) => each !== undefined).map(toAttribute) };
  if (value instanceof Set) return { SS: [...value] };
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      return { N: String(value) };
    case 'boolean':
      return { BOOL: value };
    case 'object':
      return { M: toAttributes(value as Item) };
    default:
      throw new Error(`The tables of the histories do not know the type ${typeof value}.`);
  }
}

function fromStored(result: Record<string, unknown>): Record<string, unknown> {
  const { Item: item, Attributes: attributes, LastEvaluatedKey: last, Items: items, Responses: all } = result;
  const single = { Item: item, Attributes: attributes, LastEvaluatedKey: last };
  const singles = Object.entries(single).filter(([, value]) => value !== undefined);
  const responses = Object.entries((all ?? {}) as Record<string, Item[]>);
  return {
    ...result,
    ...Object.fromEntries(singles.map(([name, value]) => [name, fromAttributes(value as Item)])),
    ...(items !== undefined && { Items: (items as Item[]).map(fromAttributes) }),
    ...(all !== undefined && {
      Responses: Object.fromEntries(responses.map(([table, found]) => [table, found.map(fromAttributes)])),
    }),
  };
}

function fromAttributes(item: Item): Item {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, fromAttribute(value as Record<string, unknown>)]),
  );
}

function fromAttribute(attribute: Record<string, unknown>): unknown {
  const [[type, value] = []] = Object.entries(attribute);
  switch (type) {
    case 'NULL':
      return null;
    case 'N':
      return Number(value);
    case 'L':
      return (value as Record<string, unknown>[]).map(fromAttribute);
    case 'M':
      return fromAttributes(value as Item);
    case 'SS':
      return new Set(value as string[]);
    default:
      return value;
  }
}
