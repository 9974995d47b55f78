import { createHash, randomBytes } from 'node:crypto';
import type { MarketingConsent } from '../domain/marketing-consent.ts';
import { noteLink } from '../store/directory.ts';
import { findLinkToken, markRedeemed, putLinkToken, type StoredLinkToken } from '../store/links.ts';
import type { Site } from '../store/sites.ts';

const HOUR = 3_600_000;

/** How long a link is valid where the site does not say it. */
const DEFAULT_HOURS = 24;

/** 128 bits, which nobody can guess. They are 22 of the 64 characters that a deep link may have. */
const TOKEN_BYTES = 16;
const TOKEN = /^[A-Za-z0-9_-]{22}$/;

/** The user whom a link is for, as the site describes them. */
export interface LinkRequest {
  userId: string;
  firstName?: string | undefined;
  lastName?: string | undefined;
  companyName?: string | undefined;
  /** BCP 47: the language of the session. */
  language?: string | undefined;
  /** The user groups: a welcome may be for some of them only. */
  groups?: string[] | undefined;
  /** Whether they want advertising, as the site has it. */
  marketingConsent?: MarketingConsent | undefined;
}

/** A request for a link: how long it is valid (1 to 720 hours), for one that is printed or sent by mail. */
export interface NewLink extends LinkRequest {
  expiresInHours?: number | undefined;
}

/** A link that a chat has claimed. It is the same for every repetition. */
export interface LinkDetails extends LinkRequest {
  /** Identifies the link in the steps that follow. Not a secret. */
  linkId: string;
  /** When a chat claimed it first: ISO 8601 in UTC with milliseconds. Of two claims the later one wins. */
  claimedAt: string;
  /** When the link was made (ISO 8601); absent where the user came without one. */
  createdAt?: string;
  /** When the person opened the link or logged in (ISO 8601); absent: when it was claimed. */
  saidAt?: string;
}

/** The address that opens the bot with a link token, for its Start button. */
export function deepLink(bot: { username: string }, token: string): string {
  return `https://t.me/${bot.username}?start=${token}`;
}

/**
 * What the person sends to the bot where Start did not do it: Telegram Desktop now and then opens the bot without the token
 * of the link.
 */
export function startCommand(token: string): string {
  return `/start ${token}`;
}

/**
 * The token in what a person has copied behind `/start`: with quotes around it, a full stop behind it, a line below, or as
 * the whole link. What holds none stays as it is.
 */
export function tokenIn(payload: string): string {
  const [, first, inLink] =
    payload.match(/^[^\w-]*([\w-]{22})(?![\w-])|[?&]start=([\w-]{22})(?![\w-])/) ?? [];
  return first ?? inLink ?? payload;
}

/**
 * The token in a message that is no command, but nothing else than the line to copy: with quotes around it, without
 * `/start`, or the link. A word of 22 letters is none: in a token there are small and capital letters.
 */
export function tokenAlone(text: string): string | undefined {
  const [, token = ''] =
    text.match(/^[^\w/-]*(?:\/start\s+|(?:https?:\/\/)?t\.me\/\w+\?start=)?([\w-]{22})[^\w-]*$/i) ?? [];
  return /[a-z]/.test(token) && /[A-Z]/.test(token) ? token : undefined;
}

export type Redemption =
  | { kind: 'redeemed'; details: LinkDetails }
  | { kind: 'used' | 'expired' | 'unknown' };

/**
 * Makes a token that links one chat to this user, once, until it expires. Only its SHA-256 is stored: nobody can link with
 * what is in the table.
 *
 * @returns the token (22 characters of base64url) and when it expires, ISO 8601.
 * @throws ServiceUnreachableError
 */
