/** Notices to people who work in the shop: whom they go to, and in which chats. */
import type { LinkButton } from '../domain/buttons.ts';
import { skippedIdOf, userKey } from '../domain/ids.ts';
import { type StaffNotice, staffEvent, staffFor } from '../domain/staff.ts';
import type { SkippedDelivery } from '../store/deliveries.ts';
import type { Source } from '../store/schedule.ts';
import type { Site } from '../store/sites.ts';
import { isForErased, type User } from '../store/user.ts';
import { chatFields, type Notification } from './notification.ts';
import { reachableChats } from './skip-reason.ts';

export interface StaffMessage {
  notice: StaffNotice;
  /** Names what has happened: what is told twice of it is one delivery. */
  identity: string;
  /** As the log shows it. */
  eventId: string;
  /** ISO 8601. */
  acceptedAt: string;
  source?: Source;
  /** For a reader. */
  textFor: (user: User) => { text: string; button?: LinkButton | undefined };
}

/** The users of a site who are told a notice. */
export function staffKeys(site: Pick<Site, 'siteId' | 'staff'>, notice: StaffNotice) {
  return staffFor(site, notice).map((userId) => ({ siteId: site.siteId, userId }));
}

/**
 * One notification for each chat of each person who is told, and a line of the log for those who have none.
 *
 * @param users by `userKey`.
 */
export function staffNotifications(
  site: Pick<Site, 'siteId' | 'staff' | 'bot'>,
  { notice, identity, textFor, ...facts }: StaffMessage,
  users: Map<string, User>,
): { notifications: Notification[]; skipped: SkippedDelivery[] } {
  const event = staffEvent(notice);
  const { eventId, acceptedAt, source } = facts;
  const notifications: Notification[] = [];
  const skipped: SkippedDelivery[] = [];
  for (const key of staffKeys(site, notice)) {
    const user = users.get(userKey(key));
    // Nothing is kept of who is erased.
    if (isForErased(user, acceptedAt)) continue;
    const { links, reason = 'not-linked' } = reachableChats(user, event, site.bot);
    if (!user || links.length === 0) {
      const deliveryId = skippedIdOf({ ...key, event, eventId });
      skipped.push({ ...key, deliveryId, event, eventId, reason, source });
      continue;
    }
    const subject = { ...key, eventId, templateId: event, identity: `#${notice} ${identity}` };
    const { text, button } = textFor(user);
    const content = { event, text, ...(button && { button }), acceptedAt, ...(source && { source }) };
    notifications.push(...links.map((link) => ({ ...chatFields(subject, link), ...content })));
  }
  return { notifications, skipped };
}
