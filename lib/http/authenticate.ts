/** Authentication of the callers: a site by its key, the platform by its key, Telegram by its secret token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { platformKeyHashes } from '../aws/environment.ts';
import { type Actor, keyIdOf } from '../domain/actor.ts';
import { SITE_ID } from '../domain/site-id.ts';
import { log } from '../observability/logger.ts';
import { recordSecretSeen } from '../store/bot-problem.ts';
import { findSession, type SessionSecret, type StoredSession } from '../store/console-sessions.ts';
import { correctCopy, type Fits, type HowToFind, mayCall } from '../store/find-credentials.ts';
import { findPlatformSession, STORED_WITHIN } from '../store/platform-sessions.ts';
import { credentialsOf, type SiteCredentials } from '../store/site-credentials.ts';
import { isOutdated, readSiteVersion } from '../store/site-versions.ts';
import {
  type BotOfSite,
  cachedSite,
  isActive,
  readSite,
  type Site,
  type SiteWithBot,
} from '../store/sites.ts';
import { otherSecrets } from '../store/webhook-secrets.ts';
import { managerToken, managerWebhookSecret } from '../telegram/manager-bot.ts';
import { isForPlatform, isOfConsole, requireOwnPage, sessionFor } from './console-session.ts';
import { inactive, sessionEnded, unauthorized, wrongPlatformKey, wrongTelegramSecret } from './problems.ts';
import type { HttpRequest } from './request.ts';

export interface SiteAuthentication {
  /** Reads the current site, for a caller that shows or changes it; otherwise the site may be up to 30 seconds old. */
  isFresh?: boolean;
  /** Reads whether the cached site was changed, and then the current one. */
  isCurrent?: boolean;
  /** The latest known version of the site: see `readSite`. */
  latestVersion?: number | undefined;
}

/** The key is compared with it if the site is unknown: the answer then takes as long as for a wrong key. */
const NO_HASH = '0'.repeat(64);

/**
 * The site in the path, if the caller has sent one of its keys, or is the console's page with a session of that site.
 *
 * @throws HttpProblem 401; 403 where another page may have caused the request.
 */
export async function authenticateSite(request: HttpRequest, how: SiteAuthentication = {}): Promise<Site> {
  if (isOfConsole(request)) {
    requireOwnPage(request);
    const session = sessionFor(request, 'site');
    // One that opens no other site costs no read.
    if (!session || session.siteId !== request.pathParameters?.siteId) throw sessionEnded();
    return siteOfSession(session, how);
  }
  const key = bearerKey(request);
  if (key === undefined) throw unauthorized();
  return findCallersSite(siteIdOf(request), { ...how, fits: isKeyOf(key), refusal: unauthorized });
}

function siteIdOf({ pathParameters }: HttpRequest): string {
  return pathParameters?.siteId ?? '';
}

/** Whether credentials have the key. */
export function isKeyOf(key: string): Fits {
  return (credentials) => matchesAny(key, credentials?.keyHashes ?? [NO_HASH]);
}

/** The site of a session of the console. @throws HttpProblem 401 if it does not hold, or not any more. */
export async function siteOfSession(session: SessionSecret, how: SiteAuthentication = {}): Promise<Site> {
  const { siteId = '', hash } = session;
  const fits: Fits = (known) =>
    known !== undefined && findSession(known.sessions, hash, known.keyHashes) !== undefined;
  return findCallersSite(siteId, { ...how, ...asNewAs(session), fits, refusal: sessionEnded });
}

/** How the credentials are found in which a secret of the console must be. */
export function asNewAs({ madeAt }: SessionSecret): HowToFind {
  return { since: madeAt + STORED_WITHIN, isTrusted: ({ sessions }) => sessions !== undefined };
}

/** The form of a secret token that `setWebhook` accepts: no other can be right. */
const TELEGRAM_SECRET = /^[A-Za-z0-9_-]{1,256}$/;

/**
 * The site in the path, if the caller has sent the webhook secret of its bot.
 *
 * @see https://core.telegram.org/bots/api#setwebhook, `secret_token`
 * @throws HttpProblem 401
 */
export async function authenticateTelegram(request: HttpRequest): Promise<SiteWithBot> {
  const secret = request.headers['x-telegram-bot-api-secret-token'] ?? '';
  if (!TELEGRAM_SECRET.test(secret)) throw wrongTelegramSecret();
  const fits: Fits = (credentials) => isWebhookSecret(secret, credentials);
  const site = await findCallersSite(siteIdOf(request), { fits, refusal: wrongTelegramSecret });
  const { bot } = site;
  if (!bot) throw wrongTelegramSecret();
  // Telegram has taken this one: what was only kept for as long as nobody knew that is let in no more.
  if (otherSecrets(bot).length > 0) await noteSecret({ siteId: site.siteId, bot }, secret);
  return { ...site, bot };
}

/** Whether this is the webhook secret of the site's bot, or one that Telegram may still have. */
export function isWebhookSecret(secret: string, credentials: SiteCredentials | undefined): boolean {
  const { webhookSecretHash = NO_HASH, otherSecretHashes = [] } = credentials ?? {};
  return TELEGRAM_SECRET.test(secret) && matchesAny(secret, [webhookSecretHash, ...otherSecretHashes]);
}

/**
 * Lets only Telegram through, with an update of the manager bot. Without a manager bot nobody is let through.
 *
 * @throws HttpProblem 401
 */
