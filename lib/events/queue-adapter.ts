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

/** The longest time that one event may take (reading, two writes, the queue), in milliseconds. */
const TIME_FOR_ONE_EVENT = 8_000;

/**
 * - `acknowledge`: the queue deletes the message.
 * - `retry`: this message failed and is received again; the others are handled.
 * - `retry-batch`: a service that all of them need does not answer, or the time is short: the rest of the batch is
 *   received again, untried.
 */
type MessageAction = 'acknowledge' | 'retry' | 'retry-batch';

/**
 * Handles the messages of an event's queue. Each message is an event with the `siteId` as a further property. IAM
 * decides who may send to the queue: no key is checked.
 *
 * The messages are handled one after the other, so that two events of one person keep the order of the queue.
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

/** The fields of every log line about a message. */
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
    // As with the 403 over HTTPS: an event that happens while a site is off is not sent later.
    if (!isTaken) log.info('event refused', { ...fields, reason: 'site-inactive' });
    return 'acknowledge';
  } catch (error) {
    if (error instanceof InputError) return moveToDeadLetters(record, error, fields);
    log.error('event failed, and is received again', { ...fields, error });
    return error instanceof ServiceUnreachableError ? 'retry-batch' : 'retry';
  }
}

/** @returns `false` if the site is off and the event was not accepted. @throws InputError */
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

/**
 * An event that can never become valid goes to the dead-letter queue at once: it does not delay other events, and
 * somebody can examine it.
 */
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
