import { randomUUID } from 'node:crypto';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { environment } from '../aws/environment.ts';
import { inParallel } from '../aws/parallel.ts';
import { callSqs, sqs } from '../aws/sqs.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { SITE_ID } from '../domain/ids.ts';
import { log } from '../observability/logger.ts';

/** SQS takes at most ten messages a request, and delays a message by 15 minutes at most. */
const BATCH_SIZE = 10;
const MAX_DELAY_SECONDS = 900;
const PARALLEL_BATCHES = 8;

/** Longer than a run lasts that finds a bot without a working token, in seconds. */
const SECOND_LOOK = 30;

/** Has the drain look at the waiting messages of a site. */
export interface Ticket {
  siteId: string;
}

/** The ticket in a message; `undefined` if it is none. */
export function readTicket(body: string): Ticket | undefined {
  try {
    const ticket = JSON.parse(body) as Partial<Ticket> | null;
    return typeof ticket?.siteId === 'string' && SITE_ID.test(ticket.siteId)
      ? { siteId: ticket.siteId }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Tells the drain to look at the waiting messages of these sites. One ticket too many does no harm: a site without waiting
 * messages, or one that another run works on, is left alone.
 *
 * @param delaySeconds after which time; SQS delays by 15 minutes at most.
 * @throws ServiceUnreachableError
 */
export async function sendTickets(siteIds: string[], delaySeconds = 0): Promise<void> {
  const DelaySeconds = Math.min(Math.max(Math.ceil(delaySeconds), 0), MAX_DELAY_SECONDS);
  const batches: string[][] = [];
  for (let start = 0; start < siteIds.length; start += BATCH_SIZE)
    batches.push(siteIds.slice(start, start + BATCH_SIZE));
  await inParallel(batches, PARALLEL_BATCHES, async (batch) => {
    const Entries = batch.map((siteId) => ({
      Id: randomUUID(),
      MessageBody: JSON.stringify({ siteId } satisfies Ticket),
      DelaySeconds,
    }));
    const request = new SendMessageBatchCommand({ QueueUrl: environment('DRAIN_QUEUE_URL'), Entries });
    const { Failed = [] } = await callSqs((options) => sqs.send(request, options));
    if (Failed.length > 0)
      throw new ServiceUnreachableError('SQS', { cause: new Error(`${Failed.length} tickets not taken`) });
  });
}

/**
 * A site can send again: its waiting messages go out now. Where a run is just finding out that the former token does not
 * work, a second ticket comes after it.
 */
export async function wakeDrain(siteId: string): Promise<void> {
  try {
    await Promise.all([sendTickets([siteId]), sendTickets([siteId], SECOND_LOOK)]);
  } catch (error) {
    log.warn('the drain was not told that a site can send again: it finds out within minutes', {
      siteId,
      error,
    });
  }
}
