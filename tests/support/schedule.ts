/** The scheduled events and the digests of files, and their pollers at any time. */
import type { Outcome } from '../../lib/domain/outcomes.ts';
import type { PollSummary } from '../../lib/schedule/run.ts';
import type { DueItem, ScheduledEvent as PolledEvent } from '../../lib/schedule/scheduled-event.ts';
import type { Fields } from './payloads.ts';

export type ScheduledEvent = 'abandoned-cart' | 'activity-reminder' | 'file-digest';

/**
 * One run of the poller of an event at a given time (anything that `Date` accepts). The function reads the time from
 * the clock, which tests set.
 */
export async function pollDue(
  event: ScheduledEvent,
  at: string | number,
  remainingMilliseconds: () => number = () => 60_000,
): Promise<PollSummary> {
  const { poll } = await import('../../lib/schedule/poller.ts');
  const running = { now: () => new Date(at).getTime(), remainingMilliseconds };
  const { dueCarts } = await import('../../lib/schedule/carts.ts');
  const { dueReminders } = await import('../../lib/schedule/reminders.ts');
  const { dueDigests } = await import('../../lib/schedule/digests.ts');
  const { accessNotices } = await import('../../lib/schedule/file-access-event.ts');
  const { uploadNotices } = await import('../../lib/schedule/file-upload-event.ts');
  const polled = {
    'abandoned-cart': dueCarts,
    'activity-reminder': dueReminders,
    'file-digest': dueDigests([uploadNotices, accessNotices]),
  };
  return poll(polled[event], running);
}

/** Notifies all recipients of a due item, as a poller does it. */
export async function notifyDue(polled: PolledEvent, due: DueItem, now: number): Promise<Outcome[]> {
  const { notifyPage } = await import('../../lib/events/notify-pages.ts');
  return notifyPage(polled.page(due, now));
}

/** A cart of anna: two articles, 89 euro. */
export function cartEvent(changes: Fields = {}): Fields {
  return {
    eventId: 'cart-event',
    language: 'it',
    cart: {
      id: '30977',
      itemCount: 2,
      total: { amount: '89.00', currency: 'EUR' },
      url: 'https://shop.example/carrello/30977',
    },
    user: { id: 'anna', firstName: 'Anna', lastName: 'Rossi' },
    ...changes,
  };
}

/** A meeting on 15 March 2027 at 09:30 in Rome; anna and bruno are reminded an hour before. */
export function reminderEvent(changes: Fields = {}, activity: Fields = {}): Fields {
  return {
    eventId: 'reminder-event',
    activity: {
      id: '720',
      subject: 'Riunione commerciale',
      date: '2027-03-15T09:30:00+01:00',
      url: 'https://shop.example/agenda/720',
      ...activity,
    },
    remindMinutesBefore: 60,
    creator: { id: 'carla', firstName: 'Carla', lastName: 'Verdi' },
    recipients: [
      { id: 'anna', firstName: 'Anna', lastName: 'Rossi', language: 'it' },
      { id: 'bruno', firstName: 'Bruno', lastName: 'Bianchi', language: 'en' },
    ],
    ...changes,
  };
}

/** Somebody has downloaded a file of the folder Listini; its administrator is anna. */
export function downloadEvent(name: string, changes: Fields = {}): Fields {
  return {
    ...{ eventId: `download of ${name}`, access: 'download', folder: { name: 'Listini' } },
    file: { name, url: `https://shop.example/documenti/${encodeURIComponent(name)}` },
    accessedBy: { id: 'carla', firstName: 'Carla', lastName: 'Verdi' },
    administrators: [{ id: 'anna', firstName: 'Anna', lastName: 'Rossi', language: 'it' }],
    ...changes,
  };
}
