/** The query of `GET …/deliveries`. Unknown parameters are refused, as unknown properties of a body are. */
import * as z from 'zod/mini';
import { NotFoundError } from '../domain/errors.ts';
import { EVENT_NAMES } from '../domain/events.ts';
import { isOnRealDay } from '../domain/instant.ts';
import { STAFF_EVENTS } from '../domain/staff.ts';
import { type HttpProblem, invalidParameters } from '../http/problems.ts';
import { id, instant } from '../http/schemas.ts';
import { says } from '../http/validation.ts';
import type { LogPlace, LogQuery } from '../store/deliveries.ts';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 100;
/** Lines of a page as CSV: a file for people is read whole. */
export const CSV_LIMIT = 5_000;
/** Of what is scheduled, no more than surely fits into an answer: no line has more than 1,900 characters. */
const SCHEDULED_CSV_LIMIT = 1_000;

/** Ours are never longer, and DynamoDB refuses keys that are very long. */
export const DELIVERY_ID = /^[\w-]{1,64}$/;

export const DELIVERY_STATUSES = ['sent', 'skipped', 'failed', 'retrying', 'waiting', 'scheduled'] as const;
export const LOGGED_EVENTS = [...EVENT_NAMES, 'welcome', ...STAFF_EVENTS] as const;

const notLimit = says({
  en: `Must be a whole number from 1 to ${MAX_LIMIT}.`,
  it: `Deve essere un numero intero da 1 a ${MAX_LIMIT}.`,
});
const NOT_CURSOR = {
  en: 'Must be the "cursor" of an earlier answer, as it came.',
  it: 'Deve essere il "cursor" di una risposta precedente, così com\'è arrivato.',
};

/** The `cursor` of an earlier answer. */
export const cursor = z.string().check(z.maxLength(1_000), z.regex(/^[A-Za-z0-9_-]+$/, says(NOT_CURSOR)));

/** How many entries a page has at the most. */
export const limit = z.string().check(z.regex(/^(?:100|[1-9]\d?)$/, notLimit));

/** 400: the cursor is none of this list. */
export function wrongCursor(): HttpProblem {
  return invalidParameters([{ pointer: '/cursor', detail: NOT_CURSOR }]);
}

export const logParameters = z.strictObject({
  userId: z.optional(id),
  eventId: z.optional(id),
  event: z.optional(z.enum(LOGGED_EVENTS)),
  status: z.optional(z.enum(DELIVERY_STATUSES)),
  from: z.optional(instant),
  to: z.optional(instant),
  totals: z.optional(z.enum(['true', 'false'])),
  cursor: z.optional(cursor),
  limit: z.optional(limit),
});

/** The query of `GET …/scheduled`. */
export const scheduledParameters = z.strictObject({
  userId: logParameters.def.shape.userId,
  event: logParameters.def.shape.event,
  cursor: logParameters.def.shape.cursor,
  limit: logParameters.def.shape.limit,
});

const notDay = says({
  en: 'Must be a day from 2000 to 2099, such as "2026-11-22".',
  it: 'Deve essere un giorno tra il 2000 e il 2099, come "2026-11-22".',
});
const day = z
  .string()
  .check(
    z.regex(/^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, { ...notDay, abort: true }),
    z.refine(isOnRealDay, notDay),
  );

/** The query of `GET …/statistics`. */
export const statisticsParameters = z.strictObject({ from: z.optional(day), to: z.optional(day) });

export type LogParameters = z.infer<typeof logParameters>;

/** The query as the store takes it. @param isFile for a page as CSV. @throws HttpProblem 400 where its times or its cursor are wrong. */
export function logQueryOf(
  siteId: string,
  parameters: LogParameters & { status?: LogQuery['status'] },
  isFile = false,
): LogQuery {
  const { status, cursor } = parameters;
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const query: LogQuery = { ...commonOf(siteId, parameters, isFile), status, after };
  checkOrder(query);
  return query;
}

