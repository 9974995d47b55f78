/** What the retention does with a user: pure functions. */
import { type ChatLink, newUser, optOutOf, optOutsWithoutChats, type User } from '../store/user.ts';

const DAY = 24 * 3_600_000;

/**
 * So long an item leads from a former id to a renamed user, in milliseconds. Messages wait at most 14 days in a queue and
 * 14 more among the dead letters, and a link can be used for 30 days.
 */
const FORMER_ID_KEPT = 30 * DAY;

/** So long after an erasure the runs look for what was recorded late about the person: at least two of them. */
const LATE_ITEMS = 3 * DAY;

/** Shorter times are refused: a person whose phone is lost needs some weeks to come back. */
const LEAST_DAYS = 30;
const MOST_DAYS = 3_650;

/**
 * Reads the deploy parameter `retentionDays`.
 *
 * @returns days; 0: people are kept until the shop erases them.
 * @throws Error where it is not such a number.
 */
export function readRetentionDays(text: string): number {
  const days = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (days === 0 || (days >= LEAST_DAYS && days <= MOST_DAYS)) return days;
  throw new Error(
    `retentionDays is "${text}": give whole days from ${LEAST_DAYS} to ${MOST_DAYS}, or 0 to keep people for ever.`,
  );
}

export interface RetentionTimes {
  /** Milliseconds since 1970. */
  now: number;
  /** Days; 0: for ever. */
  retentionDays: number;
}

export type Verdict =
  | { kind: 'keep' }
  /** All goes but an opt-out: `remainderOf` says what stays. */
  | { kind: 'erase'; reason: 'unlinked' | 'unreachable' }
  /** Only these links are ended: the user has other chats. */
  | { kind: 'unlink' }
  /** Nobody knows since when the user has no chat: from now on it is counted. */
  | { kind: 'count' }
  /** They were erased: something may have been recorded about them a moment later. */
  | { kind: 'erase-late' }
  /** The item leads from a former id, or says that its user was erased, and nothing can come for that id any more. */
  | { kind: 'forget-former-id' };

/** What to do with a user of a site that is there. */
export function verdictOn(user: User, times: RetentionTimes): Verdict {
  const { chats, unlinked, renamed } = user;
  if (renamed && isPast(renamed.at, FORMER_ID_KEPT, times)) return { kind: 'forget-former-id' };
  if (renamed?.erased && !isPast(renamed.at, LATE_ITEMS, times)) return { kind: 'erase-late' };
  if (renamed) return { kind: 'keep' };
  if (times.retentionDays === 0) return { kind: 'keep' };
  if (chats.length === 0) {
    if (isBareOptOut(user)) return { kind: 'keep' };
    if (!unlinked) return { kind: 'count' };
    return isOver(unlinked.since, times) ? { kind: 'erase', reason: 'unlinked' } : { kind: 'keep' };
  }
  const lost = chats.filter((link) => isLost(link, times));
  if (lost.length === chats.length) return { kind: 'erase', reason: 'unreachable' };
  return lost.length > 0 ? { kind: 'unlink' } : { kind: 'keep' };
}

/** Whether Telegram has not reached a chat for longer than chats are kept. */
export function isLost({ unreachable }: ChatLink, times: RetentionTimes): boolean {
  return unreachable !== undefined && isOver(unreachable.since, times);
}

/**
 * What stays of a user who is erased: nothing but their id, and an opt-out if they or the shop have given one, since a
 * "no" must hold longer than the memory of who has said it.
 *
 * @returns `undefined` where the user, as they are now, is not to be erased.
 */
export function remainderOf(user: User, times: RetentionTimes): User | undefined {
  const verdict = verdictOn(user, times);
  if (verdict.kind !== 'erase') return undefined;
  const { siteId, userId, version, formerIds, unlinked } = user;
  const since = user.chats.flatMap(({ unreachable }) => unreachable?.since ?? []).sort();
  return {
    ...newUser({ siteId, userId }),
    version,
    formerIds,
    optOuts: optOutsWithoutChats(user),
    unlinked: unlinked ?? { reason: 'unreachable', since: since.at(-1) ?? new Date(times.now).toISOString() },
  };
}

/** Whether a user is nothing but an opt-out. */
function isBareOptOut(user: User): boolean {
  const { firstName, lastName, companyName, namesAt, language, mutedEvents, endedClaims, lastClaim } = user;
  const { quietHours, timeZone, marketingConsent } = user;
  const others = [
    ...[firstName, lastName, companyName, namesAt, language, mutedEvents, endedClaims, lastClaim],
    ...[quietHours, timeZone, marketingConsent],
  ];
  return optOutOf(user) !== undefined && others.every((value) => value === undefined);
}

function isOver(since: string, times: RetentionTimes): boolean {
  return isPast(since, times.retentionDays * DAY, times);
}

/** A time that can't be read is never past: nothing is erased by mistake. */
function isPast(since: string, milliseconds: number, { now }: RetentionTimes): boolean {
  return Date.parse(since) < now - milliseconds;
}
