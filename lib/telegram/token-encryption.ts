import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { environment } from '../aws/environment.ts';

const ALGORITHM = 'aes-256-gcm';
const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts a bot token for the table: AES-256-GCM under the deployment's key, with the site's id as additional data. An
 * encrypted token that is copied to another site can't be decrypted there.
 */
export function encryptToken(token: string, siteId: string): string {
  const [key] = deploymentKeys();
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(siteId));
  const encrypted = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
  return `${VERSION}.${Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString('base64url')}`;
}

/** @throws Error if it was encrypted for another site or with another key, or was changed. */
export function decryptToken(encrypted: string, siteId: string): string {
  const [version, payload = ''] = encrypted.split('.');
  if (version !== VERSION)
    throw new Error('The bot token is encrypted in a format that this version does not know.');
  const bytes = Buffer.from(payload, 'base64url');
  const [key, formerKey] = deploymentKeys();
  try {
    return decrypt(bytes, siteId, key);
  } catch (error) {
    if (!formerKey) throw error;
    return decrypt(bytes, siteId, formerKey);
  }
}

/** @throws Error if the key is wrong: GCM detects it. */
function decrypt(bytes: Buffer, siteId: string, key: Buffer): string {
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(siteId))
    .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString(
    'utf8',
  );
}

/** @throws Error where `BOT_TOKEN_KEY` is no key, nor two of them. */
export function checkDeploymentKeys(): void {
  deploymentKeys();
}

/**
 * Keys for another use, made from the deployment's: nobody can find that from one of them. During a key rotation there are
 * two, the new one first.
 *
 * @param use names it: for each use there is another key.
 */
export function derivedKeys(use: string): Buffer[] {
  return deploymentKeys().flatMap((key) => (key ? [createHmac('sha256', key).update(use).digest()] : []));
}

/** The key. During a key rotation also the former one, which is only used to decrypt: `NEW,FORMER`. */
function deploymentKeys(): [Buffer, Buffer?] {
  const [key, formerKey, ...more] = environment('BOT_TOKEN_KEY')
    .split(',')
    .map((text) => Buffer.from(text, 'base64'));
  const isOneOrTwo = [key, formerKey ?? key].every((each) => each?.length === 32) && more.length === 0;
  if (!key || !isOneOrTwo)
    throw new Error(
      'BOT_TOKEN_KEY must be 32 bytes, base64, or two such keys while it is changed: see docs/deploy.md.',
    );
  return [key, formerKey];
}
