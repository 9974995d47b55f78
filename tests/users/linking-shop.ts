/** The demo shop with what linking needs: tables, a queue, and a Bot API server that writes down what it is told. */
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { Site } from '../../lib/store/sites.ts';
import type { User } from '../../lib/store/users.ts';
import type { LinkDetails } from '../../lib/users/link-token.ts';
import { demoSite, demoUsers } from '../../local/demo.ts';
import { type BotServer, startBotServer } from '../support/bot-server.ts';
import { type Stack, startStack } from '../support/stack.ts';

export interface LinkingShop {
  stack: Stack;
  telegram: BotServer;
  site: Site;
  setSite(changes?: Partial<Site>): Promise<Site>;
  user(userId: string): Promise<User | undefined>;
  /** All items of a table, by its logical id. */
  all(table: string): Promise<Record<string, unknown>[]>;
  /** What was queued since this was last asked. */
  queued(): Promise<Notification[]>;
  close(): Promise<void>;
}

/** @param beforeLoading may put something between the clients and the services: they are made when `lib` is loaded. */
export async function openLinkingShop(beforeLoading?: (stack: Stack) => Promise<void>): Promise<LinkingShop> {
  process.env.LOG_LEVEL ??= 'off';
  const [stack, telegram] = await Promise.all([startStack(), startBotServer()]);
  process.env.TELEGRAM_API_ROOT = telegram.url;
  await beforeLoading?.(stack);
  const tables = DynamoDBDocumentClient.from(stack.aws.dynamodb);
  const { clearSiteCache } = await import('../../lib/store/sites.ts');
  answerOk(telegram);

  const shop: LinkingShop = {
    stack,
    telegram,
    site: demoSite(),
    async setSite(changes = {}) {
      shop.site = { ...demoSite(), ...changes };
      await stack.putSite(shop.site);
      clearSiteCache();
      return shop.site;
    },
    user: (userId) => stack.findUser('demo', userId),
    all: async (table) =>
      (await tables.send(new ScanCommand({ TableName: stack.refs.get(table), ConsistentRead: true })))
        .Items ?? [],
    queued: () => stack.takeNotifications(),
    async close() {
      await telegram.close();
      await stack.close();
    },
  };
  await shop.setSite();
  for (const user of demoUsers()) await stack.putUser(user);
  return shop;
}

/** Telegram takes every message. */
export function answerOk(telegram: BotServer): void {
  telegram.answerWith((_, response) => response.end(JSON.stringify({ ok: true, result: { message_id: 1 } })));
}

let lastLink = 0;

/** Details of a link of its own, claimed after all that were made before it. */
export function details(userId: string, changes: Partial<LinkDetails> = {}): LinkDetails {
  lastLink += 1;
  const claimedAt = new Date(Date.UTC(2026, 10, 22, 10, 0, lastLink)).toISOString();
  return { userId, linkId: `link-${lastLink}`, claimedAt, ...changes };
}
