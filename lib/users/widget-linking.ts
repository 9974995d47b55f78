import { createHash } from 'node:crypto';
import { findUsedLogin, finishLogin, putUsedLogin } from '../store/links.ts';
import type { Site, SiteWithBot } from '../store/sites.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import { type Linked, linkChat } from './link-chat.ts';
import { checkLinkToken, type LinkDetails, linkTokenHash, redeemLinkToken } from './link-token.ts';
import {
  checkWidgetLogin,
  LOGIN_LIFETIME_MILLISECONDS,
  type WidgetFields,
  type WidgetLogin,
  type WidgetRefusal,
} from './widget-login.ts';

/** `login-used`: each login links once. */
export type WidgetLinking<Refusal extends string> = Linked | { kind: WidgetRefusal | 'login-used' | Refusal };

type TokenRefusal = 'used' | 'expired' | 'unknown';

/**
 * Links a user by a login of Telegram's widget that the site has received. A login links once; where a call failed, it
 * may be repeated for the same user.
 *
 * @param now milliseconds since 1970.
 * @throws ServiceUnreachableError
 */
export async function linkByWidget(
  site: SiteWithBot,
  userId: string,
  fields: WidgetFields,
  now: number,
): Promise<WidgetLinking<never>> {
  const login = checkWidgetLogin(fields, decryptToken(site.bot.sealedToken, site.siteId), now);
  if (typeof login === 'string') return { kind: login };
  const use = await useLogin(site, login, { purpose: `user#${userId}`, userId }, now);
  if (!use || use.isDone) return { kind: 'login-used' };
  const details = { userId, linkId: `login-${use.loginHash.slice(0, 32)}`, claimedAt: use.usedAt };
  return linkOnce(site, details, login, use.loginHash);
}

/** The login of a browser that comes back from Telegram, and the link token that it brings along. */
export interface BrowserLogin {
  token: string;
  fields: WidgetFields;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Links the user of a link token by a login of Telegram's widget that the browser brings back. Browsers, and what looks
 * at addresses for them, ask for one several times and at once: `done` where this login has linked by this token before.
 * Nothing is done then.
 *
 * @throws ServiceUnreachableError
 */
export async function linkByWidgetAndToken(
  site: SiteWithBot,
  given: BrowserLogin,
): Promise<WidgetLinking<'done' | TokenRefusal>> {
  const login = await checkBrowserLogin(site, given);
  if ('kind' in login) return login;
  const use = await useLogin(site, login, { purpose: tokenPurpose(given) }, given.now);
  if (!use) return { kind: 'login-used' };
  if (use.isDone) return { kind: 'done' };
  const redemption = await redeemLinkToken(site, given.token, login.id);
  if (redemption.kind !== 'redeemed') return { kind: redemption.kind };
  return linkOnce(site, redemption.details, login, use.loginHash);
}

/**
 * What `linkByWidgetAndToken` would say, without any change: `done` where it would link.
 *
 * @throws ServiceUnreachableError
 */
export async function wouldLink(
  site: SiteWithBot,
  given: BrowserLogin,
): Promise<{ kind: WidgetRefusal | 'login-used' | 'done' | TokenRefusal }> {
  const login = await checkBrowserLogin(site, given);
  if ('kind' in login) return login;
  const use = await findUsedLogin(site.siteId, hashOf(login));
  return { kind: use && use.purpose !== tokenPurpose(given) ? 'login-used' : 'done' };
}

/** Reads only. First the token: with a wrong one the login is not used up, and still works with the right one. */
async function checkBrowserLogin(
  site: SiteWithBot,
  { token, fields, now }: BrowserLogin,
): Promise<WidgetLogin | { kind: WidgetRefusal | TokenRefusal }> {
  const login = checkWidgetLogin(fields, decryptToken(site.bot.sealedToken, site.siteId), now);
  if (typeof login === 'string') return { kind: login };
  const { kind } = await checkLinkToken(site, token, login.id);
  return kind === 'open' ? login : { kind };
}

function tokenPurpose({ token }: BrowserLogin): string {
  return `token#${linkTokenHash(token)}`;
}

function hashOf({ hash }: WidgetLogin): string {
  return createHash('sha256').update(hash).digest('hex');
}

/** Uses a login for one purpose; `undefined` where it was used for another one. */
async function useLogin(
  site: Site,
  login: WidgetLogin,
  { purpose, userId }: { purpose: string; userId?: string },
  now: number,
): Promise<{ usedAt: string; loginHash: string; isDone: boolean } | undefined> {
  const loginHash = hashOf(login);
  // Remembered for longer than it is valid, since the clocks of two functions differ.
  const expires = login.authenticatedAt + 2 * LOGIN_LIFETIME_MILLISECONDS;
  const usedAt = new Date(now).toISOString();
  const use = await putUsedLogin(site.siteId, loginHash, { purpose, usedAt, expires, userId });
  return use.purpose === purpose ? { usedAt: use.usedAt, loginHash, isDone: use.isDone ?? false } : undefined;
}

async function linkOnce(
  site: Site,
  details: LinkDetails,
  login: WidgetLogin,
  loginHash: string,
): Promise<Linked> {
  // The id of a private chat is the person's id.
  const saidAt = new Date(login.authenticatedAt).toISOString();
  const linked = await linkChat(site, { ...details, saidAt }, login, 'login-widget', details.linkId);
  if (linked.kind === 'linked') await finishLogin(site.siteId, loginHash, linked.user.userId);
  return linked;
}
