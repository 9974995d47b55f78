/** The bot of the demo shop, and how its updates come to the function `bot`. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { newWebhookSecret, presentBot, setWebhook, type WebhookSecret } from '../lib/bot/bot-setup.ts';
import { botOwnerKey } from '../lib/store/bot-owners.ts';
import { siteVersionKey } from '../lib/store/site-versions.ts';
import type { Bot, Site } from '../lib/store/sites.ts';
import { callTelegram, getMe, TelegramRefusalError } from '../lib/telegram/client.ts';
import { decryptToken, encryptToken } from '../lib/telegram/token-encryption.ts';
import { DEMO_BOT_TOKEN, DEMO_SITE_ID } from './demo.ts';
import { StartError } from './run.ts';

export interface DemoBotOptions {
  dynamodb: DynamoDBClient;
  sitesTable: string;
  /** The webhook of this run. */
  webhookUrl: string;
  /** A bot from @BotFather (`TELEGRAM_BOT_TOKEN`) instead of the demo bot: its updates are fetched. */
  givenToken: string | undefined;
}

export interface DemoBot {
  username: string;
  token: string;
  /** The secret token that the function `bot` expects with every update. */
  secret: string;
}

/**
 * Connects the demo shop's bot to this run: saves it with a new secret, sets its commands and descriptions, and sets its
 * webhook, or removes it where updates are fetched. Where another shop of this machine has taken the bot over in an earlier
 * run, it is left there. Needs `BOT_TOKEN_KEY` and `TELEGRAM_API_ROOT` in the environment.
 *
 * @throws StartError where Telegram refuses the bot. The token is not in the message.
 */
export async function connectDemoBot(options: DemoBotOptions): Promise<DemoBot> {
  const { givenToken, webhookUrl } = options;
  const sites = DynamoDBDocumentClient.from(options.dynamodb);
  const site = await findDemoSite(sites, options.sitesTable);
  try {
    const token = givenToken ?? (await knownToken(site));
    const { id, username } = await getMe(token);
    const isElsewhere = site.bot?.takenOver !== undefined && site.bot.id === String(id);
    if (isElsewhere && givenToken === undefined) return { username, token, secret: '' };
    const secret = newWebhookSecret();
    const bot = {
      ...botOf(token, { id, username }, secret),
      ...(givenToken === undefined && { webhookUrl }),
      ...(site.bot?.id === String(id) && site.bot.managed && { managed: true as const }),
    };
    await saveBot(sites, options.sitesTable, bot);
    await presentBot(token, site);
    if (givenToken === undefined) await setWebhook(token, webhookUrl, secret);
    else await callTelegram(token, 'deleteWebhook', {});
    return { username, token, secret: secret.secret };
  } catch (error) {
    const bot = givenToken === undefined ? "the demo shop's bot" : 'the bot of TELEGRAM_BOT_TOKEN';
    throw new StartError(
      `Telegram (${process.env.TELEGRAM_API_ROOT}) did not take ${bot}: ${reasonOf(error)}`,
    );
  }
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  const isUnknown = error instanceof TelegramRefusalError && (error.code === 401 || error.code === 404);
  return isUnknown ? `${reason}. There is no bot with this token: @BotFather has the right one.` : reason;
}

async function findDemoSite(sites: DynamoDBDocumentClient, table: string): Promise<Site> {
  const Key = { siteId: DEMO_SITE_ID };
  const { Item } = await sites.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item as Site;
}

/** The bot that the shop had in an earlier run, where this Telegram knows it; else the demo bot. */
async function knownToken({ bot }: Site): Promise<string> {
  if (!bot) return DEMO_BOT_TOKEN;
  const token = decryptToken(bot.sealedToken, DEMO_SITE_ID);
  const isKnown = await getMe(token).then(
    () => true,
    () => false,
  );
  return isKnown ? token : DEMO_BOT_TOKEN;
}

function botOf(token: string, me: { id: number; username: string }, { hash }: WebhookSecret): Bot {
  const sealedToken = encryptToken(token, DEMO_SITE_ID);
  return { id: String(me.id), username: me.username, sealedToken, webhookSecretHash: hash };
}

async function saveBot(sites: DynamoDBDocumentClient, table: string, bot: Bot): Promise<void> {
  // Its copy of the former secret's hash: it is made again when it is needed.
  await sites.send(new DeleteCommand({ TableName: table, Key: siteVersionKey(DEMO_SITE_ID).key }));
  await sites.send(
    new UpdateCommand({
      TableName: table,
      Key: { siteId: DEMO_SITE_ID },
      UpdateExpression: 'SET bot = :bot',
      ExpressionAttributeValues: { ':bot': bot },
    }),
  );
  // The bot belongs to the demo shop: see lib/store/bot-owners.ts.
  await sites.send(
    new UpdateCommand({
      TableName: table,
      Key: botOwnerKey(bot.id),
      UpdateExpression: 'SET #owner = :owner REMOVE savingUntil, former ADD version :one',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: { ':owner': DEMO_SITE_ID, ':one': 1 },
    }),
  );
}
