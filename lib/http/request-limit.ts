/**
 * How much a site may ask of this bundle, so that no shop takes what all share. All its requests count, by HTTPS and by
 * SQS: an event also by its recipients.
 *
 * Each instance of a function gives a site a small allowance of its own, for which nothing is asked: a shop with ordinary
 * traffic never needs more. A busy one takes a hundred requests at a time from the count that all instances share
 * (store/site-requests.ts). The instances alone could not limit anybody: AWS starts as many as there are requests at the
 * same time, and each handles one after the other.
 */
import { LRUCache } from 'lru-cache';
import { ServiceUnreachableError, TooManyRequestsError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { takeSiteRequests } from '../store/site-requests.ts';

/** The allowance of a site in one instance: requests at once, and a second after that. */
const ALLOWANCE = 50;
const ALLOWANCE_PER_SECOND = 2;

/** How many requests are taken together from the shared count. */
const REQUESTS_TAKEN = 100;

/** So many recipients of an event, after the first, count as one request. */
const PEOPLE_IN_A_REQUEST = 10;

/** How long a caller is told to wait. 200 requests a second: in this time there is room for a thousand. */
export const RETRY_AFTER_SECONDS = 5;

/** How long an instance refuses a site before it looks at the shared count again, in milliseconds. */
const REFUSAL = 1_000;

/**
 * How long a message of a queue may be deferred for its turn, in milliseconds. At 200 a second that is 50,000 messages
 * of a site; they count as in flight, of which a queue of SQS has at most 120,000 for all sites.
 */
const LONGEST_TURN = 250_000;

/** What an instance may still let a site do without asking. */
interface Allowance {
  requests: number;
  /** When `requests` was right; milliseconds since 1970. */
  at: number;
  /** Until then the shared count is not asked: it had nothing left. */
  refusedUntil: number;
}

/** A site that was forgotten begins with a new allowance. */
const allowances = new LRUCache<string, Allowance>({ max: 5_000 });

/**
 * What people cost beside the request that names them, in requests.
 *
 * @param people how many recipients an event has, or rows an import.
 */
export function costOfPeople(people: number): number {
  return Math.max(0, people - 1) / PEOPLE_IN_A_REQUEST;
}

/**
 * Counts what a site is about to do. Nothing must be done for the request before.
 *
 * @param cost in requests.
 * @throws TooManyRequestsError
 */
export async function limitRequests(siteId: string, cost: number): Promise<void> {
  if (cost === 0) return;
  const now = Date.now();
  const allowance = allowanceOf(siteId, now);
  if (allowance.requests < cost && allowance.refusedUntil <= now) {
    const more = Math.max(REQUESTS_TAKEN, cost);
    if ((await take(siteId, more, 0)) === undefined) allowance.refusedUntil = now + REFUSAL;
    else allowance.requests += more;
  }
  if (allowance.requests < cost) throw new TooManyRequestsError(RETRY_AFTER_SECONDS);
  allowance.requests -= cost;
}

/**
 * Counts messages of a site that came through a queue. They are never refused.
 *
 * @param cost in requests.
 * @returns whole seconds until their turn; 0: now. Also 0 where the turn would be too far away: then the speed of the
 * queue itself is the limit.
 */
export async function secondsUntilTurn(siteId: string, cost: number): Promise<number> {
  try {
    await limitRequests(siteId, cost);
    return 0;
  } catch (error) {
    if (!(error instanceof TooManyRequestsError)) throw error;
  }
  return Math.ceil(((await take(siteId, cost, LONGEST_TURN)) ?? 0) / 1_000);
}

/** Like `takeSiteRequests`. If the count is out of reach, nobody is refused for it. */
async function take(siteId: string, cost: number, longestWait: number): Promise<number | undefined> {
  try {
    return await takeSiteRequests(siteId, cost, { now: Date.now(), longestWait });
  } catch (error) {
    if (!(error instanceof ServiceUnreachableError)) throw error;
    log.warn('requests of a site not counted', { siteId, error });
    return 0;
  }
}

function allowanceOf(siteId: string, now: number): Allowance {
  const known = allowances.get(siteId) ?? { requests: ALLOWANCE, at: now, refusedUntil: 0 };
  const more = ((now - known.at) * ALLOWANCE_PER_SECOND) / 1_000;
  if (known.requests < ALLOWANCE) known.requests = Math.min(ALLOWANCE, known.requests + Math.max(0, more));
  known.at = now;
  allowances.set(siteId, known);
  return known;
}

/** Forgets the allowances of this instance: for tests. */
export function clearAllowances(): void {
  allowances.clear();
}
