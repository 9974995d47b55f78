import { isDeepStrictEqual } from 'node:util';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import {
  type Change,
  callDynamoDb,
  conditionalUpdate,
  database,
  getItem,
  putItem,
  setFields,
} from '../aws/dynamodb.ts';
import { environment } from '../aws/environment.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import type { Template } from '../domain/templates.ts';
import { log } from '../observability/logger.ts';
import { isOutdated, isSiteId, readSiteVersion, recordSiteVersion } from './site-versions.ts';

/** The merchant's bot. */
export interface Bot {
  /** Telegram's id of the bot: the digits before the colon of its token. */
  id: string;
  username: string;
  /** The token, encrypted with `encryptToken`: only the functions that talk to Telegram can decrypt it. */
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
   * Log In With Telegram (OpenID Connect): the secret that @BotFather gave for it, encrypted as the token is. Absent: that
   * way to link is off.
   */
  telegramLogin?: { sealedClientSecret: string };
  /** How many messages a second the bot may send: Telegram's 30, unless Telegram granted it more. */
  messagesPerSecond?: number;
  /** SHA-256 (hex) of the site keys: two at most, so that a key can be changed without a gap. */
  keyHashes: string[];
  templates: Template[];
  /** Counts the changes of this item; absent before the first. What delivery writes of the bot is no change. */
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

/** A site was changed since it was read: read it again, and decide again. Whatever was done can be repeated. */
export class StaleSiteError extends Error {
  override readonly name = 'StaleSiteError';
  readonly latestVersion: number;

