/** The query of `GET …/deliveries`. Unknown parameters are refused, as unknown properties of a body are. */
import * as z from 'zod/mini';
import { NotFoundError } from '../domain/errors.ts';
import { EVENT_NAMES } from '../domain/events.ts';
import { invalidParameters } from '../http/problems.ts';
import { id, instant } from '../http/schemas.ts';
import type { LogPlace, LogQuery } from '../store/deliveries.ts';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 100;

/** Ours are never longer, and DynamoDB refuses keys that are very long. */
export const DELIVERY_ID = /^[\w-]{1,64}$/;

export const DELIVERY_STATUSES = ['sent', 'skipped', 'failed', 'retrying', 'waiting', 'scheduled'] as const;
export const LOGGED_EVENTS = [...EVENT_NAMES, 'welcome'] as const;

const notLimit = { error: `Must be a whole number from 1 to ${MAX_LIMIT}.` };
const notCursor = { error: 'Must be the "cursor" of an earlier answer, as it came.' };

/** The `cursor` of an earlier answer. */
export const cursor = z.string().check(z.maxLength(1_000), z.regex(/^[A-Za-z0-9_-]+$/, notCursor));

export const logParameters = z.strictObject({
  userId: z.optional(id),
  event: z.optional(z.enum(LOGGED_EVENTS)),
  status: z.optional(z.enum(DELIVERY_STATUSES)),
  from: z.optional(instant),
  to: z.optional(instant),
  cursor: z.optional(cursor),
  limit: z.optional(z.string().check(z.regex(/^(?:100|[1-9]\d?)$/, notLimit))),
});

type LogParameters = z.infer<typeof logParameters>;

/** The query as the store takes it. @throws HttpProblem 400 where its times or its cursor are wrong. */
export function logQueryOf(
  siteId: string,
  parameters: LogParameters & { status?: LogQuery['status'] },
): LogQuery {
  const { status, cursor } = parameters;
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const query: LogQuery = { ...commonOf(siteId, parameters), status, after };
  checkOrder(query);
  return query;
}

/** The same for what is still to come. @throws HttpProblem 400 where its times or its cursor are wrong. */
export function scheduledQueryOf(siteId: string, parameters: LogParameters) {
  const { cursor } = parameters;
  const query = commonOf(siteId, parameters);
  checkOrder({ ...query, after: undefined });
  return { ...query, after: cursor === undefined ? undefined : readScheduledCursor(cursor) };
}

function commonOf(siteId: string, { userId, event, from, to, limit }: LogParameters) {
  return {
    ...{ siteId, userId, event },
    from: from && utcOf(from),
    to: to && utcOf(to),
    limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
  };
}

/** The log has no such delivery. */
export function unknownDelivery(): NotFoundError {
  return new NotFoundError(
    'The log has no such delivery: it has not been tried yet, was of more than 90 days ago, or never was.',
  );
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

/** @throws HttpProblem 400 where it is not one of ours. */
function readScheduledCursor(cursor: string): SchedulePlace {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, people, key] = /^(\d{1,16}) ((?:cart|reminder)#.+)$/s.exec(text) ?? [];
  if (people && key) return { key, people: Number(people) };
  throw invalidParameters([{ pointer: '/cursor', detail: notCursor.error }]);
}

/** @throws HttpProblem 400 where it is not one of ours. */
export function readCursor(cursor: string): LogPlace {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, recordedAt, deliveryId] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (.+)$/.exec(text) ?? [];
  if (recordedAt && deliveryId && DELIVERY_ID.test(deliveryId)) return { recordedAt, deliveryId };
  throw invalidParameters([{ pointer: '/cursor', detail: notCursor.error }]);
}

function checkOrder({ from, to, after }: Pick<LogQuery, 'from' | 'to' | 'after'>): void {
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

/** In the format of `recordedAt`: such texts are in the order of their times. */
function utcOf(instant: string): string {
  return new Date(instant).toISOString();
}
