/** What is still to come: carts, reminders and collected notices that wait for their time, and messages that wait for their turn. */
import { nameOf, usersOf } from '../deliveries/log-lines.ts';
import {
  DEFAULT_LIMIT,
  type LogParameters,
  readScheduledCursor,
  type SchedulePlace,
  toScheduledCursor,
} from '../deliveries/log-parameters.ts';
import type { Notification } from '../deliveries/notification.ts';
import { deliveryIdOf } from '../domain/ids.ts';
import type { Sentence } from '../domain/sentence.ts';
import { deliveryWords } from '../i18n/delivery-words.ts';
import { type Delivery, findDeliveries, type WaitReason } from '../store/deliveries.ts';
import { type Lane, readLane } from '../store/lanes.ts';
import { findWaiting, laterStepOf, type Waiting } from '../store/schedule.ts';
import type { Site } from '../store/sites.ts';
import { isForErased } from '../store/user.ts';
import { findHolderAt } from '../store/users.ts';
import { listWaiting, type WaitingMessage } from '../store/waiting.ts';
import { dueToCome } from './reminders.ts';

/** Somebody who is going to get a message. */
export interface ScheduledView {
  kind: 'cart' | 'reminder' | 'digest' | 'message';
  event: string;
  eventId: string;
  /** Of the cart, the activity, or the delivery; of a digest that of its first notice. */
  id: string;
  userId: string;
  /** The present name; where none is stored, that of the event. */
  userName?: string;
  templateName?: string;
  /** When it is due, or looked at again: ISO 8601. */
  dueAt: string;
  /** `cart`: which message about it this is; absent: the first. */
  step?: number;
  /** `cart`. */
  itemCount?: number;
  total?: { amount: string; currency: string };
  /** `reminder`: the activity's subject and date. */
  subject?: string;
  date?: string;
  /** `digest`: the folder, and how many notices there are by now. */
  folder?: string;
  notices?: number;
  /** `message`: why it waits. */
  reason?: WaitReason;
  /** What it waits for, and what the merchant can do, in Italian and English. */
  message: Sentence;
}

export interface ScheduledList {
  scheduled: ScheduledView[];
  /** Absent on the last page. */
  cursor?: string;
}

type Wanted = Pick<LogParameters, 'userId' | 'event' | 'cursor' | 'limit'>;

/** A line before the names are read, and since when it is there. */
type Line = ScheduledView & { since: string; place: SchedulePlace };

/**
 * A page: first the digests and the carts, then the reminders, then the messages. It may have fewer lines than `limit`, or none, and there
 * may still be a next one.
 *
 * @throws HttpProblem 400 where the cursor is wrong; ServiceUnreachableError
 */
export async function scheduledList(site: Site, wanted: Wanted, now = Date.now()): Promise<ScheduledList> {
  const { cursor, userId, event } = wanted;
  const limit = wanted.limit === undefined ? DEFAULT_LIMIT : Number(wanted.limit);
  const after = cursor === undefined ? undefined : readScheduledCursor(cursor, true);
  const isMeant = (line: Line) =>
    (userId === undefined || line.userId === userId) && (event === undefined || line.event === event);
  const items = isAmongMessages(after) ? { lines: [], next: after } : await itemsAfter(site, after, now);
  const meant = items.lines.filter(isMeant);
  let rest = meant[limit]?.place ?? items.next;
  // Where the items end, the messages follow on the same page.
  if (meant.length < limit && isAmongMessages(rest)) {
    const messages = await messagesAfter(site, rest, limit - meant.length);
    meant.push(...messages.lines.filter(isMeant));
    rest = messages.next;
  }
  return {
    scheduled: await withNames(meant.slice(0, limit), site),
    ...(rest && { cursor: toScheduledCursor(rest) }),
  };
}

/** Where the messages begin. */
const FIRST_MESSAGE: SchedulePlace = { key: 'm#', people: 0 };

function isAmongMessages(place: SchedulePlace | undefined): place is SchedulePlace {
  return place !== undefined && /^[mp]#/.test(place.key);
}

interface Lines {
  lines: Line[];
  next?: SchedulePlace | undefined;
}

async function itemsAfter(site: Site, after: SchedulePlace | undefined, now: number): Promise<Lines> {
  const { items, next } = await findWaiting(site.siteId, after?.key);
  const lines = items.flatMap((item) => {
    const skipped = after !== undefined && item.key === after.key ? after.people : 0;
    return linesOf(item, site, now).filter(({ place }) => place.people >= skipped);
  });
  return { lines, next: next === undefined ? FIRST_MESSAGE : { key: next, people: 0 } };
}

interface StoredPerson {
  id: string;
  firstName?: string;
  lastName?: string;
  companyName?: string;
}

/** What is shown of a stored event. */
interface StoredEvent {
  digest?: string;
  cart?: { id: string; itemCount?: number; total?: { amount: string; currency: string } };
  user?: StoredPerson;
  activity?: { id: string; subject?: string; date?: string };
  recipients?: StoredPerson[];
}

