import { createHash, randomBytes } from 'node:crypto';
import { ConflictError, NotFoundError } from '../domain/errors.ts';
import { readSite, type Site, updateSite } from '../store/sites.ts';
import { missingSite } from './former-site.ts';

/** Two, so that a key can be changed while the shop is running: add the second, use it, remove the first. */
const MAX_KEYS = 2;

const KEY_BYTES = 32;

export interface SiteKey {
  /** Shown once: only its hash is kept. */
  siteKey: string;
  /** SHA-256, hex. */
  hash: string;
  keyId: string;
}

/** 256 random bits with the prefix `pwtg_`, by which tools that look for leaked secrets recognize it. */
export function newSiteKey(): SiteKey {
  const siteKey = `pwtg_${randomBytes(KEY_BYTES).toString('base64url')}`;
  const hash = createHash('sha256').update(siteKey).digest('hex');
  return { siteKey, hash, keyId: keyIdOf(hash) };
}

/** The id of a key, which is no secret: the first 8 digits of its hash. */
function keyIdOf(hash: string): string {
  return hash.slice(0, 8);
}

/** The ids of the keys of a site, oldest first. */
export function keyIdsOf({ keyHashes }: Site): string[] {
  return keyHashes.map(keyIdOf);
}

/**
 * Adds a key to a site.
 *
 * @throws NotFoundError for an unknown site, ConflictError where two keys are valid already.
 */
export async function addKey(siteId: string): Promise<SiteKey> {
  let key = newSiteKey();
  const site = await updateSite(siteId, (now) => {
    const known = keyIdsOf(now);
    if (known.length >= MAX_KEYS) {
      throw new ConflictError(
        `This site has two valid keys already: ${known.join(' and ')}. Remove one of them first.`,
      );
    }
    while (known.includes(key.keyId)) key = newSiteKey();
    return { keyHashes: [...now.keyHashes, key.hash] };
  });
  if (!site) throw await missingSite(siteId);
  return key;
}

/**
 * Removes a key: the next request with it is refused.
 *
 * @throws NotFoundError for an unknown site or key, ConflictError for the last key of a site.
 */
export async function removeKey(siteId: string, keyId: string): Promise<void> {
  const site = await updateSite(siteId, ({ keyHashes }) => {
    const left = keyHashes.filter((hash) => keyIdOf(hash) !== keyId);
    if (left.length === keyHashes.length) throw new NotFoundError(`This site has no key ${keyId}.`);
    if (left.length === 0) {
      throw new ConflictError(
        `${keyId} is the last key of this site: make another one before you remove it.`,
      );
    }
    return { keyHashes: left };
  });
  if (!site) throw await missingSite(siteId);
}

/** The current site, for the platform. @throws NotFoundError for an unknown site. */
export async function knownSite(siteId: string): Promise<Site> {
  const site = await readSite(siteId);
  if (!site) throw await missingSite(siteId);
  return site;
}