export function authenticateManager({ headers }: HttpRequest): void {
  const token = managerToken();
  const given = headers['x-telegram-bot-api-secret-token'] ?? '';
  const wanted = token === undefined ? undefined : sha256(managerWebhookSecret(token));
  if (!TELEGRAM_SECRET.test(given) || !matchesAny(given, [wanted ?? NO_HASH])) throw wrongTelegramSecret();
}

async function noteSecret(site: BotOfSite, secret: string): Promise<void> {
  try {
    await recordSecretSeen(site, sha256(secret));
  } catch (error) {
    // The next update does it.
    log.warn('the former webhook secret still holds', { siteId: site.siteId, botId: site.bot.id, error });
  }
}

/**
 * A caller whose key does not fit the cached site is looked up in the site's small item. Only one who has a place there
 * may cause a read of the whole site, which decides.
 *
 * @throws HttpProblem made by `refusal`: the same for an unknown site and for a wrong key or secret.
 */
async function findCallersSite(
  siteId: string,
  {
    fits,
    isFresh = false,
    isCurrent = false,
    latestVersion,
    refusal,
    ...how
  }: SiteAuthentication & HowToFind & { fits: Fits; refusal: () => Error },
): Promise<Site> {
  if (!SITE_ID.test(siteId)) throw refusal();
  const isCallers = (site: Site | undefined): site is Site => site !== undefined && fits(credentialsOf(site));
  const isKnown = isCallers(cachedSite(siteId));
  if (!isKnown && !(await mayCall(siteId, fits, how))) throw refusal();
  const known = isFresh ? undefined : cachedSite(siteId);
  const cached = known && isCurrent && isOutdated(known, await readSiteVersion(siteId)) ? undefined : known;
  const site = isCallers(cached) ? cached : await readSite(siteId, latestVersion);
  if (isCallers(site)) return site;
  if (!isKnown) await correctCopy(siteId, fits);
  throw refusal();
}

/**
 * Lets only the platform through: its key's SHA-256 (hex) is the deploy parameter `platformKeySha256`, or one of the two in
 * it; or it has signed in to the console. Without that parameter nobody is let through.
 *
 * @returns who it is.
 * @throws HttpProblem 401; 403 where another page may have caused the request.
 */
export async function authenticatePlatform(request: HttpRequest): Promise<Actor> {
  if (isOfConsole(request)) {
    requireOwnPage(request);
    const sent = sessionFor(request, 'platform');
    const session = sent && (await findPlatformSession(sent));
    if (!session) throw sessionEnded();
    return actorOfSession(session);
  }
  const key = bearerKey(request);
  if (key === undefined || !isPlatformKey(key)) throw wrongPlatformKey();
  return { caller: 'platform', keyId: keyIdOf(keyHash(key)) };
}

/** Whether the platform calls at a path that is also for sites. Its session, if it has one, is not checked yet. */
export function isPlatform(request: HttpRequest): boolean {
  if (isOfConsole(request)) return isForPlatform(request);
  const key = bearerKey(request);
  return key !== undefined && isPlatformKey(key);
}

export function isPlatformKey(key: string): boolean {
  return matchesAny(key, platformKeyHashes());
}

/**
 * Who calls for a site, once the key or the session is known to be right.
 *
 * @throws HttpProblem 401 where there is none.
 */
export function actorOf(
  request: HttpRequest,
  site: Pick<Site, 'keyNames' | 'keyHashes' | 'sessions'>,
): Actor {
  if (isOfConsole(request)) {
    const sent = sessionFor(request, 'site');
    const session = sent && findSession(site.sessions, sent.hash, site.keyHashes);
    if (!session) throw sessionEnded();
    return actorOfSession(session, site.keyNames);
  }
  const key = bearerKey(request);
  if (key === undefined) throw unauthorized();
  const keyId = keyIdOf(keyHash(key));
  return { caller: 'site', keyId, ...named(site.keyNames?.[keyId]) };
}

function actorOfSession({ by: { caller, keyId } }: StoredSession, keyNames: Site['keyNames'] = {}): Actor {
  return { caller, keyId, ...(caller === 'site' && named(keyNames[keyId])), via: 'console' };
}

function named(name: string | undefined): { name?: string } {
  return name === undefined ? {} : { name };
}

/** As it is kept: SHA-256, hex. */
export function keyHash(key: string): string {
  return sha256(key);
}

/**
 * A site without the module, or switched off, keeps its data and sends nothing.
 *
 * @returns the site; read again if the cached one would be refused.
 * @throws HttpProblem 403
 */
export async function requireActive<S extends Site>(site: S): Promise<S> {
  if (isActive(site)) return site;
  // A site that has just been switched on must not be refused because of the cache.
  const fresh = { ...site, ...(await readSite(site.siteId)) };
  if (!isActive(fresh)) throw inactive(fresh);
  return fresh;
}

/** The key in `Authorization: Bearer KEY`; `undefined` if there is none, or if its form is wrong. */
function bearerKey({ headers }: HttpRequest): string | undefined {
  return headers.authorization?.match(/^Bearer +([\x21-\x7e]{1,256})$/i)?.[1];
}

/** Hex. */
function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether the key's SHA-256 is one of the hashes (hex). Each comparison takes the same time (`timingSafeEqual`). */
function matchesAny(key: string, hashes: readonly string[]): boolean {
  const presented = createHash('sha256').update(key).digest();
  let isMatch = false;
  for (const hash of hashes) {
    const stored = Buffer.from(hash, 'hex');
    if (stored.length === presented.length && timingSafeEqual(stored, presented)) isMatch = true;
  }
  return isMatch;
}
