import { isDeepStrictEqual } from 'node:util';
import { GetCommand, PutCommand, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { callDynamoDb, conditionalWrite, database } from '../aws/dynamodb.ts';
import { environment } from '../aws/environment.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import type { Template } from '../domain/templates.ts';
import { log } from '../observability/logger.ts';
import { isNewer, isSiteId, readSiteVersion, recordSiteVersion } from './site-versions.ts';

/** The merchant's bot. */
export interface Bot {
  /** Telegram's id of the bot: the digits before the colon of its token. */
  id: string;
  username: string;
  /** The token, sealed with `sealToken`: only the functions that talk to Telegram can open it. */
  sealedToken: string;
  /** SHA-256 (hex) of the secret that Telegram shows with every update; absent while no webhook is set. */
  webhookSecretHash?: string;
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
  /**
   * Log In With Telegram (OpenID Connect): the secret that @BotFather gave for it, sealed as the token is. Absent: that
   * way to link is off.
   */
  telegramLogin?: { sealedClientSecret: string };
  /** How many messages a second the bot may send: Telegram's 30, unless Telegram granted it more. */
  messagesPerSecond?: number;
  /** SHA-256 (hex) of the site keys: two at most, so that a key can be changed without a gap. */
  keyHashes: string[];
  templates: Template[];
  /** Counts the changes of this item; absent before the first. What delivery notes of the bot is no change. */
  version?: number;
  /** In which version each field was last changed; a field that never was is absent. */
  changedIn?: Partial<Record<keyof SiteFields, number>>;
}

/** A site that has a bot. */
export type SiteWithBot = Site & { bot: Bot };

/** Whether a site sends: it has the module, and the merchant has it switched on. */
export function isActive({ moduleActive, active }: Site): boolean {
  return moduleActive && active;
}

/** What can be changed of a site. */
export type SiteFields = Omit<Site, 'siteId' | 'version' | 'changedIn'>;

/** New values of some fields; one that is there as `undefined` is removed. */
export type SiteChange = { [Field in keyof SiteFields]?: SiteFields[Field] | undefined };

/** As much of a site as tells one state of it from another. */
type SiteState = Pick<Site, 'siteId' | 'version'>;

/** A site was changed since it was read: read it anew, and decide again. Whatever was done can be repeated. */
export class StaleSiteError extends Error {
  override readonly name = 'StaleSiteError';
  /** The version that is noted of it. */
  readonly version: number;

  constructor(siteId: string, version: number) {
    super(`The site ${siteId} was changed since it was read.`);
    this.version = version;
  }
}

/**
 * How long a site is remembered, in milliseconds. Who is about to send looks whether it was changed since
 * (site-versions.ts);
 * elsewhere what a merchant changes is in force after this.
 */
const CACHE_MILLISECONDS = 30_000;

const cache = new Map<string, { site: Site; until: number }>();

/** The site, from memory where it was read in the last 30 seconds; `undefined` where there is none. */
export async function findSite(siteId: string): Promise<Site | undefined> {
  return cachedSite(siteId) ?? fetchSite(siteId, { isConsistent: false });
}

/** The site as it is remembered from the last 30 seconds, if it is. */
export function cachedSite(siteId: string): Site | undefined {
  const cached = cache.get(siteId);
  return cached && cached.until > Date.now() ? cached.site : undefined;
}

/**
 * The site as of now, whatever is remembered: every write that has ended before is seen.
 *
 * @param noted the version that is noted of it, where that is why it is read: what is read now is that version or a later
 * one, also where somebody has put back an older item by hand.
 */
export function readSite(siteId: string, noted = 0): Promise<Site | undefined> {
  return fetchSite(siteId, { isConsistent: true, noted });
}

async function fetchSite(
  siteId: string,
  { isConsistent, noted = 0 }: { isConsistent: boolean; noted?: number },
): Promise<Site | undefined> {
  const request = new GetCommand({
    TableName: environment('SITES_TABLE'),
    Key: { siteId },
    ...(isConsistent && { ConsistentRead: true }),
  });
  const { Item } = await callDynamoDb(() => database.send(request));
  const site = Item as Site | undefined;
  if (site && noted > (site.version ?? 0)) site.version = noted;
  if (site) cache.set(siteId, { site, until: Date.now() + CACHE_MILLISECONDS });
  else cache.delete(siteId);
  return site;
}

/** The ids of all sites, in no order. Reads the whole table: for an operator's command, not for a function. */
export async function* allSiteIds(): AsyncGenerator<string> {
  const input = {
    TableName: environment('SITES_TABLE'),
    ProjectionExpression: 'siteId',
    ConsistentRead: true,
  };
  const pages = paginateScan({ client: database }, input);
  for (;;) {
    const { value, done } = await callDynamoDb(() => pages.next());
    if (done) return;
    const keys = (value.Items ?? []).map(({ siteId }) => String(siteId));
    yield* keys.filter(isSiteId);
  }
}

/**
 * Looks whether a site is still as it is remembered.
 *
 * @throws StaleSiteError
 * @throws ServiceUnreachableError
 */
export async function checkSiteVersion(site: SiteState): Promise<void> {
  const noted = await readSiteVersion(site.siteId);
  if (isNewer(noted, site)) throw new StaleSiteError(site.siteId, noted);
}

/** @returns whether the site is new; one that exists already stays as it is. */
export async function createSite(site: Site): Promise<boolean> {
  const put = new PutCommand({
    TableName: environment('SITES_TABLE'),
    Item: site,
    ConditionExpression: 'attribute_not_exists(siteId)',
  });
  evictSite(site.siteId);
  return (await conditionalWrite(() => database.send(put))) !== undefined;
}

/** How often a change is made anew because somebody else changed the site at the same instant. */
const MAX_ROUNDS = 10;

/**
 * Changes a site: reads it, asks what to change, and writes that if nobody has changed the site meanwhile; else again
 * from the start. So two changes at one instant both hold, and `change` may look at what it is about to change.
 *
 * @param change makes the new values from the site as of now. It may run several times. What it throws comes through,
 * and nothing is written. What is the same as before is not written either.
 * @returns the site afterwards; `undefined` where there is none.
 * @throws ServiceUnreachableError
 */
export async function updateSite(
  siteId: string,
  change: (site: Site) => SiteChange,
): Promise<Site | undefined> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const site = await readSite(siteId);
    if (!site) return undefined;
    const changes = Object.entries(change(site)).filter(
      ([field, value]) => !isDeepStrictEqual(site[field as keyof SiteFields], value),
    );
    if (changes.length === 0) return site;
    const changed = await writeChanges(site, changes);
    if (!changed) continue;
    await publishVersion(changed);
    return changed;
  }
  throw new ServiceUnreachableError('DynamoDB', {
    cause: new Error(`The site ${siteId} was changed by others ${MAX_ROUNDS} times in a row.`),
  });
}

