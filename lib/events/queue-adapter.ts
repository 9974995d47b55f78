import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { backoffSeconds, type Deferral, deferMessages } from '../aws/defer-messages.ts';
import { environment } from '../aws/environment.ts';
import {
  EventIdReusedError,
  InputError,
  InvalidInputError,
  ServiceUnreachableError,
  TooManyWaitingError,
  UnreadableInputError,
} from '../domain/errors.ts';
import type { EventName } from '../domain/events.ts';
import { inLanguage } from '../domain/sentence.ts';
import { SITE_ID } from '../domain/site-id.ts';
import { parseJson } from '../http/body.ts';
import { problemOf } from '../http/problems.ts';
import { secondsUntilTurn } from '../http/request-limit.ts';
import { loggablePointers } from '../http/validation.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { currentSite, isActive, isOfFormerSite, type Site } from '../store/sites.ts';
import { findSiteErasure } from '../store/statements.ts';
import { reasonOf, sendToDeadLetters, sentAt } from './dead-letters.ts';
import { eventIn, isObject, withoutEnvelopes } from './envelope.ts';
import { type EventReport, NOTHING_SENT } from './report.ts';
import { withCurrentSite } from './retry-with-current-site.ts';

export type QueueAdapter = (batch: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** The longest time that one event may take (reading, two writes, the queue), in milliseconds. */
const TIME_FOR_ONE_EVENT = 8_000;

/** A message that was not tried at all may be received again as soon as this. */
const SOON_SECONDS = 1;

/**
 * A message that was received more often than this may have ended the function each time (memory, time-out): nothing
 * else is known of such an end. SQS then hands out the whole batch again.
 */
const SUSPICIOUS_RECEIVES = 2;

/** The visibility timeout of the queues of the events, in seconds: `VisibilityTimeout` in serverless.yml. */
const VISIBILITY_SECONDS = 120;

/** With this distance two messages do not meet in a batch again: each is received as soon as it is visible. */
const APART_SECONDS = 5;

/** A message on which the function fails for a reason of its own goes to the dead letters at this receive. */
const MAX_FAILED_RECEIVES = 12;

/** A message of the queue. */
interface Message {
  record: SQSRecord;
  receives: number;
  /** What is in it, or why that can't be read. */
  content: Content | InputError;
}

interface Content {
  siteId: string;
  payload: object;
}

/**
 * What happens to a message.
 * - `acknowledge`: the queue deletes it.
 * - `retry`: it failed and is received again; the others are handled.
 * - `retry-batch`: a service that all of them need does not answer: it and the rest of the batch are received again.
 */
type MessageAction = 'acknowledge' | 'retry' | 'retry-batch';

/** A message that SQS hands out again. */
interface Retry extends Deferral {
  itemIdentifier: string;
}

/**
 * Handles the messages of an event's queue. Each message is an event with the `siteId` as a further property. IAM
 * decides who may send to the queue: no key is checked.
 *
 * The messages of a site are handled one after the other, so that two events of one person keep the order of the queue.
 * What fails comes again after a growing pause, up to a quarter of an hour. What a site sends beyond its limit waits for
 * its turn in the queue, once: a message that was received before has waited.
 */
export function queueAdapter(name: EventName, report: EventReport): QueueAdapter {
  return async function takeBatch({ Records }, context) {
    const messages = Records.map(toMessage);
    await keepApart(name, messages);
    const waits = await turnsOf(messages);
    const retries: Retry[] = [];
    let action: MessageAction = 'acknowledge';
    for (const message of suspiciousLast(messages)) {
      const wait = message.receives === 1 ? waits.get(siteOf(message)) : undefined;
      if (wait) {
        logWaiting(name, message, wait);
        retries.push(toRetry(message, wait));
      } else if (context.getRemainingTimeInMillis() < TIME_FOR_ONE_EVENT) {
        retries.push(toRetry(message, SOON_SECONDS));
      } else {
        if (action !== 'retry-batch') action = await takeMessage(name, report, message);
        if (action !== 'acknowledge') retries.push(toRetry(message, pauseOf(message)));
      }
    }
    await defer(name, retries);
    return { batchItemFailures: retries.map(({ itemIdentifier }) => ({ itemIdentifier })) };
  };
}

function toMessage(record: SQSRecord): Message {
  return { record, receives: Number(record.attributes.ApproximateReceiveCount), content: contentOf(record) };
}

/** `undefined` for a message that names none. */
function siteOf({ content }: Message): string | undefined {
  return content instanceof InputError ? undefined : content.siteId;
}

/**
 * How long the messages of each site that were received for the first time have to wait for their turn, in seconds; 0 or
 * absent: not at all.
 */
async function turnsOf(messages: Message[]): Promise<Map<string | undefined, number>> {
  const first = messages.filter((message) => message.receives === 1 && siteOf(message) !== undefined);
  const waits = [...Map.groupBy(first, siteOf)].map(
    async ([siteId = '', { length }]) => [siteId, await secondsUntilTurn(siteId, length)] as const,
  );
  return new Map(await Promise.all(waits));
}

const isSuspicious = ({ receives }: Message) => receives > SUSPICIOUS_RECEIVES;

/**
 * If a message ends the function, nothing of its batch is acknowledged. So that its neighbours do not share its fate
 * until they are all dead letters, the suspicious messages are made visible at different times before one is tried.
 */
async function keepApart(event: EventName, messages: Message[]): Promise<void> {
  if (messages.length === 1) return;
  const seconds = (index: number) => VISIBILITY_SECONDS + (index + 1) * APART_SECONDS;
  await defer(
    event,
    messages.filter(isSuspicious).map((message, index) => toRetry(message, seconds(index))),
  );
}

/** The sites with a suspicious message last: if it ends the function, the events of the others are accepted. */
function suspiciousLast(messages: Message[]): Message[] {
  const sites = new Set(messages.filter(isSuspicious).map(siteOf));
  const isLast = (message: Message) => sites.has(siteOf(message));
  return [...messages.filter((message) => !isLast(message)), ...messages.filter(isLast)];
}

/** Without a random part: messages that came one after the other come again in that order, if SQS keeps it. */
function pauseOf({ receives }: Message): number {
  return backoffSeconds(receives, () => 0);
}

function toRetry({ record }: Message, seconds: number): Retry {
  return { itemIdentifier: record.messageId, receiptHandle: record.receiptHandle, seconds };
}

async function defer(event: EventName, retries: Retry[]): Promise<void> {
  if (retries.length === 0) return;
  try {
    await deferMessages(environment('EVENT_QUEUE_URL'), retries);
  } catch (error) {
    // SQS hands them out again after the queue's own visibility timeout: later than wanted, but none is lost.
    log.warn('messages not deferred', { event, error, messages: retries.length });
  }
}

/** The fields of every log line about a message. */
interface LogFields extends Record<string, unknown> {
  event: EventName;
  messageId: string;
  siteId: string | undefined;
  receives: number;
}

function logFields(event: EventName, message: Message): LogFields {
  const { record, receives } = message;
  return { event, messageId: record.messageId, siteId: siteOf(message), receives };
}

function logWaiting(event: EventName, message: Message, seconds: number): void {
  log.info('event waits for its turn', { ...logFields(event, message), seconds });
}

async function takeMessage(name: EventName, report: EventReport, message: Message): Promise<MessageAction> {
  const { record, receives, content } = message;
  const fields = logFields(name, message);
  try {
    if (content instanceof InputError) throw content;
    const refusal = await reportCurrent(report, content, sentAt(record));
    // As with the 403 over HTTPS: an event that happens while a site is off is not sent later.
    if (refusal) log.info('event refused', { ...fields, reason: refusal });
    return 'acknowledge';
  } catch (error) {
    if (error instanceof InputError) return refuse(record, error, fields);
    if (error instanceof EventIdReusedError) {
      log.warn('event refused', { ...fields, reason: error.code, detail: error.message });
      return 'acknowledge';
    }
    if (error instanceof TooManyWaitingError) {
      log.info('event waits: too many messages of its site do', fields);
      return 'retry';
    }
    const isUnreachable = error instanceof ServiceUnreachableError;
    if (!isUnreachable && receives >= MAX_FAILED_RECEIVES) return giveUp(record, error, fields);
    log.error('event failed, and is received again', { ...fields, error });
    return isUnreachable ? 'retry-batch' : 'retry';
  }
}

/**
 * @param reportedAt milliseconds since 1970.
 * @returns why the event was not accepted: its site is off, or was erased since. @throws InputError
 */
function reportCurrent(
  { report, remember }: EventReport,
  { siteId, payload }: Content,
  reportedAt: number,
): Promise<'site-inactive' | 'site-gone' | undefined> {
  return withCurrentSite(async (latestVersion) => {
    const site = await currentSite(siteId, latestVersion);
    if (await isOfErasedSite(siteId, site, new Date(reportedAt).toISOString())) return 'site-gone';
    if (!site) throw wrongSiteId('There is no such site.');
    if (!isActive(site)) {
      await remember(payload, site);
      return 'site-inactive';
    }
    await report(payload, site, 'sqs', reportedAt);
    return undefined;
  });
}

/** Whether an event was reported before its site was erased. @param at ISO 8601. */
async function isOfErasedSite(siteId: string, site: Site | undefined, at: string): Promise<boolean> {
  if (site) return isOfFormerSite(site, at);
  const erasure = await findSiteErasure(siteId);
  return erasure !== undefined && at <= erasure.at;
}

function contentOf({ body }: SQSRecord): Content | InputError {
  try {
    return readContent(body);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** @throws InputError */
function readContent(body: string): Content {
  const options = { consequence: NOTHING_SENT };
  const message = parseJson(Buffer.from(body), options);
  const json = withoutEnvelopes(message, options);
  if (isObject(json) && typeof json.siteId === 'string' && SITE_ID.test(json.siteId)) {
    const { siteId, ...payload } = json;
    return { siteId, payload };
  }
  const place = eventIn(json);
  if (place === undefined || (place === '' && isObject(json))) {
    if (!isObject(json)) throw new UnreadableInputError('The message is not a JSON object.');
    const where = json === message ? '' : ' It belongs into the event itself: its envelope was opened.';
    throw wrongSiteId(`Must be the id of a site.${where}`);
  }
  if (place === '') throw new UnreadableInputError(SERIALISED_TWICE);
  throw new InvalidInputError([{ pointer: place, detail: SEND_ALONE }], NOTHING_SENT);
}

const SERIALISED_TWICE =
  'The event is JSON in a text: it was serialised twice. Send the object as the message, with "siteId". Of an EventBridge target, set InputPath to $.detail.';

const SEND_ALONE =
  'The event is here. Send only it, with "siteId", and each event as a message of its own. The setting for this is RawMessageDelivery: true with SNS, InputPath: $.detail with EventBridge, and InputTemplate: <$.body> with EventBridge Pipes.';

/** An event that can never become valid does not delay other events, and somebody can examine it. */
function refuse(record: SQSRecord, error: InputError, fields: LogFields): Promise<MessageAction> {
  const { status, detail, errors } = problemOf(error) ?? { status: 400, detail: error.message };
  const places = errors && loggablePointers(errors);
  log.warn('event refused', {
    ...fields,
    reason: 'invalid',
    status,
    detail: inLanguage(detail, 'en'),
    places,
  });
  count('Refused', { status: String(status) });
  return moveToDeadLetters(record, reasonOf(error), fields);
}

/** While a service is out of reach a message may wait for hours; where the fault is in the event or in our code, not. */
function giveUp(record: SQSRecord, error: unknown, fields: LogFields): Promise<MessageAction> {
  log.error('event given up', { ...fields, error });
  const reason = `The function failed on it, at last at receive ${fields.receives}. Its log says why.`;
  return moveToDeadLetters(record, reason, fields);
}

/** @returns `acknowledge` once it is there. */
async function moveToDeadLetters(
  record: SQSRecord,
  reason: string,
  fields: LogFields,
): Promise<MessageAction> {
  try {
    await sendToDeadLetters(record, reason);
    return 'acknowledge';
  } catch (error) {
    log.error('event not moved to the dead letters, and is received again', { ...fields, error });
    return 'retry';
  }
}

function wrongSiteId(detail: string): InvalidInputError {
  return new InvalidInputError([{ pointer: '/siteId', detail }], NOTHING_SENT);
}
