import { createHash } from 'node:crypto';
import { type Change, conditionalUpdate, getItem, queryPage, setFields } from '../aws/dynamodb.ts';
import type { EventName } from '../domain/events.ts';
import { changedByOthers, MAX_ROUNDS } from './rounds.ts';

/*
 * What waits for its time (carts and reminders), and what was said last of orders, carts and activities. Both stand in one
 * item for each of them: so one update remembers what ends a reminder, and ends it.
 */

/** The kinds of scheduled items. Each kind has its own poller, which reads the shards of this kind only. */
export type ScheduleKind = 'cart' | 'reminder' | 'digest';

/** The number of partitions of the index for the waiting items of a kind. Each takes 1,000 writes a second. */
export const SHARDS = 8;

/** What no longer waits is remembered as long as a delivery: a repeated or late event has no effect. */
const REMEMBERED_SECONDS = 90 * 24 * 3600;
/** Until a digest that was dispatched has its lines in the log, and long after. */
const DIGEST_REMEMBERED_SECONDS = 24 * 3600;

export interface ScheduleKey {
  siteId: string;
  key: string;
}

/** A registered item, waiting or not. All times are ISO 8601 in UTC with milliseconds: they sort as text. */
export interface Registration extends ScheduleKey {
  eventId: string;
  /** When the event happened: of two events for the same key the later one counts. */
  occurredAt: string;
  /** The event said when it happened. Where it did not, `occurredAt` is the time of its arrival. */
  isDated?: true | undefined;
  /** The hash of what the event says: see events/content.ts. */
  content?: string | undefined;
  source?: Source | undefined;
  /** When it was registered: of a recurring activity, no date is reminded of whose time had passed by then. */
  registeredAt?: string | undefined;
  /** Only for a cart. */
  cartId?: string | undefined;
  /** Only for a reminder: names the dates of the activity, which are others if it is moved or recurs differently. */
  series?: string | undefined;
  /** Only for a reminder: the activity recurs. */
  isRecurring?: true | undefined;
  /** Only for a reminder; absent where it was registered before this was written. */
  minutesBefore?: number | undefined;
  /** Only for a reminder: of dates whose time to remind is later, each is reminded of in its turn. */
  turnsFrom?: string | undefined;
  /** Only for a reminder: dates that were withdrawn before were dates of another series; so were those that were over. */
  withdrawnFrom?: string | undefined;
  overFrom?: string | undefined;
  /** Only for a reminder: the series that names the deliveries of the activity, where an earlier registration had it so. */
  namedBy?: string | undefined;
  /** Only for a reminder whose time had passed at its registration: the date that was dispatched at once. */
  lateOccurrence?: number | undefined;
  /** Only for a digest: see digests.ts. What is read of it beside the notices. */
  templateId?: string | undefined;
  folder?: string | undefined;
  /** Why it no longer waits. `handed-over`: it was dispatched. `not-sent`: its site was off then. */
  ending?: 'handed-over' | 'dropped' | 'past' | 'not-sent';
}

/** How an event came here. */
export type Source = 'https' | 'sqs';

/** What is remembered under a key, besides what is registered there. Times as those of a registration. */
export interface Memory {
  /** The time of the latest status of an order or an activity. */
  statusAt?: string | undefined;
  /** The time of the first status of an order: when it was ordered, as far as is known. */
  orderedAt?: string | undefined;
  /** The event that told of an order for the first time, where the staff of the shop was to be told of it. */
  firstEventId?: string | undefined;
  /** The staff was to be told of the order, but its site was off whenever a status was reported. */
  isUntold?: true | undefined;
  /** The time of the latest status after which people are reminded again. */
  openedAt?: string | undefined;
  /** When what ends it happened: an order made of the cart, or a status after which nobody is reminded. */
  endedAt?: string | undefined;
  /** The date that such a status named, before it was known whether the activity recurs: then only that date is ended. */
  endedDate?: string | undefined;
  /** When it was last withdrawn. */
  withdrawnAt?: string | undefined;
  /** From when on an event without a time is taken to be newer than the withdrawal. */
  undatedFrom?: string | undefined;
  /** The order by which a cart was ended. */
  orderId?: string | undefined;
  /** The owner of a cart, in the item of the cart's id; and when that cart was abandoned. */
  userId?: string | undefined;
  abandonedAt?: string | undefined;
  /** The event that reported the cart last did not say when it was abandoned: any order that names the cart ends it. */
  isUndated?: true | undefined;
  /** The messages about the cart that was abandoned then are being taken back. */
  takenBackFor?: string | undefined;
}

/** An event that told a status, or registered something, in an attribute of its own: see `toldName`. */
export interface Told {
  at: string;
  /** The hash of what it says; absent where the former release has registered it. */
  content?: string;
}

/** What a poller writes into an item that it could not dispatch at once. Most items have none of it. */
export interface Attempts {
  /** How often it was tried without a step forward. It is counted before the attempt, which may end the process. */
  attempts?: number | undefined;
  /** Why the last attempt failed. Absent while one is running: so also where a run ended during one. */
  failure?: string | undefined;
  /** The time for which it was scheduled, if `dueAt` was moved for a later attempt. */
  scheduledFor?: string | undefined;
  /** How many of its recipients were notified, and how many it had then. */
  progress?: { done: number; of: number } | undefined;
  /** Only for a digest: it is being dispatched, and nothing is added to it. */
  isClosed?: true | undefined;
}

/** An item that waits for its time. */
export interface Waiting extends Registration, Attempts, Memory {
  shard: string;
  /** When it is dispatched, or tried once more. */
  dueAt: string;
  /** The event as JSON: the recipients are decided when it is due. */
  event: string;
  /** For a recurring activity: the number of its date, counted from 0. */
  occurrence: number;
  /** How often recipients were added since it was registered; absent: never. Of a digest, how many notices it has. */
  additions?: number | undefined;
  /** Only for a digest: its notices, each as JSON (`StoredNotice`), under the names that `noticeName` gives them. */
  notices?: Record<string, string> | undefined;
}