  constructor(siteId: string, latestVersion: number) {
    super(`The site ${siteId} was changed since it was read.`);
    this.latestVersion = latestVersion;
  }
}

/**
 * How long a site is cached, in milliseconds. Whoever is about to send looks whether it was changed since
 * (site-versions.ts); elsewhere what a merchant changes is in force after this.
 */
const CACHE_MILLISECONDS = 30_000;

const cache = new Map<string, { site: Site; until: number }>();

/** The site, from memory where it was read in the last 30 seconds; `undefined` where there is none. */
export async function findSite(siteId: string): Promise<Site | undefined> {
  return cachedSite(siteId) ?? fetchSite(siteId, { consistent: false });
}

/** The site, if it was read in the last 30 seconds. */
export function cachedSite(siteId: string): Site | undefined {
  const cached = cache.get(siteId);
  return cached && cached.until > Date.now() ? cached.site : undefined;
}

/**
 * The site as it is now, for who decides with it what is sent. It is read again where it was changed since it was cached,
 * and also where the cached one is off: a message that is dropped, or a cart that is ended, does not come back.
 *
 * @param latestVersion what the version item says (site-versions.ts); `undefined` before the first change.
 */
export async function currentSite(
  siteId: string,
  latestVersion: number | undefined,
): Promise<Site | undefined> {
  const cached = cachedSite(siteId);
  const isCurrent = cached && isActive(cached) && !isOutdated(cached, latestVersion);
  return isCurrent ? cached : readSite(siteId, latestVersion);
}

/** As `currentSite`, with one request for the latest version: for callers that read nothing else with it. */
export async function findCurrentSite(siteId: string): Promise<Site | undefined> {
  return currentSite(siteId, await readSiteVersion(siteId));
}

/**
 * The site as of now, whatever is cached: every write that has ended before is seen.
 *
 * @param latestVersion where the version item is why it is read: what is read counts as that version or a later one, also
 * where somebody has put back an older item by hand. Else each event would read it again.
 */
export function readSite(siteId: string, latestVersion?: number): Promise<Site | undefined> {
  return fetchSite(siteId, { consistent: true, latestVersion });
}

async function fetchSite(
  siteId: string,
  { consistent, latestVersion }: { consistent: boolean; latestVersion?: number | undefined },
): Promise<Site | undefined> {
  const site = await getItem<Site>('SITES_TABLE', { siteId }, { consistent });
  if (site && latestVersion !== undefined && isOutdated(site, latestVersion)) site.version = latestVersion;
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

/** @throws StaleSiteError where the latest version is a later one than the site has. */
export function requireLatest(site: SiteState, latestVersion: number | undefined): void {
  if (latestVersion !== undefined && isOutdated(site, latestVersion))
    throw new StaleSiteError(site.siteId, latestVersion);
}

/**
 * Looks whether a site was changed since it was read.
 *
 * @throws StaleSiteError
 * @throws ServiceUnreachableError
 */
export async function checkSiteVersion(site: SiteState): Promise<void> {
  requireLatest(site, await readSiteVersion(site.siteId));
}

/** @returns whether the site is new; one that exists already stays as it is. */
export function createSite(site: Site): Promise<boolean> {
  evictSite(site.siteId);
  return putItem('SITES_TABLE', site, { ConditionExpression: 'attribute_not_exists(siteId)' });
}

/** How often a change is tried again because somebody else changed the site at the same instant. */
const MAX_ROUNDS = 10;

/**
 * Changes a site: reads it, asks what to change, and writes that if nobody has changed the site meanwhile; else it begins
 * again. So two changes at one instant both hold, and `change` may look at what it is about to change.
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
function writeChanges(site: Site, changes: [string, unknown][]): Promise<Site | undefined> {
  const { siteId, version } = site;
  const next = (version ?? 0) + 1;
  const changedIn = { ...site.changedIn, ...Object.fromEntries(changes.map(([field]) => [field, next])) };
  const fields = setFields({ ...Object.fromEntries(changes), version: next, changedIn });
  const isUnchanged =
    version === undefined
      ? 'attribute_exists(siteId) AND attribute_not_exists(#version)'
      : '#version = :before';
  return updateAndEvict<Site>(siteId, {
    ...fields,
    ConditionExpression: isUnchanged,
    ExpressionAttributeValues: {
      ...fields.ExpressionAttributeValues,
      ...(version !== undefined && { ':before': version }),
    },
  });
}

/** Other functions may remember the site for 30 seconds; this one reads it again. */
async function updateAndEvict<Stored>(siteId: string, change: Change): Promise<Stored | undefined> {
  try {
    return await conditionalUpdate<Stored>('SITES_TABLE', { siteId }, change);
  } finally {
    evictSite(siteId);
  }
}

/** Takes a site out of the cache, so that it is read again. */
export function evictSite(siteId: string): void {
  cache.delete(siteId);
}

/** Empties the cache: for tests, which change a site and want to see it at once. */
export function clearSiteCache(): void {
  cache.clear();
}

/**
 * Writes at the site that Telegram refuses the bot's token, unless another token was saved meanwhile.
 *
 * @returns whether it was written now, for the first time.
 */
export async function markBotUnauthorized({ siteId, bot }: Site, description: string): Promise<boolean> {
  const problem = { kind: 'bot-unauthorized', since: new Date().toISOString(), description };
  const before = await changeBot(siteId, bot, {
    UpdateExpression: 'SET bot.problem = if_not_exists(bot.problem, :problem)',
    ExpressionAttributeValues: { ':problem': problem },
  });
  return before !== undefined && before.bot?.problem === undefined;
}

/** Removes the problem: the bot's token works again. */
export async function clearBotProblem({ siteId, bot }: Site): Promise<void> {
  await changeBot(siteId, bot, { UpdateExpression: 'REMOVE bot.problem' });
}

/**
 * Changes what is stored of a bot that still has the token we know of.
 *
 * @returns what the changed attributes were before; `undefined` where the bot has another token.
 */
function changeBot(
  siteId: string,
  bot: Bot | undefined,
  change: Change,
): Promise<Partial<Pick<Site, 'bot'>> | undefined> {
  return updateAndEvict(siteId, {
    ...change,
    ConditionExpression: 'bot.sealedToken = :sealed',
    ReturnValues: 'UPDATED_OLD',
    ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':sealed': bot?.sealedToken ?? '' },
  });
}
