/** The whole product on its own stack. Requests of API Gateway, SQS and Telegram go through the exported handlers. */
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  SQSBatchResponse,
  SQSEvent,
  SQSRecord,
} from 'aws-lambda';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { Template } from '../../lib/domain/templates.ts';
import { toPathId } from '../../lib/http/path-ids.ts';
import type { Delivery } from '../../lib/store/deliveries.ts';
import type { Site } from '../../lib/store/sites.ts';
import type { StoredUser } from '../../lib/store/stored-user.ts';
import { demoUsers } from '../../local/demo.ts';
import type { EmulatorOptions } from '../../local/emulator/server.ts';
import { routeKeys } from '../../scripts/build.ts';
import {
  type Answer,
  type ApiRequest,
  answerOf,
  apiEvent,
  decodedPath,
  lambdaContext,
  matchRoute,
} from './api-events.ts';
import { answerOk, type BotServer, startBotServer } from './bot-server.ts';
import { saysErased } from './erased.ts';
import {
  CHATS,
  groupUser,
  otherSite,
  PLATFORM_KEY,
  PLATFORM_KEY_SHA256,
  SITE_KEY,
  siteWithWebhook,
  ugo,
} from './fixtures.ts';
import { packagedRoutes } from './package.ts';
import { eventBatch, notification, record, ticketBatch } from './sqs-events.ts';
import { type Stack, startStack } from './stack.ts';
import { startTelegram, type Telegram } from './telegram.ts';

export interface AppOptions extends Pick<EmulatorOptions, 'chats' | 'limits'> {
  /** The emulator, or a Bot API server that records its requests and answers as the test says. */
  telegram?: 'emulator' | 'server';
  /**
   * For tests of `deliver`: a second shop with its own bot, a user linked to a group, and one delivery made beforehand.
   */
  forDeliveries?: boolean;
  /** It may change the environment: the clients of `lib` are made when it is loaded. */
  beforeLoading?: (stack: Stack) => Promise<void>;
}

export interface CallOptions extends Omit<ApiRequest, 'method' | 'path' | 'routeKey'> {
  /** Sent as `Authorization: Bearer KEY`; absent: the demo site's key; `null`: none. */
  key?: string | null;
  ifMatch?: string;
  context?: Partial<Context>;
}

export interface ReportOptions extends CallOptions {
  siteId?: string;
}