/** A notice that waits for others of its folder. */
export interface StoredNotice {
  /** The event without its recipients. */
  event: { eventId: string; occurredAt?: string | undefined };
  /** The hash of what it says: see events/content.ts. */
  content: string;
  source: Source;
  /** When it was reported, ISO 8601 in UTC with milliseconds. */
  at: string;
}

/** What is kept of a reminder that a status has ended: a later status may let it wait again. */
export interface Kept {
  event?: string | undefined;
  occurrence?: number | undefined;
  /** When it would have been due. */
  wasDueAt?: string | undefined;
}

/** Something registered that does not wait (any more), or only what is remembered. */
export type ScheduleItem =
  | Waiting
  | (ScheduleKey & Partial<Registration> & Memory & Kept & { shard?: never; dueAt?: never });

/** Whether it still waits for its time. */
export function isWaiting(item: ScheduleItem | undefined): item is Waiting {
  return item?.shard !== undefined;
}

/** What is known of an event that was registered here: the registration, or what is remembered of it since. */
export function ofEvent(eventId: string, item: ScheduleItem | undefined): { content?: string | undefined }[] {
  const told = toldBy(item, eventId, 'registration');
  return [...(item?.eventId === eventId ? [item] : []), ...(told ? [told] : [])];
}

/** Whether another event has taken the place of this one since it was registered. */
export function wasReplaced(eventId: string, item: ScheduleItem | undefined): boolean {
  return item?.eventId !== eventId && toldBy(item, eventId, 'registration') !== undefined;
}

/** The latest status of an order. */
export function orderKey(siteId: string, orderId: string): ScheduleKey {
  return { siteId, key: `order#${orderId}` };
}

/** A user has at most one waiting cart. */
export function cartKey(siteId: string, userId: string): ScheduleKey {
  return { siteId, key: `cart#${userId}` };
}

/** The cart of a user, waiting or not. @throws ServiceUnreachableError */
export function findCart({ siteId, userId }: { siteId: string; userId: string }) {
  return getItem<ScheduleItem>('SCHEDULE_TABLE', { ...cartKey(siteId, userId) });
}

/** A cart by its id: whose it is, and whether it was ordered. */
export function cartIdKey(siteId: string, cartId: string): ScheduleKey {
  return { siteId, key: `cart-id#${cartId}` };
}

/** The reminder of an activity, its latest status, and the dates that are off. */
export function reminderKey(siteId: string, activityId: string): ScheduleKey {
  return { siteId, key: `reminder#${activityId}` };
}

/** The shard of an item, always the same for the same key. */
export function shardOf(kind: ScheduleKind, { siteId, key }: ScheduleKey): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([siteId, key]))
    .digest();
  return shardName(kind, (digest[0] ?? 0) % SHARDS);
}

export function shardsOf(kind: ScheduleKind): string[] {
  return Array.from({ length: SHARDS }, (_, number) => shardName(kind, number));
}

function shardName(kind: ScheduleKind, number: number): string {
  return `${kind}-${number}`;
}

/** An attribute for each event and each date: one update can set it, whatever else is remembered. */
const TOLD = 'told#';
/** An event that has reported a cart, in the item of the cart's id. */
const REPORTED = 'reported#';
/** The same of a cart that this one has replaced. */
const REPLACED = 'replaced#';
const WITHDRAWN_DATE = 'withdrawn#';
/** When a date had its latest status; and if nobody has to be reminded of it since, when that was said. */
const SAID_DATE = 'said#';
const OVER_DATE = 'over#';
/** So many events, and dates that are off, are remembered of one order or activity; then the older half is forgotten. */
const MOST_TOLD = 60;
const MOST_DATES = 500;

/** What an event told: a status of an order or an activity, or something to register. */
type TellingKind = 'status' | 'registration';

/** What an event told of this order, activity or cart, if it is remembered. */
export function toldBy(
  item: ScheduleItem | undefined,
  eventId: string,
  kind: TellingKind = 'status',
): Told | undefined {
  return attributesOf<Told>(item)[toldName(eventId, kind)];
}

/** Events of two kinds may have the same id. */
function toldName(eventId: string, kind: TellingKind = 'status'): string {
  const hash = createHash('sha256').update(kind === 'status' ? eventId : JSON.stringify([kind, eventId]));
  return `${TOLD}${hash.digest().subarray(0, 12).toString('base64url')}`;
}

/** A date of an activity, as a registration has it. */
export interface DateOfActivity {
  /** As `dateName` writes it, and its day. */
  names: string[];
  /** When the reminder was registered. */
  at: string;
  isDated?: true | undefined;
  isRecurring?: true | undefined;
}

/** Whether one date of an activity was withdrawn. */
export function isDateWithdrawn(item: ScheduleItem | undefined, names: string[]): boolean {
  const { withdrawnFrom = '' } = item ?? {};
  const attributes = attributesOf<string>(item);
  return names.some((name) => (attributes[`${WITHDRAWN_DATE}${name}`] ?? '') > withdrawnFrom);
}

/**
 * Whether one date of an activity was withdrawn, or is over. A date of a series stays over until another status is told of
 * it; an activity that does not recur is on again after any such status, and for a reminder that is really newer.
 */
export function isDateOff(
  item: ScheduleItem | undefined,
  { names, at, isDated, isRecurring }: DateOfActivity,
): boolean {
  const { overFrom = '', openedAt = '' } = item ?? {};
  const attributes = attributesOf<string>(item);
  const isOver = (overAt: string | undefined) =>
    overAt !== undefined &&
    overAt >= overFrom &&
    (isRecurring || (overAt >= openedAt && (!isDated || overAt >= at)));
  return isDateWithdrawn(item, names) || names.some((name) => isOver(attributes[`${OVER_DATE}${name}`]));
}

