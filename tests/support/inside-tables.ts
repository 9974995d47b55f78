/**
 * The tables of the embedded DynamoDB from inside its server. What a test puts there, looks at and clears away goes past
 * HTTP and the AWS client: as requests, that was more than half of what the tests reckoned. A look lets timers and sockets
 * have their turn, as a request would: who looks again and again until something is there would look for ever.
 */
import { promisify } from 'node:util';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import getItem from 'dynalite/actions/getItem.js';
import putItem from 'dynalite/actions/putItem.js';
import stores, { type Store } from 'dynalite/db/index.js';
import { nextTurn } from './next-turn.ts';

type Item = Record<string, unknown>;
type AttributeValues = Record<string, AttributeValue>;

export interface InsideTables {
  store: Store;
  put(table: string, item: object): Promise<void>;
  get(table: string, key: Record<string, string>): Promise<Item | undefined>;
  /** All items, in no order. */
  all(table: string): Promise<Item[]>;
  clear(table: string): Promise<void>;
}

/** Starts what starts one dynalite, and gives access to its tables. */
export async function withInsideTables<Started>(
  start: () => Promise<Started>,
): Promise<{ started: Started; inside: InsideTables }> {
  const { create } = stores;
  const created: Store[] = [];
  stores.create = (options) => {
    const store = create(options);
    created.push(store);
    return store;
  };
  try {
    const started = await start();
    const [store] = created;
    if (!store) throw new Error('This dynalite makes its store in another way.');
    return { started, inside: insideOf(store) };
  } finally {
    stores.create = create;
  }
}

function insideOf(store: Store): InsideTables {
  const [put, get] = [promisify(putItem), promisify(getItem)];
  return {
    store,
    async put(TableName, item) {
      await put(store, { TableName, Item: sent(marshall(item, { removeUndefinedValues: true })) });
    },
    async get(TableName, key) {
      await nextTurn();
      const { Item } = await get(store, { TableName, Key: marshall(key) });
      return Item && unmarshall(received(Item));
    },
    async all(table) {
      await nextTurn();
      return (await store.db.values(keysOf(`item-${table}`)).all()).map((item) => unmarshall(received(item)));
    },
    async clear(table) {
      await store.db.clear(keysOf(`item-${table}`));
      // Of all its indexes: their names come after another "~".
      await store.db.clear(keysOf(`index-global~${table}`));
    },
  };
}

/** As the AWS client would send it: in JSON, binary values are base64. */
function sent(item: AttributeValues): AttributeValues {
  return JSON.parse(
    JSON.stringify(item, function (this: AttributeValues, name, value) {
      const before: unknown = this[name];
      return before instanceof Uint8Array ? Buffer.from(before).toString('base64') : value;
    }),
  );
}

/** As the AWS client would give it. Only a binary value is a string of the name "B": an attribute's is an object. */
function received(item: AttributeValues): AttributeValues {
  return JSON.parse(JSON.stringify(item), (name, value) =>
    name === 'B' && typeof value === 'string' ? Uint8Array.from(Buffer.from(value, 'base64')) : value,
  );
}

/** dynalite has all in one database, each key after the name of what it belongs to and "~". */
function keysOf(name: string) {
  return { gte: `${name}~`, lt: `${name}\x7f` };
}
