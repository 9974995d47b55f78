/*
 * Notices of one folder that are collected into one message: for each person, template and folder there is one item in the
 * schedule. A window begins with the first notice. It is closed before it is dispatched, so that a notice is either in the
 * message or in the next one.
 */
import { conditionalUpdate, setFields } from '../aws/dynamodb.ts';
import type { EventName } from '../domain/events.ts';
import { digest } from '../domain/ids.ts';
import { type TemplateKind, tidyStatus } from '../domain/templates.ts';
import {
  isWaiting,
  recordAttempt,
  type ScheduleItem,
  type ScheduleKey,
  type StoredNotice,
  shardOf,
  type Waiting,
} from './schedule.ts';

/** A window takes so many notices, and so many characters of them; the first one in any case. Then a next one begins. */
const MOST_NOTICES = 100;
const MOST_CHARACTERS = 48_000;

/** What is collected together. */
export interface DigestSubject {
  siteId: string;
  userId: string;
  event: EventName;
  kind: TemplateKind;
  templateId: string;
  /** The folder, as the event names it. */
  folder: string;
}

/** An item of the schedule with what digests have in theirs. */
type DigestItem = ScheduleItem & {
  /** How many windows there were: the number of the present or the last one. */
  windows?: number;
  /** The names of the notices of the last window that was dispatched. */
  told?: string[];
  /** How many characters the notices have. */
  bytes?: number;
};

export function digestKey({ siteId, userId, event, kind, templateId, folder }: DigestSubject): ScheduleKey {
  // Back offices send spaces around names, and several between words: it is the same folder.
  const named = digest([userId, event, kind, templateId, tidyStatus(folder)]);
  return { siteId, key: `bundle#${userId}#${named}` };
}

/** The name of an event among the notices of a digest: 96 bits of a hash. */
function noticeName(eventId: string): string {
  return digest([eventId]).slice(0, 16);
}

/** The notice of an event that waits in a digest. */
export function noticeIn(item: ScheduleItem | undefined, eventId: string): StoredNotice | undefined {
  const json = isWaiting(item) ? item.notices?.[noticeName(eventId)] : undefined;
  return json === undefined ? undefined : (JSON.parse(json) as StoredNotice);
}

/** Whether an event was in the last window that was dispatched. Its line in the log may not be written yet. */
export function wasInLast(item: ScheduleItem | undefined, eventId: string): boolean {
  return (item as DigestItem | undefined)?.told?.includes(noticeName(eventId)) ?? false;
}

/** Whether the present window takes this notice. */
export function hasRoom(item: Waiting, notice: StoredNotice): boolean {
  const { additions = 0, bytes = 0 } = item as Waiting & DigestItem;
  const isFull = additions >= MOST_NOTICES || bytes + JSON.stringify(notice).length > MOST_CHARACTERS;
  return !item.isClosed && !isFull;
}

/** A notice to add. */
export interface NoticeToAdd {
  subject: DigestSubject;
  notice: StoredNotice;
  /** The person, as the event names them. */
  person: { id: string };
  /** When a window that begins with it is dispatched, ISO 8601 in UTC with milliseconds. */
  dueAt: string;
}

/**
 * Adds a notice to the present window, or begins one with it: one write.
 *
 * @param item as it was read. It has room for the notice, and does not have it yet.
 * @returns the item as it is now; `undefined` if it was changed since it was read, in a way that matters here.
 * @throws ServiceUnreachableError
 */
export async function addNotice(
  wanted: NoticeToAdd,
  item: ScheduleItem | undefined,
): Promise<Waiting | undefined> {
  const { subject, notice, person } = wanted;
  const key = digestKey(subject);
  const json = JSON.stringify(notice);
  const event = JSON.stringify({ digest: subject.event, user: person });
  const name = noticeName(notice.event.eventId);
  const { windows } = (item ?? {}) as DigestItem;
  if (isWaiting(item))
    return conditionalUpdate<Waiting>(
      'SCHEDULE_TABLE',
      { ...key },
      {
        UpdateExpression:
          'SET notices.#name = :json, #event = :event, #bytes = #bytes + :bytes, additions = additions + :one',
        ConditionExpression:
          'windows = :windows AND attribute_exists(#shard) AND attribute_not_exists(isClosed) AND attribute_not_exists(notices.#name) AND additions < :most AND #bytes <= :room',
        ExpressionAttributeNames: {
          ...{ '#name': name, '#event': 'event', '#shard': 'shard', '#bytes': 'bytes' },
        },
        ExpressionAttributeValues: {
          ...{ ':json': json, ':event': event, ':bytes': json.length, ':one': 1, ':windows': windows },
          ...{ ':most': MOST_NOTICES, ':room': MOST_CHARACTERS - json.length },
        },
      },
    );
  const set = setFields({
    ...{ shard: shardOf('digest', key), dueAt: wanted.dueAt, event, notices: { [name]: json } },
    ...{ eventId: notice.event.eventId, occurredAt: notice.at, registeredAt: notice.at, bytes: json.length },
    ...{ userId: subject.userId, templateId: subject.templateId, folder: subject.folder },
    ...{ additions: 1, occurrence: (windows ?? 0) + 1, windows: (windows ?? 0) + 1 },
    ...{ ending: undefined, expiresAt: undefined },
  });
  return conditionalUpdate<Waiting>(
    'SCHEDULE_TABLE',
    { ...key },
    {
      ...set,
      ConditionExpression: `attribute_not_exists(#shard) AND ${windows === undefined ? 'attribute_not_exists(#windows)' : '#windows = :before'}`,
      ExpressionAttributeValues: {
        ...set.ExpressionAttributeValues,
        ...(windows !== undefined && { ':before': windows }),
      },
    },
  );
}

/**
 * Closes a window before it is dispatched: what is reported from now on is in the next one.
 *
 * @returns the item as it is now; `undefined` if it was changed since it was read.
 * @throws ServiceUnreachableError
 */
export async function closeWindow(item: Waiting): Promise<Waiting | undefined> {
  return item.isClosed ? item : recordAttempt(item, { isClosed: true });
}
