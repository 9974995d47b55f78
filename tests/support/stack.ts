/** The embedded DynamoDB and SQS with the tables and queues of the package: one stack for a test file. */
import { randomBytes } from 'node:crypto';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { Delivery } from '../../lib/store/deliveries.ts';
import type { Lane } from '../../lib/store/lanes.ts';
import type { RateLimitState } from '../../lib/store/rate-limits.ts';
import type { Site } from '../../lib/store/sites.ts';
import type { StoredUser } from '../../lib/store/stored-user.ts';
import type { WaitingMessage } from '../../lib/store/waiting.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../local/embedded-aws.ts';
import { createResources } from '../../local/resources.ts';
import { API, API_ENDPOINT } from './api-events.ts';
import { withInsideTables } from './inside-tables.ts';
import { packagedResources } from './package.ts';
import { withoutHttp } from './without-http.ts';

export interface Stack {
  aws: EmbeddedAws;
  /** Table names and queue URLs by logical id. */
  refs: Map<string, string>;
  /** Writes these items into a table. */
  put(logicalId: string, ...items: object[]): Promise<void>;
  putSite(site: Site): Promise<void>;
  findSite(siteId: string): Promise<Site | undefined>;
  putUser(user: StoredUser): Promise<void>;
  findUser(siteId: string, userId: string): Promise<StoredUser | undefined>;
  findDelivery(siteId: string, deliveryId: string): Promise<Delivery | undefined>;
  putDelivery(delivery: Delivery): Promise<void>;
  allDeliveries(): Promise<Delivery[]>;
  /** The rate limit state of a bot. */
  findRateLimit(botId: string): Promise<RateLimitState | undefined>;
  putRateLimit(state: RateLimitState): Promise<void>;
  /** The waiting messages of a site: those of paused chats after the others, and each in the order of the queue. */
  waiting(siteId?: string): Promise<WaitingMessage[]>;
  /** What the waiting messages of a site are, in the same order. */
  waitingNotifications(siteId?: string): Promise<Notification[]>;
  /** The lane of a site; `undefined` where none of its messages waits. */
  lane(siteId?: string): Promise<Lane | undefined>;
  /** Lets so much time pass for a site that its drain, its paused chats and its bot's slots were due at `at`; now. */
  endPauses(siteId?: string, at?: number): Promise<void>;
  /** Lets so many milliseconds pass for the waiting messages of a site since they were accepted. */
  ageWaiting(milliseconds: number, siteId?: string): Promise<void>;
  /** All items of a table, in no order. */
  items(logicalId: string): Promise<Record<string, unknown>[]>;
  /** Deletes all items of these tables. */
  empty(...logicalIds: string[]): Promise<void>;
  /** Deletes all messages of all queues. */
  emptyQueues(): void;
  /** Receives and deletes the messages of a queue, with all their attributes. */
  takeMessages(logicalId: string): Promise<Message[]>;
  /** Receives and deletes the messages of the deliveries queue. The messages of one user are in order. */
  takeNotifications(): Promise<Notification[]>;
  close(): Promise<void>;
}

/**
 * Starts a stack and sets its addresses in the environment. Modules of `lib` make their clients when they are loaded:
 * import them afterwards, with `await import(…)`.
 */
