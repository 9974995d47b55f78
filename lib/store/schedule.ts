import { createHash } from 'node:crypto';
import { type Change, conditionalUpdate, getItem, queryPage, setFields } from '../aws/dynamodb.ts';
import { changedByOthers, MAX_ROUNDS } from './rounds.ts';

/*
 * What waits for its time (carts and reminders), and what was said last of orders, carts and activities. Both stand in one
 * item for each of them: so one update remembers what ends a reminder, and ends it.
 */

/** The kinds of scheduled items. Each kind has its own poller, which reads the shards of this kind only. */
export type ScheduleKind = 'cart' | 'reminder';

/** The number of partitions of the index for the waiting items of a kind. Each takes 1,000 writes a second. */
export const SHARDS = 8;

/** What no longer waits is remembered as long as a delivery: a repeated or late event has no effect. */
const REMEMBERED_SECONDS = 90 * 24 * 3600;

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
  /** Only for a reminder whose time had passed at its registration: the date that was dispatched at once. */
  lateOccurrence?: number | undefined;
  /** The events that were registered here before, newest first: whose place was taken does not come back. */
  replacedEvents?: Replaced[] | undefined;
  /** Why it no longer waits. `handed-over`: it was dispatched. */
  ending?: 'handed-over' | 'dropped' | 'past';
}

/** An event that was registered, and the hash of what it said. */
type Replaced = Pick<Registration, 'eventId' | 'content'>;

/** How an event came here. */
export type Source = 'https' | 'sqs';

/** What is remembered under a key, besides what is registered there. Times as those of a registration. */
export interface Memory {
  /** The time of the latest status of an order or an activity. */
  statusAt?: string | undefined;
  /** The time of the first status of an order: when it was ordered, as far as is known. */
  orderedAt?: string | undefined;
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
}

/** An event that told a status, in an attribute of its own: see `toldName`. */
export interface Told {
  at: string;
  content: string;
  /** The date of the activity, as `dateName` writes it. The former release has not written it. */
  date?: string | undefined;
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
}

/** Something registered that does not wait (any more), or only what is remembered. */
export type ScheduleItem =
  | Waiting
  | (ScheduleKey & Partial<Registration> & Memory & { shard?: never; dueAt?: never });

/** Whether it still waits for its time. */
export function isWaiting(item: ScheduleItem | undefined): item is Waiting {
  return item?.shard !== undefined;
}

/** The item, if it was registered by this event. */
export function ofEvent(eventId: string, item: ScheduleItem | undefined): ScheduleItem[] {
  return item?.eventId === eventId ? [item] : [];
}

/** So many of the events are remembered that were registered under a key before: they are repeated soon, if at all. */
const MOST_REPLACED = 5;

/** The events that this one has replaced, or will replace. @param before what is registered. */
export function replacedBy(eventId: string, before: ScheduleItem | undefined): Replaced[] | undefined {
  const { eventId: present, content, replacedEvents = [] } = before ?? {};
  const isAnother = present !== undefined && present !== eventId;
  const replaced = isAnother ? [{ eventId: present, content }, ...replacedEvents] : replacedEvents;
  return replaced.length > 0 ? replaced.slice(0, MOST_REPLACED) : undefined;
}

