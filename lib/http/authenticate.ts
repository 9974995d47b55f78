/** Authentication of the callers: a site by its key, the platform by its key, Telegram by its secret token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { SITE_ID } from '../domain/ids.ts';
import { log } from '../observability/logger.ts';
import { recordSecretSeen } from '../store/bot-problem.ts';
import { correctCopy, type Fits, mayCall } from '../store/find-credentials.ts';
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
import { inactive, unauthorized, wrongPlatformKey, wrongTelegramSecret } from './problems.ts';
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
 * The site in the path, if the caller has sent one of its keys.
 *
 * @throws HttpProblem 401
 */
export function authenticateSite(request: HttpRequest, how: SiteAuthentication = {}): Promise<Site> {
  const key = bearerKey(request);
  if (key === undefined) throw unauthorized();
  const fits: Fits = (credentials) => matchesAny(key, credentials?.keyHashes ?? [NO_HASH]);
  return findCallersSite(request, { ...how, fits, refusal: unauthorized });
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
  const site = await findCallersSite(request, { fits, refusal: wrongTelegramSecret });
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

async function noteSecret(site: BotOfSite, secret: string): Promise<void> {
  try {
    await recordSecretSeen(site, createHash('sha256').update(secret).digest('hex'));
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
  { pathParameters }: HttpRequest,
  {
    fits,
    isFresh = false,
    isCurrent = false,
    latestVersion,
    refusal,
  }: SiteAuthentication & { fits: Fits; refusal: () => Error },
): Promise<Site> {
  const siteId = pathParameters?.siteId ?? '';
  if (!SITE_ID.test(siteId)) throw refusal();
  const isCallers = (site: Site | undefined): site is Site => site !== undefined && fits(credentialsOf(site));
  const isKnown = isCallers(cachedSite(siteId));
  if (!isKnown && !(await mayCall(siteId, fits))) throw refusal();
  const known = isFresh ? undefined : cachedSite(siteId);
  const cached = known && isCurrent && isOutdated(known, await readSiteVersion(siteId)) ? undefined : known;
  const site = isCallers(cached) ? cached : await readSite(siteId, latestVersion);
  if (isCallers(site)) return site;
  if (!isKnown) await correctCopy(siteId, fits);
  throw refusal();
}

/**
 * Lets only the platform through: its key's SHA-256 (hex) is the deploy parameter `platformKeySha256`, or one of the two in
 * it. Without that parameter nobody is let through.
 *
 * @throws HttpProblem 401
 */
export function authenticatePlatform(request: HttpRequest): void {
  if (!isPlatform(request)) throw wrongPlatformKey();
}

/** Whether the caller has sent the platform's key. */
export function isPlatform(request: HttpRequest): boolean {
  const key = bearerKey(request);
  return key !== undefined && matchesAny(key, (process.env.PLATFORM_KEY_SHA256 ?? '').split(','));
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
