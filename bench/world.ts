/**
 * The environment of the load benchmarks: tables and queues, Telegram, sites with their users, and running functions.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Table } from '../lib/aws/dynamodb.ts';
import type { Notification } from '../lib/deliveries/notification.ts';
import type { Site } from '../lib/store/sites.ts';
import { buildFunctions } from '../scripts/build.ts';
import type { ConsumerOrder } from './consumer.ts';
import type { ServiceOrder, ServiceReady } from './services.ts';

/** The bot of `crowd` has the long queue; the one of `single` sends a message from time to time. */
export const CROWD = { siteId: 'crowd', botId: '100', token: '100:demo' };
export const SINGLE = { siteId: 'single', botId: '200', token: '200:nuovo' };

/** The key of the deployment for the tokens of bots. */
export const BOT_TOKEN_KEY = Buffer.alloc(32, 'bench').toString('base64');

export const FIRST_CHAT = 1_000_001;

/** telegraf's dependencies use deprecated parts of Node: without this, each function prints the same warnings. */
export const QUIET = ['--disable-warning=DEP0040', '--disable-warning=DEP0169'];

/** One call of the Bot API, as the emulator recorded it. */
export interface Call {
  time: string;
  method: string;
  /** Absent if the connection was dropped. */
  status: number | null;
  dropped?: 'before' | 'after';
  params: {
    chat_id?: number | string;
    text?: string;
    rich_message?: unknown;
    disable_notification?: boolean;
  };
  /** The bot. */
  username?: string;
}

/** The queues whose functions are loaded, as they are in `serverless.yml`. */
export type QueueName = keyof typeof CONSUMERS;
const CONSUMERS = {
  deliveries: {
    bundle: 'deliver.mjs',
    url: 'DELIVERIES_QUEUE_URL',
    timeout: 30,
    batchSize: 10,
    reportsBatchItemFailures: true,
  },
  drain: {
    bundle: 'drain.mjs',
    url: 'DRAIN_QUEUE_URL',
    timeout: 60,
    batchSize: 3,
    reportsBatchItemFailures: false,
  },
};

export interface World {
  environment: Record<string, string>;
  telegram: string;
  /** Loads a function with its queue. It starts to work at the message `go`. */
  loadConsumer(queue: QueueName, clockError?: number): Promise<Worker>;
  calls(): Promise<Call[]>;
  close(): Promise<void>;
}

/** @param options.visibilitySeconds absent: only Telegram, without tables and queues. */
export async function buildWorld(options: { users: number; visibilitySeconds?: number }): Promise<World> {
  const chats = Array.from({ length: options.users }, (_, index) => ({
    botToken: CROWD.token,
    chatId: FIRST_CHAT + index,
  }));
  const orders: ServiceOrder[] = [
    { kind: 'telegram', chats: [...chats, { botToken: SINGLE.token, chatId: FIRST_CHAT }] },
  ];
  if (options.visibilitySeconds) orders.push({ kind: 'aws', visibilitySeconds: options.visibilitySeconds });
  const services = await Promise.all(orders.map(startService));
  const environment: Record<string, string> = {
    ...Object.assign({}, ...services.map(({ ready }) => ready.environment)),
    BOT_TOKEN_KEY,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'off',
  };
  Object.assign(process.env, environment);
  if (options.visibilitySeconds) await writeSites(options.users);

  const bundles = await mkdtemp(join(tmpdir(), 'bench-'));
  if (options.visibilitySeconds) await buildFunctions(bundles);
  const telegram = environment.TELEGRAM_API_ROOT ?? '';
  const workers = new Set<Worker>();
  return {
    environment,
    telegram,
    async loadConsumer(queue, clockError = 0) {
      const { bundle, url, timeout, ...settings } = CONSUMERS[queue];
      const workerData: ConsumerOrder = {
        bundle: join(bundles, bundle),
        environment,
        timeout,
        clockError,
        queue: { url: environment[url] ?? '', ...settings },
      };
      const worker = new Worker(join(import.meta.dirname, 'consumer.ts'), { workerData, execArgv: QUIET });
      worker.on('error', (error) => console.error(error));
      worker.on('exit', () => workers.delete(worker));
      workers.add(worker);
      await once(worker, 'message');
      return worker;
    },
    calls: callReader(telegram),
    async close() {
      await Promise.all([...workers].map((worker) => worker.terminate()));
      for (const { child } of services) child.disconnect();
      await rm(bundles, { recursive: true });
    },
  };
}