/** When one date of an activity had its latest status. @param date as `dateName` writes it. */
function dateSaidAt(item: ScheduleItem | undefined, date: string): string {
  const attributes = attributesOf<string>(item);
  const [saidAt = '', overAt = ''] = [SAID_DATE, OVER_DATE].map((prefix) => attributes[`${prefix}${date}`]);
  return saidAt > overAt ? saidAt : overAt;
}

/**
 * When an order or an activity had its latest status. Where the activity recurs, each date has statuses of its own.
 *
 * @param date of an activity, as `dateName` writes it.
 */
export function statusTime(item: ScheduleItem | undefined, date: string | undefined): string {
  return date !== undefined && isSeries(item) ? dateSaidAt(item, date) : (item?.statusAt ?? '');
}

/** Whether an activity is known to recur. */
function isSeries(item: ScheduleItem | undefined): boolean {
  return item?.eventId !== undefined && isRecurring(item);
}

/** The attributes whose names come from the data. */
function attributesOf<Value>(item: ScheduleItem | undefined): Record<string, Value> {
  return (item ?? {}) as unknown as Record<string, Value>;
}

/** What is forgotten of an item that has grown: the older half of its events, and of the dates that are off. */
function forgettable(item: ScheduleItem | undefined): string[] {
  const told = Object.entries(attributesOf<Told>(item)).filter(([name]) => name.startsWith(TOLD));
  const byTime = told.toSorted(([, one], [, other]) => (one.at < other.at ? -1 : 1)).map(([name]) => name);
  // In the order of their dates.
  const dates = namesOfDates(item).toSorted((one, other) => (dateIn(one) < dateIn(other) ? -1 : 1));
  return [...olderHalf(byTime, MOST_TOLD), ...olderHalf(dates, MOST_DATES)];
}

function olderHalf(oldestFirst: string[], most: number): string[] {
  return oldestFirst.length < most ? [] : oldestFirst.slice(0, most / 2);
}

function namesOfDates(item: ScheduleItem | undefined): string[] {
  const names = Object.keys(item ?? {});
  return names.filter((name) =>
    [WITHDRAWN_DATE, SAID_DATE, OVER_DATE].some((prefix) => name.startsWith(prefix)),
  );
}

function dateIn(name: string): string {
  return name.slice(name.indexOf('#') + 1);
}

const NO_ATTEMPTS: { [Name in keyof Required<Attempts>]: undefined } = {
  attempts: undefined,
  failure: undefined,
  scheduledFor: undefined,
  progress: undefined,
  isClosed: undefined,
};

/** What only a waiting item has. Without its shard it is not in the index; the event holds personal data. */
const NOT_WAITING = {
  ...{ shard: undefined, dueAt: undefined, event: undefined, occurrence: undefined, additions: undefined },
  ...{ wasDueAt: undefined, notices: undefined, bytes: undefined, folder: undefined },
};

/** What a registration may lack: nothing of the former one stays. */
const NOT_REGISTERED = {
  ...{ ending: undefined, lateOccurrence: undefined, isDated: undefined, isRecurring: undefined },
  ...{ cartId: undefined, content: undefined, source: undefined, series: undefined },
} satisfies Partial<Registration>;

/** With what an event is compared that has ended or withdrawn what is registered now. */
export interface RegisteredAt {
  /** ISO 8601 in UTC with milliseconds. */
  now: string;
  /** It is newer than what has ended it before this time. Absent: than nothing that has ended it. */
  endedBefore?: string | undefined;
  /** What is over is written too, but does not wait: a later status may let it wait. */
  keepsEnded?: boolean;
  /** What is stored, as it was read. */
  before?: ScheduleItem | undefined;
}

/**
 * Writes a waiting item, or a registration that replaces one and does not wait. What is remembered under the key stays.
 *
 * It is not written if the same event, or one that happened later, is stored; nor if what it registers has been ended or
 * withdrawn since. Whether an event that did not say when it happened is newer than a withdrawal, `undatedFrom` says.
 *
 * @returns the stored item: the given one, or the one that stays; and the one that waited until now, if it was replaced.
 * @throws ServiceUnreachableError
 */