export interface App {
  stack: Stack;
  /** The emulator. @throws if the app was started without it. */
  readonly telegram: Telegram;
  /** The recording Bot API server. @throws if the app was started without it. */
  readonly botServer: BotServer;
  /** The demo site as last set. */
  site: Site;
  /** A request to the API, its path with percent escapes: `call('GET', '/v1/sites/demo')`. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** API Gateway's event for such a request, for use in another process. */
  eventFor(method: string, path: string, options?: CallOptions): APIGatewayProxyEventV2;
  /** Reports an event of the demo site. */
  report(event: string, body: unknown, options?: ReportOptions): Promise<Answer>;
  /** Withdraws a cart or a reminder of the demo site. */
  withdraw(event: string, id: string, options?: ReportOptions): Promise<Answer>;
  /** Makes a link for a user of the demo site, also while the site is switched off. Returns its token. */
  linkToken(userId: string, details?: { firstName?: string; language?: string }): Promise<string>;
  /** Handles messages of an event's queue in one batch. Returns the indexes of those that the queue must keep. */
  receive(event: string, bodies: unknown[], remainingMilliseconds?: number): Promise<number[]>;
  /**
   * Handles messages of the deliveries queue in one batch. Returns the deliveryIds of those that the queue must keep,
   * in order.
   */
  deliver(records: SQSRecord[], remainingMilliseconds?: number): Promise<string[]>;
  /** Has the drain look at the waiting messages of a site, as with one ticket. */
  drain(siteId?: string, remainingMilliseconds?: number): Promise<void>;
  /** The same after the pauses of the site are over. */
  drainLater(siteId?: string): Promise<void>;
  /** Has the changes of people of a site applied, as with one ticket. */
  applyChanges(siteId?: string): Promise<void>;
  /** Calls the handler that a file in `functions/` exports. Its errors are passed on. */
  invoke(functionName: string, event: unknown, context?: Partial<Context>): Promise<unknown>;
  /** Gives the demo site these settings, in force at once. */
  setSite(changes?: Partial<Site>): Promise<Site>;
  /** Gives the demo site these templates and no others. */
  setTemplates(...templates: Template[]): Promise<Site>;
  /** Creates a site as the platform. Returns its key. */
  createSite(siteId: string, changes?: object): Promise<string>;
  /** A site, from the table. @throws if there is none. */
  storedSite(siteId?: string): Promise<Site>;
  /** Writes a user of the demo site, as in the demo data or linked to a chat, with these changes. */
  setUser(userId: string, changes?: Partial<StoredUser>): Promise<void>;
  /** `undefined` also where they were erased. */
  findUser(userId: string): Promise<StoredUser | undefined>;
  /** The record of a notification's delivery. */
  findDelivery(notification: Notification): Promise<Delivery | undefined>;
  /** Receives and deletes the messages of the deliveries queue. The messages of one user are in order. */
  takeQueued(): Promise<Notification[]>;
  /** Restores the shops and their people; empties the log, the queues and the chats. For `beforeEach`. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** The tables that `reset` empties. */
const EMPTIED = [
  'PacesTable',
  'LinksTable',
  'ScheduleTable',
  'WaitingTable',
  'DeliveriesTable',
  'StatementsTable',
  'TemplateVersionsTable',
  'AuditTable',
  'OutgoingTable',
  'PeopleTable',
  'StatisticsTable',
];

type Handler = (event: unknown, context: Partial<Context>) => Promise<unknown>;

/** Starts the app. Only one for each test file: the clients of `lib` are made once. */
export async function startApp(options: AppOptions = {}): Promise<App> {
  process.env.LOG_LEVEL ??= 'off';
  process.env.PLATFORM_KEY_SHA256 = PLATFORM_KEY_SHA256;
  // In the bundle of `not-found` they are built in.
  process.env.ROUTE_KEYS = (await routeKeys()).join();
  // First the stack: where the package is missing, nothing else is started that would keep jest from ending.
  const stack = await startStack();
  const [telegram, botServer] = await Promise.all([
    options.telegram === 'emulator'
      ? startTelegram({ chats: options.chats ?? CHATS, limits: options.limits })
      : undefined,
    options.telegram === 'server' ? startBotServer() : undefined,
  ]);
  const close = async () => {
    await Promise.all([telegram?.close(), botServer?.close()]);
    await stack.close();
  };
  try {
    if (botServer) answerOk(botServer);
    const botApi = telegram ?? botServer;
    if (botApi) process.env.TELEGRAM_API_ROOT = botApi.url;
    await options.beforeLoading?.(stack);
    return await open({ stack, telegram, botServer, close, hasOtherShop: options.forDeliveries ?? false });
  } catch (error) {
    // A test file whose beforeAll fails has no app to close: the started servers would keep jest from ending.
    await close();
    throw error;
  }
}

interface Parts {
  stack: Stack;
  telegram: Telegram | undefined;
  botServer: BotServer | undefined;
  close(): Promise<void>;
  hasOtherShop: boolean;
}

async function open({ stack, telegram, botServer, close, hasOtherShop }: Parts): Promise<App> {
  const { clearSiteCache } = await import('../../lib/store/sites.ts');
  const { forgetMarks } = await import('../../lib/store/announce.ts');
  const { clearAllowances } = await import('../../lib/http/request-limit.ts');
  const { clearContentKeys } = await import('../../lib/deliveries/kept-content.ts');
  const { createLinkToken } = await import('../../lib/users/link-token.ts');
  const routes = await packagedRoutes();

  const app: App = {
    stack,
    get telegram() {
      return started(telegram, 'emulator');
    },
    get botServer() {
      return started(botServer, 'server');
    },
    site: siteWithWebhook(),
    eventFor(method, address, { key = SITE_KEY, ifMatch, context: _, headers, ...request } = {}) {
      const path = decodedPath(address);
      const { functionName: _name, ...route } = matchRoute(routes, method, path);
      return apiEvent({
        ...route,
        method,
        path,
        ...request,
        headers: {
          ...(key !== null && { authorization: `Bearer ${key}` }),
          ...(ifMatch !== undefined && { 'if-match': ifMatch }),
          ...headers,
        },
      });
    },
    async call(method, path, options = {}) {
      const { functionName } = matchRoute(routes, method, decodedPath(path));
      const context = { ...lambdaContext, ...options.context };
      const answer = await app.invoke(functionName, app.eventFor(method, path, options), context);
      return answerOf(answer as APIGatewayProxyStructuredResultV2);
    },
    report: (event, body, { siteId = 'demo', ...options } = {}) =>
      app.call('POST', `/v1/sites/${encodeURIComponent(siteId)}/events/${event}`, { ...options, body }),
    withdraw(event, id, { siteId = 'demo', ...options } = {}) {
      const path = `/v1/sites/${encodeURIComponent(siteId)}/events/${event}/${toPathId(id)}`;
      return app.call('DELETE', path, options);
    },
    linkToken: async (userId, details) => (await createLinkToken(app.site, { userId, ...details })).token,
    async receive(event, bodies, remainingMilliseconds = 20_000) {
      const batch = eventBatch(event, bodies);
      const kept = await keptOf(event, batch, remainingMilliseconds);
      return kept.map((id) => batch.Records.findIndex(({ messageId }) => messageId === id));
    },
    deliver: (records, remainingMilliseconds = 30_000) =>
      keptOf('deliver', { Records: records }, remainingMilliseconds),
    async drain(siteId = 'demo', remainingMilliseconds = 60_000) {
      const context = { ...lambdaContext, getRemainingTimeInMillis: () => remainingMilliseconds };
      await app.invoke('drain', ticketBatch(siteId), context);
    },
    async applyChanges(siteId = 'demo') {
      await app.invoke('people', ticketBatch(siteId));
    },
    async drainLater(siteId) {
      await stack.endPauses(siteId);
      await app.drain(siteId);
    },
    async invoke(functionName, event, context = lambdaContext) {
      const module = (await import(`../../functions/${functionName}.ts`)) as { handler: Handler };
      return module.handler(event, context);
    },
    async setSite(changes = {}) {
      app.site = { ...siteWithWebhook(), ...changes };
      await stack.putSite(app.site);
      clearSiteCache();
      return app.site;
    },
    setTemplates: (...templates) => app.setSite({ templates }),
    async createSite(siteId, changes = {}) {
      const body = { name: 'Bottega', url: 'https://bottega.example', moduleActive: true, ...changes };
      const { json } = await app.call('PUT', `/v1/sites/${siteId}`, { key: PLATFORM_KEY, body });
      return json.siteKey;
    },
    async storedSite(siteId = 'demo') {
      const site = await stack.findSite(siteId);
      if (!site) throw new Error(`There is no site ${siteId}.`);
      return site;
    },
    async setUser(userId, changes = {}) {
      const known = demoUsers().find((user) => user.userId === userId) ?? { chatId: 7 };
      await stack.putUser({ siteId: 'demo', userId, ...known, ...changes });
    },
    async findUser(userId) {
      const user = await stack.findUser('demo', userId);
      return user && saysErased({ ...user }) ? undefined : user;
    },
    findDelivery: ({ siteId, deliveryId }) => stack.findDelivery(siteId, deliveryId),
    takeQueued: () => stack.takeNotifications(),
    async reset() {
      // Otherwise a quick machine makes more requests in a file than are let through without a call.
      clearAllowances();
      forgetMarks();
      clearContentKeys();
      await telegram?.reset();
      await stack.empty(...EMPTIED);
      stack.emptyQueues();
      await app.setSite();
      const others = hasOtherShop ? [ugo, groupUser] : [];
      if (hasOtherShop) await stack.putSite(otherSite());
      for (const user of [...demoUsers(), ...others]) await stack.putUser(user);
    },
    close,
  };

  async function keptOf(functionName: string, batch: SQSEvent, milliseconds: number): Promise<string[]> {
    const context = { ...lambdaContext, getRemainingTimeInMillis: () => milliseconds };
    const { batchItemFailures } = (await app.invoke(functionName, batch, context)) as SQSBatchResponse;
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }

  await app.reset();
  if (hasOtherShop) {
    // The first delivery of a process loads and connects everything, and may be too late for its slot: no test depends
    // on it.
    await app.deliver([record(notification())]);
    await app.reset();
  }
  return app;
}

function started<Server>(server: Server | undefined, name: string): Server {
  if (!server) throw new Error(`Start the app with { telegram: '${name}' }.`);
  return server;
}
