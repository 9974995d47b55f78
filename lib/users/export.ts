import { type DeliveryView, deliveryView } from '../deliveries/delivery-view.ts';
import type { Notification } from '../deliveries/notification.ts';
import type { OrderTable } from '../domain/order-table.ts';
import { type Delivery, findInLog, type LogPlace } from '../store/deliveries.ts';
import { idsOf, type OwnId } from '../store/former-ids.ts';
import { type ScheduledItem, scheduledNaming } from '../store/items-of-user.ts';
import { personalItemsOf } from '../store/links.ts';
import { dueAtOf, type RowOfUser, rowsNaming } from '../store/outgoing.ts';
import { aboutPerson } from '../store/people-in-event.ts';
import { findCart, noticesOf, type StoredNotice } from '../store/schedule.ts';
import { type ChatLink, type OptOutPlace, optOutOf, type User, type UserKey } from '../store/user.ts';
import { findUser } from '../store/users.ts';
import { waitingFor } from '../store/waiting.ts';
import { unreachableState } from './user-state.ts';

/**
 * How much one answer holds: Lambda allows 6 MB. A delivery has some 400 bytes; what Telegram said of a failure, and what
 * an event says, may be longer.
 */
const MAX_DELIVERIES = 4_000;
const MAX_SCHEDULED = 1_000;
const MAX_WAITING = 200;
const MAX_OUTGOING = 1_000;
const LOG_PAGE = 500;

/** Everything that is kept about a person, but for secrets and for what concerns others (GDPR, articles 15 and 20). */
export interface UserExport {
  siteId: string;
  userId: string;
  /** ISO 8601. */
  exportedAt: string;
  /** Absent where only links, or a log, are kept. */
  user?: ExportedUser | undefined;
  chats: ExportedChat[];
  links: ExportedLink[];
  /** Logins with Telegram's widget. */
  logins: { usedAt: string; keptUntil: string }[];
  scheduled: ExportedEvent[];
  /** Whether more is scheduled than is shown. */
  moreScheduled?: boolean;
  /** Messages that could not be sent yet. */
  waiting: ExportedMessage[];
  /** Whether more messages wait than are shown. */
  moreWaiting?: boolean;
  /** What the shop's webhook is still to be told of the person. */
  outgoing: ExportedRow[];
  /** Whether more is to be told than is shown. */
  moreOutgoing?: boolean;
  /** Newest first. */
  /** `links`: where those lead that are counted. */
  deliveries: (DeliveryView & { chatId?: number; links?: string[] | undefined })[];
  /** Where the log goes on. */
  next?: LogPlace | undefined;
}

interface ExportedUser
  extends Pick<
    User,
    | 'firstName'
    | 'lastName'
    | 'companyName'
    | 'namesAt'
    | 'language'
    | 'quietHours'
    | 'timeZone'
    | 'marketingConsent'
  > {
  mutedEvents: string[];
  optOuts: { by: 'person' | 'shop'; at?: string | undefined; where: OptOutPlace }[];
  /** When the opt-out of each was last taken back. */
  optedIn?: User['optedIn'];
  /** When the person stopped chats that the user does not have any more. */
  endedStops: string[];
  /** Whether the user gets nothing: an opt-out, or `/stop` in each chat. */
  optedOut: boolean;
  unlinked?: User['unlinked'];
  /** When links that have ended were made. They are remembered, so that none is made again by a repetition. */
  endedLinks: string[];
  formerIds: string[];
}

interface ExportedChat extends Omit<ChatLink, 'claim' | 'ref' | 'ownIds' | 'username' | 'stopped'> {
  telegramUsername?: string | undefined;
  stopped: boolean;
  stoppedAt?: string | undefined;
}

interface ExportedLink {
  createdAt: string;
  expiresAt: string;
  used: boolean;
  usedAt?: string | undefined;
  usedByChat?: number | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  companyName?: string | undefined;
  language?: string | undefined;
  groups?: string[] | undefined;
  marketingConsent?: User['marketingConsent'];
}

interface ExportedEvent {
  /** What it is, and of which cart or activity: `reminder#7`. */
  key: string;
  /** Absent where it was sent or withdrawn: only its key is still remembered. */
  dueAt?: string | undefined;
  /** The event as far as it concerns the person: other recipients are left out. */
  event?: Record<string, unknown> | undefined;
}

