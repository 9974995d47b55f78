/**
 * The operations of the bundle, one scene after the other: through the handlers that `functions/` exports, with the
 * embedded DynamoDB and SQS and the Telegram emulator, and with a proxy before each of them that counts every request.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Notification } from '../lib/deliveries/notification.ts';
import { EVENT_NAMES, type EventName } from '../lib/domain/events.ts';
import type { StoredUser } from '../lib/store/stored-user.ts';
import { demoSite } from '../local/demo.ts';
import { startEmulator } from '../local/emulator/server.ts';
import { packagedResources } from '../tests/support/package.ts';
import { startReceiver } from '../tests/support/receiver.ts';
import { type Stack, startStack } from '../tests/support/stack.ts';
import { type SeenRequest, startTripwire, type Tripwire } from '../tests/support/tripwire.ts';
import { countCapacity, indexedTables, type Units } from './capacity.ts';
import { DRAINED } from './cost.ts';
import { itemBytes } from './index-writes.ts';
import { cartOf, eventOf, FIRST_CHAT, loadFunctions, messageTo, orderOf, SECRET } from './scene-functions.ts';

/** The measurements of one scene. */
export interface Measured {
  /** Requests to DynamoDB and SQS, by operation. */
  calls: Map<string, number>;
  sqsCalls: number;
  telegramCalls: number;
  units: Omit<Units, 'requests'>;
  /** Bytes of request bodies. */
  sqsBytes: number;
  telegramBytes: number;
  /** Bytes of the lines that the function logged. */
  logBytes: number;
}

/** One scene for each event: with one recipient, warm. */
const EACH_EVENT = Object.fromEntries(EVENT_NAMES.map((name) => [name, `${name}, warm`])) as Record<
  EventName,
  string
>;

/** What one run of the dispatcher tells, in its scene: less than a page. */
const TOLD = 20;

export const SCENES = {
  warmEvent: 'an event with one recipient, warm',
  coldEvent: 'the same, the site not yet remembered',
  ...EACH_EVENT,
  namedCart: 'an order that names a cart',
  endedCart: 'an order that names a cart, and ends it while it waits',
  nobody: 'an event that nobody gets',
  tenRecipients: 'an event with 10 recipients',
  manyRecipients: 'an event with 500 recipients',
  coldDelivery: 'a delivery, the site not yet remembered',
  oneDelivery: 'a delivery, warm',
  tenDeliveries: 'a batch of 10 deliveries',
  tenParked: 'a batch of 10 messages that have to wait',
  drained: `the drain sends ${DRAINED} waiting messages, until none is left`,
  idlePoller: 'a run of a poller, nothing due',
  busyPoller: 'a run of a poller, one cart due',
  botUpdate: 'a person asks the bot how it stands',
  linkMade: 'a link is made',
  linkUsed: 'the link is used: /start, and the welcome is queued',
  toldDelivery: 'a delivery, warm, of a shop with a webhook',
  firstToldDelivery: 'the same, the first in a minute',
  tellsOne: 'a run of the dispatcher tells the webhook of one message',
  tellsMany: `the same of ${TOLD}`,
  webhooks: 'a day of looks at the webhooks, one shop, nothing at fault',
  countedDelivery: 'a delivery, warm, of a shop that counts clicks',
  clicked: 'somebody opens its link',
  notedClick: 'a run of the clock counts that for the statistics',
  idleClicks: 'the same, nothing opened',
} as const;

export type SceneName = keyof typeof SCENES;

export interface Played {
  scenes: Record<SceneName, Measured>;
  /** The approximate size of one record in the deliveries table. */
  recordBytes: number;
  /** The same of what is remembered of one order, one ordered cart, one activity. */
  memoryBytes: { order: number; cart: number; activity: number };
}

const MANY = 500;

interface Proxies {
  dynamodb: Tripwire;
  sqs: Tripwire;
  telegram: Tripwire;
}