export async function register(
  item: Waiting | (Registration & Kept),
  { now, endedBefore, keepsEnded = false, before: read }: RegisteredAt,
): Promise<{ stored: ScheduleItem; isNew: boolean; replaced?: Waiting | undefined }> {
  const { siteId, key, occurredAt, eventId, isDated, isRecurring } = item;
  const told = new Map([read, item].flatMap((one) => tellingOf(one)));
  const tellings = [...told].map(([name, value], index) => ({ at: `told${index}`, name, value }));
  const old = forgettable(read).filter((name) => !told.has(name));
  const gone = Object.fromEntries(old.map((name, index) => [`#gone${index}`, name]));
  const tells = tellings.map(({ at }) => `#${at} = if_not_exists(#${at}, :${at})`).join(', ');
  const isOther = '(eventId <> :eventId OR ending = :notSent)';
  const isNewest = `attribute_not_exists(occurredAt) OR (occurredAt <= :occurredAt AND ${isOther})`;
  const isNotOver = [
    'attribute_not_exists(endedAt)',
    ...(endedBefore ? ['endedAt < :endedBefore'] : []),
    ...(isRecurring ? ['attribute_exists(endedDate)'] : []),
  ].join(' OR ');
  const isNewer = isDated ? 'withdrawnAt < :occurredAt' : 'undatedFrom <= :now';
  const isNotWithdrawn = `attribute_not_exists(withdrawnAt) OR ${isNewer}`;
  const write = async (written: typeof item, isTimely: string, values: object, further: object = {}) => {
    const { siteId: _, key: __, ...fields } = written;
    const set = setFields({
      ...{ ...NOT_REGISTERED, ...NOT_WAITING, ...NO_ATTEMPTS, ...further, ...fields },
      expiresAt: 'shard' in written ? undefined : expiry(),
    });
    const before = await conditionalUpdate<ScheduleItem>(
      'SCHEDULE_TABLE',
      { siteId, key },
      {
        UpdateExpression: [set.UpdateExpression.replace('SET ', `SET ${tells}, `), ...Object.keys(gone)].join(
          ', ',
        ),
        ConditionExpression: `(${isNewest}) AND (${isTimely}) AND (${isNotWithdrawn})`,
        ExpressionAttributeNames: {
          ...set.ExpressionAttributeNames,
          ...gone,
          ...Object.fromEntries(tellings.map(({ at, name }) => [`#${at}`, name])),
        },
        ExpressionAttributeValues: {
          ...set.ExpressionAttributeValues,
          ...Object.fromEntries(tellings.map(({ at, value }) => [`:${at}`, value])),
          ...{ ':occurredAt': occurredAt, ':eventId': eventId, ':notSent': 'not-sent', ...values },
          ...(!isDated && { ':now': now }),
        },
        ReturnValues: 'ALL_OLD',
      },
    );
    return before && { stored: written, isNew: true, replaced: isWaiting(before) ? before : undefined };
  };
  // Of a series, only the date that a status has named is over.
  const endsNoMore = isRecurring ? { endedAt: undefined, endedDate: undefined } : {};
  const ended = endedBefore ? { ':endedBefore': endedBefore } : {};
  for (let round = 0; ; round++) {
    const registered = await write(item, isNotOver, ended, endsNoMore);
    if (registered) return registered;
    const stored = await readScheduled({ siteId, key });
    // If it is gone since the write, DynamoDB has removed an expired item, and the new one can be written.
    if (!stored) continue;
    if (!keepsEnded || stored.endedAt === undefined || round > 0) return { stored, isNew: false };
    const kept = await write(keptOf(item), 'attribute_exists(endedAt)', {});
    if (kept) return kept;
  }
}

/** What is over, but may wait again. */
export function keptOf(item: Waiting | (Registration & Kept)): Registration & Kept {
  if (!isWaiting(item)) return item;
  const { shard: _, dueAt, ...rest } = item;
  return { ...rest, wasDueAt: dueAt, ending: 'dropped' };
}

/** What a registration told, with the name of its attribute: that of the former release was not remembered. */
function tellingOf(item: ScheduleItem | undefined): [name: string, told: Told][] {
  const { eventId, occurredAt = '', content = '' } = item ?? {};
  return eventId === undefined
    ? []
    : [[toldName(eventId, 'registration'), { at: occurredAt, ...(content && { content }) }]];
}

export async function readScheduled({ siteId, key }: ScheduleKey): Promise<ScheduleItem | undefined> {
  return getItem<ScheduleItem>('SCHEDULE_TABLE', { siteId, key });
}

/**
 * Records whose a cart is, so that an order made from the cart finds it, even if another user holds the order.
 *
 * @param cart.report where its messages may have to be taken back.
 * @returns what is remembered of the cart.
 * @throws ServiceUnreachableError
 */
export async function rememberCart(
  siteId: string,
  cartId: string,
  { userId, abandonedAt, report }: { userId: string; abandonedAt: string; report?: CartReport | undefined },
): Promise<Memory> {
  const fields = { userId, abandonedAt, expiresAt: expiry() };
  const changed = await conditionalUpdate<Memory>(
    'SCHEDULE_TABLE',
    { ...cartIdKey(siteId, cartId) },
    report === undefined
      ? setFields(fields)
      : expressionOf(
          {
            ...fields,
            ...(!report.isDated && { isUndated: true }),
            [`${REPORTED}${report.eventId}`]: abandonedAt,
            ...Object.fromEntries(report.replaced.map(({ eventId, at }) => [`${REPLACED}${eventId}`, at])),
          },
          report.isDated ? ['isUndated'] : [],
        ),
  );
  return changed ?? {};
}

/** The event that reports a cart. */
interface CartReport {
  eventId: string;
  /** It says when the cart was abandoned. */
  isDated?: true | undefined;
  /** Those of the carts that this one has replaced: their messages are taken back with its own. */
  replaced: ReportOfCart[];
}

/** An event that has reported a cart, and when that was abandoned, ISO 8601 in UTC with milliseconds. */
export interface ReportOfCart {
  eventId: string;
  at: string;
}

/** So many reports of a cart are looked at: a person may leave the same cart again and again. */
const MOST_REPORTED = 10;

/**
 * The events that have reported a cart since it has a series, the latest first; and those of the carts that it has replaced.
 *
 * @param item of the cart's id.
 */
export function reportsOfCart(item: ScheduleItem | undefined): {
  own: ReportOfCart[];
  replaced: ReportOfCart[];
} {
  const reports = (prefix: string) =>
    Object.entries(attributesOf<string>(item))
      .filter(([name]) => name.startsWith(prefix))
      .toSorted(([, one], [, other]) => (one > other ? -1 : 1))
      .map(([name, at]) => ({ eventId: name.slice(prefix.length), at }))
      .slice(0, MOST_REPORTED);
  return { own: reports(REPORTED), replaced: reports(REPLACED) };
}

/**
 * Remembers that the messages about a cart are being taken back: nobody has to see to it again.
 *
 * @param key of the cart's id, or of the user's cart. @param at when it was abandoned.
 * @throws ServiceUnreachableError
 */
export async function rememberTakenBack(key: ScheduleKey, at: string): Promise<void> {
  await change(key, {
    UpdateExpression: 'SET takenBackFor = :at',
    ConditionExpression: 'attribute_exists(#key)',
    ExpressionAttributeNames: { '#key': 'key' },
    ExpressionAttributeValues: { ':at': at },
  });
}

/** An order names the cart that it was made of. */
export interface OrderedCart {
  cartId: string;
  orderId: string;
  /** ISO 8601 in UTC with milliseconds. */
  at: string;
}

