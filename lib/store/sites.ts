import { isDeepStrictEqual } from 'node:util';
import type { ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import { LRUCache } from 'lru-cache';
import {
  type Change,
  conditionalUpdate,
  deleteItem,
  getItem,
  putItem,
  scanPage,
  setFields,
} from '../aws/dynamodb.ts';
import type { FormerUrl } from '../domain/shop-address.ts';
import type { Template } from '../domain/templates.ts';
import { DEFAULT_TONE, type Tone } from '../domain/tone.ts';
import { log } from '../observability/logger.ts';
import { changedByOthers } from './rounds.ts';
import {
  changesCredentials,
  forgetCredentials,
  publishState,
  withdrawCredentials,
} from './site-credentials.ts';
import { isOutdated, isSiteId, readSiteVersion, siteVersionKey } from './site-versions.ts';
import type { WebhookSecrets } from './webhook-secrets.ts';

/** The merchant's bot, with the secrets of its webhook. */
export interface Bot extends WebhookSecrets {
  /** Telegram's id of the bot: the digits before the colon of its token. */
  id: string;
  username: string;
  /** The token, encrypted with `encryptToken`: only the functions that talk to Telegram can decrypt it. */
  sealedToken: string;
  /** The version of the texts that Telegram shows for the bot; absent in bots that the former release saved. */
  presentation?: string;
  /**
   * The address that Telegram was last given for the updates. It shows that a webhook is ours even after the address of
   * the API has changed. Absent in bots that an earlier version saved, until somebody has looked at their webhook.
   */
  webhookUrl?: string;
  /** Set while Telegram refuses the token. */
  problem?: BotProblem<'bot-unauthorized'>;
  /**
   * Set while the webhook leads to another owner. Apart from `problem`: a message that goes out shows that the token
   * works, and says nothing about the webhook.
   */
  webhookProblem?: BotProblem<'webhook-taken'>;
  /** Set if another site has taken the bot over: nothing is sent, until a bot is saved again. */
  takenOver?: BotProblem<'bot-taken-over'>;
}

export interface BotProblem<Kind extends string = string> {
  kind: Kind;
  /** ISO 8601. */
  since: string;
  description: string;
}

/** A shop: one item with everything that an event needs to know about it. */
export interface Site {
  siteId: string;
  name: string;
  /** The shop's address. Links in events must be on its host or a subdomain. */
  url: string;
  /** The addresses that the shop had before, on other hosts: the latest first. Absent if it has never moved. */
  formerUrls?: FormerUrl[];
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
  /** Groups with "Gestione Telegram"; empty: no limit. */
  telegramGroups: string[];
  /** Whether documents uploaded by the back office (Docuvision) cause notifications. */
  docuvision: boolean;
  merchantContact?: string;
  /** The page with the shop's privacy notice. */
  privacyUrl?: string;
  /** Absent in sites of the former release: read it with `toneOf`. */
  tone?: Tone;
  bot?: Bot;
  /**
   * Log In With Telegram (OpenID Connect): the secret from @BotFather, encrypted like the token. Absent: this way to
   * link is off.
   */
  telegramLogin?: { sealedClientSecret: string };
  /** How many messages a second the bot may send: Telegram's 30, unless another program needs a part of them. */
  messagesPerSecond?: number;
  /** SHA-256 (hex) of the site keys. At most two: during a rotation the old and the new key are both valid. */
  keyHashes: string[];
  templates: Template[];
  /** When another site that had this id was shut (ISO 8601): what was accepted until then was for that one. */
  formerErasedAt?: string;
  /**
   * Counts the changes of this item; absent before the first. What is found out about the bot (`problem`,
   * `webhookProblem`, `webhookUrl`, a secret that was seen), or done to it (`presentation`), is not counted.
   */
  version?: number;
  /** The version in which each field was last changed; absent for a field that never was. */
  changedIn?: Partial<Record<keyof SiteFields, number>>;
}

/** What is left of a site while its rows are erased. To everybody else it is as if there were no such site. */
export interface ErasedSite {
  siteId: string;
  version: number;
  erasure: {
    /** When the site was shut, ISO 8601. */
    at: string;
    /** Until its webhook is removed. */
    bot?: Bot;
  };
}

/** A site that has a bot. */
export type SiteWithBot = Site & { bot: Bot };

/** What is needed of a site to talk to Telegram for its bot. */
export type BotOfSite = Pick<SiteWithBot, 'siteId' | 'bot'>;

/** The same, and the language of the texts that Telegram shows for the bot. */
export type PresentableBot = BotOfSite & Pick<Site, 'defaultLanguage'>;

/** Whether a site sends: it has the module, and the merchant has switched it on. */
export function isActive({ moduleActive, active }: Pick<Site, 'moduleActive' | 'active'>): boolean {
  return moduleActive && active;
}

/** How the site's Italian texts address people. */
export function toneOf({ tone = DEFAULT_TONE }: Pick<Site, 'tone'>): Tone {
  return tone;
}

/** Whether something was accepted (ISO 8601) for another site, which had this id before. */
export function isOfFormerSite({ formerErasedAt = '' }: Pick<Site, 'formerErasedAt'>, at: string): boolean {
  return at <= formerErasedAt;
}

/** The bot with which a site may send; `undefined` if it has none, or if another site has taken it over. */
export function sendingBot({ bot }: Pick<Site, 'bot'>): Bot | undefined {
  return bot?.takenOver ? undefined : bot;
}

/** The fields of a site that can be changed. */
export type SiteFields = Omit<Site, 'siteId' | 'version' | 'changedIn'>;

/** New values of some fields. A field that is present as `undefined` is removed. */
export type SiteChange = { [Field in keyof SiteFields]?: SiteFields[Field] | undefined };

/** The fields that identify one state of a site. */
type SiteState = Pick<Site, 'siteId' | 'version'>;

/** A site was changed after it was read: read it again and decide again. Every step before can be repeated. */
export class StaleSiteError extends Error {
  override readonly name = 'StaleSiteError';
  readonly latestVersion: number;

  constructor(siteId: string, latestVersion: number) {
    super(`The site ${siteId} was changed since it was read.`);
    this.latestVersion = latestVersion;
  }
}

/**
 * How long a site is cached, in milliseconds. Code that sends checks for changes (site-versions.ts); elsewhere a
 * merchant's change is in force after this time.
 */
const CACHE_MILLISECONDS = 30_000;

/**
 * How much of sites is cached, in characters of JSON: a site has some 20,000, and 300,000 where it uses all that it may. In
 * memory they take up to twice as many bytes.
 */
const MAX_CACHED = 16_000_000;

const cache = new LRUCache<string, { site: Site; until: number }>({
  maxSize: MAX_CACHED,
  sizeCalculation: ({ site }) => JSON.stringify(site).length,
});

/** The site, from the cache if it was read in the last 30 seconds; `undefined` if it does not exist. */
export async function findSite(siteId: string): Promise<Site | undefined> {
  return cachedSite(siteId) ?? fetchSite(siteId, { consistent: false });
}

/** The site, if it was read in the last 30 seconds. */
export function cachedSite(siteId: string): Site | undefined {
  const cached = cache.get(siteId);
  return cached && cached.until > Date.now() ? cached.site : undefined;
}

/**
 * The current site, for code that decides what is sent. It is read again if it was changed after it was cached, and
 * also if the cached site is off: a message that is dropped, or a cart that is ended, does not come back.
 *
 * @param latestVersion the version in the version item (site-versions.ts); `undefined` before the first change.
 */
export async function currentSite(
  siteId: string,
  latestVersion: number | undefined,
): Promise<Site | undefined> {
  const cached = cachedSite(siteId);
  const isCurrent = cached && isActive(cached) && !isOutdated(cached, latestVersion);
  return isCurrent ? cached : readSite(siteId, latestVersion);
}

/** Like `currentSite`, with one request for the latest version: for callers that read nothing else with it. */
export async function findCurrentSite(siteId: string): Promise<Site | undefined> {
  return currentSite(siteId, await readSiteVersion(siteId));
}

/**
 * The current site, by a strongly consistent read past the cache.
 *
 * @param latestVersion the version that caused this read. The result counts as that version or a later one, even if
 * somebody has restored an older item by hand; otherwise each event would read the site again.
 */
export function readSite(siteId: string, latestVersion?: number): Promise<Site | undefined> {
  return fetchSite(siteId, { consistent: true, latestVersion });
}

async function fetchSite(
  siteId: string,
  { consistent, latestVersion }: { consistent: boolean; latestVersion?: number | undefined },
): Promise<Site | undefined> {
  const item = await getItem<Site | ErasedSite>('SITES_TABLE', { siteId }, { consistent });
  const site = item && !isErasedSite(item) ? item : undefined;
  if (site && latestVersion !== undefined && isOutdated(site, latestVersion)) site.version = latestVersion;
  if (site) cache.set(siteId, { site, until: Date.now() + CACHE_MILLISECONDS });
  else cache.delete(siteId);
  return site;
}

function isErasedSite(item: Site | ErasedSite): item is ErasedSite {
  return 'erasure' in item;
}

/** The ids of all sites, in no order. It reads the whole table: for an operator's command, not for a function. */
export async function* allSiteIds(): AsyncGenerator<string> {
  for await (const { siteId } of scanSites<'siteId'>({
    ProjectionExpression: 'siteId',
    ConsistentRead: true,
  }))
    yield siteId;
}

/** What a list of sites shows of each. */
export type ListedSite = Pick<Site, 'siteId' | 'name' | 'url' | 'moduleActive' | 'active' | 'bot'>;

/** All sites, in no order, without those that are being erased. Like {@link allSiteIds} it reads the whole table. */
export async function* allSites(): AsyncGenerator<ListedSite> {
  const sites = scanSites<keyof ListedSite>({
    ProjectionExpression: 'siteId, #name, #url, moduleActive, active, bot',
    ExpressionAttributeNames: { '#name': 'name', '#url': 'url' },
    ConsistentRead: true,
  });
  // One that is being erased has only its id.
  for await (const site of sites) if ('name' in site) yield site;
}

/** One of the equal parts into which the table is divided, so that several runs can read it together. */
export interface Part {
  /** From 0. */
  index: number;
  count: number;
}

/**
 * The bots of all sites in one part of the table, in no order. The reads are eventually consistent, at half the cost.
 * DynamoDB counts the whole items, although only these fields are answered.
 *
 * @throws ServiceUnreachableError
 */
export async function* botsInPart({ index, count }: Part): AsyncGenerator<PresentableBot> {
  const sites = scanSites<'siteId' | 'bot' | 'defaultLanguage'>({
    ProjectionExpression: 'siteId, bot, defaultLanguage',
    Segment: index,
    TotalSegments: count,
  });
  for await (const { bot, ...site } of sites) if (bot) yield { ...site, bot };
}

async function* scanSites<Field extends keyof Site>(
  scan: Omit<ScanCommandInput, 'TableName'>,
): AsyncGenerator<Pick<Site, Field | 'siteId'>> {
  let from: Record<string, unknown> | undefined;
  do {
    const page = await scanPage<Pick<Site, Field | 'siteId'>>('SITES_TABLE', {
      ...scan,
      ...(from && { ExclusiveStartKey: from }),
    });
    // The table also holds small items: versions of sites, owners of bots.
    yield* page.items.filter(({ siteId }) => isSiteId(siteId));
    from = page.next;
  } while (from);
}

/** @throws StaleSiteError if the latest version is later than the site's. */
export function requireLatest(site: SiteState, latestVersion: number | undefined): void {
  if (latestVersion !== undefined && isOutdated(site, latestVersion))
    throw new StaleSiteError(site.siteId, latestVersion);
}

/**
 * Checks that a site was not changed after it was read.
 *
 * @throws StaleSiteError
 * @throws ServiceUnreachableError
 */
export async function checkSiteVersion(site: SiteState): Promise<void> {
  requireLatest(site, await readSiteVersion(site.siteId));
}

/** @returns whether the site was created; an existing site stays unchanged. */
export function createSite(site: Site): Promise<boolean> {
  evictSite(site.siteId);
  return putItem('SITES_TABLE', site, { ConditionExpression: 'attribute_not_exists(siteId)' });
}

/** How many times a change is tried if others change the site at the same time. */
const MAX_ROUNDS = 10;

/**
 * Shuts a site for good: from the one write that replaces it, nobody is let in, and nothing is sent for it. It may be
 * repeated.
 *
 * @param check may throw: then nothing is done.
 * @returns what is left of it; `undefined` if there is no such site.
 * @throws ServiceUnreachableError: it may be shut all the same.
 */
export async function shutSite(
  siteId: string,
  check: (site: Site) => void = () => undefined,
): Promise<ErasedSite | undefined> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const item = await getItem<Site | ErasedSite>('SITES_TABLE', { siteId });
    if (!item) return undefined;
    if (!isErasedSite(item)) check(item);
    const left = isErasedSite(item) ? item : await replaceByErased(item);
    if (!left) continue;
    // Functions that have the site in their memory notice it, also after a call that has died before this.
    await publishState({ siteId, version: left.version, keyHashes: [] });
    return left;
  }
  throw changedByOthers(`The site ${siteId}`, MAX_ROUNDS);
}

