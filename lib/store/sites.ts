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
import type { Actor } from '../domain/actor.ts';
import type { CartSeries } from '../domain/cart-series.ts';
import type { QuietHours } from '../domain/quiet-hours.ts';
import type { FormerUrl } from '../domain/shop-address.ts';
import type { StaffMember } from '../domain/staff.ts';
import type { LocalizedText, Template } from '../domain/templates.ts';
import { DEFAULT_TONE, type Tone } from '../domain/tone.ts';
import { log } from '../observability/logger.ts';
import type { StoredSession } from './console-sessions.ts';
import { changedByOthers } from './rounds.ts';
import { changeOf, fileLastChange, type LastChange, lifeOf } from './site-audit.ts';
import {
  changesCredentials,
  forgetCredentials,
  publishState,
  withdrawCredentials,
} from './site-credentials.ts';
import { announceChange, changesListing, unlistSite } from './site-directory.ts';
import { isOutdated, isSiteId, readSiteVersion, siteVersionKey } from './site-versions.ts';
import type { SiteWebhook } from './site-webhook.ts';
import { hasStaffNews, type StaffNews, staffNewsAfter } from './staff-news.ts';
import { fileVersions, templateChanges, tidyVersions, withAuthor } from './template-versions.ts';
import type { WebhookSecrets } from './webhook-secrets.ts';