export async function startService(
  order: ServiceOrder,
): Promise<{ child: ChildProcess; ready: ServiceReady }> {
  const child = fork(join(import.meta.dirname, 'services.ts'));
  child.send(order);
  const [ready] = await once(child, 'message');
  return { child, ready: ready as ServiceReady };
}

/**
 * Reads the list of calls, each time only the new ones: reading must not load the machine more than the measured
 * functions do. A call without an answer yet is read again. A caller during a read gets the result of that read: two at
 * once would count new calls twice, and then skip as many later ones.
 */
export function callReader(telegram: string): () => Promise<Call[]> {
  const settled: Call[] = [];
  const read = async () => {
    const answer = await fetch(`${telegram}/emulator/calls?after=${settled.length}`);
    const recent = (await answer.json()) as Call[];
    const firstOpen = recent.findIndex(({ status, dropped }) => status === null && dropped === undefined);
    const done = firstOpen === -1 ? recent : recent.slice(0, firstOpen);
    const all = [...settled, ...recent];
    settled.push(...done);
    return all;
  };
  let underWay: Promise<Call[]> | undefined;
  return () => {
    underWay ??= read().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

/** Writes the sites and their users directly into the tables. */
async function writeSites(users: number): Promise<void> {
  const { siteChatOf } = await import('../lib/store/stored-user.ts');
  const sites = [CROWD, SINGLE].map(({ siteId, botId, token }) => site(siteId, botId, token));
  await writeItems('SITES_TABLE', await Promise.all(sites));
  const user = (siteId: string, index: number) => {
    const chatId = FIRST_CHAT + index;
    return { siteId, userId: `user-${index}`, chatId, siteChat: siteChatOf(siteId, chatId) };
  };
  const everyone = [
    ...Array.from({ length: users }, (_, index) => user(CROWD.siteId, index)),
    user(SINGLE.siteId, 0),
  ];
  await writeItems('USERS_TABLE', everyone);
}

/** Writes items directly into a table. */
export async function writeItems(table: Table, items: object[]): Promise<void> {
  const { batchWrite } = await import('../lib/aws/batch-write.ts');
  const writes = items.map((put) => ({ put }));
  // One request after the other: the tables are a process on this machine.
  for (let start = 0; start < writes.length; start += 25)
    await batchWrite(table, writes.slice(start, start + 25));
}

/** A shop with a bot. */
export async function site(siteId: string, botId: string, token: string): Promise<Site> {
  const { encryptToken } = await import('../lib/telegram/token-encryption.ts');
  return {
    siteId,
    name: siteId,
    url: 'https://shop.example',
    moduleActive: true,
    active: true,
    languages: ['it'],
    defaultLanguage: 'it',
    timeZone: 'Europe/Rome',
    abandonedCartHours: 3,
    telegramGroups: [],
    docuvision: false,
    bot: { id: botId, username: siteId, sealedToken: encryptToken(token, siteId) },
    keyHashes: [],
    templates: [],
  };
}

/** A notification for the user with this number. Its text names user and turn, so that the order can be checked. */
export async function notification(siteId: string, userIndex: number, turn: number): Promise<Notification> {
  const { deliveryIdOf } = await import('../lib/domain/ids.ts');
  const parts = {
    siteId,
    eventId: `turn-${turn}`,
    templateId: 'bench',
    userId: `user-${userIndex}`,
  };
  return {
    deliveryId: deliveryIdOf(parts),
    ...parts,
    event: 'order-status',
    text: `${siteId} ${userIndex} ${turn}`,
    acceptedAt: new Date().toISOString(),
  };
}