/** The same for what is still to come. @throws HttpProblem 400 where its times or its cursor are wrong. */
export function scheduledQueryOf(siteId: string, parameters: LogParameters, isFile = false) {
  const { cursor } = parameters;
  const query = commonOf(siteId, parameters, isFile);
  checkOrder({ ...query, after: undefined });
  const limit = Math.min(query.limit, SCHEDULED_CSV_LIMIT);
  return { ...query, limit, after: cursor === undefined ? undefined : readScheduledCursor(cursor) };
}

function commonOf(
  siteId: string,
  { userId, eventId, event, from, to, limit }: LogParameters,
  isFile: boolean,
) {
  return {
    ...{ siteId, userId, eventId, event },
    from: from && utcOf(from),
    to: to && utcOf(to),
    limit: limit === undefined ? (isFile ? CSV_LIMIT : DEFAULT_LIMIT) : Number(limit),
  };
}

/** The log has no such delivery. */
export function unknownDelivery(): NotFoundError {
  const text = {
    en: 'The log has no such delivery: it has not been tried yet, was of more than 90 days ago, or never was.',
    it: "Il registro non ha un tale invio: non è ancora stato tentato, è di più di 90 giorni fa, o non c'è mai stato.",
  };
  return new NotFoundError(text, 'unknown-delivery');
}

/** A place in the log as text that callers send back unchanged. */
export function toCursor({ recordedAt, deliveryId }: LogPlace): string {
  return Buffer.from(`${recordedAt} ${deliveryId}`).toString('base64url');
}

/** A place in the schedule: the key of an item, and how many of its people come before. */
export interface SchedulePlace {
  key: string;
  people: number;
}

export function toScheduledCursor({ key, people }: SchedulePlace): string {
  return Buffer.from(`${people} ${key}`).toString('base64url');
}

/** Keys of the schedule, and of waiting messages. */
const SCHEDULE_KEY = /^(?:cart|reminder)#./s;
const WAITING_KEY = /^[mp]#/;

/**
 * @param withMessages whether it may also be a place among the messages that wait.
 * @throws HttpProblem 400 where it is not one of ours.
 */
export function readScheduledCursor(cursor: string, withMessages = false): SchedulePlace {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, people, key] = /^(\d{1,16}) (.+)$/s.exec(text) ?? [];
  const isOurs = key !== undefined && (SCHEDULE_KEY.test(key) || (withMessages && WAITING_KEY.test(key)));
  if (people && isOurs) return { key, people: Number(people) };
  throw wrongCursor();
}

/** @throws HttpProblem 400 where it is not one of ours. */
export function readCursor(cursor: string): LogPlace {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, recordedAt, deliveryId] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (.+)$/.exec(text) ?? [];
  if (recordedAt && deliveryId && DELIVERY_ID.test(deliveryId)) return { recordedAt, deliveryId };
  throw wrongCursor();
}

/** What is said of two times, or days, the wrong way round. */
export const FROM_AFTER_TO = {
  en: 'Must not be later than the end of the period.',
  it: 'Non può essere dopo la fine del periodo.',
};

function checkOrder({ from, to, after }: Pick<LogQuery, 'from' | 'to' | 'after'>): void {
  if (from !== undefined && to !== undefined && from > to) {
    throw invalidParameters([{ pointer: '/from', detail: FROM_AFTER_TO }]);
  }
  if (!after) return;
  const { recordedAt } = after;
  if ((from !== undefined && recordedAt < from) || (to !== undefined && recordedAt > to)) {
    const detail = {
      en: 'Is of a query with other times: send it with the parameters it was made with.',
      it: 'È di una richiesta con altre date: inviarlo con i parametri con cui è stato ottenuto.',
    };
    throw invalidParameters([{ pointer: '/cursor', detail }]);
  }
}

/** In the format of `recordedAt`: such texts are in the order of their times. */
function utcOf(instant: string): string {
  const utc = new Date(instant).toISOString();
  // An offset may lead out of the years with four digits, and these have a sign.
  if (utc.startsWith('+')) return '9999-12-31T23:59:59.999Z';
  return utc.startsWith('-') ? '0000-01-01T00:00:00.000Z' : utc;
}
