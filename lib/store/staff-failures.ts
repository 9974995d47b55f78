/*
 * Which failures the staff of a site is to be told of. They are counted from the log. The item of a site, in the table of the
 * statistics, says up to when they were told; and, while a summary is on its way into the queue, what it says. So a run that
 * dies in between says the same once more, and what fails meanwhile is in the next summary.
 */
import { conditionalUpdate, getItem, queryPage } from '../aws/dynamodb.ts';
import { noticeOf } from '../domain/staff.ts';
import type { Delivery } from './deliveries.ts';
import { SETTLED_AFTER } from './statistics.ts';

/** What failed from one time (ISO 8601) to another, which is not included. */
export interface FailureSummary {
  from: string;
  to: string;
  /** By class. */
  counts: Record<string, number>;
}

interface ToldItem {
  /** Up to when failures were told. */
  upTo: string;
  /** A summary that may not be in the queue yet. */
  summary?: FailureSummary;
}

const KEY = 'staff-failures';
/** Older failures are no news, in milliseconds: where nobody has counted for long, or the notice was switched off. */
const LONGEST = 24 * 3_600_000;
/** One request reads 1 MB: some two thousand lines. So many for one summary. */
const MAX_PAGES = 20;
/** How long the item is kept after its last change, in seconds. */
const KEPT_SECONDS = 90 * 24 * 3_600;

/**
 * The next summary of a site; `undefined` where nothing has failed. The first call for a site only notes from when on
 * failures are told.
 *
 * @param now milliseconds since 1970.
 * @throws ServiceUnreachableError
 */
export async function nextFailures(siteId: string, now: number): Promise<FailureSummary | undefined> {
  const item = await getItem<ToldItem>('STATISTICS_TABLE', { siteId, key: KEY });
  if (item?.summary) return item.summary;
  const settled = new Date(now - SETTLED_AFTER).toISOString();
  const oldest = new Date(now - LONGEST).toISOString();
  const from = item === undefined ? settled : item.upTo < oldest ? oldest : item.upTo;
  const { to, counts } =
    from < settled ? await failedBetween(siteId, from, settled) : { to: from, counts: {} };
  const isAny = Object.keys(counts).length > 0;
  const summary = { from, to, counts };
  const isWritten = await write(siteId, item?.upTo, { upTo: to, ...(isAny && { summary }) });
  return isAny && isWritten ? summary : undefined;
}

/** A summary is in the queue. @throws ServiceUnreachableError: the next run says it again, with no effect. */
export async function failuresTold(siteId: string, { to }: FailureSummary): Promise<void> {
  await conditionalUpdate(
    'STATISTICS_TABLE',
    { siteId, key: KEY },
    {
      UpdateExpression: 'REMOVE summary',
      ConditionExpression: 'summary.#to = :to',
      ExpressionAttributeNames: { '#to': 'to' },
      ExpressionAttributeValues: { ':to': to },
      ReturnValues: 'NONE',
    },
  );
}

/** @param before up to when failures were told. @returns whether nobody else was faster. */
async function write(siteId: string, before: string | undefined, item: ToldItem): Promise<boolean> {
  const { upTo, summary } = item;
  const written = await conditionalUpdate<ToldItem>(
    'STATISTICS_TABLE',
    { siteId, key: KEY },
    {
      UpdateExpression: `SET upTo = :upTo, expiresAt = :expiresAt${summary ? ', summary = :summary' : ''}`,
      ConditionExpression:
        before === undefined
          ? 'attribute_not_exists(upTo)'
          : 'upTo = :before AND attribute_not_exists(summary)',
      ExpressionAttributeValues: {
        ...{ ':upTo': upTo, ':expiresAt': Math.floor(Date.parse(upTo) / 1_000) + KEPT_SECONDS },
        ...(before !== undefined && { ':before': before }),
        ...(summary && { ':summary': summary }),
      },
    },
  );
  return written !== undefined;
}

type Failed = Pick<Delivery, 'recordedAt' | 'event' | 'isTest'> & { failure?: { class: string } };

/** Tests do not count, and no notice to the staff causes another. @returns `to`: up to when they are counted. */
async function failedBetween(
  siteId: string,
  from: string,
  to: string,
): Promise<Pick<FailureSummary, 'to' | 'counts'>> {
  const counts: Record<string, number> = {};
  let start: Record<string, unknown> | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { items, next } = await queryPage<Failed>('DELIVERIES_TABLE', {
      IndexName: 'by-time',
      KeyConditionExpression: 'siteId = :siteId AND recordedAt BETWEEN :from AND :to',
      FilterExpression: '#status = :failed',
      ProjectionExpression: 'recordedAt, #event, failure, isTest',
      ExpressionAttributeNames: { '#event': 'event', '#status': 'status' },
      ExpressionAttributeValues: {
        ...{ ':siteId': siteId, ':from': from, ':failed': 'failed' },
        ':to': new Date(Date.parse(to) - 1).toISOString(),
      },
      ...(start && { ExclusiveStartKey: start }),
    });
    for (const { event, failure, isTest } of items) {
      if (isTest || noticeOf(event)) continue;
      const name = failure?.class ?? 'refused';
      counts[name] = (counts[name] ?? 0) + 1;
    }
    start = next;
    if (!start) break;
  }
  // A log that is too long for one summary is in several.
  return { to: start ? String(start.recordedAt) : to, counts };
}