/** The merchant's bot, with the secrets of its webhook. */
export interface Bot extends WebhookSecrets {
  /** Telegram's id of the bot: the digits before the colon of its token. */
  id: string;
  username: string;
  /** The token, encrypted with `encryptToken`: only the functions that talk to Telegram can decrypt it. */
  sealedToken: string;
  /** It was made with the manager bot, which can give it another token. */
  managed?: true;
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
export interface Site extends StaffNews {
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
  /** Absent: the phones ring at all hours. */
  quietHours?: QuietHours;
  abandonedCartHours: number;
  /** Absent: one message about a cart. */
  cartSeries?: CartSeries;
  /** Groups with "Gestione Telegram"; empty: no limit. */
  telegramGroups: string[];
  /** Whether documents uploaded by the back office (Docuvision) cause notifications. */
  docuvision: boolean;
  /** Who works in the shop, and is told what happens there; absent: nobody. */
  staff?: StaffMember[];
  merchantContact?: string;
  /** The text of the buttons of all messages about orders. Absent in sites of the former release: each template has its own. */
  orderButton?: LocalizedText;
  /** The same, about carts. */
  cartButton?: LocalizedText;
  /** The page with the shop's privacy notice. */
  privacyUrl?: string;
  /** Whether the links to the shop in its messages are counted when somebody opens them; absent: they are not. */
  countClicks?: boolean;
  /** Absent in sites of the former release: read it with `toneOf`. */
  tone?: Tone;
  bot?: Bot;
  /**
   * Log In With Telegram (OpenID Connect): the secret from @BotFather, encrypted like the token. Absent: this way to
   * link is off.
   */
  telegramLogin?: { sealedClientSecret: string };
  /** Where the shop's own system is told what happens; absent where it is not. */
  webhook?: SiteWebhook;
  /** How many messages a second the bot may send: Telegram's 30, unless another program needs a part of them. */
  messagesPerSecond?: number;
  /** SHA-256 (hex) of the site keys. At most two: during a rotation the old and the new key are both valid. */
  keyHashes: string[];
  /** The names of keys that have one, by their ids. */
  keyNames?: Record<string, string>;
  /** Who is signed in to the console, and the links that sign in: console-sessions.ts. */
  sessions?: StoredSession[];
  consoleLinks?: StoredSession[];
  templates: Template[];
  /** ISO 8601; absent in sites of the former release. */
  createdAt?: string;
  /** When another site that had this id was shut (ISO 8601): what was accepted until then was for that one. */
  formerErasedAt?: string;
  /**
   * Counts the changes of this item; absent before the first. What is found out about the bot (`problem`,
   * `webhookProblem`, `webhookUrl`, a secret that was seen), or done to it (`presentation`), is not counted.
   */
  version?: number;
  /** The version in which each field was last changed; absent for a field that never was. */
  changedIn?: Partial<Record<keyof SiteFields, number>>;
  /** Who has last changed what: see site-audit.ts. */
  lastChange?: LastChange;
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
  lastChange?: LastChange;
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
export type SiteFields = Omit<Site, 'siteId' | 'version' | 'changedIn' | 'lastChange'>;

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

/** A page of the ids of all sites: see `makeDirectory`. It costs as much as the sites with all their templates. */
export async function pageOfSiteIds(from: Record<string, unknown> | undefined) {
  const { items, next } = await scanPage<Pick<Site, 'siteId'>>('SITES_TABLE', {
    ProjectionExpression: 'siteId',
    ...(from && { ExclusiveStartKey: from }),
  });
  const siteIds = items.map(({ siteId }) => siteId).filter(isSiteId);
  return { siteIds, ...(next && { next }) };
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

/** What is needed of a site to count its log, and to know whether its staff is to be told something. */
export type SiteToCount = Pick<Site, 'siteId' | 'timeZone' | 'staff'> & { hasNews: boolean };

/** All sites, in no order. The reads are eventually consistent, at half the cost. */
export async function* sitesToCount(): AsyncGenerator<SiteToCount> {
  const sites = scanSites<'siteId' | 'timeZone' | 'staff' | keyof StaffNews>({
    ProjectionExpression: 'siteId, #timeZone, staff, switchedOff, botOutage',
    ExpressionAttributeNames: { '#timeZone': 'timeZone' },
  });
  // One that is being erased has only its id.
  for await (const site of sites) if ('timeZone' in site) yield { ...site, hasNews: hasStaffNews(site) };
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

/** @returns whether the site was created; an existing site stays unchanged. @throws ServiceUnreachableError */
export async function createSite(site: Site, by?: Actor): Promise<boolean> {
  const { siteId } = site;
  const list = await announceChange(siteId, readSite);
  evictSite(siteId);
  const lastChange = by && lifeOf('site-created', by, site);
  const isWritten = await putItem(
    'SITES_TABLE',
    { ...site, ...(lastChange && { lastChange }) },
    { ConditionExpression: 'attribute_not_exists(siteId)' },
  );
  const isCreated = isWritten || (await asWritten(siteId, lastChange)) !== undefined;
  await orLater(siteId, list());
  return isCreated;
}

/** What comes after a change of a site, and is made good where it fails: the change is done. */
async function orLater(siteId: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    log.warn('what follows from the change of a site is done later', { siteId, error });
  }
}

/** How many times a change is tried if others change the site at the same time. */
const MAX_ROUNDS = 10;

/**
 * Shuts a site for good: from the one write that replaces it, nobody is let in, and nothing is sent for it. It may be
 * repeated.
 *
 * @param check may throw: then nothing is done.
 * @param by absent: nobody has asked for it, and the audit does not name it.
 * @returns what is left of it; `undefined` if there is no such site.
 * @throws ServiceUnreachableError: it may be shut all the same.
 */
export async function shutSite(
  siteId: string,
  check: (site: Site) => void = () => undefined,
  by?: Actor,
): Promise<ErasedSite | undefined> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const item = await getItem<Site | ErasedSite>('SITES_TABLE', { siteId });
    if (!item) return undefined;
    if (!isErasedSite(item)) check(item);
    const list = isErasedSite(item) ? undefined : await announceChange(siteId, readSite);
    const left = isErasedSite(item) ? item : await replaceByErased(item, by);
    if (!left) continue;
    // Functions that have the site in their memory notice it, also after a call that has died before this.
    await publishState({ siteId, version: left.version, keyHashes: [] });
    if (list) await orLater(siteId, list());
    return left;
  }
  throw changedByOthers(`The site ${siteId}`, MAX_ROUNDS);
}

/** @returns `undefined` if somebody has changed the site since it was read. */
async function replaceByErased(site: Site, by: Actor | undefined): Promise<ErasedSite | undefined> {
  const { siteId, version, bot } = site;
  await withdrawCredentials(siteId);
  await fileLastChange(site);
  const erasure = { at: new Date(Date.now()).toISOString(), ...(bot && { bot }) };
  const lastChange = by && lifeOf('site-deleted', by, site);
  const left = { siteId, version: (version ?? 0) + 1, erasure, ...(lastChange && { lastChange }) };
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
  const left = await findErasedSite(siteId);
  if (left) await fileLastChange(left);
  await unlistSite(siteId, readSite);
  await deleteItem('SITES_TABLE', siteVersionKey(siteId).key);
  await deleteItem('SITES_TABLE', { siteId }, { ConditionExpression: 'attribute_exists(erasure)' });
}

/**
 * Changes a site: reads it, calls `change`, and writes the result if nobody has changed the site in between; otherwise
 * it starts again. So of two changes at the same time none is lost, and `change` may depend on the current values.
 *
 * @param change returns the new values for the current site. It may run several times. If it throws, nothing is written
 * and the error is passed on. A value that is equal to the old one is not written.
 * @param by who changes it, for the audit and the versions of templates; absent where nobody has asked for the change.
 * @returns the updated site; `undefined` if it does not exist.
 * @throws ServiceUnreachableError
 */
export async function updateSite(
  siteId: string,
  change: (site: Site) => SiteChange,
  by?: Actor,
): Promise<Site | undefined> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const site = await readSite(siteId);
    if (!site) return undefined;
    const changes = Object.entries(change(site)).filter(
      ([field, value]) => !isDeepStrictEqual(site[field as keyof SiteFields], value),
    );
    if (changes.length === 0) return site;
    const intended: Site = { ...site, ...Object.fromEntries(changes) };
    const news = staffNewsAfter(site, intended, new Date(Date.now()).toISOString());
    const changed = await changeTo({ ...intended, ...news } as Site, {
      site,
      changes: [...changes, ...Object.entries(news)],
      by,
    });
    if (changed) return changed;
  }
  throw changedByOthers(`The site ${siteId}`, MAX_ROUNDS);
}