/** What an event has registered, if another one has taken its place since: it is only reported once more. */
export function replacedOf(eventId: string, before: ScheduleItem | undefined): Replaced[] {
  if (before?.eventId === eventId) return [];
  return (before?.replacedEvents ?? []).filter((replaced) => replaced.eventId === eventId);
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
const WITHDRAWN_DATE = 'withdrawn#';
const OVER_DATE = 'over#';
/** So many events, and dates that are off, are remembered of one order or activity; then the older half is forgotten. */
const MOST_TOLD = 60;
const MOST_DATES = 500;

/** What an event told of this order or activity, if it is remembered. */
export function toldBy(item: ScheduleItem | undefined, eventId: string): Told | undefined {
  return attributesOf<Told>(item)[toldName(eventId)];
}

function toldName(eventId: string): string {
  return `${TOLD}${createHash('sha256').update(eventId).digest().subarray(0, 12).toString('base64url')}`;
}

/**
 * Whether one date of an activity was withdrawn, or is over. Of an activity that does not recur, `endedAt` says when it was
 * over: it may have been registered anew since.
 *
 * @param names the date, as `dateName` writes it, or its day.
 */
export function isDateOff(item: ScheduleItem | undefined, names: string[], recurs: boolean): boolean {
  const attributes = attributesOf<string>(item);
  const kinds = recurs ? [WITHDRAWN_DATE, OVER_DATE] : [WITHDRAWN_DATE];
  return names.some((name) => kinds.some((kind) => attributes[`${kind}${name}`] !== undefined));
}

/** The attributes whose names come from the data. */
function attributesOf<Value>(item: ScheduleItem | undefined): Record<string, Value> {
  return (item ?? {}) as unknown as Record<string, Value>;
}

/** What is forgotten of an item that has grown: the older half of its events, and of the dates that are off. */
function forgettable(item: ScheduleItem | undefined): string[] {
  const told = toldIn(item);
  const byTime = told.toSorted(([, one], [, other]) => (one.at < other.at ? -1 : 1)).map(([name]) => name);
  // In the order of their dates.
  const dates = namesOfDates(item).toSorted((one, other) => (dateIn(one) < dateIn(other) ? -1 : 1));
  return [...olderHalf(byTime, MOST_TOLD), ...olderHalf(dates, MOST_DATES)];
}

function toldIn(item: ScheduleItem | undefined): [name: string, told: Told][] {
  return Object.entries(attributesOf<Told>(item)).filter(([name]) => name.startsWith(TOLD));
}

function olderHalf(oldestFirst: string[], most: number): string[] {
  return oldestFirst.length < most ? [] : oldestFirst.slice(0, most / 2);
}

function namesOfDates(item: ScheduleItem | undefined): string[] {
  const names = Object.keys(item ?? {});
  return names.filter((name) => name.startsWith(WITHDRAWN_DATE) || name.startsWith(OVER_DATE));
}

function dateIn(name: string): string {
  return name.slice(name.indexOf('#') + 1);
}

const NO_ATTEMPTS: { [Name in keyof Required<Attempts>]: undefined } = {
  attempts: undefined,
  failure: undefined,
  scheduledFor: undefined,
  progress: undefined,
};

/** What only a waiting item has. Without its shard it is not in the index; the event holds personal data. */
const NOT_WAITING = { shard: undefined, dueAt: undefined, event: undefined, occurrence: undefined };

/** What the registration before may have had, and a new one may lack. */
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
  /** The attributes of what was said of the dates of an activity that has other dates now. */
  forgotten?: string[];
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
  item: Waiting | Registration,
  { now, endedBefore, forgotten = [] }: RegisteredAt,
): Promise<{ stored: ScheduleItem; isNew: boolean; replaced?: Waiting | undefined }> {
  const { siteId, key, ...fields } = item;
  const { occurredAt, eventId, isDated, isRecurring } = item;
  const gone = Object.fromEntries(forgotten.map((name, index) => [`#gone${index}`, name]));
  const set = setFields({
    ...{ ...NOT_REGISTERED, ...NOT_WAITING, ...NO_ATTEMPTS, ...fields },
    expiresAt: 'shard' in item ? undefined : expiry(),
  });
  const isNewest = 'attribute_not_exists(occurredAt) OR (occurredAt <= :occurredAt AND eventId <> :eventId)';
  const isNotOver = [
    'attribute_not_exists(endedAt)',
    ...(endedBefore ? ['endedAt < :endedBefore'] : []),
    ...(isRecurring ? ['attribute_exists(endedDate)'] : []),
  ].join(' OR ');
  const isNewer = isDated ? 'withdrawnAt < :occurredAt' : 'undatedFrom <= :now';
  const wanted: Change = {
    UpdateExpression: [set.UpdateExpression, ...Object.keys(gone)].join(', '),
    ConditionExpression: `(${isNewest}) AND (${isNotOver}) AND (attribute_not_exists(withdrawnAt) OR ${isNewer})`,
    ExpressionAttributeNames: { ...set.ExpressionAttributeNames, ...gone },
    ExpressionAttributeValues: {
      ...set.ExpressionAttributeValues,
      ...{ ':occurredAt': occurredAt, ':eventId': eventId },
      ...(endedBefore && { ':endedBefore': endedBefore }),
      ...(!isDated && { ':now': now }),
    },
    ReturnValues: 'ALL_OLD',
  };
  for (;;) {
    const before = await conditionalUpdate<ScheduleItem>('SCHEDULE_TABLE', { siteId, key }, wanted);
    if (before) return { stored: item, isNew: true, replaced: isWaiting(before) ? before : undefined };
    const stored = await readScheduled({ siteId, key });
    // If it is gone since the write, DynamoDB has removed an expired item, and the new one can be written.
    if (stored) return { stored, isNew: false };
  }
}

