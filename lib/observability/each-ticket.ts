import { settleAll } from '../aws/parallel.ts';
import { readTicket } from '../aws/tickets.ts';
import { log } from './logger.ts';

/** A message of SQS, as far as it is read here. */
interface TicketRecord {
  body: string;
  messageId: string;
}

/**
 * Works on the sites that the tickets name, at the same time. What is no ticket is dropped, and a site that fails is left
 * to the sweep: no other site is to wait for it.
 *
 * @param sentence what the log says of a site that fails.
 */
export async function forEachTicket(
  records: TicketRecord[],
  sentence: string,
  work: (siteId: string) => Promise<void>,
): Promise<void> {
  const siteIds = records.map(siteOf).filter((siteId) => siteId !== undefined);
  // A site that is named twice: the second run finds that the first one has it.
  await settleAll(
    siteIds.map((siteId) => work(siteId).catch((error: unknown) => log.error(sentence, { siteId, error }))),
  );
}

/** `undefined` for what is no ticket: a lost ticket is sent anew. */
function siteOf({ body, messageId }: TicketRecord): string | undefined {
  const ticket = readTicket(body);
  if (!ticket) log.error('message is no ticket: dropped', { messageId });
  return ticket?.siteId;
}