/** @returns `undefined` if somebody else has changed the site since it was read. */
async function changeTo(
  intended: Site,
  { site, changes, by }: { site: Site; changes: [string, unknown][]; by: Actor | undefined },
): Promise<Site | undefined> {
  const { siteId } = site;
  const lastChange = by && changeOf({ before: site, after: intended }, by);
  const templates = templateChanges(site.templates, intended.templates);
  // All of this before the change: if this process dies after it, no copy is behind, and nothing is lost.
  if (changesCredentials(site, intended)) await withdrawCredentials(siteId);
  if (by) await fileLastChange(site);
  await fileVersions(siteId, templates.former);
  const list = changesListing(site, intended) ? await announceChange(siteId, readSite) : undefined;
  const authoredChanges = authored(changes, site, { by, at: lastChange?.at });
  const changed =
    (await writeChanges(site, authoredChanges, lastChange)) ?? (await asWritten(siteId, lastChange));
  if (!changed) return undefined;
  await publish(changed);
  if (list) await orLater(siteId, list());
  await orLater(siteId, tidyVersions(siteId, templates));
  return changed;
}

/**
 * The site, if it is as a write has left it that seems refused: DynamoDB's answer to it was lost, and the client sent it
 * again. Otherwise whoever adds a key would never learn it.
 */
async function asWritten(siteId: string, lastChange: LastChange | undefined): Promise<Site | undefined> {
  const site = lastChange && (await readSite(siteId));
  return isDeepStrictEqual(site?.lastChange, lastChange) ? site : undefined;
}

/** The changes, with when and by whom in the templates that are changed. */
function authored(
  changes: [string, unknown][],
  { templates }: Site,
  { by, at = new Date(Date.now()).toISOString() }: { by: Actor | undefined; at: string | undefined },
): [string, unknown][] {
  return changes.map(([field, value]) =>
    field === 'templates' ? [field, withAuthor(templates, value as Template[], { at, by })] : [field, value],
  );
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
function writeChanges(
  site: Site,
  changes: [string, unknown][],
  lastChange: LastChange | undefined,
): Promise<Site | undefined> {
  const { siteId, version } = site;
  const next = (version ?? 0) + 1;
  const changedIn = { ...site.changedIn, ...Object.fromEntries(changes.map(([field]) => [field, next])) };
  const fields = setFields({
    ...Object.fromEntries(changes),
    version: next,
    changedIn,
    ...(lastChange && { lastChange }),
  });
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

/**
 * Removes what the staff was told, unless there is something newer to tell.
 *
 * @throws ServiceUnreachableError: it is told again, and has no effect then.
 */
export async function forgetStaffNews(
  siteId: string,
  field: keyof StaffNews,
  { at }: { at: string },
): Promise<void> {
  await updateAndEvict(siteId, {
    UpdateExpression: 'REMOVE #news',
    ConditionExpression: '#news.#at = :at',
    ExpressionAttributeNames: { '#news': field, '#at': 'at' },
    ExpressionAttributeValues: { ':at': at },
    ReturnValues: 'NONE',
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
