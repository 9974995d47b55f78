import { createHash } from 'node:crypto';
import { finishLogin, putUsedLogin } from '../store/links.ts';
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
  if (!use) return { kind: 'login-used' };
  const details = { userId, linkId: `login-${use.loginHash.slice(0, 32)}`, claimedAt: use.usedAt };
  return linkOnce(site, details, login, use.loginHash);
}

/**
 * Links the user of a link token by a login of Telegram's widget that the browser brings back.
 *
 * @param now milliseconds since 1970.
 * @throws ServiceUnreachableError
 */
export async function linkByWidgetAndToken(
  site: SiteWithBot,
  token: string,
  fields: WidgetFields,
  now: number,
): Promise<WidgetLinking<'used' | 'expired' | 'unknown'>> {
  const login = checkWidgetLogin(fields, decryptToken(site.bot.sealedToken, site.siteId), now);
  if (typeof login === 'string') return { kind: login };
  // First the token: with a wrong one the login is not used up, and still works with the right one.
  const { kind } = await checkLinkToken(site, token);
  if (kind === 'unknown' || kind === 'expired') return { kind };
  const use = await useLogin(site, login, { purpose: `token#${linkTokenHash(token)}` }, now);
  if (!use) return { kind: 'login-used' };
  const redemption = await redeemLinkToken(site, token, login.id);
  if (redemption.kind !== 'redeemed') return { kind: redemption.kind };
  return linkOnce(site, redemption.details, login, use.loginHash);
}

/** Uses a login for one purpose; `undefined` where it has linked already, or was used for another purpose. */
async function useLogin(
  site: Site,
  login: WidgetLogin,
  { purpose, userId }: { purpose: string; userId?: string },
  now: number,
): Promise<{ usedAt: string; loginHash: string } | undefined> {
  const loginHash = createHash('sha256').update(login.hash).digest('hex');
  // Remembered for longer than it is valid, since the clocks of two functions differ.
  const expires = login.authenticatedAt + 2 * LOGIN_LIFETIME_MILLISECONDS;
  const usedAt = new Date(now).toISOString();
  const use = await putUsedLogin(site.siteId, loginHash, { purpose, usedAt, expires, userId });
  return use.purpose === purpose && !use.isDone ? { usedAt: use.usedAt, loginHash } : undefined;
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