/** @returns `undefined` if somebody has changed the site since it was read. */
async function replaceByErased({ siteId, version, bot }: Site): Promise<ErasedSite | undefined> {
  await withdrawCredentials(siteId);
  const erasure = { at: new Date(Date.now()).toISOString(), ...(bot && { bot }) };
  const left = { siteId, version: (version ?? 0) + 1, erasure };
  const isWritten = await putItem('SITES_TABLE', left, {
    ConditionExpression:
      version === undefined
        ? 'attribute_exists(siteId) AND attribute_not_exists(#version)'
        : '#version = :before',
    ExpressionAttributeNames: { '#version': 'version' },
    ...(version !== undefined && { ExpressionAttributeValues: { ':before': version } }),
  });
  evictSite(siteId);
  return isWritten ? left : undefined;
}

/** What is left of a site that is being erased. @throws ServiceUnreachableError */
export async function findErasedSite(siteId: string): Promise<ErasedSite | undefined> {
  const item = await getItem<Site | ErasedSite>('SITES_TABLE', { siteId });
  return item && isErasedSite(item) ? item : undefined;
}

/** The bot of a site that is being erased has been left. @throws ServiceUnreachableError */
export async function forgetErasedBot({ siteId }: ErasedSite): Promise<void> {
  await conditionalUpdate(
    'SITES_TABLE',
    { siteId },
    {
      UpdateExpression: 'REMOVE erasure.bot',
      ConditionExpression: 'attribute_exists(erasure)',
      ReturnValues: 'NONE',
    },
  );
}

