import { createHash, randomBytes } from 'node:crypto';
import { log } from '../observability/logger.ts';
import { findSignIn, putSignIn, takeSignIn } from '../store/links.ts';
import type { SiteWithBot } from '../store/sites.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import { type Linked, linkChat } from './link-chat.ts';
import { checkByHash, checkLinkToken, linkTokenHash, redeemByHash } from './link-token.ts';
import { authorizationUrl, OpenIdRefusalError, personOfCode } from './telegram-openid.ts';

/** How long a person may take at Telegram, in seconds. */
export const SIGN_IN_SECONDS = 600;

type TokenRefusal = 'used' | 'expired' | 'unknown';

/**
 * Begins Log In With Telegram for the user of a link token.
 *
 * @param redirectUri where Telegram sends the browser back: one of the redirect addresses of this bot at @BotFather.
 * @param isKept `false`: nothing is stored, so nobody can come back with this state.
 * @returns the address that the browser goes to, and the state that it has to bring back.
 * @throws ServiceUnreachableError
 */
export async function beginSignIn(
  site: SiteWithBot,
  linkToken: string,
  redirectUri: string,
  { isKept = true } = {},
): Promise<{ kind: 'begun'; url: string; state: string } | { kind: TokenRefusal }> {
  const { kind } = await checkLinkToken(site, linkToken);
  if (kind !== 'open') return { kind };
  // 43 characters each: the verifier must have at least so many (RFC 7636), and Telegram takes at most 64 of the state.
  const [state = '', nonce = '', codeVerifier = ''] = Array.from({ length: 3 }, randomText);
  const url = await authorizationUrl({ clientId: site.bot.id, redirectUri, state, nonce, codeVerifier });
  if (!isKept) return { kind: 'begun', url, state };
  await putSignIn(hashOf(state), {
    siteId: site.siteId,
    linkTokenHash: linkTokenHash(linkToken),
    nonce,
    codeVerifier,
    redirectUri,
    expires: Date.now() + SIGN_IN_SECONDS * 1000,
  });
  return { kind: 'begun', url, state };
}

/**
 * Ends Log In With Telegram: links the user of the link token to the person whom Telegram has logged in.
 *
 * @param answer the parameters that the browser brings back: the state, and a code where the person agreed.
 * @throws ServiceUnreachableError
 */
export async function endSignIn(
  site: SiteWithBot,
  encryptedSecret: string,
  answer: { state: string; code: string | undefined },
): Promise<Linked | { kind: TokenRefusal | 'refused' }> {
  const signIn = await takeSignIn(hashOf(answer.state));
  if (signIn?.siteId !== site.siteId || signIn.expires < Date.now()) return { kind: 'refused' };
  if (!answer.code) return { kind: 'refused' };

  const client = { id: site.bot.id, secret: decryptToken(encryptedSecret, site.siteId) };
  const chat = await personOfCode(client, { ...signIn, code: answer.code }).catch((error: unknown) => {
    if (!(error instanceof OpenIdRefusalError)) throw error;
    log.warn('login with Telegram refused', { siteId: site.siteId, error });
    return undefined;
  });
  if (!chat) return { kind: 'refused' };
  const redemption = await redeemByHash(site, signIn.linkTokenHash, chat.id);
  if (redemption.kind !== 'redeemed') return { kind: redemption.kind };
  const { details } = redemption;
  return linkChat(site, details, chat, 'oidc', details.linkId);
}

/**
 * What `endSignIn` would say, without any change, as far as it can be known: a code is good once, so Telegram is not asked
 * who it is for.
 *
 * @throws ServiceUnreachableError
 */
export async function checkSignIn(
  site: SiteWithBot,
  answer: { state: string; code: string | undefined },
): Promise<{ kind: 'open' | 'refused' | TokenRefusal }> {
  const signIn = await findSignIn(hashOf(answer.state));
  if (signIn?.siteId !== site.siteId || signIn.expires < Date.now()) return { kind: 'refused' };
  if (signIn.isTaken || !answer.code) return { kind: 'refused' };
  const { kind } = await checkByHash(site, signIn.linkTokenHash);
  // The chat that has used it may be that of the person who logs in.
  return { kind: kind === 'used' ? 'open' : kind };
}

function randomText(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(state: string): string {
  return createHash('sha256').update(state).digest('hex');
}
