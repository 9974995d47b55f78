import { isDeepStrictEqual } from 'node:util';
import { LRUCache } from 'lru-cache';
import { conditionalUpdate, getItem } from '../aws/dynamodb.ts';
import { isNotOver, type StoredSession } from './console-sessions.ts';
import { type SiteVersion, siteVersionKey } from './site-versions.ts';
import { otherSecrets, type WebhookSecrets } from './webhook-secrets.ts';

/*
 * What shows who calls for a site is copied into the site's small item (site-versions.ts), so that a caller with a wrong
 * key costs a small read, and not one of the site with all its templates.
 *
 * The copy can only refuse: whoever it lets through is checked once more with the site itself. So a copy that is behind
 * never lets a removed key in. And it is not behind for a new key: it is removed before the site is changed, and written
 * again after it. Where the writer dies in between, there is no copy, and the next caller makes it from the site.
 */

/** The hashes of what a site's callers send. */
export interface SiteCredentials {
  /** SHA-256 (hex) of the site keys. */
  keyHashes: readonly string[];
  /** SHA-256 (hex) of the secret that Telegram sends. */
  webhookSecretHash?: string | undefined;
  /** Of the others that it may send: see webhook-secrets.ts. */
  otherSecretHashes?: readonly string[] | undefined;
  /** Of the console (console-sessions.ts). Absent in copies that the former release made: they say nothing of them. */
  sessions?: readonly StoredSession[] | undefined;
  links?: readonly StoredSession[] | undefined;
}

/** The copy in the small item. */
interface StoredCredentials extends SiteCredentials {
  /** The version of the site that it was made from; 0 before its first change. */
  version: number;
  /** Milliseconds since 1970. */
  madeAt: number;
}

/** The small item of a site. The former release wrote the version alone. */
export interface SmallItem extends SiteVersion {
  credentials?: StoredCredentials;
}

/** The fields of a site that are needed here. */
interface CredentialsHolder {
  siteId: string;
  version?: number | undefined;
  keyHashes: string[];
  bot?: WebhookSecrets | undefined;
  sessions?: StoredSession[] | undefined;
  consoleLinks?: StoredSession[] | undefined;
}

export function credentialsOf({
  keyHashes,
  bot,
  sessions = [],
  consoleLinks: links = [],
}: Omit<CredentialsHolder, 'siteId'>): SiteCredentials {
  const { webhookSecretHash } = bot ?? {};
  const otherSecretHashes = otherSecrets(bot ?? {});
  return {
    keyHashes,
    ...(webhookSecretHash && { webhookSecretHash }),
    ...(otherSecretHashes.length > 0 && { otherSecretHashes }),
    sessions,
    links,
  };
}

/** Whether a change of a site changes who is let in. */
export function changesCredentials(before: CredentialsHolder, after: CredentialsHolder): boolean {
  return !isDeepStrictEqual(credentialsOf(before), credentialsOf(after));
}

/**
 * A copy is made again after this time, in milliseconds. It puts right what nobody has told: a site that was restored by
 * hand, or changed by the former release.
 */
const COPY_MILLISECONDS = 3_600_000;

/** The copy, if it can be relied on. */
export function currentCopy(item: SmallItem | undefined): SiteCredentials | undefined {
  const { version = 0, credentials } = item ?? {};
  if (!credentials || credentials.version < version) return undefined;
  return credentials.madeAt > Date.now() - COPY_MILLISECONDS ? credentials : undefined;
}

/** @throws ServiceUnreachableError */
export function readSmallItem(siteId: string, consistent: boolean): Promise<SmallItem | undefined> {
  const { table, key } = siteVersionKey(siteId);
  return getItem<SmallItem>(table, key, { consistent });
}

/** Removes the copy, before a change of the site that changes it. @throws ServiceUnreachableError */
export async function withdrawCredentials(siteId: string): Promise<void> {
  await update(siteId, {
    UpdateExpression: 'REMOVE #credentials',
    ConditionExpression: 'attribute_exists(#credentials)',
    ExpressionAttributeNames: { '#credentials': 'credentials' },
  });
}

/**
 * Records the latest version of a site, and its credentials, unless a later version is recorded.
 *
 * @throws ServiceUnreachableError
 */
export async function publishState(site: CredentialsHolder & { version: number }): Promise<void> {
  await update(site.siteId, {
    UpdateExpression: 'SET #version = :version, #credentials = :credentials',
    ConditionExpression: 'attribute_not_exists(#version) OR #version < :version',
    ExpressionAttributeNames: { '#version': 'version', '#credentials': 'credentials' },
    ExpressionAttributeValues: { ':version': site.version, ':credentials': copyOf(site, site.version) },
  });
}

/**
 * Makes the copy from the site, unless there is one of a later version.
 *
 * @param site was read strongly consistent, after the small item.
 * @param recorded the version in the small item. A site that was restored by hand may have an earlier one: its copy counts
 * as the recorded one.
 * @throws ServiceUnreachableError
 */
export async function copyCredentials(site: CredentialsHolder, recorded = 0): Promise<void> {
  const version = Math.max(site.version ?? 0, recorded);
  await update(site.siteId, {
    UpdateExpression: 'SET #credentials = :credentials',
    ConditionExpression:
      '(attribute_not_exists(#version) OR #version <= :version) AND ' +
      '(attribute_not_exists(#credentials) OR #credentials.#version <= :version)',
    ExpressionAttributeNames: { '#version': 'version', '#credentials': 'credentials' },
    ExpressionAttributeValues: { ':version': version, ':credentials': copyOf(site, version) },
  });
}

function copyOf(site: CredentialsHolder, version: number): StoredCredentials {
  const { sessions = [], consoleLinks = [] } = site;
  // It is read with every event: what is over is left out.
  const current = {
    ...site,
    sessions: sessions.filter(isNotOver),
    consoleLinks: consoleLinks.filter(isNotOver),
  };
  return { ...credentialsOf(current), version, madeAt: Date.now() };
}

async function update(siteId: string, change: Parameters<typeof conditionalUpdate>[2]): Promise<void> {
  const { table, key } = siteVersionKey(siteId);
  await conditionalUpdate(table, key, change);
}

/** How long a wrong key is refused without a read, in milliseconds. A new key may be refused for as long. */
const MEMORY_MILLISECONDS = 2_000;

/** About 3 MB. Who invents site ids only pushes out what is remembered of others, which is then read again. */
const MAX_REMEMBERED = 5_000;

/** What is known of a site whose callers send wrong keys. */
interface Remembered {
  /** `undefined`: there is no such site. */
  credentials: SiteCredentials | undefined;
  /** When they were read; milliseconds since 1970. */
  at: number;
}

const remembered = new LRUCache<string, Remembered>({
  max: MAX_REMEMBERED,
  ttl: MEMORY_MILLISECONDS,
  // Without a timer of its own, and with the clock that the rest of the code has.
  ttlResolution: 0,
  perf: { now: () => Date.now() },
});

/** The credentials with which a caller was refused in the last two seconds. */
export function rememberedCredentials(siteId: string): Remembered | undefined {
  return remembered.get(siteId);
}

/** Remembers credentials that were read strongly consistent. */
export function rememberCredentials(siteId: string, credentials: SiteCredentials | undefined): void {
  remembered.set(siteId, { credentials, at: Date.now() });
}

/** For the function that has changed the site; for all sites in tests. */
export function forgetCredentials(siteId?: string): void {
  if (siteId === undefined) remembered.clear();
  else remembered.delete(siteId);
}
