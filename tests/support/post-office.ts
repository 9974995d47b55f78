/** The exported handler of `deliver` with tables, a queue and a Telegram of its own, and two shops with a bot each. */

import { DeleteCommand, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSRecord } from 'aws-lambda';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { deliveryIdOf, messageGroupOf } from '../../lib/domain/ids.ts';
import type { Delivery } from '../../lib/store/deliveries.ts';
import type { RateLimitState } from '../../lib/store/rate-limits.ts';
import type { Site } from '../../lib/store/sites.ts';
import type { User } from '../../lib/store/users.ts';
import { encryptToken } from '../../lib/telegram/token-encryption.ts';
import { demoSite, demoUsers } from '../../local/demo.ts';
import type { CallRecord } from '../../local/emulator/emulator.ts';
import { type RunningEmulator, startEmulator } from '../../local/emulator/server.ts';
import type { Message } from '../../local/emulator/types.ts';
import { DEFAULT_CHATS } from '../../local/emulator/world.ts';
import { type Stack, startStack } from './stack.ts';

/** What Telegram is told to answer to the next calls; see "Local run contract". */
interface Fault {
  chatId?: number;
  times?: number;
  status?: number;
  body?: unknown;
  delayMs?: number;
  drop?: 'before' | 'after';
}

export interface PostOffice {
  stack: Stack;
  telegramUrl: string;
  /** Hands a batch over as Lambda does; the answer: the deliveryIds of what the queue shall keep, in order. */
  deliver(records: SQSRecord[], remainingMilliseconds?: number): Promise<string[]>;
  fault(fault: Fault): Promise<void>;
  /** Telegram refuses with these words. */
  refuse(code: number, description: string, more?: Fault & { parameters?: object }): Promise<void>;
  clearFaults(): Promise<void>;
  /** The texts that a chat shows. */
  textsIn(chatId: number): Promise<string[]>;
  messagesIn(chatId: number): Promise<Message[]>;
  calls(): Promise<CallRecord[]>;
  control(path: string, body?: object): Promise<void>;
  recordOf(notification: Notification): Promise<Delivery | undefined>;
  setSite(changes?: Partial<Site>): Promise<void>;
  setUser(user: User): Promise<void>;
  findSite(siteId: string): Promise<Site | undefined>;
  paceOf(botId: string): Promise<RateLimitState | undefined>;
  /** Two shops, their people, no messages, no pauses: for `beforeEach`. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** A group of the demo shop's bot, and the supergroup that it may become. */
export const GROUP = -5001;
export const SUPERGROUP = -1_005_001;
/** The chat of Ugo, who belongs to the other shop. */
export const UGO = 2001;

const CHATS = [
  ...DEFAULT_CHATS,
  ...[GROUP, SUPERGROUP].map((chatId) => ({
    botToken: '100:demo',
    chatId,
    user: { id: 7, first_name: 'Gruppo' },
  })),
  { botToken: '200:nuovo', chatId: UGO, user: { id: UGO, first_name: 'Ugo' } },
];

let lastEvent = 0;

/** A notification of an event of its own; its text is found in no record. */
export function notification(changes: Partial<Notification> = {}): Notification {
  lastEvent += 1;
  const facts = {
    siteId: 'demo',
    userId: 'anna',
    event: 'order-status',
    eventId: `event-${lastEvent}`,
    templateId: 'order-status',
    ...changes,
  };
  return {
    deliveryId: deliveryIdOf(facts),
    text: `<b>Ordine</b> ${lastEvent}: parola-segreta`,
    acceptedAt: new Date().toISOString(),
    ...facts,
  };
}

/** A message of the deliveries queue, as Lambda hands it over. */
export function record(
  notification: Notification,
  receives = 1,
  changes: Partial<SQSRecord> = {},
): SQSRecord {
  const now = String(Date.now());
  return {
    messageId: notification.deliveryId,
    receiptHandle: `receipt ${notification.deliveryId}`,
    body: JSON.stringify(notification),
    attributes: {
      ApproximateReceiveCount: String(receives),
      ApproximateFirstReceiveTimestamp: now,
      SentTimestamp: now,
      SenderId: 'test',
      MessageGroupId: messageGroupOf(notification.siteId, notification.userId),
      MessageDeduplicationId: notification.deliveryId,
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-south-1:000000000000:deliveries.fifo',
    awsRegion: 'eu-south-1',
    ...changes,
  };
}

/** The other shop: a bot of its own, and one user, Ugo. */
function otherSite(): Site {
  const sealedToken = encryptToken('200:nuovo', 'altro');
  return { ...demoSite(), siteId: 'altro', bot: { id: '200', username: 'nuovo_bot', sealedToken } };
}

const ugo: User = { siteId: 'altro', userId: 'ugo', chatId: UGO, siteChat: `altro#${UGO}` };
export const groupUser: User = { siteId: 'demo', userId: 'gruppo', chatId: GROUP, siteChat: `demo#${GROUP}` };

/**
 * Opens a post office. One for a test file: the clients of `lib` are made once.
 *
 * @param beforeLoading may change the environment before the function is loaded.
 */
export async function openPostOffice(
  beforeLoading?: (stack: Stack, telegram: RunningEmulator) => Promise<void>,
): Promise<PostOffice> {
  process.env.LOG_LEVEL ??= 'off';
  const [stack, telegram] = await Promise.all([startStack(), startEmulator({ chats: CHATS })]);
  process.env.TELEGRAM_API_ROOT = telegram.url;
  await beforeLoading?.(stack, telegram);
  const { handler } = await import('../../functions/deliver.ts');
  const { clearSiteCache } = await import('../../lib/store/sites.ts');
  const tables = DynamoDBDocumentClient.from(stack.aws.dynamodb);
  const tableOf = (logicalId: string) => stack.refs.get(logicalId);

  async function ask<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
    const answer = await fetch(`${telegram.url}/emulator/${path}`, init);
    if (!answer.ok) throw new Error(`The emulator refused ${path}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }

  const office: PostOffice = {
    stack,
    telegramUrl: telegram.url,
    async deliver(records, remainingMilliseconds = 30_000) {
      const context = { getRemainingTimeInMillis: () => remainingMilliseconds } as Context;
      const { batchItemFailures } = await handler({ Records: records }, context);
      return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
    fault: (fault) => office.control('faults', { method: 'sendMessage', ...fault }),
    refuse(code, description, { parameters, ...more } = {}) {
      const body = { ok: false, error_code: code, description, ...(parameters && { parameters }) };
      return office.fault({ status: code, body, ...more });
    },
    clearFaults: () => ask('faults', { method: 'DELETE' }),
    messagesIn: (chatId) => ask(`chats/${chatId}/messages`),
    textsIn: async (chatId) => (await office.messagesIn(chatId)).map(({ text }) => String(text)),
    calls: () => ask('calls'),
    control: (path, body = {}) => ask(path, { method: 'POST', body: JSON.stringify(body) }),
    recordOf: ({ siteId, deliveryId }) => stack.findDelivery(siteId, deliveryId),
    async setSite(changes = {}) {
      await stack.putSite({ ...demoSite(), ...changes });
      clearSiteCache();
    },
    setUser: (user) => stack.putUser(user),
    async findSite(siteId) {
      const request = new GetCommand({
        TableName: tableOf('SitesTable'),
        Key: { siteId },
        ConsistentRead: true,
      });
      return (await tables.send(request)).Item as Site | undefined;
    },
    async paceOf(botId) {
      const request = new GetCommand({
        TableName: tableOf('PacesTable'),
        Key: { botId },
        ConsistentRead: true,
      });
      return (await tables.send(request)).Item as RateLimitState | undefined;
    },
    async reset() {
      await office.control('reset');
      for (const botId of ['100', '200'])
        await tables.send(new DeleteCommand({ TableName: tableOf('PacesTable'), Key: { botId } }));
      await stack.putSite(otherSite());
      await office.setSite();
      for (const user of [...demoUsers(), ugo, groupUser]) await office.setUser(user);
    },
    async close() {
      await telegram.close();
      await stack.close();
    },
  };
  // The first delivery of a process loads and connects everything, and may miss its turn over it: that one tests nothing.
  await office.reset();
  await office.deliver([record(notification())]);
  await office.reset();
  return office;
}
