/** Reads the query of `GET …/deliveries`. Unknown parameters are refused, as unknown properties of a body are. */
import * as z from 'zod/mini';
import { EVENT_NAMES } from '../domain/events.ts';
import { id, instant } from '../events/schemas.ts';
import { fieldErrors } from '../http/field-errors.ts';
import { type FieldError, HttpProblem } from '../http/problem.ts';
import type { LogPlace, LogQuery } from '../store/delivery-log.ts';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 100;

/** Longer ones were never made, and are longer than DynamoDB's keys. */
export const DELIVERY_ID = /^[\w-]{1,64}$/;

export const DELIVERY_STATUSES = ['sent', 'skipped', 'failed', 'retrying'] as const;
export const LOGGED_EVENTS = [...EVENT_NAMES, 'welcome'] as const;

const notLimit = { error: `Must be a whole number from 1 to ${MAX_LIMIT}.` };
const notCursor = { error: 'Must be the "cursor" of an earlier answer, as it came.' };

export const logParameters = z.strictObject({
  userId: z.optional(id),
  event: z.optional(z.enum(LOGGED_EVENTS)),
  status: z.optional(z.enum(DELIVERY_STATUSES)),
  from: z.optional(instant),
  to: z.optional(instant),
  cursor: z.optional(z.string().check(z.maxLength(300), z.regex(/^[A-Za-z0-9_-]+$/, notCursor))),
  limit: z.optional(z.string().check(z.regex(/^(?:100|[1-9]\d?)$/, notLimit))),
});

/**
 * The query as the store takes it.
 *
 * @throws HttpProblem 400 that names every wrong parameter.
 */
export function readLogQuery(
  siteId: string,
  parameters: Record<string, string | undefined> | null | undefined,
): LogQuery {
  const given = withPlus(parameters ?? {});
  const result = logParameters.safeParse(given);
  if (!result.success) throw invalidParameters(fieldErrors(result.error.issues, given));
  const { userId, event, status, from, to, cursor, limit } = result.data;
  const query: LogQuery = {
    siteId,
    userId,
    event,
    status,
    from: from && utcOf(from),
    to: to && utcOf(to),
    after: cursor === undefined ? undefined : readCursor(cursor),
    limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
  };
  checkOrder(query);
  return query;
}

/** A place in the log as callers see it: text to give back as it came. */
export function toCursor({ recordedAt, deliveryId }: LogPlace): string {
  return Buffer.from(`${recordedAt} ${deliveryId}`).toString('base64url');
}

function readCursor(cursor: string): LogPlace {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, recordedAt, deliveryId] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (.+)$/.exec(text) ?? [];
  if (recordedAt && deliveryId && DELIVERY_ID.test(deliveryId)) return { recordedAt, deliveryId };
  throw invalidParameters([{ pointer: '/cursor', detail: notCursor.error }]);
}

function checkOrder({ from, to, after }: LogQuery): void {
  if (from !== undefined && to !== undefined && from > to) {
    throw invalidParameters([{ pointer: '/from', detail: 'Must not be later than "to".' }]);
  }
  if (!after) return;
  const { recordedAt } = after;
  if ((from !== undefined && recordedAt < from) || (to !== undefined && recordedAt > to)) {
    const detail = 'Is of a query with other times: send it with the parameters it was made with.';
    throw invalidParameters([{ pointer: '/cursor', detail }]);
  }
}

/** In a query a `+` that is not percent-encoded means a space: whoever writes an offset by hand forgets it. */
function withPlus(parameters: Record<string, string | undefined>): Record<string, string | undefined> {
  const mended = { ...parameters };
  for (const name of ['from', 'to']) {
    if (mended[name] !== undefined) mended[name] = mended[name].replace(/ (?=\d\d(?::?\d\d)?$)/, '+');
  }
  return mended;
}

/** As `recordedAt` is written, so that texts compare as times do. */
function utcOf(instant: string): string {
  return new Date(instant).toISOString();
}

/** 400: the query of the address; the wrong parameters are named. */
export function invalidParameters(errors: FieldError[]): HttpProblem {
  const names = errors.length === 1 ? '1 parameter is' : `${errors.length} parameters are`;
  return new HttpProblem({
    status: 400,
    title: 'Bad Request',
    detail: `${names} wrong in the query of the address. Correct what "errors" names and ask again.`,
    errors,
  });
}