/** So much the clocks of the servers that report carts and orders may differ, in milliseconds. */
const CLOCK_DIFFERENCE = 5 * 60_000;

/**
 * Remembers that a cart was ordered. Later statuses of the same order say nothing new of the cart.
 *
 * @param stored what is remembered of the cart, as it was read.
 * @returns whose cart it is, and until when it counts as ordered; a cart of that id that was abandoned later is another.
 * @throws ServiceUnreachableError
 */
export async function endCart(
  siteId: string,
  { cartId, orderId, at }: OrderedCart,
  stored: Memory | undefined,
): Promise<{ userId?: string | undefined; endedAt: string }> {
  const { userId, endedAt, abandonedAt } = stored ?? {};
  if (endedAt !== undefined && stored?.orderId === orderId) return { userId, endedAt };
  const isThatOne = abandonedAt !== undefined && Date.parse(abandonedAt) <= Date.parse(at) + CLOCK_DIFFERENCE;
  const until = [at, endedAt ?? '', isThatOne ? abandonedAt : ''].toSorted().at(-1) ?? at;
  const set = setFields({ endedAt: until, orderId, expiresAt: expiry() });
  const changed = await conditionalUpdate<Memory>(
    'SCHEDULE_TABLE',
    { ...cartIdKey(siteId, cartId) },
    {
      ...set,
      ConditionExpression: 'attribute_not_exists(endedAt) OR endedAt <= :endedAt',
    },
  );
  return { userId: changed?.userId ?? userId, endedAt: until };
}

/** An event that waits, and whom it is for. */
interface WaitingEvent {
  event: EventName;
  eventId: string;
  userIds: string[];
  content?: string | undefined;
  source?: Source | undefined;
  /** When it was reported, ISO 8601 in UTC with milliseconds. */
  at: string;
}

/** The event that waits, or those of a digest. They were validated when they were registered. */
export function eventsOfItem(item: Waiting): WaitingEvent[] {
  const { eventId, content, source, registeredAt, occurredAt } = item;
  const {
    digest,
    user,
    recipients = [],
  } = JSON.parse(item.event) as {
    digest?: EventName;
    user?: { id: string };
    recipients?: { id: string }[];
  };
  if (digest && user)
    return noticesOf(item).map(({ event, ...notice }) => ({
      ...{ event: digest, eventId: event.eventId, userIds: [user.id] },
      ...notice,
    }));
  const registered = { eventId, content, source, at: registeredAt ?? occurredAt };
  if (user) return [{ event: 'abandoned-cart', userIds: [user.id], ...registered }];
  const userIds = [...new Set(recipients.map(({ id }) => id))];
  return [{ event: 'activity-reminder', userIds, ...registered }];
}

/** Which message about a cart it waits for; absent: the first one, or no cart. */
export function laterStepOf({ cartId, occurrence }: Waiting): number | undefined {
  return cartId !== undefined && occurrence > 0 ? occurrence + 1 : undefined;
}

/** The notices of a digest, oldest first. */
export function noticesOf({ notices = {} }: Pick<Waiting, 'notices'>): StoredNotice[] {
  const parsed = Object.values(notices).map((json) => JSON.parse(json) as StoredNotice);
  const placeOf = ({ at, event }: StoredNotice) => `${at} ${event.eventId}`;
  return parsed.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
}

/** Items that may wait have keys between these two: `$` comes after `#`. Those of digests come right before the carts. */
const WAITING_KEYS = [
  ['bundle#', 'cart$'],
  ['reminder#', 'reminder$'],
] as const;

/** Items read by one request, and requests for one page. */
const WAITING_PAGE = 100;
const MAX_REQUESTS = 8;

/**
 * Items of a site that wait, in the order of their keys.
 *
 * @param from the first key; absent: from the beginning.
 * @returns `next`: where the next page begins; absent on the last page.
 * @throws ServiceUnreachableError
 */
export async function findWaiting(siteId: string, from = ''): Promise<{ items: Waiting[]; next?: string }> {
  const items: Waiting[] = [];
  let requests = 0;
  for (const [first, end] of WAITING_KEYS) {
    let begin: string | undefined = from > first ? from : first;
    while (begin !== undefined && begin < end) {
      if (items.length >= WAITING_PAGE || requests++ === MAX_REQUESTS) return { items, next: begin };
      const page = await readWaiting(siteId, begin, end);
      items.push(...page.items);
      begin = page.next;
    }
  }
  return { items };
}

async function readWaiting(siteId: string, begin: string, end: string) {
  const { items, next } = await queryPage<Waiting>('SCHEDULE_TABLE', {
    KeyConditionExpression: 'siteId = :siteId AND #key BETWEEN :begin AND :end',
    FilterExpression: 'attribute_exists(#shard)',
    ExpressionAttributeNames: { '#key': 'key', '#shard': 'shard' },
    ExpressionAttributeValues: { ':siteId': siteId, ':begin': begin, ':end': end },
    Limit: WAITING_PAGE,
  });
  // The last key that was read, and the one right after it.
  return { items, next: next && `${next.key}\0` };
}

/** The attributes of a waiting item in the index. */
export interface DueKey extends ScheduleKey {
  shard: string;
  dueAt: string;
}

/** A page of the items of a shard that are due by a given time. The index may lag behind the table. */
export function readDue(
  shard: string,
  until: string,
  limit: number,
  from?: Record<string, unknown>,
  order: 'oldest first' | 'newest first' = 'oldest first',
) {
  return queryPage<DueKey>('SCHEDULE_TABLE', {
    IndexName: 'by-due-time',
    KeyConditionExpression: '#shard = :shard AND dueAt <= :until',
    ExpressionAttributeNames: { '#shard': 'shard' },
    ExpressionAttributeValues: { ':shard': shard, ':until': until },
    Limit: limit,
    ScanIndexForward: order === 'oldest first',
    ...(from && { ExclusiveStartKey: from }),
  });
}

