import { batchWrite } from '../aws/batch-write.ts';
import { conditionalUpdate, putItem, queryPage } from '../aws/dynamodb.ts';
import { zonedDay } from '../i18n/time-zones.ts';
import type { Delivery } from './deliveries.ts';
import type { ToldChanges } from './person-changes.ts';

/*
 * How many messages were sent, failed and skipped, by day and event. They are counted from the log, in its order of time:
 * nobody who sends or records has to do anything for it. The item of a day has the counts *and* up to when they are
 * counted: one conditional write changes both, so that a line counts once whatever dies, and however many count at the
 * same time. Beside them stands one row for each new link and each opt-out, without the person.
 */

/** What is counted of the lines of one event, and of all of them. */
export interface Counts {
  sent: number;
  failed: number;
  /** By reason. */
  skipped: Record<string, number>;
}

/** The counts of one day, by event. */
interface DayCounts {
  /** `YYYY-MM-DD` in the time zone that the site had then. */
  day: string;
  events: Record<string, Counts>;
}

/** The item of a day. The counts are attributes of their own: one update adds to each. */
interface DayItem {
  siteId: string;
  key: string;
  /** Up to when the log is counted, ISO 8601; what was recorded at that time is not. */
  upTo: string;
  [count: `n#${string}`]: number;
}

/** A site, as far as its log is counted. */
export interface CountedSite {
  siteId: string;
  /** IANA name. */
  timeZone: string;
}

/**
 * So late a line may still appear in the index, in milliseconds: a function writes it within a minute of the time in it, and
 * the index follows the table within seconds. Only what is older is counted for good.
 */
export const SETTLED_AFTER = 5 * 60_000;

/** How long the counts are kept, in seconds: two years, and some days. */
export const KEPT_SECONDS = 740 * 24 * 3600;

/** How many lines are read at once. */
const PAGE = 2_000;

type Line = Pick<Delivery, 'recordedAt' | 'event' | 'status' | 'isTest'> & { reason?: string };

/**
 * Counts the next lines of a site's log, in the order of their days: before the next day is begun, all lines of the last one
 * that were read are counted.
 *
 * @param now milliseconds since 1970. @param limit how many lines are read at once.
 * @returns whether there may be more to count.
 * @throws ServiceUnreachableError
 */
export async function countNext(site: CountedSite, now: number, limit = PAGE): Promise<boolean> {
  const { siteId, timeZone } = site;
  const last = await latestDay(siteId);
  const { lines, upTo, isLast } = await linesBetween(siteId, last?.upTo ?? '', now - SETTLED_AFTER, limit);
  const days = [...Map.groupBy(lines, (line) => dayOfLine(line, timeZone, last))];
  for (const [index, [day, ofDay]] of days.entries()) {
    const change = {
      since: last && day === dayOf(last) ? last.upTo : undefined,
      upTo: days[index + 1]?.[1][0]?.recordedAt ?? upTo,
    };
    // Somebody else has counted them meanwhile, or more than these.
    if (!(await addToDay(siteId, day, ofDay, change))) return true;
  }
  return !isLast;
}

/** Where the clocks of the site have been set back since, it is still the day that was counted last. */
function dayOfLine({ recordedAt }: Line, timeZone: string, last: DayItem | undefined): string {
  const day = zonedDay(recordedAt, timeZone);
  return last && day < dayOf(last) ? dayOf(last) : day;
}

/** @param change.since up to when the day was counted before; absent for its first lines. */
function addToDay(
  siteId: string,
  day: string,
  lines: Line[],
  { since, upTo }: { since: string | undefined; upTo: string },
): Promise<DayItem | undefined> {
  const added = [...countedIn(lines)];
  const isAsRead = since === undefined ? 'attribute_not_exists(upTo)' : 'upTo = :since';
  const adds = added.map((_, index) => `#n${index} :n${index}`).join(', ');
  return conditionalUpdate<DayItem>(
    'STATISTICS_TABLE',
    { siteId, key: `${DAY}${day}` },
    {
      UpdateExpression: `SET upTo = :upTo, expiresAt = :expiresAt${adds && ` ADD ${adds}`}`,
      ConditionExpression: isAsRead,
      ...(added.length > 0 && {
        ExpressionAttributeNames: Object.fromEntries(added.map(([name], index) => [`#n${index}`, name])),
      }),
      ExpressionAttributeValues: {
        ...{ ':upTo': upTo, ':expiresAt': Math.floor(Date.parse(day) / 1_000) + KEPT_SECONDS },
        ...(since !== undefined && { ':since': since }),
        ...Object.fromEntries(added.map(([, count], index) => [`:n${index}`, count])),
      },
    },
  );
}

