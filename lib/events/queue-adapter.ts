import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import {
  InputError,
  InvalidInputError,
  ServiceUnreachableError,
  UnreadableInputError,
} from '../domain/errors.ts';
import type { EventName } from '../domain/events.ts';
import { SITE_ID } from '../domain/ids.ts';
import { parseJson } from '../http/body.ts';
import { problemOf } from '../http/problems.ts';
import { loggablePointers } from '../http/validation.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { currentSite, isActive } from '../store/sites.ts';
import { sendToDeadLetters } from './dead-letters.ts';
import type { ReportEvent } from './report.ts';
import { withCurrentSite } from './retry-with-current-site.ts';

export type QueueAdapter = (batch: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** What an event may take at the most: reading, two writes, the queue. Milliseconds. */
const TIME_FOR_ONE_EVENT = 8_000;

/**
 * - `acknowledge`: the queue deletes the message.
 * - `retry`: this message failed and is received again; the others go on.
 * - `retry-batch`: a service that all of them need does not answer: the rest of the batch is received again, untried.
 */
type MessageAction = 'acknowledge' | 'retry' | 'retry-batch';

/**
 * Takes events out of the queue of their kind: each message is an event with the `siteId` beside the rest. Who may write
 * into the queue is for IAM to say; no key is asked for.
 *
 * One after the other, so that two events of one person keep the order in which the queue gave them out.
 */
export function queueAdapter(name: EventName, report: ReportEvent): QueueAdapter {
  return async function takeBatch({ Records }, context) {
    const retried: string[] = [];
    let action: MessageAction = 'acknowledge';
    for (const record of Records) {
      if (context.getRemainingTimeInMillis() < TIME_FOR_ONE_EVENT) action = 'retry-batch';
      if (action !== 'retry-batch') action = await takeMessage(name, report, record);
      if (action !== 'acknowledge') retried.push(record.messageId);
    }
    return { batchItemFailures: retried.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** What every line of the log says of a message. */
interface LogFields extends Record<string, unknown> {
  event: EventName;
  messageId: string;
  siteId?: string;
}

async function takeMessage(name: EventName, report: ReportEvent, record: SQSRecord): Promise<MessageAction> {
  const fields: LogFields = { event: name, messageId: record.messageId };
  try {
    const { siteId, payload } = readMessage(record);
    fields.siteId = siteId;
    const isTaken = await reportCurrent(report, siteId, payload);
    // As over HTTPS, where the answer is 403: what happens while a site is off is not made up for later.
    if (!isTaken) log.info('event refused', { ...fields, reason: 'site-inactive' });
    return 'acknowledge';
  } catch (error) {
    if (error instanceof InputError) return moveToDeadLetters(record, error, fields);
    log.error('event failed, and is received again', { ...fields, error });
    return error instanceof ServiceUnreachableError ? 'retry-batch' : 'retry';
  }
}

/** @returns whether the event was taken: `false` where the site is off. @throws InputError */
function reportCurrent(report: ReportEvent, siteId: string, payload: object): Promise<boolean> {
  return withCurrentSite(async (latestVersion) => {
    const site = await currentSite(siteId, latestVersion);
    if (!site) throw wrongSiteId('There is no such site.');
    if (!isActive(site)) return false;
    await report(payload, site, 'queue');
    return true;
  });
}

/** @throws InputError */
function readMessage({ body }: SQSRecord): { siteId: string; payload: object } {
  const json = parseJson(Buffer.from(body));
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new UnreadableInputError('The message is not a JSON object.');
  const { siteId, ...payload } = json as Record<string, unknown>;
  if (typeof siteId !== 'string' || !SITE_ID.test(siteId)) throw wrongSiteId('Must be the id of a site.');
  return { siteId, payload };
}

/** What no repetition makes valid goes to the dead letters at once: there it delays no other event, and somebody can look at it. */
async function moveToDeadLetters(
  record: SQSRecord,
  error: InputError,
  fields: LogFields,
): Promise<MessageAction> {
  const { status, detail, errors } = problemOf(error) ?? { status: 400, detail: error.message };
  const places = errors && loggablePointers(errors);
  log.warn('event refused', { ...fields, reason: 'invalid', status, detail, places });
  count('Refused', { status: String(status) });
  try {
    await sendToDeadLetters(record, error);
    return 'acknowledge';
  } catch (error) {
    log.error('invalid event not moved to the dead letters, and is received again', { ...fields, error });
    return 'retry';
  }
}

function wrongSiteId(detail: string): InvalidInputError {
  return new InvalidInputError([{ pointer: '/siteId', detail }], 'Nothing was sent');
}