/** The condition that an item is as it was read: it waits for the same time, with the same recipients. */
function unlessChanged({ eventId, dueAt, occurrence, additions }: Waiting) {
  const isSame = 'eventId = :sameEventId AND dueAt = :sameDueAt AND occurrence = :sameOccurrence';
  const hasSame = additions === undefined ? 'attribute_not_exists(additions)' : 'additions = :sameAdditions';
  return {
    condition: `${isSame} AND ${hasSame}`,
    values: {
      ...{ ':sameEventId': eventId, ':sameDueAt': dueAt, ':sameOccurrence': occurrence },
      ...(additions !== undefined && { ':sameAdditions': additions }),
    },
  };
}

/** An item with its event: it waits, or a status has ended it. */
export type WithEvent = ScheduleItem & { event: string };

/**
 * Replaces the event of an item by the same event with further recipients. A poller that is dispatching the item does not
 * end it then: it dispatches it once more.
 *
 * @returns the item as it is now; `undefined` if it was changed since it was read.
 * @throws ServiceUnreachableError
 */
export async function replaceRecipients(item: WithEvent, event: string): Promise<WithEvent | undefined> {
  const additions = isWaiting(item) ? (item.additions ?? 0) + 1 : undefined;
  const set = setFields({ event, ...(additions !== undefined && { additions }) });
  const { condition, values } = isWaiting(item)
    ? unlessChanged(item)
    : {
        condition: 'eventId = :sameEventId AND attribute_not_exists(#shard)',
        values: { ':sameEventId': item.eventId },
      };
  const isWritten = await change(item, {
    ...set,
    ConditionExpression: `${condition} AND #event = :sameEvent`,
    ExpressionAttributeNames: {
      ...set.ExpressionAttributeNames,
      ...{ '#event': 'event', ...(!isWaiting(item) && { '#shard': 'shard' }) },
    },
    ExpressionAttributeValues: { ...set.ExpressionAttributeValues, ...values, ':sameEvent': item.event },
  });
  return isWritten ? { ...item, event, ...(additions !== undefined && { additions }) } : undefined;
}

/** Reschedules an item for its next date, unless it was replaced, dropped or rescheduled since it was read. */
export async function moveToNextOccurrence(
  item: Waiting,
  to: { dueAt: string; occurrence: number },
): Promise<void> {
  await recordAttempt(item, { ...to, ...NO_ATTEMPTS });
}

/**
 * Writes how a poller got on with an item, unless it was replaced, dropped or changed since it was read.
 *
 * @returns the changed item; `undefined` if nothing was written.
 */
export async function recordAttempt(
  item: Waiting,
  changes: Attempts & Partial<Pick<Waiting, 'dueAt' | 'occurrence'>>,
): Promise<Waiting | undefined> {
  const fields = setFields({ ...changes });
  const { condition, values } = unlessChanged(item);
  const isWritten = await change(item, {
    ...fields,
    ConditionExpression: condition,
    ExpressionAttributeValues: { ...fields.ExpressionAttributeValues, ...values },
  });
  return isWritten ? { ...item, ...changes } : undefined;
}

/** Ends the waiting of an item, dispatched or not, unless it was replaced since it was read. */
export async function finish(
  item: Waiting,
  ending: 'handed-over' | 'dropped' | 'not-sent' = 'handed-over',
): Promise<void> {
  const { notices } = item;
  const set = setFields({
    ...{ ending, ...NOT_WAITING, ...NO_ATTEMPTS, expiresAt: expiry() },
    ...(notices && { told: Object.keys(notices), expiresAt: expiry(DIGEST_REMEMBERED_SECONDS) }),
  });
  const { condition, values } = unlessChanged(item);
  await change(item, {
    ...set,
    ConditionExpression: condition,
    ExpressionAttributeValues: { ...set.ExpressionAttributeValues, ...values },
  });
}

/**
 * Ends the cart of a user if it was abandoned by a time.
 *
 * @param ended.cartId only the cart with this id.
 * @param ended.endedAt when it was ended. Times are ISO 8601 in UTC with milliseconds.
 * @returns the item as it was, if it waited until now.
 * @throws ServiceUnreachableError
 */
export async function endCartOf(
  siteId: string,
  userId: string,
  { abandonedUntil, endedAt, cartId }: { abandonedUntil: string; endedAt: string; cartId?: string },
): Promise<Waiting | undefined> {
  const set = setFields({ endedAt, ending: 'dropped', expiresAt: expiry(), ...NOT_WAITING, ...NO_ATTEMPTS });
  const isThatCart = cartId === undefined ? '' : ' AND cartId = :cartId';
  const before = await conditionalUpdate<ScheduleItem>(
    'SCHEDULE_TABLE',
    { ...cartKey(siteId, userId) },
    {
      ...set,
      ConditionExpression: `occurredAt <= :abandonedUntil${isThatCart}`,
      ExpressionAttributeValues: {
        ...set.ExpressionAttributeValues,
        ...{ ':abandonedUntil': abandonedUntil, ...(cartId !== undefined && { ':cartId': cartId }) },
      },
      ReturnValues: 'ALL_OLD',
    },
  );
  return isWaiting(before) ? before : undefined;
}

/** Whether nobody has to be reminded of an activity any more, or people have to again; or neither. */
export type StatusEffect = 'ends' | 'opens' | undefined;

/** A status of an order or an activity. */
export interface StatusNews extends ScheduleKey {
  eventId: string;
  /** When it was entered, ISO 8601 in UTC with milliseconds. */
  at: string;
  /** The hash of what the event says. */
  content: string;
  /** Only for an order. */
  orderedAt?: string;
  /**
   * Only for an order, and noted where nobody has heard of it before: this event tells the staff of it, or they are still
   * to be told.
   */
  first?: 'told' | 'untold' | undefined;
  /** Only for an activity: its date, as `dateName` writes it, and what the status means for its reminders. */
  activity?: { date: string; effect: StatusEffect };
}

