/** Worker thread of the schedule benchmark: fills a table with waiting carts, and runs their poller. */
import { parentPort, workerData } from 'node:worker_threads';
import { BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Site } from '../lib/store/sites.ts';
import { defaultTemplates } from '../lib/templates/template-kinds.ts';
import { countCapacity } from './capacity.ts';

/** The parent's orders. They are answered in order. */
export type RunnerOrder = { kind: 'load'; waiting: number; users: number } | { kind: 'run'; due: number };

export type RunnerAnswer =
  | { kind: 'progress'; done: number }
  | { kind: 'loaded' }
  | ({ kind: 'ran' } & RunFigures);

export interface RunFigures {
  milliseconds: number;
  due: number;
  isCutShort: boolean;
  dynamodbRequests: number;
  sqsRequests: number;
  /** Capacity units of tables, as the embedded DynamoDB counts them, without indexes. */
  readUnits: number;
  writeUnits: number;
}

const SITE = 'crowd';
const SHOPS = 1_000;
const HOUR = 3_600_000;
/** The number of requests at the same time while loading. */
const LOADERS = 8;
const BATCH = 25;
/** The function's time-out in `serverless.yml`. */
const TIMEOUT = 60_000;

Object.assign(process.env, workerData as Record<string, string>);
const { database } = await import('../lib/aws/dynamodb.ts');
const { cartKey, shardOf } = await import('../lib/store/schedule.ts');
const { siteChatOf } = await import('../lib/store/stored-user.ts');
const { poll } = await import('../lib/schedule/poller.ts');
const { dueCarts } = await import('../lib/schedule/carts.ts');
const { SITES_TABLE, USERS_TABLE = '', SCHEDULE_TABLE = '' } = process.env;
let round = 0;

const counts = countCapacity(database);

/** A waiting cart; `dueAt` in milliseconds since 1970. */
function cart(siteId: string, userId: string, dueAt: number): Record<string, unknown> {
  const key = cartKey(siteId, userId);
  const eventId = `round-${round} ${userId}`;
  const occurredAt = new Date(dueAt - 3 * HOUR).toISOString();
  const event = {
    eventId,
    occurredAt,
    language: 'it',
    cart: {
      id: `cart-${userId}`,
      itemCount: 2,
      total: { amount: '89.00', currency: 'EUR' },
      url: `https://shop.example/carrello/${userId}`,
    },
    user: { id: userId, firstName: 'Bruno', lastName: 'Bianchi', language: 'it', kind: 'customer' },
  };
  return {
    ...key,
    shard: shardOf('cart', key),
    dueAt: new Date(dueAt).toISOString(),
    eventId,
    occurredAt,
    cartId: event.cart.id,
    event: JSON.stringify(event),
    occurrence: 0,
  };
}

async function write(
  table: string,
  count: number,
  item: (index: number) => Record<string, unknown>,
  onProgress: (done: number) => void = () => undefined,
): Promise<void> {
  let next = 0;
  async function loader(): Promise<void> {
    while (next < count) {
      const start = next;
      next += BATCH;
      const size = Math.min(BATCH, count - start);
      const requests = Array.from({ length: size }, (_, index) => ({
        PutRequest: { Item: item(start + index) },
      }));
      await database.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
      onProgress(start + size);
    }
  }
  await Promise.all(Array.from({ length: LOADERS }, loader));
}

async function load({ waiting, users }: RunnerOrder & { kind: 'load' }): Promise<void> {
  await database.send(new PutCommand({ TableName: SITES_TABLE, Item: site() }));
  await write(USERS_TABLE, users, (index) => ({
    siteId: SITE,
    userId: `user-${index}`,
    chatId: index + 1,
    siteChat: siteChatOf(SITE, index + 1),
  }));
  const now = Date.now();
  // None is due yet: they are due from tomorrow, over three days.
  const dueAt = (index: number) => now + 24 * HOUR + ((index * 7919) % (72 * 3600)) * 1000;
  const item = (index: number) => cart(`shop-${index % SHOPS}`, `waiting-${index}`, dueAt(index));
  await write(SCHEDULE_TABLE, waiting, item, (done) => answer({ kind: 'progress', done }));
}

function site(): Site {
  return {
    siteId: SITE,
    name: SITE,
    url: 'https://shop.example',
    moduleActive: true,
    active: true,
    languages: ['it', 'en'],
    defaultLanguage: 'it',
    timeZone: 'Europe/Rome',
    abandonedCartHours: 3,
    telegramGroups: [],
    docuvision: false,
    keyHashes: [],
    templates: defaultTemplates(),
  } as Site;
}

/** One run of the poller over a minute in which this number of carts became due. */
async function run({ due }: RunnerOrder & { kind: 'run' }): Promise<RunFigures> {
  round += 1;
  // The run is for the minute that ends when the writing begins: it is not late, however long the writing takes.
  const now = Date.now();
  const minute = now - 60_000;
  await write(SCHEDULE_TABLE, due, (index) => cart(SITE, `user-${index}`, minute + (index % 60) * 1000));
  Object.assign(counts, { requests: 0, read: 0, write: 0 });
  const start = performance.now();
  const summary = await poll(dueCarts, {
    now: () => now + (performance.now() - start),
    remainingMilliseconds: () => TIMEOUT - (performance.now() - start),
  });
  const milliseconds = performance.now() - start;
  return {
    milliseconds,
    due: summary.due,
    isCutShort: summary.isCutShort,
    dynamodbRequests: counts.requests,
    sqsRequests: Math.ceil(summary.due / 10),
    readUnits: counts.read,
    writeUnits: counts.write,
  };
}

function answer(message: RunnerAnswer): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', async (order: RunnerOrder) => {
  if (order.kind === 'load') {
    await load(order);
    answer({ kind: 'loaded' });
  } else {
    answer({ kind: 'ran', ...(await run(order)) });
  }
});
