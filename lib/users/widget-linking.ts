import { createHash } from 'node:crypto';
import { userKey } from '../domain/ids.ts';
import { findUsersOfChat } from '../store/chats.ts';
import { findUsedLogin, finishLogin, putUsedLogin, type UsedLogin } from '../store/links.ts';
import type { Site, SiteWithBot } from '../store/sites.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import { type Linked, linkChat, wouldLinkChat } from './link-chat.ts';
import {
  checkLinkToken,
  type LinkDetails,
  type LinkRequest,
  linkTokenHash,
  redeemLinkToken,
} from './link-token.ts';
import {
  checkWidgetLogin,
  LOGIN_LIFETIME_MILLISECONDS,
  type WidgetFields,
  type WidgetLogin,
  type WidgetRefusal,
} from './widget-login.ts';

/** `login-used`: for somebody else. Each login links one user, by one link. */
export type WidgetLinking<Refusal extends string> = Linked | { kind: WidgetRefusal | 'login-used' | Refusal };

type TokenRefusal = 'used' | 'expired' | 'unknown';

/**
 * Links a user by a login of Telegram's widget that the site has received. The call may be repeated for the same user: it
 * links once, and says the same each time.
 *
 * @param now milliseconds since 1970.
 * @throws ServiceUnreachableError
 */
export async function linkByWidget(
  site: SiteWithBot,
  { userId, groups }: Pick<LinkRequest, 'userId' | 'groups'>,
  fields: WidgetFields,
  now: number,
): Promise<WidgetLinking<never>> {
  const login = checkWidgetLogin(fields, decryptToken(site.bot.sealedToken, site.siteId), now);
  if (typeof login === 'string') return { kind: login };
  const use = await useLogin(site, login, { purpose: `user#${userId}`, userId }, now);
  if (!use) return { kind: 'login-used' };
  if (use.isDone) return linkedBefore(site, login, use);
  const loginHash = hashOf(login);
  const details = { userId, groups, linkId: `login-${loginHash.slice(0, 32)}`, claimedAt: use.usedAt };
  return linkOnce(site, details, login, loginHash);
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
 * at addresses for them, ask for one several times and at once: where this login has linked by this token before, nothing
 * is done, and the answer is the same for as long as the link holds.
 *
 * @throws ServiceUnreachableError
 */
export async function linkByWidgetAndToken(
  site: SiteWithBot,
  given: BrowserLogin,
): Promise<WidgetLinking<TokenRefusal>> {
  const looked = await lookAtLogin(site, given);
  if (looked.kind !== 'open') return looked;
  const { login } = looked;
  const use = await useLogin(site, login, { purpose: tokenPurpose(given) }, given.now);
  if (!use) return { kind: 'login-used' };
  // Since it was looked at, by a request at the same time.
  if (use.isDone) return linkedBefore(site, login, use);
  const redemption = await redeemLinkToken(site, given.token, login.id);
  if (redemption.kind !== 'redeemed') return { kind: redemption.kind };
  return linkOnce(site, redemption.details, login, hashOf(login));
}

/**
 * What `linkByWidgetAndToken` would say, without any change.
 *
 * @throws ServiceUnreachableError
 */
export async function wouldLink(
  site: SiteWithBot,
  given: BrowserLogin,
): Promise<{ kind: WidgetLinking<TokenRefusal>['kind'] }> {
  const looked = await lookAtLogin(site, given);
  return looked.kind === 'open' ? wouldLinkChat(site, looked.details, looked.login) : looked;
}

/**
 * Reads only. First the token: with a wrong one the login is not used up, and still works with the right one. Whoever was
 * linked by both before is not asked for the token again: it ends with the link.
 */
async function lookAtLogin(
  site: SiteWithBot,
  given: BrowserLogin,
): Promise<WidgetLinking<TokenRefusal> | { kind: 'open'; login: WidgetLogin; details: LinkDetails }> {
  const { token, fields, now } = given;
  const login = checkWidgetLogin(fields, decryptToken(site.bot.sealedToken, site.siteId), now);
  if (typeof login === 'string') return { kind: login };
  const [link, use] = await Promise.all([
    checkLinkToken(site, token, login.id),
    findUsedLogin(site.siteId, hashOf(login)),
  ]);
  if (use?.isDone && use.purpose === tokenPurpose(given)) return linkedBefore(site, login, use);
  if (link.kind !== 'open') return { kind: link.kind };
  if (use && use.purpose !== tokenPurpose(given)) return { kind: 'login-used' };
  return { kind: 'open', login, details: withLogin(link.details, login) };
}

/** What a login has done that has linked before: the link may have ended since. */
async function linkedBefore(
  { siteId }: Site,
  { id: chatId }: WidgetLogin,
  { siteUser }: UsedLogin,
): Promise<Linked> {
  const users = await findUsersOfChat({ siteId, chatId });
  const user = users.find((each) => userKey(each) === siteUser);
  return user ? { kind: 'linked', user, isRepeated: true } : { kind: 'outdated' };
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
): Promise<UsedLogin | undefined> {
  // Remembered for longer than it is valid, since the clocks of two functions differ.
  const expires = login.authenticatedAt + 2 * LOGIN_LIFETIME_MILLISECONDS;
  const usedAt = new Date(now).toISOString();
  const use = await putUsedLogin(site.siteId, hashOf(login), { purpose, usedAt, expires, userId });
  return use.purpose === purpose ? use : undefined;
}

async function linkOnce(
  site: Site,
  details: LinkDetails,
  login: WidgetLogin,
  loginHash: string,
): Promise<Linked> {
  const linked = await linkChat(site, withLogin(details, login), login, 'login-widget', details.linkId);
  if (linked.kind === 'linked') await finishLogin(site.siteId, loginHash, linked.user.userId);
  return linked;
}

/** The id of a private chat is the person's id. */
function withLogin(details: LinkDetails, { authenticatedAt }: WidgetLogin): LinkDetails {
  return { ...details, saidAt: new Date(authenticatedAt).toISOString() };
}