/** What became of a status. */
export interface ToldStatus {
  /** A newer one is known. */
  isSuperseded: boolean;
  /** The reminder that it has ended, as it waited until now. */
  ended?: Waiting | undefined;
}

/**
 * Remembers the latest status of an order or an activity, and ends the reminder of an activity that is over: of one that
 * recurs, only that of the named date. A later status takes an end by a status back.
 *
 * @param read the item as it was read.
 * @throws ServiceUnreachableError
 */
export async function rememberStatus(news: StatusNews, read: ScheduleItem | undefined): Promise<ToldStatus> {
  const { siteId, key, at, eventId, content, activity } = news;
  let stored = read;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const isSuperseded = statusTime(stored, activity?.date) > at;
    const isLatest = (stored?.statusAt ?? '') <= at;
    const isLatestOfDate = activity !== undefined && dateSaidAt(stored, activity.date) <= at;
    // Whether the activity recurs, and the date counts for itself, may turn out later.
    if (!isLatest && !isLatestOfDate) return { isSuperseded: true };
    const whole = isLatest ? effectOf(news, stored) : NO_EFFECT;
    const ofDate = isLatestOfDate ? effectOnDate(activity, at) : NO_EFFECT;
    const told = { [toldName(eventId)]: { at, content } satisfies Told };
    const changed = {
      ...(!isWaiting(stored) && !whole.isRevived && { expiresAt: expiry() }),
      ...{ ...whole.set, ...ofDate.set, ...told },
    };
    const removed = [...forgettable(stored), ...whole.remove, ...ofDate.remove];
    // No name may be set and removed in one update, or be named twice.
    const forgotten = new Set(removed.filter((name) => !(name in changed)));
    const update = expressionOf(changed, [...forgotten]);
    const saidName = `${SAID_DATE}${activity?.date}`;
    const before = await conditionalUpdate<ScheduleItem>(
      'SCHEDULE_TABLE',
      { siteId, key },
      {
        ...update,
        ConditionExpression: [
          isWaiting(stored) ? 'attribute_exists(#shard)' : 'attribute_not_exists(#shard)',
          stored?.eventId === undefined ? 'attribute_not_exists(eventId)' : 'eventId = :same',
          ...(isLatest ? ['(attribute_not_exists(statusAt) OR statusAt <= :at)'] : []),
          ...(isLatestOfDate ? ['(attribute_not_exists(#said) OR #said <= :at)'] : []),
          ...(whole.isRevived ? ['attribute_exists(#event)'] : []),
        ].join(' AND '),
        ExpressionAttributeNames: {
          ...update.ExpressionAttributeNames,
          '#shard': 'shard',
          ...(isLatestOfDate && { '#said': saidName }),
          ...(whole.isRevived && { '#event': 'event' }),
        },
        ExpressionAttributeValues: {
          ...update.ExpressionAttributeValues,
          ':at': at,
          ...(stored?.eventId !== undefined && { ':same': stored.eventId }),
        },
        ReturnValues: 'ALL_OLD',
      },
    );
    if (before) return { isSuperseded, ...(whole.isEnd && isWaiting(before) && { ended: before }) };
    stored = await readScheduled({ siteId, key });
  }
  throw changedByOthers('What is known of an activity');
}

/** An earlier status of an order is told late: the order was made then. @throws ServiceUnreachableError */
export async function rememberOrderedAt(key: ScheduleKey, at: string): Promise<void> {
  await change(key, {
    UpdateExpression: 'SET orderedAt = :at',
    ConditionExpression: 'orderedAt > :at',
    ExpressionAttributeValues: { ':at': at },
  });
}

/** Whether nobody has been told of an order since its site was off. */
export function isUntold(item: Memory | undefined): boolean {
  return item?.isUntold === true && item.firstEventId === undefined;
}

/**
 * A status of such an order is accepted: no later one is the first.
 *
 * @param firstEventId the event that tells the staff; absent where nobody is to be told any more.
 * @throws ServiceUnreachableError
 */
export async function endUntold(key: ScheduleKey, firstEventId: string | undefined): Promise<void> {
  await change(key, {
    UpdateExpression: `${firstEventId === undefined ? '' : 'SET firstEventId = :first '}REMOVE isUntold`,
    ConditionExpression: 'attribute_exists(isUntold)',
    ...(firstEventId !== undefined && { ExpressionAttributeValues: { ':first': firstEventId } }),
  });
}

/** What a status changes besides what it told. */
interface Effect {
  set: Record<string, unknown>;
  remove: string[];
  /** What waited is ended; or what was ended waits again. */
  isEnd?: boolean;
  isRevived?: boolean;
}

const NO_EFFECT: Effect = { set: {}, remove: [] };

/** What the latest status of an order or an activity changes for all of it. */
function effectOf(
  { siteId, key, at, activity, orderedAt, eventId, first }: StatusNews,
  stored: ScheduleItem | undefined,
): Effect {
  const noted = first === 'told' ? { firstEventId: eventId } : { isUntold: true };
  const latest: Effect = {
    set: { statusAt: at, ...(orderedAt && { orderedAt }), ...(first && stored === undefined && noted) },
    remove: [],
  };
  if (activity?.effect === 'opens') {
    const opened = { set: { ...latest.set, openedAt: at }, remove: ['endedAt', 'endedDate'] };
    if (isWaiting(stored) || stored?.ending !== 'dropped' || stored.wasDueAt === undefined) return opened;
    const waits = { shard: shardOf('reminder', { siteId, key }), dueAt: stored.wasDueAt };
    return {
      set: { ...opened.set, ...waits },
      remove: [...opened.remove, 'wasDueAt', 'ending', 'expiresAt'],
      isRevived: true,
    };
  }
  if (activity?.effect !== 'ends' || isSeries(stored)) return latest;
  const ended = { ...latest.set, endedAt: at };
  if (stored?.eventId === undefined) return { set: { ...ended, endedDate: activity.date }, remove: [] };
  // A reminder that was registered later, as it says itself, stays.
  const isNewer = stored.isDated && stored.occurredAt !== undefined && stored.occurredAt > at;
  if (!isWaiting(stored) || isNewer) return { set: ended, remove: ['endedDate'] };
  const kept = { wasDueAt: stored.dueAt, ending: 'dropped', expiresAt: expiry() };
  return {
    set: { ...ended, ...kept },
    remove: [...Object.keys(NO_ATTEMPTS), 'shard', 'dueAt', 'endedDate'],
    isEnd: true,
  };
}