/** Removes what is left of a site whose rows are gone, and its small item. @throws ServiceUnreachableError */
export async function forgetErasedSite(siteId: string): Promise<void> {
  await deleteItem('SITES_TABLE', siteVersionKey(siteId).key);
  await deleteItem('SITES_TABLE', { siteId }, { ConditionExpression: 'attribute_exists(erasure)' });
}

/**
 * Changes a site: reads it, calls `change`, and writes the result if nobody has changed the site in between; otherwise
 * it starts again. So of two changes at the same time none is lost, and `change` may depend on the current values.
 *
 * @param change returns the new values for the current site. It may run several times. If it throws, nothing is written
 * and the error is passed on. A value that is equal to the old one is not written.
 * @returns the updated site; `undefined` if it does not exist.
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
    // Before the change: if this process dies after it, no copy is behind.
    const intended = { ...site, ...Object.fromEntries(changes) };
    if (changesCredentials(site, intended)) await withdrawCredentials(siteId);
    const changed = await writeChanges(site, changes);
    if (!changed) continue;
    await publish(changed);
    return changed;
  }
  throw changedByOthers(`The site ${siteId}`, MAX_ROUNDS);
}

/** The change is already stored. If this fails, it is still in force everywhere after 30 seconds. */
async function publish(site: Site): Promise<void> {
  const { siteId, version } = site;
  if (version === undefined) return;
  try {
    await publishState({ ...site, version });
  } catch (error) {
    log.warn('the change of a site is in force a little later', { siteId, error });
  }
}

/** @returns the updated site; `undefined` if somebody else has changed it since it was read. */
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

/** Other functions may keep the site in their cache for 30 seconds; this one reads it again. */
export async function updateAndEvict<Stored>(siteId: string, change: Change): Promise<Stored | undefined> {
  try {
    return await conditionalUpdate<Stored>('SITES_TABLE', { siteId }, change);
  } finally {
    evictSite(siteId);
  }
}

/** Removes a site from the cache, so that it is read again. */
export function evictSite(siteId: string): void {
  cache.delete(siteId);
  forgetCredentials(siteId);
}

/** Empties the cache: for tests, which change a site and need the change at once. */
export function clearSiteCache(): void {
  cache.clear();
  forgetCredentials();
}
