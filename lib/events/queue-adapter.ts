import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { ServiceUnreachableError } from '../domain/errors.ts';
import type { EventName } from '../domain/events.ts';
import { SITE_ID } from '../domain/ids.ts';
import { parseJson } from '../http/json-body.ts';
import { placesOf } from '../http/places.ts';
import { badRequest, HttpProblem, invalidFields } from '../http/problem.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { cachedSite, isActive, readSite, type Site } from '../store/sites.ts';
import { withCurrentSite } from './current-site.ts';
import { sendToDeadLetters } from './dead-letters.ts';
import type { ReportEvent } from './report.ts';

export type QueueAdapter = (batch: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** What an event may take at the most: reading, two writes, the queue. Milliseconds. */
const TIME_FOR_ONE_EVENT = 8_000;

/**
 * - `done`: the queue shall forget the message.
 * - `again`: this one failed and comes again; the others go on.
 * - `again-later`: what all of them stand on does not answer; the rest of the batch is given back untried.
 */
type MessageAction = 'done' | 'again' | 'again-later';

/**
 * Takes events out of the queue of their kind: each message is an event with the `siteId` beside the rest. Who may write
 * into the queue is for IAM to say; no key is asked for.
 *
 * One after the other, so that two events of one person keep the order in which the queue gave them out.
 */
export function queueAdapter(name: EventName, report: ReportEvent): QueueAdapter {
  return async function takeBatch({ Records }, context) {
    const kept: string[] = [];
    let verdict: MessageAction = 'done';
    for (const record of Records) {
      if (context.getRemainingTimeInMillis() < TIME_FOR_ONE_EVENT) verdict = 'again-later';
      if (verdict !== 'again-later') verdict = await takeMessage(name, report, record);
      if (verdict !== 'done') kept.push(record.messageId);
    }
    return { batchItemFailures: kept.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** What every line of the log says of a message. */
interface Facts extends Record<string, unknown> {
  event: EventName;
  messageId: string;
  siteId?: string;
}

async function takeMessage(name: EventName, report: ReportEvent, record: SQSRecord): Promise<MessageAction> {
  const facts: Facts = { event: name, messageId: record.messageId };
  try {
    const { siteId, payload } = readMessage(record);
    facts.siteId = siteId;
    const isTaken = await reportCurrent(report, siteId, payload);
    // As over HTTPS, where the answer is 403: what happens while a site is off is not made up for later.
    if (!isTaken) log.info('event refused', { ...facts, reason: 'site-inactive' });
    return 'done';
  } catch (error) {
    if (error instanceof HttpProblem) return moveToDeadLetters(record, error, facts);
    log.error('event not taken, and comes again', { ...facts, error });
    return error instanceof ServiceUnreachableError ? 'again-later' : 'again';
  }
}

/** @returns whether the event was taken: `false` where the site is off. @throws HttpProblem */
function reportCurrent(report: ReportEvent, siteId: string, payload: object): Promise<boolean> {
  return withCurrentSite(async (noted) => {
    const site = await findActiveSite(siteId, noted);
    if (!isActive(site)) return false;
    await report(payload, site, 'queue');
    return true;
  });
}

/** @throws HttpProblem */
function readMessage({ body }: SQSRecord): { siteId: string; payload: object } {
  const json = parseJson(Buffer.from(body));
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw badRequest('The message is not a JSON object.');
  const { siteId, ...payload } = json as Record<string, unknown>;
  if (typeof siteId !== 'string' || !SITE_ID.test(siteId))
    throw invalidFields([{ pointer: '/siteId', detail: 'Must be the id of a site.' }]);
  return { siteId, payload };
}

/** The site, read anew where what is remembered of it would refuse the event. @throws HttpProblem where there is none. */
async function findActiveSite(siteId: string, noted: number | undefined): Promise<Site> {
  const remembered = noted === undefined ? cachedSite(siteId) : undefined;
  const site = remembered && isActive(remembered) ? remembered : await readSite(siteId, noted);
  if (!site) throw invalidFields([{ pointer: '/siteId', detail: 'There is no such site.' }]);
  return site;
}

/** What no repetition makes valid goes to the dead letters at once: it holds up nobody, and somebody can look at it. */
async function moveToDeadLetters(
  record: SQSRecord,
  { problem }: HttpProblem,
  facts: Facts,
): Promise<MessageAction> {
  const { status, detail, errors } = problem;
  const places = errors && placesOf(errors);
  log.warn('event refused', { ...facts, reason: 'invalid', status, detail, places });
  count('Refused', { status: String(status) });
  try {
    await sendToDeadLetters(record, problem);
    return 'done';
  } catch (error) {
    log.error('invalid event not moved to the dead letters, and comes again', { ...facts, error });
    return 'again';
  }
}
