import { createHash, randomBytes } from 'node:crypto';
import { type Actor, keyIdOf } from '../domain/actor.ts';
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

/** The ids of the keys of a site, oldest first. */
export function keyIdsOf({ keyHashes }: Pick<Site, 'keyHashes'>): string[] {
  return keyHashes.map(keyIdOf);
}

/** The same with their names. */
export function namedKeysOf(site: Site): { keyId: string; name?: string }[] {
  const { keyNames = {} } = site;
  return keyIdsOf(site).map((keyId) => ({ keyId, ...named(keyNames[keyId]) }));
}

function named(name: string | undefined): { name?: string } {
  return name === undefined ? {} : { name };
}

/** Without the names of keys that are gone. */
function namesOf(keyHashes: string[], names: Record<string, string>): Site['keyNames'] {
  const kept = keyHashes.map(keyIdOf).flatMap((keyId) => (names[keyId] ? [[keyId, names[keyId]]] : []));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/**
 * Adds a key to a site.
 *
 * @param name what it is called in the audit, such as the system that uses it.
 * @throws NotFoundError for an unknown site, ConflictError where two keys are valid already.
 */
export async function addKey(
  siteId: string,
  { by, name }: { by: Actor; name?: string | undefined },
): Promise<SiteKey> {
  let key = newSiteKey();
  const site = await updateSite(
    siteId,
    (now) => {
      const known = keyIdsOf(now);
      if (known.length >= MAX_KEYS) {
        throw twoKeys(known);
      }
      while (known.includes(key.keyId)) key = newSiteKey();
      const keyHashes = [...now.keyHashes, key.hash];
      return {
        keyHashes,
        keyNames: namesOf(keyHashes, { ...now.keyNames, ...(name && { [key.keyId]: name }) }),
      };
    },
    by,
  );
  if (!site) throw await missingSite(siteId);
  return key;
}

/**
 * Removes a key: the next request with it is refused.
 *
 * @throws NotFoundError for an unknown site or key, ConflictError for the last key of a site.
 */
export async function removeKey(siteId: string, keyId: string, by: Actor): Promise<void> {
  const site = await updateSite(
    siteId,
    ({ keyHashes, keyNames = {}, sessions = [] }) => {
      const left = keyHashes.filter((hash) => keyIdOf(hash) !== keyId);
      if (left.length === keyHashes.length) throw unknownKey(keyId);
      if (left.length === 0) {
        throw lastKey(keyId);
      }
      const others = sessions.filter(({ by: opener }) => opener.caller !== 'site' || opener.keyId !== keyId);
      return {
        keyHashes: left,
        keyNames: namesOf(left, keyNames),
        // Who has signed in with it is out with it.
        sessions: others.length > 0 ? others : undefined,
      };
    },
    by,
  );
  if (!site) throw await missingSite(siteId);
}

export function twoKeys(known: string[]): ConflictError {
  const text = {
    en: `This site has two valid keys already: ${known.join(' and ')}. Remove one of them first.`,
    it: `Questo sito ha già due chiavi valide: ${known.join(' e ')}. Toglierne prima una.`,
  };
  return new ConflictError(text, 'two-keys');
}

export function unknownKey(keyId: string): NotFoundError {
  const text = { en: `This site has no key ${keyId}.`, it: `Questo sito non ha una chiave ${keyId}.` };
  return new NotFoundError(text, 'unknown-key');
}

export function lastKey(keyId: string): ConflictError {
  const text = {
    en: `${keyId} is the last key of this site: make another one before you remove it.`,
    it: `${keyId} è l'ultima chiave di questo sito: crearne un'altra prima di toglierla.`,
  };
  return new ConflictError(text, 'last-key');
}

/** The current site, for the platform. @throws NotFoundError for an unknown site. */
export async function knownSite(siteId: string): Promise<Site> {
  const site = await readSite(siteId);
  if (!site) throw await missingSite(siteId);
  return site;
}
