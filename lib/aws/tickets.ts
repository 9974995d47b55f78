import { randomUUID } from 'node:crypto';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { SITE_ID } from '../domain/site-id.ts';
import { environment } from './environment.ts';
import { inParallel } from './parallel.ts';
import { callSqs, sqs } from './sqs.ts';

/** SQS takes at most ten messages a request, and delays a message by 15 minutes at most. */
const BATCH_SIZE = 10;
const MAX_DELAY_SECONDS = 900;
const PARALLEL_BATCHES = 8;

/** Has a function look at a site. A queue of tickets holds nothing that can't be found without them. */
export interface Ticket {
  siteId: string;
}

/** The queues of tickets, as the environment variables with their URLs. */
type TicketQueue = 'DRAIN_QUEUE_URL' | 'PEOPLE_QUEUE_URL' | 'OUTGOING_QUEUE_URL';

/** The ticket in a message; `undefined` if it is none. What else it holds is for the caller to check. */
export function readTicket(body: string): (Ticket & Record<string, unknown>) | undefined {
  try {
    const ticket = JSON.parse(body) as Partial<Ticket> | null;
    const { siteId } = ticket ?? {};
    return typeof siteId === 'string' && SITE_ID.test(siteId) ? { ...ticket, siteId } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Sends tickets. One too many does no harm: a site for which nothing is to be done is left alone.
 *
 * @param delaySeconds after which time; SQS delays by 15 minutes at most.
 * @throws ServiceUnreachableError
 */
export async function sendTickets(queue: TicketQueue, tickets: Ticket[], delaySeconds = 0): Promise<void> {
  const DelaySeconds = Math.min(Math.max(Math.ceil(delaySeconds), 0), MAX_DELAY_SECONDS);
  const batches: Ticket[][] = [];
  for (let start = 0; start < tickets.length; start += BATCH_SIZE)
    batches.push(tickets.slice(start, start + BATCH_SIZE));
  await inParallel(batches, PARALLEL_BATCHES, async (batch) => {
    const Entries = batch.map((ticket) => ({
      Id: randomUUID(),
      MessageBody: JSON.stringify(ticket),
      DelaySeconds,
    }));
    const request = new SendMessageBatchCommand({ QueueUrl: environment(queue), Entries });
    const { Failed = [] } = await callSqs((options) => sqs.send(request, options));
    if (Failed.length > 0)
      throw new ServiceUnreachableError('SQS', { cause: new Error(`${Failed.length} tickets not taken`) });
  });
}
