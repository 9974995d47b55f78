/**
 * The synthetic check: one message through everything, from outside. It uses the API as a shop does, with the key of a site,
 * and nothing else.
 */
import { endsWithin, sleep } from '../aws/deadline.ts';
import { log } from './logger.ts';
import { count, measure } from './metrics.ts';

export interface CheckedShop {
  /** Without a slash at the end. */
  apiUrl: string;
  siteId: string;
  siteKey: string;
  /** Who gets the message: a person of that site who has linked a chat. */
  userId: string;
}

/** A message is usually sent within a second. Together these are half a minute. Milliseconds. */
const PAUSES = [1_000, 1_000, 2_000, 4_000, 6_000, 8_000, 8_000];

/** The longest time for one request, in milliseconds. API Gateway answers within 30 s, and usually in a tenth of one. */
const REQUEST_TIMEOUT = 10_000;

class CheckFailedError extends Error {
  override readonly name = 'CheckFailedError';
}

/** A delivery as the log has it, as far as it is looked at. */
interface LoggedDelivery {
  status: string;
  reason?: string;
  recordedAt: string;
}

/**
 * Reports a message, and looks in the log until it was sent. It throws nothing: what went wrong is in the log, and the alarm
 * reports that no check passes.
 *
 * @param pauses before each look at the log, in milliseconds.
 */
export async function syntheticCheck(shop: CheckedShop, pauses = PAUSES): Promise<void> {
  const { siteId } = shop;
  const begun = Date.now();
  const eventId = `synthetic-check-${new Date(begun).toISOString()}`;
  try {
    const deliveryIds = await report(shop, eventId, begun);
    const sentAt = await Promise.all(deliveryIds.map((deliveryId) => whenSent(shop, deliveryId, pauses)));
    const milliseconds = Math.max(...sentAt) - begun;
    count('ChecksPassed', {});
    measure('CheckDuration', {}, milliseconds);
    log.info('synthetic check passed', { siteId, eventId, milliseconds });
  } catch (error) {
    log.error('synthetic check failed', { siteId, eventId, error });
  }
}

/** @returns the deliveries of its message: one for each chat of the person. @throws CheckFailedError where there is none. */
async function report(shop: CheckedShop, eventId: string, now: number): Promise<string[]> {
  const time = new Date(now).toISOString().slice(0, 16).replace('T', ' ');
  const answer = await call(shop, 'events/message-sent', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      eventId,
      // The subject is in every message of this kind; its sender stands beside it.
      message: { id: eventId, subject: `Controllo automatico (automatic check), ${time} UTC` },
      sender: { id: 'synthetic-check', companyName: 'Controllo automatico' },
      recipients: [{ id: shop.userId }],
    }),
  });
  if (answer.status !== 202) throw new CheckFailedError(`the event was answered ${answer.status}`);
  const { notifications } = (await answer.json()) as {
    notifications: { status: string; reason?: string; deliveryId?: string }[];
  };
  const queued = notifications.filter(({ status }) => status === 'queued');
  const [first] = notifications;
  if (queued.length === 0)
    throw new CheckFailedError(`nobody gets the message: ${first?.status} (${first?.reason})`);
  return queued.map(({ deliveryId = '' }) => deliveryId);
}

/** @returns when it was sent, in milliseconds since 1970. @throws CheckFailedError where it will not be, or not in time. */
async function whenSent(shop: CheckedShop, deliveryId: string, pauses: number[]): Promise<number> {
  let last = 'not tried yet';
  for (const pause of pauses) {
    await sleep(pause);
    const answer = await call(shop, `deliveries/${deliveryId}`);
    if (answer.status === 200) {
      const { status, reason, recordedAt } = (await answer.json()) as LoggedDelivery;
      if (status === 'sent') return Date.parse(recordedAt);
      last = reason === undefined ? status : `${status} (${reason})`;
      if (status === 'failed' || status === 'skipped') throw new CheckFailedError(`the message is ${last}`);
    } else if (answer.status !== 404) {
      last = `the log answers ${answer.status}`;
    }
  }
  throw new CheckFailedError(`the message was not sent in time: ${last}`);
}

function call({ apiUrl, siteId, siteKey }: CheckedShop, path: string, request: RequestInit = {}) {
  return fetch(`${apiUrl}/v1/sites/${encodeURIComponent(siteId)}/${path}`, {
    ...request,
    headers: { ...request.headers, authorization: `Bearer ${siteKey}` },
    signal: endsWithin(REQUEST_TIMEOUT),
  });
}