export async function startStack(): Promise<Stack> {
  // First what may be missing: what was started would keep jest from ending.
  const resources = await packagedResources();
  const { started: aws, inside } = await withInsideTables(() => startEmbeddedAws({ region: 'eu-south-1' }));
  withoutHttp(aws.dynamodb, aws.dynamodbPort, inside.store);
  const { refs } = await createResources(resources, aws);
  const ref = (logicalId: string) => {
    const value = refs.get(logicalId);
    if (value === undefined) throw new Error(`The package has no ${logicalId}.`);
    return value;
  };
  Object.assign(process.env, aws.environment, {
    SITES_TABLE: ref('SitesTable'),
    USERS_TABLE: ref('UsersTable'),
    PEOPLE_TABLE: ref('PeopleTable'),
    LINKS_TABLE: ref('LinksTable'),
    DELIVERIES_TABLE: ref('DeliveriesTable'),
    PACES_TABLE: ref('PacesTable'),
    SCHEDULE_TABLE: ref('ScheduleTable'),
    WAITING_TABLE: ref('WaitingTable'),
    STATEMENTS_TABLE: ref('StatementsTable'),
    TEMPLATE_VERSIONS_TABLE: ref('TemplateVersionsTable'),
    AUDIT_TABLE: ref('AuditTable'),
    SITE_DIRECTORY_TABLE: ref('SiteDirectoryTable'),
    OUTGOING_TABLE: ref('OutgoingTable'),
    OUTGOING_QUEUE_URL: ref('OutgoingQueue'),
    STATISTICS_TABLE: ref('StatisticsTable'),
    DELIVERIES_QUEUE_URL: ref('DeliveriesQueue'),
    DELIVERIES_DEAD_LETTER_QUEUE_URL: ref('DeliveriesDeadLetterQueue'),
    DRAIN_QUEUE_URL: ref('DrainQueue'),
    PEOPLE_QUEUE_URL: ref('PeopleQueue'),
    STAGE: 'test',
    API_URL: API,
    API_ENDPOINT,
    BOT_TOKEN_KEY: randomBytes(32).toString('base64'),
  });

  const put = async (table: string, ...items: object[]) => {
    for (const item of items) await inside.put(ref(table), item);
  };
  const get = (table: string, key: Record<string, string>) => inside.get(ref(table), key);
  const items = (table: string) => inside.all(ref(table));

  const waiting = async (siteId = 'demo') => {
    const ofSite = (await items('WaitingTable')).filter((item) => item.siteId === siteId && 'body' in item);
    const messages = ofSite as unknown as WaitingMessage[];
    return messages.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  };
  const lane = async (siteId = 'demo') =>
    (await get('WaitingTable', { siteId, key: 'lane' })) as Lane | undefined;

  return {
    aws,
    refs,
    put,
    async putSite(site) {
      await put('SitesTable', site);
      // As the former release left it, without credentials.
      const { siteId, version } = site;
      await put('SitesTable', { siteId: `${siteId}#version`, version });
    },
    findSite: async (siteId) => (await get('SitesTable', { siteId })) as Site | undefined,
    putUser: (user) => put('UsersTable', user),
    findUser: async (siteId, userId) =>
      (await get('UsersTable', { siteId, userId })) as StoredUser | undefined,
    findDelivery: async (siteId, deliveryId) =>
      (await get('DeliveriesTable', { siteId, deliveryId })) as Delivery | undefined,
    putDelivery: (delivery) => put('DeliveriesTable', delivery),
    // Beside the records lie the keys of their content.
    allDeliveries: async () =>
      (await items('DeliveriesTable')).filter(
        ({ deliveryId }) => !String(deliveryId).startsWith('#'),
      ) as unknown as Delivery[],
    findRateLimit: async (botId) => (await get('PacesTable', { botId })) as RateLimitState | undefined,
    putRateLimit: (state) => put('PacesTable', state),
    waiting,
    waitingNotifications: async (siteId) =>
      (await waiting(siteId)).map(({ body }) => JSON.parse(body) as Notification),
    lane,
    async endPauses(siteId = 'demo', at = Date.now()) {
      const held = await lane(siteId);
      if (held) {
        const paused = Object.fromEntries(Object.keys(held.paused).map((chat) => [chat, at]));
        await put('WaitingTable', { ...held, paused, nextAt: new Date(at).toISOString() });
      }
      const site = (await get('SitesTable', { siteId })) as Site | undefined;
      const state = site?.bot && (await get('PacesTable', { botId: site.bot.id }));
      if (state) await put('PacesTable', { ...state, nextSlot: 0, pausedUntil: 0, chats: {} });
    },
    async ageWaiting(milliseconds, siteId) {
      for (const message of await waiting(siteId)) {
        const notification = JSON.parse(message.body) as Notification;
        const acceptedAt = new Date(Date.parse(notification.acceptedAt) - milliseconds).toISOString();
        await put('WaitingTable', { ...message, body: JSON.stringify({ ...notification, acceptedAt }) });
      }
    },
    items,
    async empty(...tables) {
      for (const table of tables) await inside.clear(ref(table));
    },
    emptyQueues: () => aws.emptyQueues(),
    takeMessages: (logicalId) => takeMessages(aws, ref(logicalId)),
    async takeNotifications() {
      const messages = await takeMessages(aws, ref('DeliveriesQueue'));
      return messages.map(({ Body = '' }) => JSON.parse(Body) as Notification);
    },
    close: () => aws.close(),
  };
}

/** Received messages must be deleted: until then no other message of their group can be received. */
async function takeMessages({ sqs }: EmbeddedAws, QueueUrl: string): Promise<Message[]> {
  const request = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0, MessageAttributeNames: ['All'] };
  const taken: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request));
    if (Messages.length === 0) return taken;
    taken.push(...Messages);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
