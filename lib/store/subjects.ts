/** What a message speaks of, and whether that still holds. */
import { scheduledKey } from '../domain/ids.ts';
import type { Facts } from './facts.ts';
import { isDateOff, type ScheduleItem, type ScheduleKey, statusTime } from './schedule.ts';

/** The key of what was said of it last, and what the message takes to be true. All times are ISO 8601 in UTC. */
export type Subject = {
  key: string;
} /** A status of an order or an activity. `at`: when it was entered; `date`: that of the activity, as `dateName` writes it. */ & (
  | { kind: 'status'; at: string; date?: string | undefined }
  /** The cart of a user. `at`: when it was abandoned. */
  | { kind: 'cart'; at: string; eventId: string }
  /** The same cart by its id. */
  | { kind: 'ordered-cart'; at: string; isDated?: true | undefined }
  /** A date of an activity. `at`: when its reminder was registered. */
  | {
      kind: 'date';
      at: string;
      /** The registration; absent in a message that was queued before this was written. */
      eventId?: string | undefined;
      isDated?: true | undefined;
      /** The date as `Registration.series` and `dateName` write it, and the day that it is on. */
      series: string;
      names: string[];
      isRecurring?: true | undefined;
    }
);

/** The items that say whether subjects still hold. */
export function keysOfSubjects(siteId: string, subjects: Subject[] = []): ScheduleKey[] {
  return subjects.map(({ key }) => ({ siteId, key }));
}

/** Whether something newer is known of one of them. */
export function isAnyOutdated(
  siteId: string,
  subjects: Subject[] = [],
  { scheduled }: Pick<Facts, 'scheduled'>,
): boolean {
  return subjects.some((subject) =>
    isOutdated(subject, scheduled.get(scheduledKey({ siteId, key: subject.key }))),
  );
}

/**
 * Whether something newer is known of it: the message would be untrue.
 *
 * @param item what was said last; `undefined`: nothing is remembered.
 */
export function isOutdated(subject: Subject, item: ScheduleItem | undefined): boolean {
  if (!item) return false;
  const { endedAt = '', endedDate, withdrawnAt = '', occurredAt = '', eventId } = item;
  switch (subject.kind) {
    case 'status':
      return statusTime(item, subject.date) > subject.at;
    case 'cart': {
      const isReplaced = eventId !== undefined && eventId !== subject.eventId && occurredAt >= subject.at;
      return isReplaced || endedAt >= subject.at || withdrawnAt >= subject.at;
    }
    case 'ordered-cart':
      return subject.isDated ? endedAt >= subject.at : endedAt !== '';
    case 'date': {
      const { at, isDated, isRecurring } = subject;
      const endsAll = endedAt !== '' && !(isRecurring && endedDate !== undefined);
      const isOver = endsAll && (!isDated || endedAt >= at);
      return isOver || isReplaced(subject, item) || withdrawnAt >= at || isDateOff(item, subject);
    }
  }
}

/** Whether the activity was registered anew: the newer registration reminds of the date itself, where it still has it. */
function isReplaced(
  { eventId, series }: Subject & { kind: 'date' },
  { eventId: registered, series: present }: ScheduleItem,
): boolean {
  if (eventId === undefined) return present !== undefined && present !== series;
  return registered !== undefined && registered !== eventId;
}
