import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { platformKeyHashes } from '../aws/environment.ts';
import { type Actor, keyIdOf } from '../domain/actor.ts';

/*
 * What lets a person into the console: a session, in a cookie, and a link that is exchanged for one. To a site they are two
 * more credentials, with an end. They lie in the site's item beside its keys, as hashes, so that a session is good or
 * refused as a key is, and a link is taken away by the same write that makes the session. Those of the platform have an
 * item of their own (platform-sessions.ts).
 */

/** A session, or a link, as it is kept. */
export interface StoredSession {
  /** SHA-256 (base64url) of the secret. */
  hash: string;
  /** Milliseconds since 1970. */
  until: number;
  /** The key that has opened it. Without that key it is worth nothing. */
  by: { caller: 'site' | 'platform'; keyId: string };
}

/** How long a session lasts, in milliseconds. */
export const SESSION_MILLISECONDS = 8 * 3_600_000;

/** So many sessions, and so many links, has a site, or the platform: the oldest gives way. */
const MAX_SESSIONS = 20;

/** A secret that a person's browser holds. Only its hash is kept. */
export interface SessionSecret {
  secret: string;
  hash: string;
  /** The site that it opens; absent: the platform. */
  siteId?: string | undefined;
  /** When it was made; milliseconds since 1970. */
  madeAt: number;
}

/**
 * A new secret, of 256 random bits. It names its site, and when it was made: whoever looks for it knows where, and what was
 * read before is known to say nothing of it.
 */
export function newSecret(siteId?: string): SessionSecret {
  const madeAt = Date.now();
  const random = randomBytes(32).toString('base64url');
  const secret = [...(siteId === undefined ? [] : [siteId]), `${madeAt.toString(36)}_${random}`].join('.');
  return { secret, hash: hashOf(secret), siteId, madeAt };
}

/** A secret as somebody has sent it; `undefined` if it can be none. */
export function readSecret(secret: string): SessionSecret | undefined {
  const [, siteId, madeAt = ''] = /^(?:([a-z0-9-]{1,64})\.)?([0-9a-z]{8,9})_[\w-]{43}$/.exec(secret) ?? [];
  if (madeAt === '') return undefined;
  return { secret, hash: hashOf(secret), siteId, madeAt: Number.parseInt(madeAt, 36) };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/**
 * The session, or link, with this hash, if it still holds.
 *
 * @param keyHashes SHA-256 (hex) of the keys of the site.
 */
export function findSession(
  sessions: readonly StoredSession[] = [],
  hash: string,
  keyHashes: readonly string[] = [],
): StoredSession | undefined {
  const found = sessions.find((session) => isSame(session.hash, hash));
  if (!found || !isNotOver(found)) return undefined;
  const keys = found.by.caller === 'site' ? keyHashes : platformKeyHashes();
  return keys.map(keyIdOf).includes(found.by.keyId) ? found : undefined;
}

/** Whether its time is not over. Its key may be gone. */
export function isNotOver({ until }: StoredSession): boolean {
  return until > Date.now();
}

/** The sessions with a new one, without those that are over. */
export function withSession(sessions: readonly StoredSession[] = [], added: StoredSession): StoredSession[] {
  return [...sessions.filter(isNotOver), added].slice(-MAX_SESSIONS);
}

/** The sessions without one; `undefined` if none is left. */
export function withoutSession(
  sessions: readonly StoredSession[] = [],
  hash: string | undefined,
): StoredSession[] | undefined {
  const left = sessions.filter((session) => session.hash !== hash);
  return left.length > 0 ? left : undefined;
}

/** Whether a session with this hash is among them. */
export function hasSession(sessions: readonly StoredSession[] = [], hash: string): boolean {
  return sessions.some((session) => session.hash === hash);
}

/** What opens sessions: a key of a site, or of the platform. @throws Error for an actor without a key. */
export function openerOf({ caller, keyId }: Actor): StoredSession['by'] {
  if (caller === 'terminal' || keyId === undefined) throw new Error('Only a key opens the console.');
  return { caller, keyId };
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}