const DAY = 'day#';
const COUNT = 'n#';

/** How often each outcome is among these lines, by the name of its attribute. Tests of templates do not count. */
function countedIn(lines: Line[]): Map<`n#${string}`, number> {
  const counts = new Map<`n#${string}`, number>();
  for (const { event, status, reason, isTest } of lines) {
    if (isTest || (status !== 'sent' && status !== 'failed' && status !== 'skipped')) continue;
    // What is in another message counts with that one.
    if (status === 'skipped' && reason === 'in-digest') continue;
    const name = `${COUNT}${event}#${status}${status === 'skipped' ? `#${reason}` : ''}` as const;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function dayOf({ key }: DayItem): string {
  return key.slice(DAY.length);
}

async function latestDay(siteId: string): Promise<DayItem | undefined> {
  const { items } = await queryPage<DayItem>('STATISTICS_TABLE', {
    ConsistentRead: true,
    KeyConditionExpression: 'siteId = :siteId AND begins_with(#key, :day)',
    ExpressionAttributeNames: { '#key': 'key' },
    ExpressionAttributeValues: { ':siteId': siteId, ':day': DAY },
    ScanIndexForward: false,
    Limit: 1,
  });
  return items[0];
}

interface Lines {
  lines: Line[];
  /** All lines before this time are among them, ISO 8601. */
  upTo: string;
  isLast: boolean;
}

/**
 * The next lines of the log, oldest first. Of no millisecond only a part: so a time says what is counted.
 *
 * @param from ISO 8601; empty: from the beginning of the log. @param before milliseconds since 1970, not included.
 */
async function linesBetween(siteId: string, from: string, before: number, limit = PAGE): Promise<Lines> {
  const upTo = new Date(before).toISOString();
  const lines: Line[] = [];
  if (from >= upTo) return { lines, upTo, isLast: true };
  let start: Record<string, unknown> | undefined;
  do {
    const { items, next } = await queryPage<Line>('DELIVERIES_TABLE', {
      IndexName: 'by-time',
      KeyConditionExpression: 'siteId = :siteId AND recordedAt BETWEEN :from AND :to',
      ProjectionExpression: 'recordedAt, #event, #status, reason, isTest',
      ExpressionAttributeNames: { '#event': 'event', '#status': 'status' },
      ExpressionAttributeValues: {
        ':siteId': siteId,
        // No time is earlier, and DynamoDB takes no empty text in a key.
        ':from': from || '0',
        ':to': new Date(before - 1).toISOString(),
      },
      Limit: limit,
      ...(start && { ExclusiveStartKey: start }),
    });
    lines.push(...items);
    if (!next) return { lines, upTo, isLast: true };
    start = next;
    const lastAt = lines.at(-1)?.recordedAt ?? '';
    const whole = lines.filter(({ recordedAt }) => recordedAt < lastAt);
    if (whole.length > 0) return { lines: whole, upTo: lastAt, isLast: false };
  } while (start);
  return { lines, upTo, isLast: true };
}

/** What was counted, and up to when. */
export interface CountedDays {
  days: DayCounts[];
  /** ISO 8601: what was recorded before is in it. */
  until: string;
}

/** How many pages are read of what is not counted for good yet, for one answer. */
const MAX_OPEN_PAGES = 10;

/**
 * The counts of the days from one on, with what was recorded since they were counted last.
 *
 * @param from `YYYY-MM-DD`. @param now milliseconds since 1970.
 * @throws ServiceUnreachableError
 */
export async function countsSince(site: CountedSite, from: string, now: number): Promise<CountedDays> {
  const { siteId, timeZone } = site;
  const latest = await latestDay(siteId);
  const first = latest && dayOf(latest) < from ? dayOf(latest) : from;
  const items = await dayItems(siteId, first);
  const counts = new Map(items.map((item) => [dayOf(item), countsIn(item)]));
  // Of the same read as the counts: both change together.
  const last = items.at(-1);
  let since = last?.upTo ?? '';
  for (let page = 0; page < MAX_OPEN_PAGES; page++) {
    const { lines, upTo, isLast } = await linesBetween(siteId, since, now);
    const byDay = Map.groupBy(lines, (line) => dayOfLine(line, timeZone, last));
    for (const [day, ofDay] of byDay) {
      const events = counts.get(day) ?? {};
      counts.set(day, events);
      for (const [name, count] of countedIn(ofDay)) addCount(events, name, count);
    }
    since = upTo;
    if (isLast) break;
  }
  const days = [...counts].map(([day, events]) => ({ day, events })).filter(({ day }) => day >= from);
  return { days, until: since };
}

async function dayItems(siteId: string, from: string): Promise<DayItem[]> {
  const items: DayItem[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await queryPage<DayItem>('STATISTICS_TABLE', {
      ConsistentRead: true,
      KeyConditionExpression: 'siteId = :siteId AND #key BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#key': 'key' },
      // No day is later.
      ExpressionAttributeValues: { ':siteId': siteId, ':from': `${DAY}${from}`, ':to': `${DAY}~` },
      ...(start && { ExclusiveStartKey: start }),
    });
    items.push(...page.items);
    start = page.next;
  } while (start);
  return items;
}

