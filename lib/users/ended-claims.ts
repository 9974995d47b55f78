import type { User } from '../store/user.ts';

/** Longer than a link token lives, in milliseconds: after it no claim can be repeated. */
const REMEMBERED = 60 * 24 * 3_600_000;

/** More than a person ends in that time; it keeps the item small. */
const MAX_REMEMBERED = 50;

/**
 * The user who remembers the claims of links that were ended: a late repetition (Telegram repeats updates, a person opens
 * an old link once more) must not make them again.
 */
export function withEndedClaims(user: User, claims: (string | undefined)[]): User {
  const ended = claims.filter((claim) => claim !== undefined);
  if (ended.length === 0) return user;
  // A claim begins with its time.
  const oldest = new Date(Date.now() - REMEMBERED).toISOString();
  const remembered = [...(user.endedClaims ?? []), ...ended].filter((claim) => claim > oldest);
  return { ...user, endedClaims: remembered.slice(-MAX_REMEMBERED) };
}