/** The change is made, and in force everywhere after 30 seconds whatever happens here. */
async function publishVersion({ siteId, version }: SiteState): Promise<void> {
  if (version === undefined) return;
  try {
    await recordSiteVersion(siteId, version);
  } catch (error) {
    log.warn('the change of a site is in force a little later', { siteId, error });
  }
}

/** @returns the site afterwards; `undefined` where somebody else has changed it since it was read. */
async function writeChanges(site: Site, changes: [string, unknown][]): Promise<Site | undefined> {
  const { siteId, version } = site;
  const next = (version ?? 0) + 1;
  const changedIn = { ...site.changedIn, ...Object.fromEntries(changes.map(([field]) => [field, next])) };
  const isUnchanged =
    version === undefined
      ? 'attribute_exists(siteId) AND attribute_not_exists(#version)'
      : '#version = :version';

  const names: Record<string, string> = { '#version': 'version' };
  const values: Record<string, unknown> = { ...(version !== undefined && { ':version': version }) };
  const sets: string[] = [];
  const removes: string[] = [];
  for (const [index, [field, value]] of [...changes, ['version', next], ['changedIn', changedIn]].entries()) {
    names[`#f${index}`] = String(field);
    if (value === undefined) removes.push(`#f${index}`);
    else {
      sets.push(`#f${index} = :f${index}`);
      values[`:f${index}`] = value;
    }
  }
  const request = new UpdateCommand({
    TableName: environment('SITES_TABLE'),
    Key: { siteId },
    ConditionExpression: isUnchanged,
    UpdateExpression: `SET ${sets.join(', ')}${removes.length > 0 ? ` REMOVE ${removes.join(', ')}` : ''}`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
    ReturnValues: 'ALL_NEW',
  });
  try {
    return (await conditionalWrite(() => database.send(request)))?.Attributes as Site | undefined;
  } finally {
    evictSite(siteId);
  }
}

/** Forgets what is remembered of a site, so that it is read anew. */
export function evictSite(siteId: string): void {
  cache.delete(siteId);
}

/** Forgets all that is remembered: for tests, which change a site and want to see it at once. */
export function clearSiteCache(): void {
  cache.clear();
}

/**
 * Notes that Telegram refuses the bot's token, unless another token was saved meanwhile.
 *
 * @returns whether it was noted now, for the first time.
 */
export async function markBotUnauthorized({ siteId, bot }: Site, description: string): Promise<boolean> {
  const problem = { kind: 'bot-unauthorized', since: new Date().toISOString(), description };
  const noted = await changeBot(siteId, bot, {
    UpdateExpression: 'SET bot.problem = if_not_exists(bot.problem, :problem)',
    ExpressionAttributeValues: { ':problem': problem },
  });
  return noted !== undefined && noted.before === undefined;
}

/** Notes that the bot's token works again. */
export async function clearBotProblem({ siteId, bot }: Site): Promise<void> {
  await changeBot(siteId, bot, { UpdateExpression: 'REMOVE bot.problem', ExpressionAttributeValues: {} });
}

/**
 * Changes what is noted of a bot that still has the token we know of, and forgets the site.
 *
 * @returns the problem that was noted before; `undefined` where the bot has another token.
 */
async function changeBot(
  siteId: string,
  bot: Bot | undefined,
  change: { UpdateExpression: string; ExpressionAttributeValues: Record<string, unknown> },
): Promise<{ before: Bot['problem'] } | undefined> {
  const request = new UpdateCommand({
    TableName: environment('SITES_TABLE'),
    Key: { siteId },
    ConditionExpression: 'bot.sealedToken = :sealed',
    ReturnValues: 'UPDATED_OLD',
    UpdateExpression: change.UpdateExpression,
    ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':sealed': bot?.sealedToken ?? '' },
  });
  evictSite(siteId);
  const changed = await conditionalWrite(() => database.send(request));
  return changed && { before: (changed.Attributes?.bot as Bot | undefined)?.problem };
}
