/*
 * What has to be told to the shops' own systems, and the state of each shop's webhook: the table `outgoing`.
 *
 * A *row* is written before what it tells of: an outcome of a delivery, a problem of the bot. The dispatcher tells it only
 * where the record says that it happened. So nothing is lost where a function dies in between, and nothing is told that
 * did not happen.
 *
 * The *lane* is one item a site, with the time at which it has to be looked at. It is marked before a row is written, and
 * closed only when nobody has marked it for longer than a function can run: no row stays behind unseen.
 */

import { batchWrite } from '../aws/batch-write.ts';
import { queryPage } from '../aws/dynamodb.ts';
import { settleAll } from '../aws/parallel.ts';
import { digest } from '../domain/ids.ts';
import type { WebhookEvent } from '../domain/webhook-events.ts';
import type { OwnId } from './former-ids.ts';

/** Something to tell. */
export interface OutgoingRow {
  siteId: string;
  key: string;
  /** The `webhook-id`: the same for every try, and for the same thing written twice. */
  id: string;
  event: WebhookEvent;
  /** When it happened, ISO 8601 in UTC with milliseconds. */
  at: string;
  /** How often it was tried in vain. */
  failures: number;
  source: OutgoingSource;
  /** Seconds since 1970. */
  expiresAt: number;
}

/** Where it is read what happened. */
type OutgoingSource =
  /** In the record of the delivery, if it was recorded at that time. */
  | { kind: 'delivery'; deliveryId: string }
  /** In the site, if its bot has this problem since then. */
  | { kind: 'bot'; botId: string; problem: string }
  /** It has happened for sure. */
  | { kind: 'user'; userId: string; data: object };

/** Something that happens, or is about to. */
export interface Happening extends Pick<OutgoingRow, 'siteId' | 'event' | 'at' | 'source'> {
  /** What makes it different from others of its kind. */
  identity: string[];
}

/** What is told is tried for a day, in milliseconds. */
export const TOLD_WITHIN = 24 * 3_600_000;
/** Then the table forgets it, also where nobody looks. Seconds. */
const KEPT_SECONDS = TOLD_WITHIN / 1_000 + 6 * 3_600;

/**
 * The two streams of a site: what people and the bot do comes before the many deliveries. In each, the time at which a row
 * is due comes first in its key.
 */
export const STREAMS = ['a', 'b'] as const;
type Stream = (typeof STREAMS)[number];

function keyOf({ source, id }: Pick<OutgoingRow, 'source' | 'id'>, dueAt: string): string {
  return `${source.kind === 'delivery' ? 'b' : 'a'}#${dueAt}#${id}`;
}

/** When a row is due, ISO 8601. */
export function dueAtOf({ key }: Pick<OutgoingRow, 'key'>): string {
  return key.split('#')[1] ?? '';
}

/** The row of something that happens. */
export function rowOf({ siteId, event, at, source, identity }: Happening): OutgoingRow {
  const id = `msg_${digest([siteId, event, ...identity])}`;
  const expiresAt = Math.floor(Date.parse(at) / 1_000) + KEPT_SECONDS;
  return { siteId, key: keyOf({ source, id }, at), id, event, at, failures: 0, source, expiresAt };
}

/** The row for its next try. */
export function rowForNextTry(row: OutgoingRow, dueAt: number): OutgoingRow {
  return { ...row, failures: row.failures + 1, key: keyOf(row, new Date(dueAt).toISOString()) };
}

/** Rows of a site that are due. */
export interface RowsQuery {
  siteId: string;
  stream: Stream;
  /** Only those after this key. */
  after?: string | undefined;
  /** Milliseconds since 1970. */
  dueBy: number;
  limit: number;
}

/** Those that are due first come first. @throws ServiceUnreachableError */
export async function dueRows({ siteId, stream, after, dueBy, limit }: RowsQuery): Promise<OutgoingRow[]> {
  const { items } = await queryPage<OutgoingRow>('OUTGOING_TABLE', {
    ConsistentRead: true,
    KeyConditionExpression: 'siteId = :siteId AND #key BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#key': 'key' },
    ExpressionAttributeValues: {
      ':siteId': siteId,
      ':from': `${stream}#`,
      // After all keys of that time.
      ':to': `${stream}#${new Date(dueBy).toISOString()}$`,
    },
    Limit: limit,
    ...(after !== undefined && { ExclusiveStartKey: { siteId, key: after } }),
  });
  return items;
}

/** When the next row of a site is due, in milliseconds since 1970; `undefined` if there is none. */
export async function nextDue(siteId: string): Promise<number | undefined> {
  const dueBy = Date.now() + 10 * TOLD_WITHIN;
  const firsts = await settleAll(STREAMS.map((stream) => dueRows({ siteId, stream, dueBy, limit: 1 })));
  const times = firsts.flat().map((row) => Date.parse(dueAtOf(row)));
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** Writes rows; one with the same key is replaced. @throws ServiceUnreachableError */
export async function putRows(rows: OutgoingRow[]): Promise<void> {
  await batchWrite(
    'OUTGOING_TABLE',
    rows.map((row) => ({ put: row })),
  );
}

/** @throws ServiceUnreachableError */
export async function removeRows(rows: Pick<OutgoingRow, 'siteId' | 'key'>[]): Promise<void> {
  await batchWrite(
    'OUTGOING_TABLE',
    rows.map(({ siteId, key }) => ({ remove: { siteId, key } })),
  );
}

/** A row of what a person did, or of what happened to them. */
export type RowOfUser = OutgoingRow & { source: Extract<OutgoingSource, { kind: 'user' }> };

/**
 * The rows that name a person. All of the site's stream of people are read in pages, and DynamoDB returns only these. Rows
 * of deliveries name nobody.
 */
export async function* rowsNaming({ siteId, userId, since = '' }: OwnId): AsyncGenerator<RowOfUser> {
  let from: Record<string, unknown> | undefined;
  do {
    const page = await queryPage<RowOfUser>('OUTGOING_TABLE', {
      ConsistentRead: true,
      KeyConditionExpression: 'siteId = :siteId AND begins_with(#key, :stream)',
      FilterExpression: '#source.userId = :userId AND #at > :since',
      ExpressionAttributeNames: { '#key': 'key', '#source': 'source', '#at': 'at' },
      ExpressionAttributeValues: {
        ...{ ':siteId': siteId, ':stream': `${STREAMS[0]}#` },
        ...{ ':userId': userId, ':since': since },
      },
      ...(from && { ExclusiveStartKey: from }),
    });
    yield* page.items;
    from = page.next;
  } while (from);
}

/**
 * Of somebody who was erased nothing is kept, and nothing told.
 *
 * @param before only what is older, ISO 8601.
 * @returns how many rows there were.
 * @throws ServiceUnreachableError
 */
export async function removeRowsNaming(id: OwnId, before?: string): Promise<number> {
  const rows: RowOfUser[] = [];
  for await (const row of rowsNaming(id)) if (before === undefined || row.at < before) rows.push(row);
  await removeRows(rows);
  return rows.length;
}
