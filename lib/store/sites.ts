import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { environment } from '../environment.ts';
import type { Template } from '../templates/kinds.ts';
import { ask, database } from './dynamodb.ts';

/** The merchant's bot. */
export interface Bot {
  /** Telegram's id of the bot: the digits before the colon of its token. */
  id: string;
  username: string;
  /** The token, sealed with `sealToken`: only the functions that talk to Telegram can open it. */
  sealedToken: string;
  /** Set while Telegram does not accept the token. */
  problem?: { kind: 'bot-unauthorized'; since: string; description: string };
}

/** A shop: everything that an event needs to know of it, in one item. */
export interface Site {
  siteId: string;
  name: string;
  /** The shop's address. Links in events must be on its host or below it. */
  url: string;
  /** Whether the platform sold the Telegram module to this shop. */
  moduleActive: boolean;
  /** Whether the merchant has the integration switched on. */
  active: boolean;
  /** BCP 47. */
  languages: string[];
  defaultLanguage: string;
  /** IANA name, such as `Europe/Rome`. */
  timeZone: string;
  abandonedCartHours: number;
  /** Groups with "Gestione Telegram". None named: no limit. */
  telegramGroups: string[];
  /** Whether documents uploaded by the back office (Docuvision) notify. */
  docuvision: boolean;
  merchantContact?: string;
  bot?: Bot;
  /** How many messages a second the bot may send: Telegram's 30, unless Telegram granted it more. */
  messagesPerSecond?: number;
  /** SHA-256 (hex) of the site keys: two at most, so that a key can be changed without a gap. */
  keyHashes: string[];
  templates: Template[];
}

/** How long a site is remembered, in milliseconds: what a merchant changes is in force everywhere after this. */
export const CACHE_MILLISECONDS = 30_000;

const cache = new Map<string, { site: Site; until: number }>();

/** The site, from memory where it was read in the last 30 seconds; `undefined` where there is none. */
export async function findSite(siteId: string): Promise<Site | undefined> {
  const cached = cache.get(siteId);
  if (cached && cached.until > Date.now()) return cached.site;

  const { Item } = await ask(() =>
    database.send(new GetCommand({ TableName: environment('SITES_TABLE'), Key: { siteId } })),
  );
  const site = Item as Site | undefined;
  if (site) cache.set(siteId, { site, until: Date.now() + CACHE_MILLISECONDS });
  else cache.delete(siteId);
  return site;
}

/** Forgets what is remembered of a site, so that it is read anew. */
export function forgetSite(siteId: string): void {
  cache.delete(siteId);
}

/** Forgets all that is remembered: for tests, which change a site and want to see it at once. */
export function forgetSites(): void {
  cache.clear();
}

/** Notes that Telegram refuses the bot's token, unless another token was saved meanwhile. */
export async function markBotUnauthorized({ siteId, bot }: Site, description: string): Promise<void> {
  const problem = { kind: 'bot-unauthorized', since: new Date().toISOString(), description };
  await changeBot(siteId, bot, {
    UpdateExpression: 'SET bot.problem = if_not_exists(bot.problem, :problem)',
    ExpressionAttributeValues: { ':problem': problem },
  });
}

/** Notes that the bot's token works again. */
export async function clearBotProblem({ siteId, bot }: Site): Promise<void> {
  await changeBot(siteId, bot, { UpdateExpression: 'REMOVE bot.problem', ExpressionAttributeValues: {} });
}

/** Changes what is noted of a bot that still has the token we know of, and forgets the site. */
async function changeBot(
  siteId: string,
  bot: Bot | undefined,
  change: { UpdateExpression: string; ExpressionAttributeValues: Record<string, unknown> },
): Promise<void> {
  const request = new UpdateCommand({
    TableName: environment('SITES_TABLE'),
    Key: { siteId },
    ConditionExpression: 'bot.sealedToken = :sealed',
    UpdateExpression: change.UpdateExpression,
    ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':sealed': bot?.sealedToken ?? '' },
  });
  forgetSite(siteId);
  try {
    await ask(() => database.send(request));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