interface ExportedMessage {
  deliveryId: string;
  event: string;
  eventId: string;
  /** When the event was accepted, ISO 8601. */
  acceptedAt: string;
  chatId?: number | undefined;
  /** Telegram's HTML. */
  text: string;
  button?: Notification['button'] | undefined;
  /** Those below it. */
  moreButtons?: Notification['moreButtons'] | undefined;
  /** The articles of an order that it shows as a table. */
  table?: OrderTable | undefined;
}

interface ExportedRow {
  /** The `webhook-id`. */
  id: string;
  event: string;
  /** When it happened, ISO 8601. */
  at: string;
  /** When it is told, or tried again, ISO 8601. */
  dueAt: string;
  /** How often it was tried in vain. */
  failures: number;
  data: object;
}

/**
 * Reads everything that is kept about a person. What waits in a queue can't be read there: it is in the log after its
 * first attempt.
 *
 * @param after where the log goes on.
 * @returns `undefined` where nothing is kept about them.
 * @throws ServiceUnreachableError
 */
export async function exportUser(
  key: UserKey,
  after: LogPlace | undefined,
  now: Date,
): Promise<UserExport | undefined> {
  const user = await findUser(key.siteId, key.userId);
  const ids = user ? await idsOf(user) : [key];
  const { links, logins } = await linksOf(ids);
  const scheduled = await scheduledFor(ids);
  const waiting = await waitingOf(key.siteId, ids);
  const outgoing = await outgoingOf(ids);
  const { deliveries, next } = await logOf(ids, after);
  const parts = [links, logins, scheduled, waiting, outgoing, deliveries];
  const isKept = user || parts.some(({ length }) => length > 0);
  if (!isKept) return undefined;
  return {
    ...key,
    exportedAt: now.toISOString(),
    user: user && exportedUser(user),
    chats: user ? user.chats.map(exportedChat) : [],
    links,
    logins,
    scheduled: scheduled.slice(0, MAX_SCHEDULED),
    ...(scheduled.length > MAX_SCHEDULED && { moreScheduled: true }),
    waiting: waiting.slice(0, MAX_WAITING),
    ...(waiting.length > MAX_WAITING && { moreWaiting: true }),
    outgoing: outgoing.slice(0, MAX_OUTGOING),
    ...(outgoing.length > MAX_OUTGOING && { moreOutgoing: true }),
    deliveries: deliveries.map(exportedDelivery),
    next,
  };
}

function exportedUser(user: User): ExportedUser {
  const { firstName, lastName, companyName, namesAt, language, unlinked } = user;
  const { quietHours, timeZone, marketingConsent } = user;
  const { mutedEvents = [], formerIds = [], endedClaims = [], optOuts, optedIn, endedStops = [] } = user;
  const { person, shop } = optOuts;
  return {
    ...{ firstName, lastName, companyName, namesAt, language, mutedEvents, unlinked, formerIds },
    ...{ quietHours, timeZone, marketingConsent },
    optedOut: optOutOf(user) !== undefined,
    optOuts: [
      ...(person ? [{ by: 'person' as const, ...person }] : []),
      ...(shop ? [{ by: 'shop' as const, ...shop }] : []),
    ],
    optedIn,
    endedStops: endedStops.map(({ at = '' }) => at),
    // A claim is a time and the id of a link, which is derived from a secret.
    endedLinks: endedClaims.map((claim) => claim.split('#')[0] ?? ''),
  };
}

function exportedChat(link: ChatLink): ExportedChat {
  const { chatId, botId, linkedAt, linkedBy, username, stopped, resumedAt, formerChatIds } = link;
  return {
    ...{ chatId, botId, linkedAt, linkedBy, telegramUsername: username },
    ...{ stopped: stopped !== undefined, stoppedAt: stopped?.at, resumedAt },
    ...{ unreachable: unreachableState(link), formerChatIds },
  };
}

function exportedDelivery(delivery: Delivery): UserExport['deliveries'][number] {
  return {
    ...deliveryView(delivery),
    ...('chatId' in delivery && { chatId: delivery.chatId }),
    ...('links' in delivery && { links: delivery.links }),
  };
}

async function linksOf(ids: UserKey[]): Promise<Pick<UserExport, 'links' | 'logins'>> {
  const found: Pick<UserExport, 'links' | 'logins'> = { links: [], logins: [] };
  for (const id of ids) {
    for await (const item of personalItemsOf(id)) {
      const expiresAt = new Date(item.expires).toISOString();
      if (item.kind === 'login') {
        found.logins.push({ usedAt: item.usedAt, keptUntil: expiresAt });
        continue;
      }
      const { createdAt, redeemedAt, redeemedBy, firstName, lastName, companyName, language, groups } = item;
      const { marketingConsent } = item;
      found.links.push({
        ...{
          createdAt,
          expiresAt,
          used: redeemedBy !== undefined,
          usedAt: redeemedAt,
          usedByChat: redeemedBy,
        },
        ...{ firstName, lastName, companyName, language, groups, marketingConsent },
      });
    }
  }
  return found;
}