/** Runs all scenes. */
export async function playScenes(): Promise<Played> {
  process.env.LOG_LEVEL = 'info';
  const chats = Array.from({ length: MANY + 1 }, (_, index) => ({
    botToken: '100:demo',
    chatId: FIRST_CHAT + index,
    user: { id: FIRST_CHAT + index, first_name: 'Anna' },
  }));
  const limits = { chatBurst: 1_000, groupPerMinute: 1_000, botPerSecond: 1_000 };
  const [stack, emulator] = await Promise.all([startStack(), startEmulator({ chats, limits })]);
  const proxies = {
    dynamodb: await startTripwire(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? ''),
    sqs: await startTripwire(process.env.AWS_ENDPOINT_URL_SQS ?? ''),
    telegram: await startTripwire(emulator.url),
  };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: proxies.dynamodb.url,
    AWS_ENDPOINT_URL_SQS: proxies.sqs.url,
    // The SDK sends to the host in a queue's address.
    DELIVERIES_QUEUE_URL: proxies.sqs.url + new URL(process.env.DELIVERIES_QUEUE_URL ?? '').pathname,
    OUTGOING_QUEUE_URL: proxies.sqs.url + new URL(process.env.OUTGOING_QUEUE_URL ?? '').pathname,
    DRAIN_QUEUE_URL: proxies.sqs.url + new URL(process.env.DRAIN_QUEUE_URL ?? '').pathname,
    TELEGRAM_API_ROOT: proxies.telegram.url,
  });
  try {
    await writePeople(stack);
    const scenes = await playAll(stack, proxies);
    const remembered = await stack.items('ScheduleTable');
    const sizeOf = (prefix: string) =>
      itemBytes(remembered.find(({ key, shard }) => !shard && String(key).startsWith(prefix)) ?? {});
    const memoryBytes = {
      order: sizeOf('order#'),
      cart: sizeOf('cart-id#'),
      activity: sizeOf('reminder#'),
    };
    return { scenes, recordBytes: itemBytes({ ...(await stack.allDeliveries())[0] }), memoryBytes };
  } finally {
    await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
    await emulator.close();
    await stack.close();
  }
}

/** One linked person of the demo shop for each message to send, and one additional chat. */
async function writePeople(stack: Stack): Promise<void> {
  const { bot, ...site } = demoSite();
  if (!bot) throw new Error('The demo shop has no bot.');
  const webhookSecretHash = createHash('sha256').update(SECRET).digest('hex');
  await stack.putSite({ ...site, bot: { ...bot, webhookSecretHash } });
  for (let index = 0; index < MANY; index++) await stack.putUser(linkedUser(index));
}

function linkedUser(index: number): StoredUser {
  const chatId = FIRST_CHAT + index;
  return {
    ...{ siteId: 'demo', userId: `user-${index}`, chatId, siteChat: `demo#${chatId}`, botId: '100' },
    ...{ firstName: 'Anna', lastName: 'Rossi', language: 'it', linkedBy: 'deep-link' },
    linkedAt: '2026-01-01T00:00:00.000Z',
  };
}