function countsIn(item: DayItem): Record<string, Counts> {
  const events: Record<string, Counts> = {};
  for (const [name, count] of Object.entries(item))
    if (name.startsWith(COUNT)) addCount(events, name, Number(count));
  return events;
}

function addCount(events: Record<string, Counts>, name: string, count: number): void {
  const [, event = '', status, reason = ''] = name.split('#');
  const counts = events[event] ?? { sent: 0, failed: 0, skipped: {} };
  events[event] = counts;
  if (status === 'sent' || status === 'failed') counts[status] += count;
  else counts.skipped[reason] = (counts.skipped[reason] ?? 0) + count;
}

/** A person has linked their first chat, wants no more messages, or has ordered a cart after a message of its series. */
export type CountedChange = 'linked' | 'opted-out' | `recovered-${number}`;

/**
 * Notes who has linked or opted out, without the person. What is told again is not noted twice. What an import brings along
 * happened somewhere else, and is not counted.
 *
 * @throws ServiceUnreachableError
 */
export async function noteChanges({
  siteId,
  changes,
}: Pick<ToldChanges, 'siteId' | 'changes'>): Promise<void> {
  const rows = changes.flatMap((change) => {
    const kind = countedKind(change);
    if (!kind) return [];
    const { id, at } = change;
    const expiresAt = Math.floor(Date.parse(at) / 1_000) + KEPT_SECONDS;
    return [{ put: { siteId, key: `${PERSON}${at}#${id}`, kind, expiresAt } }];
  });
  if (rows.length > 0) await batchWrite('STATISTICS_TABLE', rows);
}

/**
 * Notes that a cart was ordered after a message about it, without the person. What is told again is not noted twice.
 *
 * @param recovery.id the same in every repetition, as `at`: when it was ordered, ISO 8601 in UTC.
 * @param recovery.step the last message about it that was sent before.
 * @throws ServiceUnreachableError
 */
export async function noteRecovery(
  siteId: string,
  { id, at, step }: { id: string; at: string; step: number },
): Promise<void> {
  const expiresAt = Math.floor(Date.parse(at) / 1_000) + KEPT_SECONDS;
  await putItem('STATISTICS_TABLE', {
    ...{ siteId, key: `${PERSON}${at}#${id}`, kind: `recovered-${step}` satisfies CountedChange },
    expiresAt,
  });
}

function countedKind(change: ToldChanges['changes'][number]): 'linked' | 'opted-out' | undefined {
  if (change.kind === 'linked' && change.isFirst && change.linkedBy !== 'import') return 'linked';
  return change.kind === 'opted-out' && change.where !== 'import' ? 'opted-out' : undefined;
}

const PERSON = 'person#';

/**
 * What was noted of people between two times.
 *
 * @param from ISO 8601 in UTC. @param to ISO 8601 in UTC, not included.
 * @throws ServiceUnreachableError
 */
export async function* personChanges(
  siteId: string,
  from: string,
  to: string,
): AsyncGenerator<{ kind: CountedChange; at: string }> {
  let start: Record<string, unknown> | undefined;
  do {
    const { items, next } = await queryPage<{ key: string; kind: CountedChange }>('STATISTICS_TABLE', {
      KeyConditionExpression: 'siteId = :siteId AND #key BETWEEN :from AND :to',
      ProjectionExpression: '#key, kind',
      ExpressionAttributeNames: { '#key': 'key' },
      ExpressionAttributeValues: { ':siteId': siteId, ':from': `${PERSON}${from}`, ':to': `${PERSON}${to}` },
      ...(start && { ExclusiveStartKey: start }),
    });
    for (const { key, kind } of items) yield { kind, at: key.split('#')[1] ?? '' };
    start = next;
  } while (start);
}