function linesOf(item: Waiting, site: Site, now: number): Line[] {
  const { key, eventId, registeredAt, occurredAt, dueAt: nextAttemptAt, scheduledFor = nextAttemptAt } = item;
  const { digest, cart, user, activity, recipients = [] } = JSON.parse(item.event) as StoredEvent;
  if (digest && user) return [digestLine(item, digest, user)];
  const dueAt = user ? scheduledFor : dueToCome(item, site, now);
  if (dueAt === undefined) return [];
  const event = user ? 'abandoned-cart' : 'activity-reminder';
  const step = laterStepOf(item);
  const people = new Map((user ? [user] : recipients).map((person) => [person.id, person]));
  return [...people.values()].map((person, index) => ({
    kind: user ? 'cart' : 'reminder',
    ...{ event, eventId, userId: person.id, dueAt },
    id: (cart ?? activity)?.id ?? '',
    ...(nameOf(person) && { userName: nameOf(person) }),
    ...(step !== undefined && { step }),
    ...(cart?.itemCount !== undefined && { itemCount: cart.itemCount }),
    ...(cart?.total && { total: cart.total }),
    ...(activity?.subject !== undefined && { subject: activity.subject }),
    ...(activity?.date !== undefined && { date: activity.date }),
    message: deliveryWords({ status: 'scheduled', event }),
    since: registeredAt ?? occurredAt,
    place: { key, people: index },
  }));
}

function digestLine(item: Waiting, event: string, person: StoredPerson): Line {
  const { siteId, key, eventId, dueAt, scheduledFor = dueAt, folder, additions, templateId = '' } = item;
  const userId = person.id;
  return {
    ...{ kind: 'digest', event, eventId, userId, dueAt: scheduledFor },
    id: deliveryIdOf({ siteId, eventId, templateId, userId }),
    ...(nameOf(person) && { userName: nameOf(person) }),
    // Replaced by the name of the template.
    templateName: templateId,
    ...(folder !== undefined && { folder }),
    ...(additions !== undefined && { notices: additions }),
    message: deliveryWords({ status: 'scheduled', event }),
    since: item.occurredAt,
    place: { key, people: 0 },
  };
}

async function messagesAfter(site: Site, after: SchedulePlace, limit: number): Promise<Lines> {
  const { siteId } = site;
  // A place among the messages is the last one that was shown.
  const [{ messages, isLast }, lane] = await Promise.all([
    listWaiting(siteId, limit + 1, after.key),
    readLane(siteId),
  ]);
  const parsed = messages.map((message) => ({
    message,
    notification: JSON.parse(message.body) as Notification,
  }));
  const notifications = parsed.map(({ notification }) => notification);
  const [records, holders] = await Promise.all([
    findDeliveries(notifications),
    holdersOf(siteId, notifications),
  ]);
  const byId = new Map(records.map((record) => [record.deliveryId, record]));
  const lines = parsed.slice(0, limit).flatMap(({ message, notification }) => {
    const userId = holders.get(notification) ?? notification.userId;
    // Nobody gets a message that takes others back.
    return notification.takesBack ? [] : [messageLine(message, { ...notification, userId }, byId, lane)];
  });
  const last = messages.at(limit - 1);
  const hasMore = messages.length > limit || !isLast;
  return { lines, next: hasMore && last ? { key: last.key, people: 0 } : undefined };
}

/** The ids that the people of messages have now, where they were renamed since. */
async function holdersOf(siteId: string, notifications: Notification[]): Promise<Map<Notification, string>> {
  const users = await usersOf(
    siteId,
    notifications.map(({ userId }) => userId),
  );
  const holders = new Map<Notification, string>();
  for (const notification of notifications) {
    const { userId, acceptedAt } = notification;
    const user = users.get(userId);
    if (!user?.renamed) continue;
    const holder = await findHolderAt({ siteId, userId }, acceptedAt, user);
    if (holder) holders.set(notification, holder.userId);
  }
  return holders;
}

function messageLine(
  { key }: WaitingMessage,
  { event, eventId, deliveryId, userId, templateId, acceptedAt }: Notification,
  records: Map<string, Delivery>,
  lane: Lane | undefined,
): Line {
  const record = records.get(deliveryId);
  const { reason, until } = waitOf(key, lane, record);
  return {
    ...{ kind: 'message', event, eventId, id: deliveryId, userId },
    // Replaced by the name of the template.
    ...(templateId && { templateName: templateId }),
    ...{ dueAt: until ?? acceptedAt, reason },
    message: deliveryWords({ status: 'waiting', reason, event }),
    since: acceptedAt,
    place: { key, people: 0 },
  };
}

/** Why a message waits, and until when: as its site's lane says now, or as it was recorded. */
function waitOf(
  key: string,
  lane: Lane | undefined,
  record: Delivery | undefined,
): { reason: WaitReason; until?: string | undefined } {
  const [, chat] = /^p#([^#]+)#/.exec(key) ?? [];
  const recorded =
    record?.status === 'waiting'
      ? { reason: record.reason, until: record.until }
      : record?.status === 'retrying'
        ? { reason: 'telegram-unreachable' as const, until: record.nextAttemptAt }
        : undefined;
  const pause = chat === undefined ? undefined : lane?.paused[chat];
  // Until when a night lasts differs from person to person; it stands in the log alone.
  if (recorded?.reason === 'quiet-hours' && pause === undefined && chat !== undefined) return recorded;
  if (pause !== undefined)
    return { reason: recorded?.reason ?? 'chat-paused', until: new Date(pause).toISOString() };
  return {
    reason: (lane?.mode === 'all' ? lane.reason : undefined) ?? recorded?.reason ?? 'rate-limit',
    until: lane?.nextAt ?? recorded?.until,
  };
}

/** With the present names; without those who are erased since. */
async function withNames(lines: Line[], site: Site): Promise<ScheduledView[]> {
  const users = await usersOf(
    site.siteId,
    lines.map(({ userId }) => userId),
  );
  const templates = new Map(site.templates.map(({ id, name }) => [id, name]));
  return lines.flatMap(({ since, place: _, templateName: templateId, userName, ...line }) => {
    const user = users.get(line.userId);
    if (isForErased(user, since)) return [];
    const name = nameOf(user) || userName;
    const templateName = templateId && templates.get(templateId);
    return [{ ...line, ...(name && { userName: name }), ...(templateName && { templateName }) }];
  });
}
