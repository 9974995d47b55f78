import { deleteItem } from '../aws/dynamodb.ts';
import { takeFromBucket } from './token-bucket.ts';

/*
 * The requests of a site, counted over all functions.
 *
 * The item lies beside the rate limits of the bots. A bot's id has digits only, so it is never the key of a bot. Without
 * the item the site has made no request; the retention removes it each night.
 */

/** How many requests a site may make at once. */
export const REQUESTS_AT_ONCE = 5_000;

/** How many it may make a second after that. */
export const REQUESTS_PER_SECOND = 200;

const millisecondsOf = (requests: number) => (requests * 1_000) / REQUESTS_PER_SECOND;

/**
 * Takes some of the requests that a site may make.
 *
 * @param options.now milliseconds since 1970.
 * @param options.longestWait how long their turn may be away, in milliseconds; 0: they are made now, or not at all.
 * @returns milliseconds until their turn; `undefined` if it is further away: then nothing was taken.
 * @throws ServiceUnreachableError
 */
export async function takeSiteRequests(
  siteId: string,
  requests: number,
  { now, longestWait }: { now: number; longestWait: number },
): Promise<number | undefined> {
  const whole = millisecondsOf(REQUESTS_AT_ONCE);
  return takeFromBucket(keyOf(siteId), { now, whole, span: millisecondsOf(requests), longestWait });
}

/** Removes the count of a site that is gone. @throws ServiceUnreachableError */
export async function forgetSiteRequests(siteId: string): Promise<void> {
  await deleteItem('PACES_TABLE', keyOf(siteId));
}

function keyOf(siteId: string) {
  return { botId: `site#${siteId}` };
}