export async function createLinkToken(
  site: Site,
  { expiresInHours = DEFAULT_HOURS, ...request }: NewLink,
): Promise<{ token: string; expiresAt: string }> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const now = Date.now();
  const expires = now + expiresInHours * HOUR;
  const createdAt = new Date(now).toISOString();
  const link = { ...request, siteId: site.siteId, tokenHash: linkTokenHash(token), createdAt, expires };
  // First the note: if this dies in between, somebody finds a note without a token, which says nothing.
  await noteLink(link);
  await putLinkToken(link);
  return { token, expiresAt: new Date(expires).toISOString() };
}

/**
 * Claims a token for a chat with one conditional write: of two chats at the same instant one succeeds. The chat that has
 * claimed it may claim it again, since Telegram repeats updates.
 *
 * @param writtenAt when the person opened the link (milliseconds since 1970): until then it had to be valid.
 * @throws ServiceUnreachableError
 */
export async function redeemLinkToken(
  site: Site,
  token: string,
  chatId: number,
  writtenAt?: number,
): Promise<Redemption> {
  if (!TOKEN.test(token)) return { kind: 'unknown' };
  return redeemByHash(site, linkTokenHash(token), chatId, writtenAt);
}

/** As `redeemLinkToken`, for a token of which only the hash is known. */
export async function redeemByHash(
  site: Site,
  tokenHash: string,
  chatId: number,
  writtenAt?: number,
): Promise<Redemption> {
  const now = new Date(Date.now());
  const validAt = writtenAt ?? now.getTime();
  const redeemed = await markRedeemed(site.siteId, tokenHash, chatId, { now, validAt });
  if (redeemed) return { kind: 'redeemed', details: detailsOf(redeemed, now, writtenAt) };
  return { kind: whyNotRedeemed(site, await findLinkToken(tokenHash)) };
}

/**
 * Whether a token can still be claimed, without claiming it: to know before a person is sent to Telegram's login.
 *
 * @param chatId a chat that may have claimed it already.
 * @returns with an open token, what claiming it would give.
 */
export async function checkLinkToken(
  site: Site,
  token: string,
  chatId?: number,
): Promise<{ kind: 'open'; details: LinkDetails } | { kind: 'used' | 'expired' | 'unknown' }> {
  return checkByHash(site, TOKEN.test(token) ? linkTokenHash(token) : undefined, chatId);
}

/** As `checkLinkToken`, for a token of which only the hash is known. @param tokenHash absent: no token has it. */
export async function checkByHash(
  site: Site,
  tokenHash: string | undefined,
  chatId?: number,
): Promise<{ kind: 'open'; details: LinkDetails } | { kind: 'used' | 'expired' | 'unknown' }> {
  const stored = tokenHash === undefined ? undefined : await findLinkToken(tokenHash);
  if (stored?.siteId !== site.siteId) return { kind: 'unknown' };
  const now = new Date(Date.now());
  const isNew = stored.redeemedBy === undefined && stored.expires > now.getTime();
  const isOurs = stored.redeemedBy !== undefined && stored.redeemedBy === chatId;
  if (isNew || isOurs) return { kind: 'open', details: detailsOf(stored, now, undefined) };
  return { kind: whyNotRedeemed(site, stored) };
}

/** SHA-256 (hex) of a token: the key under which it is stored. */
export function linkTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function whyNotRedeemed(site: Site, stored: StoredLinkToken | undefined): 'used' | 'expired' | 'unknown' {
  if (stored?.siteId !== site.siteId) return 'unknown';
  return stored.redeemedBy === undefined ? 'expired' : 'used';
}

function detailsOf(stored: StoredLinkToken, now: Date, writtenAt: number | undefined): LinkDetails {
  const { userId, firstName, lastName, companyName, language, groups } = stored;
  const { tokenHash, redeemedAt, createdAt, marketingConsent } = stored;
  return {
    userId,
    firstName,
    lastName,
    companyName,
    language,
    groups,
    ...(marketingConsent && { marketingConsent }),
    linkId: `token-${tokenHash.slice(0, 32)}`,
    claimedAt: redeemedAt ?? now.toISOString(),
    createdAt,
    ...(writtenAt !== undefined && { saidAt: new Date(writtenAt).toISOString() }),
  };
}