/** What the latest status of a date of an activity changes for that date. */
function effectOnDate({ date, effect }: NonNullable<StatusNews['activity']>, at: string): Effect {
  const overDate = `${OVER_DATE}${date}`;
  return {
    set: { [`${SAID_DATE}${date}`]: at, ...(effect === 'ends' && { [overDate]: at }) },
    remove: effect === 'opens' ? [overDate] : [],
  };
}

/** The former release has not written it. */
function isRecurring(item: ScheduleItem): boolean {
  if (item.series !== undefined || !isWaiting(item)) return item.isRecurring === true;
  return (JSON.parse(item.event) as { recurrence?: object }).recurrence !== undefined;
}

/** The update expression that sets and removes attributes of any names. */
function expressionOf(set: Record<string, unknown>, remove: string[]) {
  const sets = Object.entries(set);
  const names = [...sets.map(([name]) => name), ...remove];
  const places = new Map(names.map((name, index) => [name, `#n${index}`]));
  const assignments = sets.map(([name], index) => {
    const place = places.get(name);
    // What an event told first counts: a repetition has no other time.
    return name.startsWith(TOLD) ? `${place} = if_not_exists(${place}, :v${index})` : `${place} = :v${index}`;
  });
  const removals = remove.map((name) => places.get(name));
  return {
    UpdateExpression: `SET ${assignments.join(', ')}${removals.length > 0 ? ` REMOVE ${removals.join(', ')}` : ''}`,
    ExpressionAttributeNames: Object.fromEntries([...places].map(([name, place]) => [place, name])),
    ExpressionAttributeValues: Object.fromEntries(sets.map(([, value], index) => [`:v${index}`, value])),
  };
}

/** Something is withdrawn that is registered, or will be. */
export interface Withdrawal extends ScheduleKey {
  /** When, ISO 8601 in UTC with milliseconds. */
  at: string;
  /**
   * For so long (milliseconds) an event that does not say when it happened is taken to be the one that was meant: where
   * something is registered, and where nothing is.
   */
  meantFor: { registered: number; unknown: number };
}

/**
 * Withdraws what is registered under a key, and what happened before and is registered later.
 *
 * @returns the item as it was, if it waited until now.
 * @throws ServiceUnreachableError
 */
export async function withdraw({ siteId, key, at, meantFor }: Withdrawal): Promise<Waiting | undefined> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const stored = await readScheduled({ siteId, key });
    const isRegistered = stored?.eventId !== undefined;
    const meant = isRegistered ? meantFor.registered : meantFor.unknown;
    const undatedFrom = new Date(Date.parse(at) + meant).toISOString();
    const set = setFields({
      ...{ withdrawnAt: at, undatedFrom, expiresAt: expiry() },
      ...(stored?.event !== undefined && { ending: 'dropped', ...NOT_WAITING, ...NO_ATTEMPTS }),
    });
    const before = await conditionalUpdate<ScheduleItem>(
      'SCHEDULE_TABLE',
      { siteId, key },
      {
        ...set,
        ConditionExpression: isRegistered ? 'eventId = :sameEventId' : 'attribute_not_exists(eventId)',
        ExpressionAttributeValues: {
          ...set.ExpressionAttributeValues,
          ...(isRegistered && { ':sameEventId': stored?.eventId }),
        },
        ReturnValues: 'ALL_OLD',
      },
    );
    if (before) return isWaiting(before) ? before : undefined;
  }
  throw changedByOthers('What is withdrawn');
}

/**
 * Withdraws one date of an activity, registered or not.
 *
 * @param date as `dateName` writes it.
 * @param at ISO 8601 in UTC with milliseconds.
 * @returns what is registered, as it was read before.
 * @throws ServiceUnreachableError
 */
export async function withdrawDate(
  { siteId, key }: ScheduleKey,
  date: string,
  at: string,
): Promise<ScheduleItem | undefined> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const stored = await readScheduled({ siteId, key });
    const isStillWaiting = isWaiting(stored);
    const set = { [`${WITHDRAWN_DATE}${date}`]: at, ...(!isStillWaiting && { expiresAt: expiry() }) };
    const update = expressionOf(set, forgettable(stored));
    const isWritten = await change(
      { siteId, key },
      {
        ...update,
        ConditionExpression: isStillWaiting ? 'attribute_exists(#shard)' : 'attribute_not_exists(#shard)',
        ExpressionAttributeNames: { ...update.ExpressionAttributeNames, '#shard': 'shard' },
      },
    );
    if (isWritten) return stored;
  }
  throw changedByOthers('What is known of an activity');
}

/** @returns `false` if the condition was false: the change is no longer wanted. */
async function change({ siteId, key }: ScheduleKey, wanted: Change): Promise<boolean> {
  const request = { ...wanted, ReturnValues: 'NONE' as const };
  return (await conditionalUpdate('SCHEDULE_TABLE', { siteId, key }, request)) !== undefined;
}

/** In seconds since 1970, the unit of DynamoDB's time to live. */
function expiry(seconds = REMEMBERED_SECONDS): number {
  return Math.floor(Date.now() / 1000) + seconds;
}
