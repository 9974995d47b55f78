import { isIPv6 } from 'node:net';
import { digest } from '../domain/ids.ts';
import { putBack, takeFromBucket } from './token-bucket.ts';

/*
 * The attempts to sign in to the console, counted over all functions, by where they come from and what they are for: so
 * nobody can keep others from signing in. The item lies beside the rate limits of the bots, and the retention removes it each
 * night. It holds no address, and none can be found out from it: hundreds have the same 24 bits of a hash.
 */

/** So many may fail one after the other. */
const AT_ONCE = 10;

/** One more after this time, in milliseconds. */
export const ATTEMPT_MILLISECONDS = 6_000;

export interface Attempt {
  /** The address that the API was called from: of IPv6 only its network counts. */
  from: string;
  /** The id of a site; absent: the platform. */
  siteId?: string | undefined;
}

/** @returns whether it may be made. It counts as failed, unless {@link succeeded} follows. @throws ServiceUnreachableError */
export async function mayAttempt(attempt: Attempt): Promise<boolean> {
  const taken = await takeFromBucket(keyOf(attempt), {
    now: Date.now(),
    whole: AT_ONCE * ATTEMPT_MILLISECONDS,
    span: ATTEMPT_MILLISECONDS,
    longestWait: 0,
  });
  return taken !== undefined;
}

/** The attempt was right: it does not count. @throws ServiceUnreachableError */
export async function succeeded(attempt: Attempt): Promise<void> {
  await putBack(keyOf(attempt), ATTEMPT_MILLISECONDS);
}

function keyOf({ from, siteId = '' }: Attempt): { botId: string } {
  return { botId: `sign-in#${siteId}#${digest([networkOf(from), siteId]).slice(0, 4)}` };
}

/** Whoever has one IPv6 address has all of its /64: they count as one. */
function networkOf(address: string): string {
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return address;
  // In one form only, with "::" for a row of zeros.
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const groups = [...before, ...zeros, ...after];
  // An IPv4 address in the clothes of IPv6 is one caller.
  const isIPv4 = groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff';
  return (isIPv4 ? groups : groups.slice(0, 4)).join(':');
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':');
}