async function playAll(stack: Stack, proxies: Proxies): Promise<Record<SceneName, Measured>> {
  const { database } = await import('../lib/aws/dynamodb.ts');
  const { clearSiteCache } = await import('../lib/store/sites.ts');
  const { mayCall } = await import('../lib/store/find-credentials.ts');
  const tables = indexedTables(await packagedResources(), stack.refs);
  const units = countCapacity(database, tables, DynamoDBDocumentClient.from(stack.aws.dynamodb));
  const play = (scene: () => Promise<unknown>) => measure(scene, proxies, units);
  const functions = await loadFunctions();
  const { report, deliver, write } = functions;

  // Once in the life of a site its small item is made.
  await mayCall('demo', () => false);
  clearSiteCache();
  const coldEvent = await play(() => report('order-status', orderOf(0)));
  const warmEvent = await play(() => report('order-status', orderOf(1)));
  await play(() => report('order-status', orderOf(2)));
  const tenRecipients = await play(() => report('message-sent', messageTo(3, 13)));
  const queued = await stack.takeNotifications();
  const [first, second, third, ...others] = queued.toSorted(
    (one, other) => userNumber(one) - userNumber(other),
  );
  if (!first || !second || !third || others.length !== 10)
    throw new Error(`${queued.length} messages are queued, not 13.`);
  const manyRecipients = await play(() => report('message-sent', messageTo(0, MANY)));

  // The first delivery of a process loads and connects everything, and may be too late for its slot.
  await play(() => deliver([first]));
  const oneDelivery = await play(() => deliver([second]));
  clearSiteCache();
  const coldDelivery = await play(() => deliver([third]));
  const tenDeliveries = await play(() => deliver(others));

  await stack.takeNotifications();
  await play(() => report('message-sent', messageTo(MANY - DRAINED, MANY)));
  const burst = await stack.takeNotifications();
  const pausedUntil = Date.now() + 3_600_000;
  await stack.putRateLimit({ botId: '100', version: 1, nextSlot: 0, chats: {}, pausedUntil });
  for (let start = 0; start < DRAINED - 10; start += 10)
    await play(() => deliver(burst.slice(start, start + 10)));
  const tenParked = await play(() => deliver(burst.slice(DRAINED - 10)));
  await stack.endPauses();
  const drained = await play(async () => {
    // On a busy machine, a run misses so many slots that it leaves the rest to the next one.
    for (await functions.drain(); await stack.lane(); await functions.drain()) await sleep(1_000);
  });

  const each = {} as Record<EventName, Measured>;
  for (const [index, name] of EVENT_NAMES.entries()) {
    await play(() => report(name, eventOf(name, 100 + index)));
    each[name] = await play(() => report(name, eventOf(name, 200 + index)));
  }
  const nobody = await play(() => report('message-sent', messageTo(MANY + 1, MANY + 2)));
  const namedCart = await play(() => report('order-status', orderOf(300, { cartId: 'never seen' })));
  await play(() => report('abandoned-cart', cartOf(301)));
  const endedCart = await play(() => report('order-status', orderOf(301, { cartId: 'carrello-301' })));
  // The carts of these scenes are due.
  await play(functions.runPoller);
  await stack.takeNotifications();

  const idlePoller = await play(functions.runPoller);
  await play(() => report('abandoned-cart', cartOf(20)));
  const busyPoller = await play(functions.runPoller);

  const botUpdate = await play(() => write(FIRST_CHAT + 21, '/stato'));
  let token = '';
  const linkMade = await play(async () => {
    token = await functions.link('nuova');
  });
  const linkUsed = await play(() => write(FIRST_CHAT + MANY, `/start ${token}`));
  // The first look finds no webhook, and sets it with another secret: from here on the bot has no more updates.
  await play(functions.lookAtWebhooks);
  const webhooks = await play(functions.lookAtWebhooks);
  const told = await playWebhook(stack, play, functions);
  const clicks = await playClicks(stack, play, functions);
  return {
    ...{ warmEvent, coldEvent, tenRecipients, manyRecipients, ...each, namedCart, endedCart, nobody },
    ...{
      coldDelivery,
      oneDelivery,
      tenDeliveries,
      tenParked,
      drained,
      idlePoller,
      busyPoller,
      botUpdate,
      linkMade,
      linkUsed,
      webhooks,
      ...told,
      ...clicks,
    },
  };
}

