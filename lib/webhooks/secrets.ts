import { createHmac, randomBytes } from 'node:crypto';
import type { SealedSecret, SiteWebhook } from '../store/site-webhook.ts';
import { decryptToken, encryptToken } from '../telegram/token-encryption.ts';

/** The specification recommends 24 to 64 bytes. */
const SECRET_BYTES = 32;
const PREFIX = 'whsec_';

/** How long a secret is valid after the next one was made, in milliseconds. */
const FORMER_VALID_FOR = 24 * 3_600_000;
/** Of several that were made in this time the oldest are forgotten. */
const MAX_SECRETS = 4;

/** A new secret, as its owner is shown it, once. */
export function newSecret(): string {
  return `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** It is bound to the webhook of this site: elsewhere it can't be decrypted, nor can another secret of the site here. */
function boundTo(siteId: string): string {
  return `${siteId}#webhook`;
}

function sealSecret(secret: string, siteId: string): string {
  return encryptToken(secret, boundTo(siteId));
}

/** The same secret, encrypted with the deployment's present key. @throws Error as `decryptToken`. */
export function resealed({ sealed, ...rest }: SealedSecret, siteId: string): SealedSecret {
  return { ...rest, sealed: sealSecret(decryptToken(sealed, boundTo(siteId)), siteId) };
}

/** A new secret before those until now, which stay valid for a day. @param now milliseconds since 1970. */
export function withNewSecret(
  siteId: string,
  secret: string,
  before: SealedSecret[],
  now: number,
): SealedSecret[] {
  const until = new Date(now + FORMER_VALID_FOR).toISOString();
  const formers = validSecrets(before, now).map((former) => ({ validUntil: until, ...former }));
  const newest = { sealed: sealSecret(secret, siteId), createdAt: new Date(now).toISOString() };
  return [newest, ...formers].slice(0, MAX_SECRETS);
}

/** Those that calls are signed with. */
export function validSecrets(secrets: SealedSecret[], now: number): SealedSecret[] {
  return secrets.filter(({ validUntil }) => validUntil === undefined || Date.parse(validUntil) > now);
}

/** What is sent: one call. */
export interface SignedCall {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * Signs a call with all secrets that are valid.
 *
 * @param now milliseconds since 1970: when it is sent, whenever it happened.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signedCall(
  siteId: string,
  { url, secrets }: Pick<SiteWebhook, 'url' | 'secrets'>,
  { id, body }: { id: string; body: string },
  now: number,
): SignedCall {
  const timestamp = String(Math.floor(now / 1_000));
  const signatures = validSecrets(secrets, now).map(({ sealed }) => {
    const key = Buffer.from(decryptToken(sealed, boundTo(siteId)).slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    url,
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Passweb-Telegram-Webhooks/1',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatures.join(' '),
    },
  };
}
