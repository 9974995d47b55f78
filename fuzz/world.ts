/** The functions with their own tables, queues and Telegram, and three sites that are reset to their first state. */
import { createHash } from 'node:crypto';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import type { Notification } from '../lib/deliveries/notification.ts';
import type { Site } from '../lib/store/sites.ts';
import type { CallRecord } from '../local/emulator/emulator.ts';
import { startEmulator } from '../local/emulator/server.ts';
import { routeKeys } from '../scripts/build.ts';
import { lambdaContext } from '../tests/support/api-events.ts';
import { startStack } from '../tests/support/stack.ts';
import { startIdentityProvider } from '../tests/users/identity-provider.ts';
import {
  BOTS,
  deliveries,
  FOREIGN_SITE,
  LOGIN_SECRET,
  PLATFORM_KEY,
  people,
  SITE_KEYS,
  STARTED_CHATS,
  sites,
  WEBHOOK_SECRETS,
} from './people.ts';
import { settingsFor } from './strange-site.ts';

/** The exports of a file in `functions/`: events are reported over HTTP and from a queue, all else over HTTP. */
interface Handler {
  (request: APIGatewayProxyEventV2, context: Context): Promise<APIGatewayProxyStructuredResultV2>;
  (batch: SQSEvent, context: Context): Promise<SQSBatchResponse>;
}

export interface World {
  /** Calls the wrapped handler that a file in `functions/` exports. Its errors are passed on. */
  call(functionName: string, request: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2>;
  /** The same, with a batch of a queue. */
  callWithBatch(functionName: string, batch: SQSEvent): Promise<SQSBatchResponse>;
  /** The notifications queued since the last call. */
  takeQueued(): Notification[];
  /** The dead letters of the events since the last call. */
  takeDead(): string[];
  /** The calls to Telegram since the last call of this. */
  takeCalls(): CallRecord[];
  /** The sites in their first state. */
  sites: Site[];
  /** Restores a site or its people after a request that may have changed them. */
  restore(siteId: string, what: 'settings' | 'people'): Promise<void>;
  /**
   * Resets the tables, with the sites, their people and a few deliveries; the strange site gets the settings of this
   * seed.
   */
  renew(seed: number): Promise<void>;
  newLinkToken(siteId: string): Promise<string>;
  /** All stored data of the foreign site. */
  foreignData(): Promise<unknown>;
  /** Texts that no answer may contain. */
  secrets: string[];
  close(): Promise<void>;
}

const LIMITS = { botPerSecond: 1e6, chatBurst: 1e6, chatPerSecond: 1e6, groupPerMinute: 1e6 };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Only one for each process: the clients of `lib` are made once. */
export async function openWorld(functionNames: string[]): Promise<World> {
  process.env.LOG_LEVEL ??= 'off';
  const [stack, telegram, provider] = await Promise.all([
    startStack(),
    startEmulator({ bots: BOTS, chats: STARTED_CHATS, limits: LIMITS }),
    startIdentityProvider(),
  ]);
  provider.clientSecret = LOGIN_SECRET;
  provider.person = { id: 8_800_003_001, preferred_username: 'zoe', name: '<b>Zoe</b> {{nome}}' };
  process.env.TELEGRAM_API_ROOT = telegram.url;
  process.env.TELEGRAM_OIDC_ISSUER = provider.url;
  process.env.PLATFORM_KEY_SHA256 = sha256(PLATFORM_KEY);
  // In the bundle of `not-found` they are built in.
  process.env.ROUTE_KEYS = (await routeKeys()).join();

  const handlers = new Map<string, Handler>();
  for (const name of new Set([...functionNames, 'sites', 'telegram-login']))
    handlers.set(name, ((await import(`../functions/${name}.ts`)) as { handler: Handler }).handler);
  const handlerOf = (name: string): Handler => {
    const handler = handlers.get(name);
    if (!handler) throw new Error(`No function ${name}.`);
    return handler;
  };
  const [store, log, linking] = await Promise.all([
    import('../lib/store/sites.ts'),
    import('../lib/store/deliveries.ts'),
    import('../lib/users/link-token.ts'),
  ]);
  const table = (logicalId: string) => stack.refs.get(logicalId) ?? '';
  // One queue for all events: its messages are examined after each batch.
  process.env.EVENT_QUEUE_URL = table('OrderStatusQueue');
  process.env.DEAD_LETTER_QUEUE_URL = table('OrderStatusDeadLetterQueue');
  const known = sites();
  const everybody = people();

  const ofForeignSite = async (logicalId: string) =>
    (await stack.items(logicalId)).filter(({ siteId }) => siteId === FOREIGN_SITE);

  const vary = async (seed: number) => {
    for (const event of settingsFor(seed)) await world.call('sites', event);
    const strange = await store.readSite('strano');
    world.sites = world.sites.map((site) => (site.siteId === strange?.siteId ? strange : site));
  };

  const world: World = {
    call: async (functionName, request) => handlerOf(functionName)(request, lambdaContext),
    callWithBatch: async (functionName, batch) => handlerOf(functionName)(batch, lambdaContext),
    takeQueued: () =>
      stack.aws.takeAll(table('DeliveriesQueue')).map((body) => JSON.parse(body) as Notification),
    takeDead: () => stack.aws.takeAll(table('OrderStatusDeadLetterQueue')),
    takeCalls: () => telegram.takeCalls(),
    sites: [],
    async restore(siteId, what) {
      const items: { siteId: string }[] = what === 'settings' ? world.sites : everybody;
      await stack.put(
        what === 'settings' ? 'SitesTable' : 'UsersTable',
        ...items.filter((one) => one.siteId === siteId),
      );
      store.evictSite(siteId);
    },
    async renew(seed) {
      await stack.empty(...[...stack.refs.keys()].filter((id) => id.endsWith('Table')));
      world.sites = sites();
      await stack.put('SitesTable', ...world.sites);
      await stack.put('UsersTable', ...everybody);
      store.clearSiteCache();
      for (const delivery of deliveries()) await log.recordDelivery(delivery);
      await vary(seed);
      world.takeQueued();
      world.takeCalls();
    },
    async newLinkToken(siteId) {
      const site = world.sites.find((one) => one.siteId === siteId) ?? (known[0] as Site);
      return (await linking.createLinkToken(site, { userId: 'dario', language: 'it' })).token;
    },
    foreignData: () =>
      Promise.all(['SitesTable', 'UsersTable', 'DeliveriesTable', 'ScheduleTable'].map(ofForeignSite)),
    secrets: [
      ...Object.values(SITE_KEYS),
      ...Object.values(WEBHOOK_SECRETS),
      PLATFORM_KEY,
      sha256(PLATFORM_KEY),
      LOGIN_SECRET,
      process.env.BOT_TOKEN_KEY ?? '',
      ...BOTS.map(({ token }) => token),
      ...known.flatMap(({ bot, keyHashes, telegramLogin }) => [
        ...keyHashes,
        bot?.sealedToken ?? '',
        bot?.webhookSecretHash ?? '',
        telegramLogin?.sealedClientSecret ?? '',
      ]),
    ].filter((secret) => secret !== ''),
    async close() {
      await provider.close();
      await telegram.close();
      await stack.close();
    },
  };
  return world;
}