/** Without those that were accepted for somebody else, who had an id before. */
async function waitingOf(siteId: string, ids: OwnId[]): Promise<ExportedMessage[]> {
  const since = new Map(ids.map((id) => [id.userId, id.since ?? '']));
  const found: ExportedMessage[] = [];
  for await (const { body } of waitingFor(siteId, [...since.keys()])) {
    const notification = JSON.parse(body) as Notification;
    if (notification.takesBack) continue;
    const { userId, ...message } = exportedMessage(notification);
    const from = since.get(userId);
    if (from !== undefined && message.acceptedAt > from) found.push(message);
    // One more shows that there are more.
    if (found.length > MAX_WAITING) return found;
  }
  return found;
}

function exportedMessage(notification: Notification): ExportedMessage & { userId: string } {
  const { userId, deliveryId, event, eventId, acceptedAt, chatId, text, button, moreButtons } = notification;
  const table = notification.rich?.table;
  return { userId, deliveryId, event, eventId, acceptedAt, chatId, text, button, moreButtons, table };
}

async function outgoingOf(ids: OwnId[]): Promise<ExportedRow[]> {
  const found: ExportedRow[] = [];
  for (const id of ids)
    for await (const row of rowsNaming(id)) {
      found.push(exportedRow(row));
      // One more shows that there are more.
      if (found.length > MAX_OUTGOING) return found;
    }
  return found;
}

function exportedRow(row: RowOfUser): ExportedRow {
  const { id, event, at, failures, source } = row;
  return { id, event, at, dueAt: dueAtOf(row), failures, data: source.data };
}

async function scheduledFor(ids: UserKey[]): Promise<ExportedEvent[]> {
  const found: ExportedEvent[] = [];
  for (const id of ids) {
    // One that does not wait any more names its user in the key alone.
    const cart = await findCart(id);
    if (cart && !('event' in cart)) found.push({ key: cart.key });
  }
  for (const id of ids)
    for await (const item of scheduledNaming(id)) {
      const event = exportedEvent(item, id.userId);
      if (event) found.push(event);
      // One more shows that there are more.
      if (found.length > MAX_SCHEDULED) return found;
    }
  return found;
}

function exportedEvent(item: ScheduledItem, id: string): ExportedEvent | undefined {
  const { key, dueAt, event, userId, folder, notices } = item;
  const named = event === undefined ? undefined : aboutPerson(event, id);
  const about = named && notices ? { ...named, folder, notices: noticesOf(item).map(withoutPeople) } : named;
  return about || userId === id ? { key, dueAt, event: about } : undefined;
}

/** What a notice is about, without who acted. */
function withoutPeople({ event, at }: StoredNotice): Record<string, unknown> {
  const { file, files, eventId } = event as StoredNotice['event'] & { file?: object; files?: object[] };
  return { eventId, at, ...(file && { file }), ...(files && { files }) };
}

/** The log under all ids. Under a former one there is something only while a renaming goes on. */
async function logOf(
  ids: UserKey[],
  after: LogPlace | undefined,
): Promise<{ deliveries: Delivery[]; next?: LogPlace | undefined }> {
  const [present, ...former] = ids;
  if (!present) return { deliveries: [] };
  const { deliveries, next } = await pagesOf(present, after);
  for (const id of after ? [] : former) deliveries.push(...(await pagesOf(id, undefined)).deliveries);
  deliveries.sort((one, other) => other.recordedAt.localeCompare(one.recordedAt));
  return { deliveries, next };
}

/** As how many deliveries without counted links one counts. */
function sizeOf(delivery: Delivery): number {
  return 'links' in delivery && delivery.links ? 1 + delivery.links.join('').length / 400 : 1;
}

async function pagesOf(
  { siteId, userId }: UserKey,
  after: LogPlace | undefined,
): Promise<{ deliveries: Delivery[]; next?: LogPlace | undefined }> {
  const deliveries: Delivery[] = [];
  let next = after;
  let room = MAX_DELIVERIES;
  do {
    const page = await findInLog({ siteId, userId, after: next, limit: LOG_PAGE });
    deliveries.push(...page.deliveries);
    room -= page.deliveries.reduce((sum, delivery) => sum + sizeOf(delivery), 0);
    next = page.next;
  } while (next && room > 0);
  return { deliveries, next };
}