async function readScheduled({ siteId, key }: ScheduleKey): Promise<ScheduleItem | undefined> {
  return getItem<ScheduleItem>('SCHEDULE_TABLE', { siteId, key });
}

/** The attributes of what was said of single dates of an activity. */
export function sayingsOfDates(item: ScheduleItem | undefined): string[] {
  return [...namesOfDates(item), ...(item?.endedDate === undefined ? [] : ['endedAt', 'endedDate'])];
}

/**
 * Records whose a cart is, so that an order made from the cart finds it, even if another user holds the order.
 *
 * @returns what is remembered of the cart.
 * @throws ServiceUnreachableError
 */
export async function rememberCart(
  siteId: string,
  cartId: string,
  { userId, abandonedAt }: { userId: string; abandonedAt: string },
): Promise<Memory> {
  const changed = await conditionalUpdate<Memory>(
    'SCHEDULE_TABLE',
    { ...cartIdKey(siteId, cartId) },
    {
      ...setFields({ userId, abandonedAt, expiresAt: expiry() }),
    },
  );
  return changed ?? {};
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

/** Whom a waiting item is for. The event was validated when it was registered. */
export function eventOfItem({ event }: Waiting): {
  event: 'abandoned-cart' | 'activity-reminder';
  userIds: string[];
} {
  const { user, recipients = [] } = JSON.parse(event) as {
    user?: { id: string };
    recipients?: { id: string }[];
  };
  if (user) return { event: 'abandoned-cart', userIds: [user.id] };
  return { event: 'activity-reminder', userIds: [...new Set(recipients.map(({ id }) => id))] };
}

/** Items that may wait have keys between these two: `$` comes after `#`. */
const WAITING_KEYS = [
  ['cart#', 'cart$'],
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

const isSameWaiting = 'eventId = :sameEventId AND dueAt = :sameDueAt AND occurrence = :sameOccurrence';
const valuesOf = ({ eventId, dueAt, occurrence }: Waiting) => ({
  ':sameEventId': eventId,
  ':sameDueAt': dueAt,
  ':sameOccurrence': occurrence,
});

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
  const isWritten = await change(item, {
    ...fields,
    ConditionExpression: isSameWaiting,
    ExpressionAttributeValues: { ...fields.ExpressionAttributeValues, ...valuesOf(item) },
  });
  return isWritten ? { ...item, ...changes } : undefined;
}

/** Ends the waiting of a dispatched item, unless it was replaced since it was read. */
export async function finish(item: Waiting): Promise<void> {
  const set = setFields({ ending: 'handed-over', expiresAt: expiry(), ...NOT_WAITING, ...NO_ATTEMPTS });
  await change(item, {
    ...set,
    ConditionExpression: isSameWaiting,
    ExpressionAttributeValues: { ...set.ExpressionAttributeValues, ...valuesOf(item) },
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

/** A status of an order or an activity. */
export interface StatusNews extends ScheduleKey {
  eventId: string;
  /** When it was entered, ISO 8601 in UTC with milliseconds. */
  at: string;
  /** The hash of what the event says. */
  content: string;
  /** Only for an order. */
  orderedAt?: string;
  /** Only for an activity: its date, as `dateName` writes it, and whether nobody has to be reminded of it any more. */
  activity?: { date: string; isOver: boolean };
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
    const { statusAt = '' } = stored ?? {};
    const isSuperseded = statusAt > at;
    const effect = isSuperseded ? effectOfOlder(news, stored) : effectOf(news, stored);
    if (!effect) return { isSuperseded };
    const { set, remove, ends } = effect;
    const told: Told = { at, content, ...(activity && { date: activity.date }) };
    const changed = { ...(!isSuperseded && { statusAt: at }), ...set, [toldName(eventId)]: told };
    // No name may be set and removed in one update, or be named twice.
    const forgotten = new Set([...forgettable(stored), ...remove].filter((name) => !(name in changed)));
    const update = expressionOf(changed, [...forgotten]);
    const wasWaiting = isWaiting(stored);
    const before = await conditionalUpdate<ScheduleItem>(
      'SCHEDULE_TABLE',
      { siteId, key },
      {
        ...update,
        ConditionExpression: `${isSuperseded ? 'statusAt = :at' : '(attribute_not_exists(statusAt) OR statusAt <= :at)'} AND ${
          wasWaiting ? 'attribute_exists(#shard) AND eventId = :same' : 'attribute_not_exists(#shard)'
        }`,
        ExpressionAttributeNames: { ...update.ExpressionAttributeNames, '#shard': 'shard' },
        ExpressionAttributeValues: {
          ...update.ExpressionAttributeValues,
          ':at': isSuperseded ? statusAt : at,
          ...(wasWaiting && { ':same': stored?.eventId }),
        },
        ReturnValues: 'ALL_OLD',
      },
    );
    if (before) return { isSuperseded, ...(ends && isWaiting(before) && { ended: before }) };
    stored = await readScheduled({ siteId, key });
  }
  throw changedByOthers('What is known of an activity');
}

/** What a status changes besides the time of the latest one. */
function effectOf({ at, activity, orderedAt }: StatusNews, stored: ScheduleItem | undefined) {
  const expiring = { ...(!isWaiting(stored) && { expiresAt: expiry() }), ...(orderedAt && { orderedAt }) };
  const none = { set: expiring, remove: [] as string[], ends: false };
  if (!activity) return none;
  const { date, isOver } = activity;
  const overDate = `${OVER_DATE}${date}`;
  if (!isOver) return { ...none, remove: ['endedAt', 'endedDate', overDate] };
  if (stored?.eventId === undefined)
    return { ...none, set: { ...expiring, endedAt: at, endedDate: date, [overDate]: at } };
  if (isRecurring(stored)) return { ...none, set: { ...expiring, [overDate]: at } };
  const gone = Object.keys({ ...NOT_WAITING, ...NO_ATTEMPTS });
  // It was said after the registration, whatever the clocks say; a status that is older than another one is not told.
  const { occurredAt = at } = stored;
  const endedAt = occurredAt > at ? occurredAt : at;
  const ended = { endedAt, expiresAt: expiry(), ...(isWaiting(stored) && { ending: 'dropped' }) };
  return { set: ended, remove: [...gone, 'endedDate'], ends: true };
}

/**
 * What a status changes that is older than the latest one. That may be the status of another date of the series: so of its own
 * date it holds, unless a newer one of that date is known.
 */
function effectOfOlder({ at, activity }: StatusNews, stored: ScheduleItem | undefined) {
  if (!activity || stored?.eventId === undefined || !isRecurring(stored)) return undefined;
  const { date, isOver } = activity;
  const isKnown = toldIn(stored).some(([, told]) => told.at > at && (told.date ?? date) === date);
  if (isKnown || isOver === isDateOff(stored, [date], true)) return undefined;
  const overDate = `${OVER_DATE}${date}`;
  const expiring = { ...(!isWaiting(stored) && { expiresAt: expiry() }) };
  return {
    set: { ...expiring, ...(isOver && { [overDate]: at }) },
    remove: isOver ? [] : [overDate],
    ends: false,
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
      ...(isWaiting(stored) && { ending: 'dropped', ...NOT_WAITING, ...NO_ATTEMPTS }),
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
 * @throws ServiceUnreachableError
 */
export async function withdrawDate({ siteId, key }: ScheduleKey, date: string, at: string): Promise<void> {
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
    if (isWritten) return;
  }
  throw changedByOthers('What is known of an activity');
}

/** @returns `false` if the condition was false: the change is no longer wanted. */
async function change({ siteId, key }: ScheduleKey, wanted: Change): Promise<boolean> {
  const request = { ...wanted, ReturnValues: 'NONE' as const };
  return (await conditionalUpdate('SCHEDULE_TABLE', { siteId, key }, request)) !== undefined;
}

/** In seconds since 1970, the unit of DynamoDB's time to live. */
function expiry(): number {
  return Math.floor(Date.now() / 1000) + REMEMBERED_SECONDS;
}