/** The scenes of a shop with a webhook. */
async function playWebhook(
  stack: Stack,
  play: (scene: () => Promise<unknown>) => Promise<Measured>,
  { report, deliver, tell }: Awaited<ReturnType<typeof loadFunctions>>,
) {
  const { saveWebhook } = await import('../lib/webhooks/webhook.ts');
  const { forgetMarks } = await import('../lib/store/announce.ts');
  const receiver = await startReceiver();
  try {
    process.env.WEBHOOK_LOOPBACK = 'allowed';
    const webhook = { url: receiver.url, events: ['delivery.sent' as const] };
    const { secret = '' } = await saveWebhook('demo', webhook, { by: { caller: 'terminal' } });
    receiver.secrets.push(secret);
    await stack.takeNotifications();
    await play(() => report('message-sent', messageTo(MANY - TOLD - 4, MANY)));
    const [first, second, third, fourth, ...others] = await stack.takeNotifications();
    if (!first || !second || !third || !fourth) throw new Error('Too few messages are queued.');
    // The site is read again, and remembered with its webhook.
    await play(() => deliver([first]));
    forgetMarks();
    const firstToldDelivery = await play(() => deliver([second]));
    const toldDelivery = await play(() => deliver([third]));
    await play(tell);
    await play(() => deliver([fourth]));
    const tellsOne = await play(tell);
    for (let start = 0; start < others.length; start += 10)
      await play(() => deliver(others.slice(start, start + 10)));
    const tellsMany = await play(tell);
    if (receiver.received.length !== TOLD + 4)
      throw new Error(`The webhook was told ${receiver.received.length} times, not ${TOLD + 4}.`);
    return { toldDelivery, firstToldDelivery, tellsOne, tellsMany };
  } finally {
    await receiver.close();
  }
}

/** The scenes of a shop that counts who opens its links. */
async function playClicks(
  stack: Stack,
  play: (scene: () => Promise<unknown>) => Promise<Measured>,
  { report, deliver, open, noteClicks }: Awaited<ReturnType<typeof loadFunctions>>,
) {
  const { clickCode } = await import('../lib/deliveries/click-code.ts');
  const { updateSite } = await import('../lib/store/sites.ts');
  await updateSite('demo', () => ({ countClicks: true, webhook: undefined }));
  await stack.takeNotifications();
  await play(() => report('message-sent', messageTo(400, 402)));
  const [first, second] = await stack.takeNotifications();
  if (!first || !second) throw new Error('Too few messages are queued.');
  // The site is read again.
  await play(() => deliver([first]));
  const countedDelivery = await play(() => deliver([second]));
  const { siteId, deliveryId } = second;
  const code = clickCode({ siteId, deliveryId, index: 0 }) ?? '';
  const clicked = await play(() => open(code));
  const notedClick = await play(noteClicks);
  const idleClicks = await play(noteClicks);
  return { countedDelivery, clicked, notedClick, idleClicks };
}

function userNumber({ userId }: Notification): number {
  return Number(userId.slice('user-'.length));
}

/** Measures one scene: everything that passes the proxies while it runs. */
async function measure(scene: () => Promise<unknown>, proxies: Proxies, units: Units): Promise<Measured> {
  for (const { seen } of Object.values<Tripwire>({ ...proxies })) seen.length = 0;
  Object.assign(units, { requests: 0, read: 0, write: 0, indexWrite: 0 } satisfies Units);
  const logBytes = await loggedBytes(scene);
  const { read, write, indexWrite } = units;
  const operations = [...proxies.dynamodb.seen, ...proxies.sqs.seen].map(
    ({ operation }) => operation.split('.')[1] ?? '',
  );
  return {
    calls: new Map([...Map.groupBy(operations, (name) => name)].map(([name, { length }]) => [name, length])),
    sqsCalls: proxies.sqs.seen.length,
    telegramCalls: proxies.telegram.seen.length,
    units: { read, write, indexWrite },
    sqsBytes: bytesOf(proxies.sqs.seen),
    telegramBytes: bytesOf(proxies.telegram.seen),
    logBytes,
  };
}

function bytesOf(requests: SeenRequest[]): number {
  return requests.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
}

/** The number of bytes written to the standard output during the scene; they are not shown. */
async function loggedBytes(scene: () => Promise<unknown>): Promise<number> {
  const { write } = process.stdout;
  let bytes = 0;
  process.stdout.write = (chunk: string | Uint8Array) => {
    bytes += Buffer.byteLength(chunk);
    return true;
  };
  try {
    await scene();
  } finally {
    process.stdout.write = write;
  }
  return bytes;
}
